#include "scene/density_bins.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"
#include "scene/register_layers.hpp"
#include "support/sample_register.hpp"
#include "support/small_world.hpp"

namespace gridwall::scene {
namespace {

constexpr base::UtcTime kNow{std::chrono::hours(500'000)};

test::SmallWorld::Case case_at(int number, base::Vec2d offset_m, base::Duration age = std::chrono::hours(1)) {
  test::SmallWorld::Case one;
  one.id = "case-" + std::to_string(number);
  one.division = "R01";
  one.offset_m = offset_m;
  one.first_seen_at = kNow - age;
  return one;
}

std::uint32_t sum_of(const Density& density) {
  std::uint32_t sum = 0;
  for (const DensityBin& bin : density.bins) sum += bin.count;
  return sum;
}

TEST(DensityBins, the_sum_of_the_bins_is_what_is_shown_and_nothing_of_the_window_is_lost) {
  base::Random random(11);
  test::SmallWorld world(test::small_tree());
  for (int i = 0; i < 3000; ++i) {
    auto one = case_at(i, {random.next_between(-2000, 2000), random.next_between(-2000, 2000)});
    one.located = i % 10 != 0;
    one.state = i % 3 == 0 ? model::CaseState::Closed : model::CaseState::Reported;
    world.add(one);
  }
  const auto snapshot = world.snapshot(kNow);
  for (const double width_m : {64.0, 256.0, 1024.0, 1e6}) {
    const Density density = density_of(snapshot, kDensityWindow, width_m);
    EXPECT_EQ(density.counted, 3000u) << "those without a place and the closed ones too";
    EXPECT_EQ(density.shown, sum_of(density));
    EXPECT_LE(density.shown, 2700u);
    for (const DensityBin& bin : density.bins) EXPECT_GE(bin.count, kDensityLeast);
  }
  EXPECT_EQ(density_of(snapshot, kDensityWindow, 1e6).shown, 2700u) << "one bin holds all that have a place";
}

TEST(DensityBins, each_case_is_in_the_bin_whose_middle_is_nearest) {
  constexpr double kWidth_m = 100;
  base::Random random(12);
  for (int i = 0; i < 500; ++i) {
    const base::Vec2d at{random.next_between(-900, 900), random.next_between(-900, 900)};
    test::SmallWorld world(test::small_tree());
    for (int k = 0; k < 5; ++k) world.add(case_at(k, at));
    const auto snapshot = world.snapshot(kNow);
    const Density density = density_of(snapshot, kDensityWindow, kWidth_m);
    ASSERT_EQ(density.bins.size(), 1u);
    const base::Vec2d point = snapshot.tree->to_world(snapshot.incident(0).point_units);
    const base::Vec2d middle = density.bins[0].center_world;
    const double distance = std::hypot(point.x - middle.x, point.y - middle.y);
    // To the middles around it: six of them, as far away as a bin is wide.
    for (int side = 0; side < 6; ++side) {
      const double angle = side * std::numbers::pi / 3;
      const double there =
          std::hypot(point.x - middle.x - kWidth_m * std::cos(angle), point.y - middle.y - kWidth_m * std::sin(angle));
      EXPECT_GE(there, distance - 1e-6);
    }
  }
}

TEST(DensityBins, the_window_ends_at_the_states_time_and_small_bins_are_told_not_shown) {
  test::SmallWorld world(test::small_tree());
  for (int i = 0; i < 4; ++i) world.add(case_at(i, {0, 0}, std::chrono::hours(2)));
  world.add(case_at(4, {0, 0}, kDensityWindow));          // just outside
  world.add(case_at(5, {0, 0}, -std::chrono::hours(1)));  // later than the state
  Density density = density_of(world.snapshot(kNow), kDensityWindow, 100);
  EXPECT_EQ(density.counted, 4u);
  EXPECT_EQ(density.shown, 0u);
  EXPECT_TRUE(density.bins.empty());
  world.add(case_at(6, {0, 0}, kDensityWindow - std::chrono::seconds(1)));
  density = density_of(world.snapshot(kNow), kDensityWindow, 100);
  EXPECT_EQ(density.shown, 5u);
}

TEST(DensityBins, width_follows_the_zoom_by_powers_of_two) {
  for (const double px_per_m : {0.001, 0.03, 1.0, 20.0}) {
    const double width_px = density_width_m(px_per_m, 24) * px_per_m;
    EXPECT_GE(width_px, 24);
    EXPECT_LT(width_px, 48.001);
  }
}

TEST(DensityBins, are_made_anew_when_the_snapshot_or_the_width_is_another) {
  test::SmallWorld world(test::small_tree());
  for (int i = 0; i < 5; ++i) world.add(case_at(i, {0, 0}));
  DensityBins bins;
  EXPECT_EQ(bins.update(world.snapshot(kNow, 1), 100).shown, 5u);
  world.add(case_at(5, {0, 0}));
  EXPECT_EQ(bins.update(world.snapshot(kNow, 2), 100).shown, 6u);
  EXPECT_EQ(bins.update(world.snapshot(kNow + kDensityWindow, 2), 100).shown, 0u) << "all of it is older now";
  EXPECT_EQ(bins.update(world.snapshot(kNow, 2), 200).width_m, 200);
}

TEST(DensityBins, as_a_layer_lie_below_all_marks_and_say_what_they_show) {
  test::SmallWorld world(test::small_tree());
  for (int i = 0; i < 30; ++i) world.add(case_at(i, {0, 0}));
  world.add(case_at(30, {3000, 3000}));
  auto snapshot = world.snapshot(kNow);
  snapshot.registers = test::SampleRegister().snapshot();
  model::ProfileTables tables;
  model::LayerSpec layer;
  layer.id = "heat";
  layer.kind = "heat";
  tables.layers = {layer};
  RegisterLayers layers;
  FrameScene scene;
  scene.viewport = {{0, 0}, {800, 600}, {snapshot.tree->origin_world(), 0.1}};
  scene.markers.push_back({});
  const std::vector<std::string> shown{"heat"};
  layers.build(snapshot, tables, shown, 1, scene);
  ASSERT_EQ(scene.markers.size(), 2u);
  EXPECT_EQ(scene.markers[0].shape, model::MarkerShape::Hexagon) << "first, so below";
  EXPECT_EQ(scene.markers[0].fill, kHeatSteps[2].color) << "30 are at least 20 and not 50";
  const LayerLegend& legend = layers.legend().at(0);
  EXPECT_EQ(legend.mark, LayerMark::Heat);
  EXPECT_EQ(legend.shown, 30u);
  EXPECT_EQ(legend.counted, 31u);
}

}  // namespace
}  // namespace gridwall::scene
