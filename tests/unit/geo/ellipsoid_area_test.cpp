#include "geo/ellipsoid_area.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "base/random.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {
namespace {

using base::Vec2d;

// A ring of `point_count` points about a centre, its radius in degrees jittered by up to a third.
std::vector<Vec2d> jagged_ring(Vec2d center, double radius_deg, int point_count, base::Random& random) {
  std::vector<Vec2d> ring;
  for (int i = 0; i < point_count; ++i) {
    const double angle = 2 * std::numbers::pi * i / point_count;
    const double radius = radius_deg * (1 - random.next_unit() / 3);
    ring.push_back({center.x + radius * std::cos(angle) / std::cos(center.y * std::numbers::pi / 180),
                    center.y + radius * std::sin(angle)});
  }
  return ring;
}

TEST(ellipsoid_area, agrees_with_geodesic_polygons_from_a_courtyard_to_a_town) {
  base::Random random(7);
  for (const double radius_deg : {0.0002, 0.001, 0.005, 0.02}) {
    for (const Vec2d center :
         {Vec2d{120.3, 31.9}, {115.6, 22.9}, {126.5, 53.4}, {-64.9, -3.1}, {0, 0.0001}, {20, 78}}) {
      const auto ring = jagged_ring(center, radius_deg, 49, random);
      const double exact_m2 = geodesic_area_m2(ring);
      EXPECT_NEAR(ellipsoid_area_m2(ring) / exact_m2, 1, 1e-6) << radius_deg << " at " << center.x << " " << center.y;
    }
  }
}

// A ring high enough that its upper points are no longer near its first one: both ways are taken, and meet.
TEST(ellipsoid_area, a_long_strip_has_the_area_of_its_pieces) {
  const auto strip = [](double low, double high) {
    std::vector<Vec2d> ring;
    const int steps = static_cast<int>(std::lround((high - low) / 0.004));
    for (int i = 0; i <= steps; ++i) ring.push_back({120, low + (high - low) * i / steps});
    for (int i = steps; i >= 0; --i) ring.push_back({120.003, low + (high - low) * i / steps});
    return ring;
  };
  double pieces_m2 = 0;
  for (int i = 0; i < 10; ++i) pieces_m2 += ellipsoid_area_m2(strip(30 + i * 0.2, 30.2 + i * 0.2));
  const double whole_m2 = ellipsoid_area_m2(strip(30, 32));
  EXPECT_NEAR(pieces_m2 / whole_m2, 1, 1e-11);
}

TEST(ellipsoid_area, does_not_mind_winding_long_edges_or_what_is_no_ring) {
  std::vector<Vec2d> ring{{120, 31}, {120.001, 31}, {120.001, 31.001}, {120, 31.001}};
  const double there = ellipsoid_area_m2(ring);
  EXPECT_NEAR(there, 10586, 5);  // 95.45 m by 110.87 m
  std::reverse(ring.begin(), ring.end());
  EXPECT_DOUBLE_EQ(ellipsoid_area_m2(ring), there);
  const std::vector<Vec2d> across{{179, 0}, {-179, 0}, {-179, 1}, {179, 1}};
  EXPECT_NEAR(ellipsoid_area_m2(across) / 1e6, 24619, 50);  // over the antimeridian, not round the earth
  EXPECT_EQ(ellipsoid_area_m2({}), 0);
  EXPECT_EQ(ellipsoid_area_m2(std::vector<Vec2d>{{1, 1}, {2, 2}}), 0);
}

}  // namespace
}  // namespace gridwall::geo
