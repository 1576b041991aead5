#include "shape/border_loops.hpp"

#include "int_shapes.hpp"

namespace gridwall::shape {
namespace {

void add(BorderSum& sum, const IntRing& ring, bool is_hole = false, int sign = 1) {
  sum.add_ring(ring.data(), ring.size(), is_hole, sign);
}

TEST(border_loops, neighbours_and_their_parent_cancel_whatever_the_winding) {
  BorderSum sum;
  add(sum, square({0, 0}, 10));
  IntRing reversed = square({10, 0}, 10);
  std::reverse(reversed.begin(), reversed.end());
  add(sum, reversed);
  add(sum, {{0, 0}, {10, 0}, {20, 0}, {20, 10}, {10, 10}, {0, 10}}, false, -1);
  EXPECT_TRUE(sum.take_loops().empty());
  EXPECT_EQ(sum.edge_count(), 0u);
}

TEST(border_loops, hole_cancels_with_what_fills_it) {
  BorderSum sum;
  add(sum, square({0, 0}, 30));
  add(sum, square({10, 10}, 5), true);
  add(sum, square({10, 10}, 5));
  add(sum, square({0, 0}, 30), false, -1);
  EXPECT_TRUE(sum.take_loops().empty());
}

TEST(border_loops, what_is_left_over_comes_as_simple_loops) {
  BorderSum sum;
  add(sum, square({0, 0}, 10));
  add(sum, square({10, 10}, 10));  // touch at a corner
  const auto loops = sum.take_loops();
  ASSERT_EQ(loops.size(), 2u);
  for (const IntRing& loop : loops) {
    EXPECT_EQ(loop.size(), 4u);
    EXPECT_EQ(length_of(loop), 40);
    EXPECT_EQ(area_bound(loop), 100);
  }
}

TEST(border_loops, the_same_ring_twice_is_left_over_twice) {
  BorderSum sum;
  add(sum, square({0, 0}, 10));
  add(sum, square({0, 0}, 10));
  EXPECT_EQ(sum.take_loops().size(), 2u);
}

TEST(border_loops, area_bound_of_a_figure_of_eight_is_not_zero) {
  EXPECT_GE(area_bound({{0, 0}, {10, 10}, {10, 0}, {0, 10}}), 50);  // its signed area is
}

}  // namespace
}  // namespace gridwall::shape
