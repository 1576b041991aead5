#include "geo/division_shaper.hpp"

#include <gtest/gtest.h>

#include "geo/pole_search.hpp"

namespace gridwall::geo {
namespace {

using base::Vec2i;

double area_of(const ShapedDivision& shaped) {
  double twice = 0;
  for (const auto& part : shaped.parts) twice += twice_ring_area(part.rings);
  return twice / 2;
}

IntRing square(Vec2i low, std::int32_t size) {
  return {low, {low.x + size, low.y}, {low.x + size, low.y + size}, {low.x, low.y + size}};
}

bool inside(const std::vector<IntRing>& rings, Vec2i p) {
  bool in = false;
  for (const IntRing& ring : rings) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const double x = (static_cast<double>(ring[j].x) - ring[i].x) * (p.y - ring[i].y) /
                           (static_cast<double>(ring[j].y) - ring[i].y) +
                       ring[i].x;
      if ((ring[i].y > p.y) != (ring[j].y > p.y) && p.x < x) in = !in;
    }
  }
  return in;
}

TEST(shaper, valid_polygon_keeps_every_vertex_and_has_no_repair) {
  const IntRing ring{{0, 0}, {100, 0}, {100, 50}, {100, 100}, {0, 100}};
  const ShapedDivision shaped = DivisionShaper().shape({{ring, square({10, 10}, 20)}});
  ASSERT_EQ(shaped.parts.size(), 1u);
  EXPECT_EQ(shaped.parts[0].rings[0], ring);
  EXPECT_TRUE(shaped.repair.empty()) << shaped.repair;
  EXPECT_EQ(shaped.relative_area_error, 0);
  EXPECT_EQ(shaped.vertex_count, 9u);
  EXPECT_EQ(area_of(shaped), 10000 - 400);
}

TEST(shaper, repeated_points_are_dropped_in_silence) {
  const ShapedDivision shaped = DivisionShaper().shape({{{{0, 0}, {0, 0}, {100, 0}, {100, 100}, {100, 100}, {0, 0}}}});
  ASSERT_EQ(shaped.parts.size(), 1u);
  EXPECT_EQ(shaped.parts[0].rings[0].size(), 3u);
  EXPECT_TRUE(shaped.repair.empty()) << shaped.repair;
}

TEST(shaper, bow_tie_becomes_two_parts_and_says_why) {
  const ShapedDivision shaped = DivisionShaper().shape({{{{0, 0}, {100, 100}, {100, 0}, {0, 100}}}});
  EXPECT_EQ(shaped.parts.size(), 2u);
  EXPECT_EQ(area_of(shaped), 5000);
  EXPECT_NE(shaped.repair.find("Self-intersection"), std::string::npos) << shaped.repair;
}

TEST(shaper, overlapping_parts_are_united_not_cut_out) {
  const ShapedDivision shaped = DivisionShaper().shape({{square({0, 0}, 100)}, {square({50, 0}, 100)}});
  EXPECT_EQ(area_of(shaped), 15000);
  EXPECT_FALSE(shaped.repair.empty());
}

TEST(shaper, part_without_area_is_left_out_and_told) {
  const ShapedDivision some = DivisionShaper().shape({{square({0, 0}, 100)}, {{{5, 5}, {9, 9}, {5, 5}}}});
  EXPECT_EQ(some.parts.size(), 1u);
  EXPECT_NE(some.repair.find("1 of 2 parts"), std::string::npos) << some.repair;
  const ShapedDivision none = DivisionShaper().shape({{{{5, 5}, {9, 9}, {7, 7}}}});
  EXPECT_TRUE(none.parts.empty());
  EXPECT_FALSE(none.repair.empty());
  EXPECT_TRUE(DivisionShaper().shape({}).parts.empty());
}

TEST(shaper, spike_that_goes_out_and_back_is_removed) {
  const ShapedDivision shaped =
      DivisionShaper().shape({{{{0, 0}, {100, 0}, {100, 50}, {300, 50}, {100, 50}, {100, 100}, {0, 100}}}});
  EXPECT_EQ(area_of(shaped), 10000);
  EXPECT_FALSE(shaped.repair.empty());
}

TEST(shaper, anchor_stands_inside_the_largest_part_far_from_its_border) {
  // A thin L with a room at its end: the middle of the box is outside, the room is where a label fits.
  const IntRing l_shape{{0, 0}, {1000, 0}, {1000, 1000}, {600, 1000}, {600, 600}, {900, 600}, {900, 100}, {0, 100}};
  const ShapedDivision shaped = DivisionShaper().shape({{square({5000, 5000}, 100)}, {l_shape}});
  EXPECT_TRUE(inside({l_shape}, shaped.anchor));
  EXPECT_NEAR(shaped.anchor.x, 800, 12);
  EXPECT_NEAR(shaped.anchor.y, 800, 12);
}

TEST(shaper, anchor_avoids_holes_and_survives_slivers) {
  const std::vector<IntRing> ring{square({0, 0}, 1000), square({100, 100}, 700)};
  EXPECT_TRUE(inside(ring, find_pole(ring, clip_ears(ring))));
  const std::vector<IntRing> sliver{{{0, 0}, {1000000000, 1}, {1000000000, 2}}};
  const Vec2i anchor = find_pole(sliver, clip_ears(sliver));
  EXPECT_GE(anchor.x, 0);
  EXPECT_LE(anchor.x, 1000000000);
}

}  // namespace
}  // namespace gridwall::geo
