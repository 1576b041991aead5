// DayKinds: config/days.toml: how the simulator's days differ, and what an exercise says. Which kind a day is, is drawn
// by sim/day_plan. Test: tests/unit/model/day_kinds_test.cpp.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time_zone.hpp"

namespace gridwall::model {

enum class DayKind : std::uint8_t { Normal, Quiet, Holiday, Storm };
inline constexpr std::size_t kDayKindCount = 4;
std::string_view day_kind_word(DayKind kind);  // "storm"
std::optional<DayKind> find_day_kind(std::string_view word);

struct DayKinds {
  double quiet_cases = 1, holiday_cases = 1;  // of a normal day's
  int quiet_one_in = 14;
  double holiday_public = 1;                       // of the weight of each channel of the public
  struct ChannelFactor {
    std::string id;  // of config/channels.toml
    double factor = 1;
  };
  std::vector<ChannelFactor> holiday_channels;
  int storm_one_in = 40;                           // of the days of its months
  std::vector<int> storm_months;                   // 1 to 12; none: there are no storms
  struct Notice {
    std::chrono::minutes at{};  // of the local day
    std::string text_zh, text_en;
  };
  std::vector<Notice> notices;  // of an exercise
};

base::Result<DayKinds> load_day_kinds(const std::filesystem::path& file);

}  // namespace gridwall::model
