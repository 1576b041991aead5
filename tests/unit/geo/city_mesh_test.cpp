// The triangulation under the city generator: whole, exact, and true to its outline.
#include "geo/city_mesh.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.hpp"

namespace gridwall::geo {
namespace {

using base::Vec2i;

std::int64_t doubled_area_of(const CityMesh& mesh) {
  std::int64_t sum = 0;
  for (const auto& triangle : mesh.triangles) {
    const auto& [a, b, c] = triangle.points;
    const std::int64_t area = doubled_area_mm2({mesh.points[a], mesh.points[b], mesh.points[c]});
    EXPECT_GT(area, 0);
    sum += area;
  }
  return sum;
}

// A comb: deep teeth force edges across many triangles of the free triangulation.
CityPolygon comb() {
  std::vector<Vec2i> ring{{0, 0}, {100'000, 0}};
  for (int tooth = 9; tooth >= 0; --tooth) {
    ring.push_back({tooth * 10'000 + 9'000, 90'000});
    ring.push_back({tooth * 10'000 + 5'000, 1'000});
  }
  ring.push_back({1'000, 90'000});
  return {ring};
}

std::vector<Vec2i> random_points(std::size_t count, std::int32_t size) {
  base::Random random(5);
  std::vector<Vec2i> points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back({static_cast<std::int32_t>(random.next_below(static_cast<std::uint64_t>(size))),
                      static_cast<std::int32_t>(random.next_below(static_cast<std::uint64_t>(size)))});
  }
  return points;
}

TEST(CityMesh, covers_the_outline_exactly_when_deep_teeth_cut_through_the_points) {
  const CityPolygon polygon = comb();
  const CityMesh mesh = triangulate(polygon, random_points(500, 90'000));
  EXPECT_EQ(doubled_area_of(mesh), doubled_area_mm2(polygon));
  EXPECT_GT(mesh.points.size(), polygon.front().size() + 100);
}

TEST(CityMesh, keeps_a_hole_open) {
  const CityPolygon polygon{{{0, 0}, {9'000, 0}, {9'000, 9'000}, {0, 9'000}},
                            {{3'000, 3'000}, {3'000, 6'000}, {6'000, 6'000}, {6'000, 3'000}}};
  EXPECT_EQ(doubled_area_of(triangulate(polygon, random_points(200, 9'000))), 2 * (81'000'000 - 9'000'000));
}

TEST(CityMesh, takes_regular_points_and_repeated_ones) {
  std::vector<Vec2i> lattice;  // every four neighbours lie on one circle, many lie on the outline
  for (int x = 0; x <= 20; ++x) {
    for (int y = 0; y <= 20; ++y) lattice.insert(lattice.end(), 2, Vec2i{x * 100, y * 100});
  }
  const CityPolygon square{{{0, 0}, {2'000, 0}, {2'000, 2'000}, {0, 2'000}}};
  const CityMesh mesh = triangulate(square, lattice);
  EXPECT_EQ(mesh.points.size(), 441u);
  EXPECT_EQ(mesh.triangles.size(), 800u);
  EXPECT_EQ(doubled_area_of(mesh), 8'000'000);
}

TEST(CityMesh, gives_each_side_of_a_pinch_its_own_point) {
  const CityPolygon annulus_pinched{{{0, 0}, {8'000, 0}, {8'000, 8'000}, {0, 8'000}},
                                    {{4'000, 8'000}, {6'000, 4'000}, {2'000, 4'000}}};
  const CityMesh mesh = triangulate(annulus_pinched, {});
  EXPECT_EQ(std::count(mesh.points.begin(), mesh.points.end(), Vec2i{4'000, 8'000}), 2);
  EXPECT_EQ(doubled_area_of(mesh), doubled_area_mm2(annulus_pinched));
}

TEST(CityMesh, links_neighbours_both_ways) {
  const CityMesh mesh = triangulate(comb(), random_points(300, 90'000));
  ASSERT_EQ(mesh.first.size(), mesh.points.size() + 1);
  for (std::uint32_t p = 0; p < mesh.points.size(); ++p) {
    ASSERT_LT(mesh.first[p], mesh.first[p + 1]);
    for (std::uint32_t k = mesh.first[p]; k < mesh.first[p + 1]; ++k) {
      const std::uint32_t q = mesh.adjacency[k];
      const auto begin = mesh.adjacency.begin() + mesh.first[q], end = mesh.adjacency.begin() + mesh.first[q + 1];
      EXPECT_TRUE(std::binary_search(begin, end, p));
    }
  }
}

}  // namespace
}  // namespace gridwall::geo
