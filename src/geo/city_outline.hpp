// A district's outline for the city generator: boundary.geojson in the display CRS, as valid polygons on whole
// millimetres. The source repeats points and touches itself; what comes out of here does neither.
// Private to this room. Test: tests/unit/geo/city_generator_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"

namespace gridwall::geo {

// Shell first, then holes; not closed; millimetres from an origin. Shells run counter-clockwise, holes clockwise.
using CityPolygon = std::vector<std::vector<base::Vec2i>>;

struct CityOutline {
  std::int64_t origin_x_mm = 0, origin_y_mm = 0;  // world position of (0, 0)
  CityPolygon mainland;                           // the largest part
  std::vector<CityPolygon> islands;               // every other part, the largest first
};

// Errors name the file: missing, not a layer, no polygon, a system that PROJ does not know, more than 800 km across.
base::Result<CityOutline> read_city_outline(const std::filesystem::path& boundary_file, const std::string& outline_crs,
                                            const std::string& world_crs);

// Twice the area in mm², positive for a shell's direction. Exact.
std::int64_t doubled_area_mm2(const std::vector<base::Vec2i>& ring);
std::int64_t doubled_area_mm2(const CityPolygon& polygon);

// GEOS's opinion on every polygon in turn: the first one that is not valid, with the reason; empty when all are.
std::string first_invalid(const std::vector<CityPolygon>& parts_mm);

}  // namespace gridwall::geo
