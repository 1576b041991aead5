#include "shape/second_triangulation.hpp"

#include <gtest/gtest.h>

#include "int_shapes.hpp"

namespace gridwall::shape {
namespace {

TEST(second_triangulation, fills_shell_and_leaves_holes_with_indices_of_the_rings) {
  GeosContext geos;
  const IntPolygon polygon{square({0, 0}, 1000), square({100, 100}, 200), {{500, 500}, {900, 520}, {700, 900}}};
  const auto indices = triangulate_by_geos(geos, polygon);
  ASSERT_EQ(indices.size() % 3, 0u);
  for (const std::uint32_t index : indices) ASSERT_LT(index, 11u);
  EXPECT_EQ(twice_triangle_area(polygon, indices), twice_ring_area(polygon));
}

TEST(second_triangulation, triangles_turn_left_whatever_the_winding_and_at_both_ends_of_the_integers) {
  GeosContext geos;
  const std::int32_t far = 2147483647;
  IntRing ring{{-far, -far}, {far, -far}, {0, 0}, {far, far}, {-far, far}};
  for (int turn = 0; turn < 2; ++turn) {
    const auto indices = triangulate_by_geos(geos, {ring});
    ASSERT_EQ(indices.size(), 9u);
    EXPECT_EQ(twice_triangle_area({ring}, indices), twice_ring_area({ring}));
    for (std::size_t i = 0; i < indices.size(); i += 3) {
      const auto a = ring[indices[i]], b = ring[indices[i + 1]], c = ring[indices[i + 2]];
      EXPECT_GT((static_cast<double>(b.x) - a.x) * (static_cast<double>(c.y) - a.y) -
                    (static_cast<double>(b.y) - a.y) * (static_cast<double>(c.x) - a.x),
                0);
    }
    std::reverse(ring.begin(), ring.end());
  }
}

TEST(second_triangulation, refused_polygons_give_no_triangles) {
  GeosContext geos;
  EXPECT_TRUE(triangulate_by_geos(geos, {}).empty());
  EXPECT_TRUE(triangulate_by_geos(geos, {{{0, 0}, {1, 1}}}).empty());
}

}  // namespace
}  // namespace gridwall::shape
