// The polygons of a well-known binary geometry (ISO and EWKB, either byte order, with Z and M, collections) into flat
// rings. No number in the bytes is believed: each count is checked against what is left of them, nesting is bounded,
// points that are no numbers are left out and counted. Pure. Test: tests/unit/geo/wkb_reader_test.cpp, fuzz target wkb.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/layer_reader.hpp"

namespace gridwall::geo {

inline constexpr std::uint64_t kPointsMax = 200'000'000;  // of one source; their indices have 32 bits

// Beyond it nothing on the Earth lies, in any unit; sums of such numbers stay numbers.
inline constexpr double kCoordinateMax = 1e9;

// What was left out of the geometries since the last reset.
struct GeometryLosses {
  std::uint64_t point_count = 0;  // no numbers, or beyond kCoordinateMax
  std::uint64_t ring_count = 0;   // with fewer than three points; the holes of such a shell are not counted
};

enum class WkbVerdict : std::uint8_t {
  Read,     // whatever polygons it has are taken; points and lines are none
  Curved,   // has curves: nothing taken; GDAL makes it linear
  Broken,   // nothing taken
  TooMany,  // nothing taken; the source would pass kPointsMax
};

// Appends to the layer's points, rings and polygon_count; on any verdict but Read the layer is as before. With a `step`
// every point goes to the nearest of a grid of that width, what falls together goes, and rings that have nothing left
// are no loss.
WkbVerdict read_wkb_polygons(std::span<const std::uint8_t> wkb, RawLayer& out, GeometryLosses& losses, double step = 0);

}  // namespace gridwall::geo
