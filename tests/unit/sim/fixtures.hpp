// What the tests of `sim` share: the shipped vocabulary, a small tree, and positions back from degrees.
#pragma once

#include <memory>

#include "base/time_text.hpp"
#include "model/vocabulary.hpp"
#include "sim/simulator.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {

inline constexpr std::chrono::minutes kZone{480};

inline base::UtcTime at(const char* text) { return base::parse_rfc3339(text).value(); }

inline std::shared_ptr<const model::Vocabulary> shipped_vocabulary() {
  static const auto loaded = [] {
    auto read = model::load_vocabulary(GRIDWALL_SOURCE_DIR "/config");
    ASSERT(read.ok(), "{}", read.error().message);
    return std::make_shared<const model::Vocabulary>(std::move(read).value());
  }();
  return loaded;
}

inline sim::DayPlanInput plan_input(std::uint64_t seed = 1, double cases_per_day = 570) {
  sim::DayPlanInput input;
  input.tree = small_tree({.splits = {3, 4}});
  input.vocabulary = shipped_vocabulary();
  input.cases_per_day = cases_per_day;
  input.seed = seed;
  return input;
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
