#include "scene/marker_layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scene/camera.hpp"
#include "scene/palette.hpp"
#include "support/small_world.hpp"

namespace gridwall::scene {
namespace {

using model::Severity;
using std::chrono::seconds;

const base::UtcTime kNow{std::chrono::hours(1000)};

// A district of 8 km in 2 x 2 towns of 2 x 2 villages; 0.1 px/m: a town is 400 px wide.
struct Fixture {
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree();
  test::SmallWorld world{tree};
  model::Vocabulary vocabulary;
  Viewport viewport{{0, 0}, {1000, 1000}, {tree->at(tree->root()).anchor_world, 0.1}};
  MarkerLayout layout;
  std::vector<MarkerInstance> markers;

  void lay_out(const state::WorldSnapshot& snapshot, base::UtcTime now = kNow, std::string_view selected = {}) {
    markers.clear();
    layout.lay_out(snapshot, vocabulary, viewport, {1, 12, selected, now}, markers);
  }
};

TEST(MarkerLayout, every_open_located_case_is_drawn_or_lies_in_a_stack_or_a_bubble) {
  for (const double px_per_m : {0.01, 0.03, 0.1, 0.3}) {
    Fixture f;
    f.viewport.view.px_per_m = px_per_m;
    f.viewport.size_px = {4000, 4000};
    for (int i = 0; i < 60; ++i) {
      const auto state = i % 5 == 0 ? model::CaseState::Closed : model::CaseState::Handling;
      f.world.add({"c" + std::to_string(i),
                   i % 3 == 0 ? "R0101" : "R0302",
                   Severity::Minor,
                   state,
                   i % 7 != 0,
                   {i * 10.0, i * 3.0}});
    }
    const auto snapshot = f.world.snapshot();
    f.lay_out(snapshot);
    std::uint32_t covered = static_cast<std::uint32_t>(f.layout.drawn().size());
    for (const MarkerStack& stack : f.layout.stacks()) covered += static_cast<std::uint32_t>(stack.members.size()) - 1;
    for (const Bubble& bubble : f.layout.bubbles()) {
      const state::CaseCounts& counts = snapshot.total->at(bubble.division.value);
      EXPECT_EQ(bubble.count, counts.open);
      covered += counts.open - counts.unlocated_open;
    }
    const state::CaseCounts& all = snapshot.total->at(0);
    EXPECT_EQ(covered, all.open - all.unlocated_open) << px_per_m;
  }
}

TEST(MarkerLayout, a_crowded_division_gathers_and_its_neighbour_does_not) {
  Fixture f;
  f.viewport.view.px_per_m = 0.02;
  for (int i = 0; i < 30; ++i) f.world.add({"a" + std::to_string(i), "R0101"});
  f.world.add({"b", "R0401"});
  f.lay_out(f.world.snapshot());
  ASSERT_EQ(f.layout.bubbles().size(), 1u);
  EXPECT_EQ(f.layout.bubbles()[0].division, f.tree->find("R01"));
  EXPECT_EQ(f.layout.bubbles()[0].count, 30u);
  EXPECT_EQ(f.layout.drawn().size(), 1u);
}

TEST(MarkerLayout, a_critical_case_stays_visible_beside_its_bubble_and_lends_it_its_colour) {
  Fixture f;
  f.viewport.view.px_per_m = 0.02;
  for (int i = 0; i < 30; ++i) f.world.add({"a" + std::to_string(i), "R0101"});
  f.world.add({"gas", "R0102", Severity::Critical});
  f.lay_out(f.world.snapshot());
  ASSERT_EQ(f.layout.drawn().size(), 1u);
  ASSERT_EQ(f.layout.bubbles().size(), 1u);
  EXPECT_EQ(f.markers.front().ring, severity_color(Severity::Critical));
  EXPECT_EQ(f.markers.back().fill, severity_color(Severity::Critical));
}

TEST(MarkerLayout, a_bubble_steps_aside_for_a_critical_case_that_would_lie_on_its_number) {
  for (const double offset_m : {0.0, 300.0, 700.0, 1000.0, 1300.0}) {
    Fixture f;
    f.viewport.view.px_per_m = 0.02;
    for (int i = 0; i < 30; ++i) f.world.add({"a" + std::to_string(i), "R0101"});
    f.world.add({"gas", "R0101", Severity::Critical, model::CaseState::Handling, true, {offset_m, offset_m}});
    f.lay_out(f.world.snapshot());
    ASSERT_EQ(f.layout.bubbles().size(), 1u);
    ASSERT_EQ(f.layout.drawn().size(), 1u);
    const Bubble& bubble = f.layout.bubbles().front();
    const DrawnIncident& gas = f.layout.drawn().front();
    const double apart = std::hypot(bubble.position_px.x - gas.position_px.x, bubble.position_px.y - gas.position_px.y);
    EXPECT_GE(apart, (bubble.size_px + gas.size_px) / 2) << offset_m;
    EXPECT_LE(apart, bubble.size_px + gas.size_px + 60) << "and stays near";
    const base::Vec2d drawn = px_from_world(f.viewport, f.tree->to_world(f.markers.front().position_units));
    EXPECT_NEAR(drawn.x, bubble.position_px.x, 0.01) << "what is drawn is what a pointer hits";
  }
}

TEST(MarkerLayout, the_gravest_is_drawn_last) {
  Fixture f;
  f.world.add({"red", "R0101", Severity::Critical}).add({"blue", "R0202", Severity::Minor});
  f.world.add({"orange", "R0301", Severity::Major});
  f.lay_out(f.world.snapshot());
  ASSERT_EQ(f.markers.size(), 3u);
  EXPECT_EQ(f.markers[0].fill, severity_color(Severity::Minor));
  EXPECT_EQ(f.markers[2].fill, severity_color(Severity::Critical));
}

TEST(MarkerLayout, the_gravest_bubble_lies_over_its_neighbours) {
  Fixture f;
  f.viewport.view.px_per_m = 0.02;
  // The first town in order has the gravest case.
  for (const char* division : {"R0101", "R0102", "R0201"}) {
    for (int i = 0; i < 30; ++i) f.world.add({division + std::to_string(i), division});
  }
  f.world.add({"grave", "R0101", Severity::Major});
  f.lay_out(f.world.snapshot());
  ASSERT_GE(f.layout.bubbles().size(), 2u);
  EXPECT_EQ(f.layout.bubbles().back().count, 61u);
}

TEST(MarkerLayout, settled_and_unlocated_cases_have_no_marker) {
  Fixture f;
  f.world.add({"done", "R0101", Severity::Minor, model::CaseState::Closed});
  f.world.add({"nowhere", "R0101", Severity::Minor, model::CaseState::Handling, false});
  f.lay_out(f.world.snapshot());
  EXPECT_TRUE(f.markers.empty());
}

TEST(MarkerLayout, what_comes_after_the_first_snapshot_pulses_for_some_seconds_of_our_clock) {
  Fixture f;
  const base::UtcTime day{std::chrono::hours(9)};
  f.world.add({"old", "R0101", Severity::Minor, model::CaseState::Reported, true, {}, day});
  f.lay_out(f.world.snapshot(day, 1), kNow);
  EXPECT_FALSE(f.layout.animates());
  f.world.add({"new", "R0401", Severity::Minor, model::CaseState::Reported, true, {}, day + seconds(60)});
  const auto snapshot = f.world.snapshot(day + seconds(60), 2);
  f.lay_out(snapshot, kNow + seconds(1));
  const auto pulsing = [&] {
    return std::count_if(f.markers.begin(), f.markers.end(), [](const auto& marker) { return marker.pulse > 0; });
  };
  EXPECT_EQ(pulsing(), 1);
  f.lay_out(snapshot, kNow + seconds(6));
  EXPECT_EQ(pulsing(), 1);
  f.lay_out(snapshot, kNow + seconds(8));
  EXPECT_EQ(pulsing(), 0);
  EXPECT_FALSE(f.layout.animates());
}

TEST(MarkerLayout, the_selected_case_is_drawn_even_out_of_a_bubble) {
  Fixture f;
  f.viewport.view.px_per_m = 0.02;
  for (int i = 0; i < 30; ++i) f.world.add({"a" + std::to_string(i), "R0101"});
  f.lay_out(f.world.snapshot(), kNow, "a7");
  ASSERT_EQ(f.layout.drawn().size(), 1u);
  EXPECT_EQ(f.layout.drawn()[0].number, 7u);
  EXPECT_EQ(f.markers.back().ring, kMarkerRingSelected);
}

}  // namespace
}  // namespace gridwall::scene
