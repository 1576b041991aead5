// Areas on the ellipsoid of GRS 80 (CGCS2000; WGS 84 to a tenth of a millimetre of its axis), quick enough for every
// ring of a district. Test: tests/unit/geo/ellipsoid_area_test.cpp compares with geodesic polygons.
#pragma once

#include <span>

#include "base/geometry.hpp"

namespace gridwall::geo {

// In m², never negative; winding does not matter; the ring is not closed and in degrees. Rings of short edges (a few
// hundred metres) by the authalic latitude, whose error is below 1e-6 of a cell; others by geodesics, some twenty times
// slower.
double ellipsoid_area_m2(std::span<const base::Vec2d> ring_lonlat);

}  // namespace gridwall::geo
