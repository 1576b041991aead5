// What the tests of `sim` share: the shipped vocabulary and rules, a small tree, and positions back from degrees.
#pragma once

#include <memory>

#include "base/time_text.hpp"
#include "model/district_rules.hpp"
#include "sim/simulator.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {

inline const base::TimeZone& zone() {
  static const base::TimeZone found = base::TimeZone::find("Asia/Shanghai").value();
  return found;
}

inline base::UtcTime at(const char* text) {
  return base::parse_rfc3339(text).value();
}
inline base::LocalDays day_of(const char* text) {
  return zone().day_of(at(text));
}

template <typename T>
T loaded(base::Result<T> read) {
  ASSERT(read.ok(), "{}", read.error().message);
  return std::move(read).value();
}

// A district by the shipped tables, with the chain of one of config/stages.
struct District {
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::shared_ptr<const model::DistrictRules> rules;
};
inline District shipped_district(const std::string& stages = "seven") {
  const std::filesystem::path config = GRIDWALL_SOURCE_DIR "/config";
  auto vocabulary = std::make_shared<model::Vocabulary>(loaded(model::load_vocabulary(config)));
  auto rules = std::make_shared<model::DistrictRules>();
  rules->zone = zone();
  rules->calendar = loaded(model::load_work_calendar(config / "calendars" / "cn.toml", zone()));
  rules->limits = loaded(model::load_limit_rules(config / "limits" / "default.toml"));
  rules->stages = loaded(model::load_stage_set(config / "stages" / (stages + ".toml"), vocabulary->lifecycle));
  vocabulary->lifecycle = model::with_shortcuts(vocabulary->lifecycle, rules->stages);
  return {vocabulary, rules};
}
inline const District& seven_stages() {
  static const District district = shipped_district();
  return district;
}
inline std::shared_ptr<const model::Vocabulary> shipped_vocabulary() {
  return seven_stages().vocabulary;
}

inline const model::Departments& shipped_departments() {
  static const auto departments = loaded(model::load_departments(GRIDWALL_SOURCE_DIR "/config/departments.toml"));
  return departments;
}

inline sim::DayPlanInput plan_input(std::uint64_t seed = 1, double cases_per_day = 570) {
  static const auto tree = small_tree({.splits = {4, 8}});
  sim::DayPlanInput input;
  input.tree = tree;
  input.vocabulary = seven_stages().vocabulary;
  input.rules = seven_stages().rules;
  input.departments = shipped_departments();
  input.zone = zone();
  input.cases_per_day = cases_per_day;
  input.seed = seed;
  return input;
}
inline sim::DayPlanner planner(const sim::DayPlanInput& input) {
  return {input, loaded(sim::CourseTable::create(*input.vocabulary))};
}
inline std::vector<sim::PlannedCase> planned_days(const sim::DayPlanner& of, base::LocalDays first, int count) {
  std::vector<sim::PlannedCase> all;
  for (int i = 0; i < count; ++i) {
    for (auto& planned : of.plan(first + std::chrono::days(i))) all.push_back(std::move(planned));
  }
  return all;
}

// A plain scaling in place of PROJ; to_world takes it back.
inline std::optional<base::Vec2d> to_lonlat(base::Vec2d point_world) {
  return base::Vec2d{120 + (point_world.x - 500000) / 1e5, 31 + (point_world.y - 3500000) / 1e5};
}
inline base::Vec2d to_world(base::Vec2d lonlat) {
  return {500000 + (lonlat.x - 120) * 1e5, 3500000 + (lonlat.y - 31) * 1e5};
}

inline sim::Simulator simulator(std::uint64_t seed = 1, double cases_per_day = 570) {
  auto made = sim::Simulator::create({"test", plan_input(seed, cases_per_day), to_lonlat});
  ASSERT(made.ok(), "{}", made.error().message);
  return std::move(made).value();
}

// By the rings alone (even-odd), so that it does not share the triangles with what it judges.
inline bool point_in_rings(const model::DivisionTree& tree, model::DivisionIndex division, base::Vec2d p) {
  bool inside = false;
  const model::Range rings = tree.at(division).rings;
  for (std::uint32_t r = rings.begin; r < rings.end; ++r) {
    const model::Range range = tree.rings()[r].vertices;
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
      const base::Vec2d a = tree.to_world(tree.vertices()[i]);
      const base::Vec2d b = tree.to_world(tree.vertices()[i + 1 < range.end ? i + 1 : range.begin]);
      if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
    }
  }
  return inside;
}

}  // namespace gridwall::test
