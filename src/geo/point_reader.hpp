// Reads the points of a source, incidents of an older system for example: to see which shift would put most of them
// inside the district. Tables with two columns of coordinates (lon, lat, 经度, 纬度, x, y ...) are read too.
// Bounded; a bad source gives one sentence, never a crash. Test: tests/unit/geo/point_reader_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"
#include "geo/layer_reader.hpp"

namespace gridwall::geo {

struct PointRecord {
  base::Vec2d point;  // as the file has it, in the order x, y; see RawPoints::crs
  std::string code;   // UTF-8; empty when the source has none
  std::int64_t fid = 0;
};

struct RawPoints {
  std::string source, crs, crs_name, crs_known_by, encoding;  // see RawLayer
  std::vector<PointRecord> points;
  std::uint64_t left_out_count = 0;  // features without a point, or with one that is no number
  bool cut = false;                  // the source has more than were wanted
};

inline constexpr std::uint64_t kPointRecordsMax = 1'000'000;

// Of all the source's layers of points, or of those named; multipoints give each of theirs. They must be in one
// coordinate system. At most `point_count_max`, the first ones. Any thread.
base::Result<RawPoints> read_points(const LayerQuery& query, std::uint64_t point_count_max = kPointRecordsMax);

}  // namespace gridwall::geo
