// StormDay: config/storm.toml: the day that a trainer's demonstration plays back: what the rain brings, the warnings,
// the bookmarks. Times are local. Test: tests/unit/model/storm_day_test.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "model/incident.hpp"

namespace gridwall::model {

// Cases beside the usual ones: their number rises from `begin` to `peak` and falls until `end`, in straight lines.
struct StormCases {
  std::size_t count = 0;
  double beside = 0;  // usual cases a day: with more or fewer of them the count is so, too; 0: everywhere the same
  std::chrono::minutes begin{}, peak{}, end{};  // of the day; begin < peak < end
  std::size_t low_divisions = 1;                // leaf divisions that gather `low_share` of them
  double low_share = 0;
  struct Class {
    std::string code;
    double weight = 0;
  };
  std::vector<Class> classes;  // at least one
};

struct StormDay {
  base::LocalDays day{};
  std::chrono::minutes replay_from{};
  double replay_rate = 60;
  StormCases cases;
  struct Warning {
    std::chrono::minutes at{}, until{};  // at < until
    Severity severity = Severity::Minor;
    std::string name_zh, name_en;
  };
  std::vector<Warning> warnings;
  struct Bookmark {
    std::chrono::minutes at{};
    std::string name_zh, name_en;
  };
  std::vector<Bookmark> bookmarks;  // in order of time
};

base::Result<StormDay> load_storm_day(const std::filesystem::path& file);

}  // namespace gridwall::model
