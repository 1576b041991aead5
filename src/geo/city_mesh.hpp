// CityMesh: a constrained Delaunay triangulation of points inside a polygon, in exact integer arithmetic, so it never
// depends on rounding. Only the triangles inside the polygon are kept.
// Private to this room. Test: tests/unit/geo/city_mesh_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/geometry.hpp"
#include "geo/city_outline.hpp"

namespace gridwall::geo {

inline constexpr std::uint32_t kNoIndex = 0xffffffffu;

struct CityMesh {
  struct Triangle {
    std::array<std::uint32_t, 3> points;      // counter-clockwise
    std::array<std::uint32_t, 3> neighbours;  // across the edge from point i to i + 1; kNoIndex: the outline
  };
  std::vector<base::Vec2i> points;  // each is a corner of some triangle
  std::vector<Triangle> triangles;

  // Neighbours of point p along triangle edges: adjacency[first[p]] .. adjacency[first[p + 1]], in rising order.
  std::vector<std::uint32_t> first, adjacency;
};

// `polygon` is valid on the integer grid (rings may touch at points); `inner` lies anywhere, points outside the
// polygon and repeated ones are left out. A point where the outline touches itself becomes one point for each side.
// Coordinates within +-400,000,000.
CityMesh triangulate(const CityPolygon& polygon, const std::vector<base::Vec2i>& inner);

}  // namespace gridwall::geo
