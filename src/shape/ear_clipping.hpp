// Triangulates a polygon with holes by ear clipping, after the method of Mapbox's earcut (ISC licence; Held's FIST
// heuristics), written afresh on integers: every side test is exact, so a valid polygon's triangles tile it exactly.
// Invariant: the triangles' areas sum to the rings' area. Test: tests/unit/shape/ear_clipping_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::shape {

using IntRing = std::vector<base::Vec2i>;  // not closed; either winding
using IntPolygon = std::vector<IntRing>;   // shell first, then holes

// Rings: the shell first, then the holes. Indices point into the rings laid end to end, three a triangle, counter-
// clockwise (y up). Rings that cross themselves or each other give some triangles, without a promise: compare
// areas. Fewer than three distinct points give none. Any thread.
std::vector<std::uint32_t> clip_ears(const std::vector<IntRing>& rings);

// Twice the areas in square units, exact to the last bit below 2^63 and close above. Shell minus holes.
double twice_ring_area(const std::vector<IntRing>& rings);
double twice_triangle_area(const std::vector<IntRing>& rings, const std::vector<std::uint32_t>& triangle_indices);

}  // namespace gridwall::shape
