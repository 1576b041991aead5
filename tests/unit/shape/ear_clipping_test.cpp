#include "shape/ear_clipping.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"

namespace gridwall::shape {
namespace {

using base::Vec2i;

// The promise: as many square units of triangles as of rings, each triangle counter-clockwise and inside the indices.
void expect_exact(const std::vector<IntRing>& rings, const std::string& what) {
  const auto indices = clip_ears(rings);
  ASSERT_EQ(indices.size() % 3, 0u) << what;
  IntRing points;
  for (const IntRing& ring : rings) points.insert(points.end(), ring.begin(), ring.end());
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    for (std::size_t k = 0; k < 3; ++k) ASSERT_LT(indices[i + k], points.size()) << what;
    const Vec2i a = points[indices[i]], b = points[indices[i + 1]], c = points[indices[i + 2]];
    const double turn = (static_cast<double>(b.x) - a.x) * (static_cast<double>(c.y) - a.y) -
                        (static_cast<double>(b.y) - a.y) * (static_cast<double>(c.x) - a.x);
    ASSERT_GT(turn, 0) << what;
  }
  EXPECT_EQ(twice_triangle_area(rings, indices), twice_ring_area(rings)) << what;
}

// A ring around a centre with a random radius at each of `count` angles: never crosses itself.
IntRing random_star(base::Random& random, Vec2i center, int count, double radius_min, double radius_max) {
  IntRing ring;
  for (int i = 0; i < count; ++i) {
    const double angle = 2 * std::numbers::pi * i / count;
    const double radius = random.next_between(radius_min, radius_max);
    const Vec2i p{center.x + static_cast<std::int32_t>(std::lround(radius * std::cos(angle))),
                  center.y + static_cast<std::int32_t>(std::lround(radius * std::sin(angle)))};
    if (ring.empty() || ring.back() != p) ring.push_back(p);
  }
  return ring;
}

IntRing square(Vec2i low, std::int32_t size) {
  return {low, {low.x + size, low.y}, {low.x + size, low.y + size}, {low.x, low.y + size}};
}

TEST(ear_clipping, square_becomes_two_triangles_whatever_its_winding) {
  IntRing ring = square({0, 0}, 10);
  EXPECT_EQ(clip_ears({ring}).size(), 6u);
  expect_exact({ring}, "counter-clockwise");
  std::reverse(ring.begin(), ring.end());
  EXPECT_EQ(clip_ears({ring}).size(), 6u);
  expect_exact({ring}, "clockwise");
}

TEST(ear_clipping, fewer_than_three_distinct_points_give_no_triangle) {
  EXPECT_TRUE(clip_ears({}).empty());
  EXPECT_TRUE(clip_ears({{}}).empty());
  EXPECT_TRUE(clip_ears({{{1, 1}, {2, 2}}}).empty());
  EXPECT_TRUE(clip_ears({{{1, 1}, {1, 1}, {1, 1}, {1, 1}}}).empty());
  EXPECT_TRUE(clip_ears({{{0, 0}, {5, 5}, {10, 10}}}).empty());
}

TEST(ear_clipping, area_is_exact_on_random_stars_below_and_above_the_hash_size) {
  base::Random random(7);
  for (int round = 0; round < 150; ++round) {
    const int count = 3 + static_cast<int>(random.next_below(400));
    expect_exact({random_star(random, {0, 0}, count, 1000, 1000000)}, "star " + std::to_string(round));
  }
}

TEST(ear_clipping, area_is_exact_at_the_edge_of_the_integer_range) {
  base::Random random(8);
  for (int round = 0; round < 50; ++round) {
    expect_exact({random_star(random, {0, 0}, 50, 1e6, 2.1e9)}, "huge star " + std::to_string(round));
  }
}

TEST(ear_clipping, near_and_far_from_the_origin_the_triangles_are_the_same) {
  base::Random random(14);
  for (int round = 0; round < 200; ++round) {
    std::vector<IntRing> near{random_star(random, {0, 0}, 3 + static_cast<int>(random.next_below(150)), 5000, 50000)};
    if (round % 2 == 0) near.push_back(random_star(random, {0, 0}, 9, 1000, 3000));
    std::vector<IntRing> far = near;  // beyond what 64 bits are used for
    for (IntRing& ring : far) {
      for (Vec2i& p : ring) p.x += 1'500'000'000;
    }
    EXPECT_EQ(clip_ears(near), clip_ears(far)) << round;
  }
}

TEST(ear_clipping, area_is_exact_with_a_hundred_random_holes) {
  base::Random random(9);
  for (int round = 0; round < 20; ++round) {
    std::vector<IntRing> rings{square({-100000, -100000}, 1200000)};
    for (int i = 0; i < 100; ++i) {
      const Vec2i center{i % 10 * 100000, i / 10 * 100000};
      const int count = 3 + static_cast<int>(random.next_below(12));
      rings.push_back(random_star(random, center, count, 2000, 45000));
    }
    expect_exact(rings, "holes " + std::to_string(round));
  }
}

TEST(ear_clipping, hole_that_touches_its_shell_is_cut_out_exactly) {
  const IntRing shell = square({0, 0}, 100);
  expect_exact({shell, {{0, 0}, {20, 40}, {40, 20}}}, "at a corner");
  expect_exact({shell, {{0, 50}, {30, 70}, {30, 30}}}, "inside the left edge");
  expect_exact({shell, {{100, 50}, {70, 70}, {70, 30}}}, "inside the right edge");
  expect_exact({shell, {{50, 100}, {30, 70}, {70, 70}}}, "inside the upper edge");
  expect_exact({{{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 50}}, {{0, 50}, {30, 70}, {30, 30}}}, "at a vertex");
}

TEST(ear_clipping, holes_that_touch_each_other_are_cut_out_exactly) {
  const IntRing shell = square({0, 0}, 100);
  expect_exact({shell, {{20, 50}, {40, 60}, {40, 40}}, {{40, 60}, {60, 80}, {60, 50}}}, "at one vertex");
  expect_exact({shell, {{20, 20}, {40, 30}, {30, 40}}, {{20, 20}, {15, 40}, {10, 30}}}, "at both leftmost vertices");
  expect_exact({shell, {{20, 20}, {40, 20}, {40, 40}, {20, 40}}, {{40, 30}, {60, 50}, {60, 10}}}, "on an edge");
}

TEST(ear_clipping, repeated_and_collinear_points_change_nothing) {
  base::Random random(10);
  for (int round = 0; round < 100; ++round) {
    IntRing ring;
    for (const Vec2i p : random_star(random, {0, 0}, 60, 100, 5000)) {
      const Vec2i even{p.x * 2, p.y * 2};
      if (!ring.empty()) ring.push_back({(ring.back().x + even.x) / 2, (ring.back().y + even.y) / 2});
      ring.push_back(even);
      if (random.next_below(3) == 0) ring.push_back(even);
    }
    expect_exact({ring}, "round " + std::to_string(round));
  }
}

// Icicles below a straight edge: each hole touches a corner that would else be dropped as standing on a line.
TEST(ear_clipping, many_holes_that_touch_the_shell_at_corners_on_a_straight_edge_are_cut_out_exactly) {
  const IntRing shell{{24, 90}, {32, 90}, {40, 90}, {48, 90}, {80, 90}, {76, 0}, {60, 35}, {52, 0}, {44, 0},
                      {36, 0},  {28, 0},  {20, 0},  {12, 0},  {4, 0},   {0, 46}, {0, 90},  {8, 90}, {16, 90}};
  const std::vector<IntRing> holes{{{23, 65}, {25, 66}, {24, 90}},
                                   {{31, 70}, {33, 71}, {32, 90}},
                                   {{39, 75}, {41, 76}, {40, 90}},
                                   {{6, 55}, {9, 57}, {8, 90}},
                                   {{15, 60}, {17, 62}, {16, 90}}};
  for (unsigned some = 0; some < 32; ++some) {
    std::vector<IntRing> rings{shell};
    for (unsigned h = 0; h < 5; ++h) {
      if ((some >> h & 1u) != 0) rings.push_back(holes[h]);
    }
    expect_exact(rings, "holes by bits " + std::to_string(some));
    IntRing& straight = rings[0];  // the same without the corners: the holes touch the edge
    straight.erase(straight.begin(), straight.begin() + 4);
    straight.erase(straight.end() - 2, straight.end());
    expect_exact(rings, "on the edge, holes by bits " + std::to_string(some));
  }
}

// Cells of a tiny lattice meet their neighbours at points and along straight lines all the time.
TEST(ear_clipping, area_is_exact_on_tiny_coordinates_with_many_coincidences) {
  base::Random random(11);
  for (int round = 0; round < 3000; ++round) {
    expect_exact({random_star(random, {0, 0}, 8, 3, 9), {{-1, 0}, {0, 1}, {1, 0}, {0, -1}}},
                 "round " + std::to_string(round));
  }
}

TEST(ear_clipping, comb_and_spiral_keep_their_area) {
  IntRing comb;
  for (int i = 0; i < 500; ++i) {
    comb.push_back({i * 10, 0});
    comb.push_back({i * 10 + 5, 100000});
  }
  comb.push_back({5000, -10});
  comb.push_back({0, -10});
  expect_exact({comb}, "comb");
  IntRing spiral;
  for (int i = 0; i < 400; ++i) {
    const double angle = 0.1 * i, radius = 1000 + 50.0 * i;
    spiral.push_back(
        {static_cast<std::int32_t>(radius * std::cos(angle)), static_cast<std::int32_t>(radius * std::sin(angle))});
  }
  for (int i = 400; i-- > 0;) {
    const double angle = 0.1 * i, radius = 1000 + 50.0 * i - 900;
    spiral.push_back(
        {static_cast<std::int32_t>(radius * std::cos(angle)), static_cast<std::int32_t>(radius * std::sin(angle))});
  }
  expect_exact({spiral}, "spiral");
}

TEST(ear_clipping, rings_that_cross_themselves_end_and_keep_indices_in_range) {
  base::Random random(12);
  for (int round = 0; round < 300; ++round) {
    IntRing ring;
    const auto count = 3 + random.next_below(90);
    for (std::uint64_t i = 0; i < count; ++i) {
      ring.push_back(
          {static_cast<std::int32_t>(random.next_below(20)), static_cast<std::int32_t>(random.next_below(20))});
    }
    for (const std::uint32_t index : clip_ears({ring, square({5, 5}, 3)})) ASSERT_LT(index, ring.size() + 4);
  }
}

}  // namespace
}  // namespace gridwall::shape
