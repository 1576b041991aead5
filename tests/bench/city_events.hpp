// A city's events without end, for benchmarks: cases of real size through their courses in random order over a district
// of five levels; a closed one is followed by a new one. The same calls make the same events.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time_text.hpp"
#include "model/district_rules.hpp"
#include "model/division_tree.hpp"
#include "model/event.hpp"
#include "model/profile.hpp"
#include "model/vocabulary.hpp"
#include "support/small_tree.hpp"

namespace gridwall::bench {

// A benchmark that cannot set itself up ends and says why.
inline void must(const base::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench: %s\n", status.error().message.c_str());
  std::exit(1);
}

template <typename T>
T must(base::Result<T> result) {
  if (!result.ok()) must(base::Status(result.error()));
  return std::move(result).value();
}

struct CitySettings {
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::shared_ptr<const model::DistrictRules> rules;
};

// 39,781 divisions, real rules.
inline CitySettings city_settings() {
  const std::filesystem::path config = GRIDWALL_SOURCE_DIR "/config";
  CitySettings settings;
  settings.tree = test::small_tree({.splits = {6, 4, 2, 4}});
  const auto profile = must(model::load_profile(config / "profiles" / "lianyuan.toml"));
  auto vocabulary = must(model::load_vocabulary(config));
  settings.rules = must(model::load_district_rules(config, profile, vocabulary));
  settings.vocabulary = std::make_shared<const model::Vocabulary>(std::move(vocabulary));
  return settings;
}

class City {
 public:
  static constexpr const char* kSource = "/bench/city";

  City(const CitySettings& settings, base::UtcTime start, base::Duration step, std::size_t open_count = 10'000)
      : m_settings(settings), m_step(step), m_now(start), m_cases(open_count) {
    for (Case& one : m_cases) begin(one);
  }
  [[nodiscard]] base::UtcTime now() const { return m_now; }

  // As a publisher sends it, with a point that is its division's.
  model::Event next() {
    m_now += m_step;
    Case& one = m_cases[m_random.next_below(m_cases.size())];
    if (one.step == std::size(kCourse)) begin(one);
    m_division = one.division;
    const model::Division& division = m_settings.tree->at(m_division);
    model::Event event;
    event.id = fmt::format("e-{:010}", ++m_event_count);
    event.source = kSource;
    event.type = kCourse[one.step++];
    event.occurred_at = m_now;
    event.incident.incident_id = one.id;
    event.incident.class_set = m_settings.vocabulary->class_set;
    event.incident.class_code = m_settings.vocabulary->classes[one.class_index].code;
    event.incident.severity = model::Severity::Moderate;
    event.incident.channel = "hotline";
    event.incident.department = fmt::format("department-{}", one.class_index % 40);
    event.incident.division_code = division.code;
    event.incident.crs = "EPSG:4549";
    event.incident.point = division.anchor_world;
    return event;
  }
  // As it stands on the feed: placed, too.
  model::Event next_placed() {
    model::Event event = next();
    const model::Division& division = m_settings.tree->at(m_division);
    event.point_lonlat = base::Vec2d{111.6, 27.7};
    event.point_units = m_settings.tree->to_units(division.anchor_world);
    event.division_path = division.path;
    return event;
  }

 private:
  static constexpr const char* kCourse[] = {"incident.reported",   "incident.accepted",         "incident.filed",
                                            "incident.dispatched", "incident.handling_started", "incident.handled",
                                            "incident.closed"};
  struct Case {
    std::string id;
    std::size_t step = 0, class_index = 0;
    model::DivisionIndex division;
  };
  void begin(Case& one) {
    const model::Range leaves = m_settings.tree->levels().back().divisions;
    one = {fmt::format("26{:09}", ++m_case_count),
           0,
           m_random.next_below(m_settings.vocabulary->classes.size()),
           {leaves.begin + static_cast<std::uint32_t>(m_random.next_below(leaves.size()))}};
  }

  CitySettings m_settings;
  base::Duration m_step;
  base::UtcTime m_now;
  std::uint64_t m_case_count = 0, m_event_count = 0;
  base::Random m_random{1};
  model::DivisionIndex m_division;  // of the newest event
  std::vector<Case> m_cases;
};

}  // namespace gridwall::bench
