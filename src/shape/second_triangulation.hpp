// A second, independent triangulation: GEOS's constrained Delaunay. For polygons whose ears did not add up to the
// rings' area; slower by far, so it is not the first. Test: tests/unit/shape/second_triangulation_test.cpp.
#pragma once

#include "shape/geos_shapes.hpp"

namespace gridwall::shape {

// As clip_ears: indices into the rings laid end to end, three a triangle, counter-clockwise. Empty when GEOS refuses
// the polygon (it must be valid; message() of the context says why) or would need a point that no ring has.
std::vector<std::uint32_t> triangulate_by_geos(GeosContext& geos, const IntPolygon& polygon);

}  // namespace gridwall::shape
