#include "geo/projection_patches.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "geo/layer_measure.hpp"

namespace gridwall::geo {
namespace {

using base::Vec2d;

Transform made(const std::string& from, const std::string& to) {
  auto transform = Transform::create(from, to);
  EXPECT_TRUE(transform.ok());
  return std::move(*transform);
}

std::vector<Vec2d> random_points(base::Random& random, const base::Box2d& box, std::size_t count) {
  std::vector<Vec2d> points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back({random.next_between(box.min.x, box.max.x), random.next_between(box.min.y, box.max.y)});
  }
  return points;
}

base::Box2d box_around(Vec2d center, double half_deg) {
  return {{center.x - half_deg, center.y - half_deg}, {center.x + half_deg, center.y + half_deg}};
}

// Places within a zone, at its edge and far outside it, and Mercator; ten thousand points in each of some cells.
TEST(projection_patches, every_point_taken_lies_within_the_bound_and_rounds_as_proj_rounds_it) {
  const struct {
    const char* world;
    Vec2d place;
    double share_min = 0.98;  // of the points that are taken
  } kCases[] = {{"EPSG:4549", {120.3, 31.9}},  {"EPSG:4549", {121.49, 46.2}},   {"EPSG:4549", {127.3, 20.1}},
                {"EPSG:4547", {115.65, 22.9}}, {"EPSG:3857", {120.3, 31.9}},    {"EPSG:3857", {20, 84.5}, 0},
                {"EPSG:32650", {116.4, 39.9}}, {"EPSG:4549", {-60.2, -31.4}, 0}};
  base::Random random(51);
  for (const auto& one : kCases) {
    const Transform exact = made(kLonLatCrs, one.world);
    const base::Box2d box = box_around(one.place, 0.05);
    const std::vector<Vec2d> points = random_points(random, box, 20'000);
    const auto patches = ProjectionPatches::fit(exact, points, box);
    ASSERT_TRUE(patches) << one.world;
    EXPECT_LE(patches->error_m_max(), kPatchError_m / 10);
    std::size_t taken = 0;
    for (const Vec2d p : points) {
      Vec2d quick = p;
      if (!patches->project(quick)) {
        EXPECT_EQ(quick, p);
        continue;
      }
      ++taken;
      const Vec2d slow = *exact.forward(p);
      ASSERT_NEAR(quick.x, slow.x, kPatchError_m / 4) << one.world;
      ASSERT_NEAR(quick.y, slow.y, kPatchError_m / 4) << one.world;
      ASSERT_EQ(std::lround(quick.x * 1000), std::lround(slow.x * 1000));
      ASSERT_EQ(std::lround(quick.y * 1000), std::lround(slow.y * 1000));
    }
    const double share = static_cast<double>(taken) / static_cast<double>(points.size());
    EXPECT_GE(share, one.share_min) << one.world << " at " << one.place.x;
  }
}

// Points found by PROJ's inverse of half millimetres: rounding is a matter of the last digits.
TEST(projection_patches, points_that_a_breath_would_round_the_other_way_are_left_to_proj) {
  const Transform exact = made(kLonLatCrs, "EPSG:4549");
  const base::Box2d box = box_around({120.3, 31.9}, 0.02);
  base::Random random(52);
  std::vector<Vec2d> points = random_points(random, box, 5'000);
  const auto patches = ProjectionPatches::fit(exact, points, box);
  ASSERT_TRUE(patches);
  for (const Vec2d p : points) {
    const Vec2d world = *exact.forward(p);
    Vec2d on_the_edge = *exact.inverse({std::floor(world.x) + 0.0005, world.y});
    if (!box.contains(on_the_edge)) continue;
    EXPECT_FALSE(patches->project(on_the_edge));
  }
}

TEST(projection_patches, are_not_made_where_they_cannot_be_right_or_do_not_pay) {
  base::Random random(53);
  const base::Box2d box = box_around({120.3, 31.9}, 0.05);
  const std::vector<Vec2d> points = random_points(random, box, 5'000);
  EXPECT_TRUE(ProjectionPatches::fit(made(kLonLatCrs, "EPSG:4549"), points, box));
  EXPECT_FALSE(ProjectionPatches::fit(made(kLonLatCrs, "EPSG:4549"), std::span(points).first(300), box)) << "too few";
  EXPECT_FALSE(ProjectionPatches::fit(made(kLonLatCrs, "EPSG:4549"), points, box_around({120, 32}, 4))) << "too wide";
  EXPECT_FALSE(ProjectionPatches::fit(made(kLonLatCrs, "GCJ-02"), points, box)) << "degrees";
  EXPECT_FALSE(ProjectionPatches::fit(made(kLonLatCrs, "EPSG:2437"), points, box)) << "several ways, by place";
}

// The whole step as loading takes it, and points that are nowhere among them.
TEST(projection_patches, a_layer_comes_to_the_same_millimetres_as_by_proj_alone) {
  base::Random random(54);
  RawLayer layer;
  base::Box2d extent;
  for (int ring = 0; ring < 3'000; ++ring) {
    const Vec2d center{random.next_between(120.1, 120.4), random.next_between(31.8, 32.0)};
    const auto begin = static_cast<std::uint32_t>(layer.points.size());
    for (int i = 0; i < 40; ++i) {
      layer.points.push_back({center.x + 0.0009 * std::cos(i * 0.157), center.y + 0.0009 * std::sin(i * 0.157)});
      extent.extend(layer.points.back());
    }
    layer.rings.push_back({begin, static_cast<std::uint32_t>(layer.points.size()), false});
  }
  layer.points[77] = {HUGE_VAL, HUGE_VAL};
  const std::vector<Vec2d> given = layer.points;
  const Transform exact = made(kLonLatCrs, "EPSG:4549");
  ASSERT_TRUE(to_world(layer, true, exact, extent).ok());
  ASSERT_EQ(layer.points.size(), given.size());
  std::size_t different_count = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (i == 77) {
      EXPECT_FALSE(std::isfinite(layer.points[i].x));
      continue;
    }
    const Vec2d slow = *exact.forward(given[i]);
    ASSERT_EQ(std::lround(layer.points[i].x * 1000), std::lround(slow.x * 1000)) << i;
    ASSERT_EQ(std::lround(layer.points[i].y * 1000), std::lround(slow.y * 1000)) << i;
    different_count += layer.points[i] != slow ? 1 : 0;
  }
  EXPECT_GT(different_count, 0u) << "the patches were not used";
}

}  // namespace
}  // namespace gridwall::geo
