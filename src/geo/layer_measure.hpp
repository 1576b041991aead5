// Where a layer's points lie: source coordinates into longitude and latitude, those into the world's, in place and on
// all cores; extents and areas on the way. Test: tests/unit/geo/tree_builder_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/layer_reader.hpp"
#include "geo/layer_report.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {

// Points that do not fit the layer's system become infinite. Fills the extents of `told`. Error: an unknown system, or
// no point at all fits it.
base::Status to_lonlat(RawLayer& layer, model::AxisOrder axes, SourceReport& told);

// One a feature, geodesic. The points are longitudes and latitudes.
std::vector<double> areas_m2_of(const RawLayer& layer);

// Points become metres of the world's system; what cannot go along becomes infinite. Long edges of a layer in degrees
// get points between their ends where the projection bends them by more than a unit of the tree, or a quarter of a
// pixel of a preview; those there are stay.
base::Status to_world(RawLayer& layer, bool in_degrees, const Transform& world_from_lonlat,
                      const base::Box2d& extent_lonlat, std::uint32_t preview_px = 0);

inline constexpr const char* kMercatorCrs = "EPSG:3857";

}  // namespace gridwall::geo
