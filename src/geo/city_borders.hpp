// Borders between the parts of a mesh: one point on each triangle edge that joins two parts, one in each triangle
// where three parts meet. So borders cannot cross, each is stored once, and both sides and every level above share it
// to the millimetre. Private to this room. Test: tests/unit/geo/city_generator_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/city_mesh.hpp"

namespace gridwall::geo {

struct CityBorders {
  struct Segment {
    std::uint32_t from, to;     // points
    std::uint32_t left, right;  // parts; right is kNoIndex along the outline
  };
  std::vector<base::Vec2i> points;
  std::vector<Segment> segments;  // one direction only inside; the outline with its part on the left
};

// `part` is the finest part of each point of the mesh. `smoothing` 0 takes the middle of each edge, 1 draws the
// smoothest line that stays on its edges.
CityBorders draw_borders(const CityMesh& mesh, const std::vector<std::uint32_t>& part, double smoothing);

// Polygons of each of `count` parents: `parent` gives the parent of each finest part.
std::vector<std::vector<CityPolygon>> trace_polygons(const CityBorders& borders,
                                                     const std::vector<std::uint32_t>& parent, std::uint32_t count);

}  // namespace gridwall::geo
