#include "shape/division_shaper.hpp"

#include "base/random.hpp"
#include "int_shapes.hpp"
#include "shape/pole_search.hpp"

namespace gridwall::shape {
namespace {

using base::Vec2i;

double area_of(const ShapedDivision& shaped) {
  double twice = 0;
  for (const auto& part : shaped.parts) twice += twice_ring_area(part.rings);
  return twice / 2;
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

std::vector<std::uint32_t> no_triangles(const std::vector<IntRing>&) {
  return {};
}

std::vector<std::uint32_t> first_triangle_only(const std::vector<IntRing>& rings) {
  auto indices = clip_ears(rings);
  indices.resize(std::min<std::size_t>(indices.size(), 3));
  return indices;
}

TEST(shaper, second_triangulation_replaces_one_that_does_not_fill_its_rings) {
  const std::vector<IntPolygon> given{{square({0, 0}, 100), square({20, 20}, 30)}, {square({500, 0}, 10)}};
  for (const auto wrong : {no_triangles, first_triangle_only}) {
    const ShapedDivision shaped = DivisionShaper(wrong).shape(given);
    ASSERT_EQ(shaped.parts.size(), 2u);
    for (const auto& part : shaped.parts) {
      EXPECT_EQ(twice_triangle_area(part.rings, part.triangle_indices), twice_ring_area(part.rings));
    }
    EXPECT_EQ(shaped.relative_area_error, 0);
    EXPECT_TRUE(shaped.triangulation.starts_with("triangulated by GEOS: 2 of 2 parts")) << shaped.triangulation;
    EXPECT_TRUE(shaped.repair.empty()) << shaped.repair;
  }
  EXPECT_TRUE(DivisionShaper().shape(given).triangulation.empty());
}

TEST(shaper, every_bad_ring_is_named_with_its_number_reason_and_place) {
  const IntRing bow_tie{{1000, 0}, {1100, 100}, {1100, 0}, {1000, 100}};
  const IntRing hole_tie{{10, 10}, {30, 30}, {30, 10}, {10, 30}};
  const ShapedDivision shaped =
      DivisionShaper().shape({{square({0, 0}, 100), square({40, 40}, 10), hole_tie}, {bow_tie}});
  ASSERT_EQ(shaped.ring_faults.count, 2u);
  const auto& faults = shaped.ring_faults.listed;
  EXPECT_EQ(faults[0].part_index, 0u);
  EXPECT_EQ(faults[0].ring_index, 2u);
  EXPECT_EQ(faults[0].at, (Vec2i{20, 20}));
  EXPECT_EQ(faults[1].part_index, 1u);
  EXPECT_EQ(faults[1].ring_index, 0u);
  EXPECT_EQ(faults[1].at, (Vec2i{1050, 50}));
  EXPECT_EQ(shaped.repair_at, (Vec2i{20, 20}));
  EXPECT_EQ(shaped.repair,
            "part 1: hole 2 crosses itself or another ring (Self-intersection); "
            "part 2: the shell crosses itself or another ring (Self-intersection)");
}

TEST(shaper, parts_are_numbered_as_they_were_given_even_when_some_have_no_area) {
  const ShapedDivision shaped = DivisionShaper().shape(
      {{{{5, 5}, {9, 9}, {7, 7}}}, {{{1000, 0}, {1100, 100}, {1100, 0}, {1000, 100}}}, {square({0, 0}, 10)}});
  ASSERT_EQ(shaped.ring_faults.listed.size(), 1u);
  EXPECT_EQ(shaped.ring_faults.listed[0].part_index, 1u);
  EXPECT_TRUE(shaped.repair.starts_with("1 of 3 parts have no area; part 2: the shell")) << shaped.repair;
}

TEST(shaper, parts_and_holes_at_odds_with_each_other_are_each_named) {
  struct Case {
    std::vector<IntPolygon> given;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> bad;  // part, ring
    const char* reason;
  };
  const IntRing shell = square({0, 0}, 1000);
  const Case cases[] = {
      {{{shell}, {square({900, 0}, 300)}, {square({5000, 0}, 10)}, {square({-100, 0}, 300)}},
       {{1, 0}, {3, 0}},
       "crosses"},
      {{{shell}, {square({100, 100}, 300)}}, {{1, 0}}, "lies inside another part"},
      {{{shell, square({2000, 0}, 10), square({10, 10}, 10), square({3000, 0}, 10)}},
       {{0, 1}, {0, 3}},
       "outside its shell"},
      {{{shell, square({100, 100}, 300), square({200, 200}, 50)}}, {{0, 2}}, "inside another hole"},
      {{{shell, square({100, 100}, 300), square({300, 300}, 300), square({50, 50}, 100)}}, {{0, 2}, {0, 3}}, "crosses"},
  };
  for (const Case& c : cases) {
    const ShapedDivision shaped = DivisionShaper().shape(c.given);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> named;
    for (const RingFault& fault : shaped.ring_faults.listed) {
      named.emplace_back(fault.part_index, fault.ring_index);
      EXPECT_NE(fault.reason.find(c.reason), std::string::npos) << fault.reason;
    }
    std::sort(named.begin(), named.end());
    EXPECT_EQ(named, c.bad) << shaped.repair;
  }
}

TEST(shaper, hundreds_of_bad_rings_are_counted_and_twenty_listed) {
  std::vector<IntPolygon> polygons;
  for (std::int32_t i = 0; i < 300; ++i) {
    polygons.push_back({{{i * 200, 0}, {i * 200 + 100, 100}, {i * 200 + 100, 0}, {i * 200, 100}}});
  }
  const ShapedDivision shaped = DivisionShaper().shape(polygons);
  EXPECT_EQ(shaped.ring_faults.count, 300u);
  EXPECT_EQ(shaped.ring_faults.listed.size(), 20u);
  EXPECT_TRUE(shaped.repair.ends_with("; and 280 more")) << shaped.repair;
  EXPECT_EQ(shaped.parts.size(), 600u);
}

// A ring of random points crosses itself about n*n/9 times; GEOS would keep each crossing in memory.
TEST(shaper, ring_of_thousands_of_random_points_is_left_out_with_its_reason) {
  base::Random random(1);
  IntRing tangle;
  for (int i = 0; i < 4000; ++i) {
    tangle.push_back({static_cast<std::int32_t>(random.next_below(1000000000)),
                      static_cast<std::int32_t>(random.next_below(1000000000))});
  }
  const ShapedDivision alone = DivisionShaper().shape({{tangle}});
  EXPECT_TRUE(alone.parts.empty());
  EXPECT_NE(alone.repair.find("part 1 left out: its borders cross about"), std::string::npos) << alone.repair;
  const ShapedDivision beside = DivisionShaper().shape({{tangle}, {square({0, 0}, 100)}});
  ASSERT_EQ(beside.parts.size(), 1u);
  EXPECT_EQ(area_of(beside), 10000);
}

TEST(shaper, whatever_points_are_given_the_result_is_valid_and_its_triangles_fill_it) {
  base::Random random(2);
  GeosContext geos;
  for (int round = 0; round < 400; ++round) {
    const auto side = 4 + random.next_below(round % 2 == 0 ? 12 : 2000000000);
    std::vector<IntPolygon> polygons(1 + random.next_below(3));
    for (IntPolygon& polygon : polygons) {
      polygon.resize(1 + random.next_below(3));
      for (IntRing& ring : polygon) {
        const auto count = random.next_below(14);
        for (std::uint64_t i = 0; i < count; ++i) {
          ring.push_back(
              {static_cast<std::int32_t>(random.next_below(side)), static_cast<std::int32_t>(random.next_below(side))});
        }
      }
    }
    const ShapedDivision shaped = DivisionShaper().shape(polygons);
    std::vector<IntPolygon> out;
    for (const auto& part : shaped.parts) out.push_back(part.rings);
    if (out.empty()) continue;
    EXPECT_EQ(GEOSisValid_r(geos.handle(), geos.multi_polygon(out).get()), 1) << "round " << round << shaped.repair;
    EXPECT_LE(shaped.relative_area_error, 1e-6) << "round " << round;
  }
}

}  // namespace
}  // namespace gridwall::shape
