// What is taken for plainly valid must be valid to GEOS, and what GEOS finds valid should mostly be taken.
#include "shape/plain_rings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"
#include "int_shapes.hpp"
#include "shape/geos_shapes.hpp"

namespace gridwall::shape {
namespace {

using base::Vec2i;

bool geos_agrees(const std::vector<IntPolygon>& polygons) {
  GeosContext geos;
  const GeosContext::Geometry built = polygons.size() == 1 ? geos.polygon(polygons[0]) : geos.multi_polygon(polygons);
  return built && GEOSisValid_r(geos.handle(), built.get()) == 1;
}

// Small radii, so that corners fall together and edges lie on one line.
IntRing star(base::Random& random, Vec2i center, int count, double radius_min, double radius_max) {
  IntRing ring;
  for (int i = 0; i < count; ++i) {
    const double angle = 2 * std::numbers::pi * i / count, radius = random.next_between(radius_min, radius_max);
    ring.push_back({center.x + static_cast<std::int32_t>(std::lround(radius * std::cos(angle))),
                    center.y + static_cast<std::int32_t>(std::lround(radius * std::sin(angle)))});
  }
  return ring;
}

TEST(plain_rings, whatever_holds_is_valid_to_geos_on_thousands_of_random_divisions) {
  base::Random random(41);
  PlainRings plain;
  int held = 0, valid = 0;
  for (int round = 0; round < 12'000; ++round) {
    const double size = round % 3 == 0 ? 6 : round % 3 == 1 ? 60 : 2e8;  // three parts fit into our numbers
    std::vector<IntPolygon> polygons;
    for (std::uint64_t part = 0; part <= random.next_below(3); ++part) {
      const Vec2i center{static_cast<std::int32_t>(static_cast<double>(part) * size * 1.9), 0};
      IntPolygon polygon{star(random, center, 3 + static_cast<int>(random.next_below(60)), size / 2, size)};
      for (std::uint64_t hole = 0; hole < random.next_below(3); ++hole) {
        const auto aside = static_cast<std::int32_t>(random.next_between(-0.6, 0.6) * size);
        polygon.push_back(
            star(random, {center.x + aside, aside}, 3 + static_cast<int>(random.next_below(8)), size / 9, size / 5));
      }
      for (IntRing& ring : polygon) {
        if (random.next_below(4) == 0) std::swap(ring[0], ring[random.next_below(ring.size())]);
      }
      polygons.push_back(std::move(polygon));
    }
    const bool agreed = geos_agrees(polygons), holds = plain.hold(polygons);
    ASSERT_TRUE(agreed || !holds) << "round " << round;
    valid += agreed ? 1 : 0;
    held += holds ? 1 : 0;
  }
  EXPECT_GT(valid, 2000);
  EXPECT_GT(held, valid / 2) << "of " << valid;
}

TEST(plain_rings, single_rings_hold_exactly_when_geos_finds_them_valid) {
  base::Random random(42);
  PlainRings plain;
  int valid = 0;
  for (int round = 0; round < 12'000; ++round) {
    IntRing ring = star(random, {0, 0}, 3 + static_cast<int>(random.next_below(40)), 4, round % 2 == 0 ? 9 : 4000);
    if (random.next_below(3) == 0) std::swap(ring[0], ring[random.next_below(ring.size())]);
    ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
    while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    if (ring.size() < 3) continue;
    const bool agreed = geos_agrees({{ring}});
    ASSERT_EQ(plain.hold({{ring}}), agreed) << "round " << round;
    valid += agreed ? 1 : 0;
  }
  EXPECT_GT(valid, 2000);
}

TEST(plain_rings, holes_and_parts_hold_only_in_their_places) {
  PlainRings plain;
  const IntRing shell = square({0, 0}, 100);
  const struct {
    const char* what;
    std::vector<IntPolygon> polygons;
    bool holds;
  } kCases[] = {
      {"a hole inside", {{shell, square({10, 10}, 20)}}, true},
      {"two holes", {{shell, square({10, 10}, 20), square({40, 10}, 20)}}, true},
      {"a hole outside", {{shell, square({200, 10}, 20)}}, false},
      {"a hole in a hole", {{shell, square({10, 10}, 60), square({20, 20}, 20)}}, false},
      {"the same, the inner one first", {{shell, square({20, 20}, 20), square({10, 10}, 60)}}, false},
      {"a hole that touches its shell", {{shell, square({0, 10}, 20)}}, false},
      {"a hole around the shell", {{shell, square({-10, -10}, 200)}}, false},
      {"parts apart", {{shell}, {square({200, 0}, 50)}}, true},
      {"a part in a part", {{shell}, {square({10, 10}, 50)}}, false},
      {"parts with a common border", {{shell}, {square({100, 0}, 100)}}, false},
      {"a corner on an edge", {{{{0, 0}, {100, 0}, {100, 100}, {50, 0}, {0, 100}}}}, false},
      {"there and back", {{{{0, 0}, {100, 0}, {100, 100}, {100, 50}, {0, 100}}}}, false},
      {"a repeated corner", {{{{0, 0}, {0, 0}, {100, 0}, {0, 100}}}}, false},
      {"farther than 64 bits can tell", {{{{-2'000'000'000, 0}, {2'000'000'000, 0}, {0, 2'000'000'000}}}}, false},
  };
  for (const auto& one : kCases) EXPECT_EQ(plain.hold(one.polygons), one.holds) << one.what;
}

}  // namespace
}  // namespace gridwall::shape
