#include "shape/ring_index.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace gridwall::shape {
namespace {

using base::Vec2d;
using Edges = std::vector<RingIndex::Edge>;

bool inside_by_all_edges(const Edges& edges, Vec2d p) {
  bool inside = false;
  for (const auto& [a, b] : edges) {
    const double ax = a.x, ay = a.y, bx = b.x, by = b.y;
    if ((ay > p.y) != (by > p.y) && p.x < (bx - ax) * (p.y - ay) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

Edges random_ring(base::Random& random, std::size_t count, std::uint64_t size) {
  std::vector<base::Vec2i> points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back({static_cast<std::int32_t>(random.next_below(size)) - 1000,
                      static_cast<std::int32_t>(random.next_below(size)) - 1000});
  }
  Edges edges;
  for (std::size_t i = 0; i < count; ++i) edges.push_back({points[i], points[(i + 1) % count]});
  return edges;
}

TEST(ring_index, agrees_with_counting_all_edges_on_random_rings) {
  base::Random random(8);
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t size = round % 3 == 0 ? 20 : round % 3 == 1 ? 5000 : 2000000000;
    const Edges edges = random_ring(random, 3 + random.next_below(300), size);
    const RingIndex index(edges);
    std::size_t inside_count = 0;
    for (int i = 0; i < 300; ++i) {
      const auto range = static_cast<double>(size);
      const Vec2d p{-1000 + range * random.next_between(-0.1, 1.1), -1000 + range * random.next_between(-0.1, 1.1)};
      const bool inside = inside_by_all_edges(edges, p);
      inside_count += inside ? 1 : 0;
      ASSERT_EQ(index.contains(p), inside) << round;
    }
    EXPECT_TRUE(edges.size() < 50 || inside_count > 0);
  }
}

TEST(ring_index, nothing_is_inside_no_ring_or_a_flat_one) {
  EXPECT_FALSE(RingIndex().contains({0, 0}));
  EXPECT_FALSE(RingIndex(Edges{}).contains({0, 0}));
  EXPECT_FALSE(RingIndex(Edges{{{0, 0}, {9, 0}}, {{9, 0}, {0, 0}}}).contains({4, 0}));
}

// A hundred thousand edges that each cross the whole height must not stand in as many bands.
TEST(ring_index, comb_of_long_teeth_stays_small_and_right) {
  Edges edges;
  for (std::int32_t i = 0; i < 100000; ++i)
    edges.push_back({{i, i % 2 == 0 ? 0 : 1000000}, {i + 1, i % 2 == 0 ? 1000000 : 0}});
  edges.push_back({{100000, 0}, {0, 0}});
  const RingIndex index(edges);
  EXPECT_TRUE(index.contains({1, 500000}));
  EXPECT_FALSE(index.contains({2, 500000}));
}

}  // namespace
}  // namespace gridwall::shape
