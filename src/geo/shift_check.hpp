// Whether points and polygons are in the same system: which of the shifts between WGS 84, GCJ-02 and BD-09 puts most
// points where they belong. Only ever a warning with its figure; no point is moved on it.
// Pure, any thread; time is bounded by kShiftCheckPointsMax. Test: tests/unit/geo/shift_check_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/geometry.hpp"

namespace gridwall::geo {

// How the points' longitudes and latitudes, which are stated to be those of the polygons, might really be meant.
enum class Reading {
  AsStated,
  PointsGcj02,  // the points are GCJ-02, the polygons WGS 84
  PointsBd09,
  PolygonsGcj02,  // the reverse: the polygons (or what the points were wrongly converted from) are GCJ-02
  PolygonsBd09,
};
inline constexpr std::size_t kReadingCount = 5;

// What it asks: does this point (longitude and latitude of the polygons) belong where point number `index` is said to?
// Inside the district is a weak test: a shift of 500 m in a district of 35 km moves 1 to 2 points in 100 over its rim.
// Agreement with the code of the grid that a record claims is a strong one: in cells of 100 m hardly any stays right.
using BelongsHere = std::function<bool(std::size_t index, base::Vec2d lonlat)>;

// More points are thinned evenly to this many.
inline constexpr std::size_t kShiftCheckPointsMax = 20'000;

struct ShiftReport {
  struct Count {
    std::size_t right_count = 0;   // points that belong where they are said to, by this reading
    std::size_t gained_count = 0;  // of these, wrong as stated
    std::size_t lost_count = 0;    // right as stated and wrong by this reading
  };
  std::size_t point_count = 0;  // looked at: finite ones, at most kShiftCheckPointsMax
  std::array<Count, kReadingCount> counts{};
  Reading best = Reading::AsStated;  // most points right; as stated where none has more
  double shift_m_mean = 0;           // how far the best reading moves the points

  [[nodiscard]] const Count& of(Reading reading) const { return counts[static_cast<std::size_t>(reading)]; }
  [[nodiscard]] double share(Reading reading) const;  // 0 to 1; 0 without points
};

// `belongs` is called at most kReadingCount times a point.
ShiftReport shift_check(std::span<const base::Vec2d> points_lonlat, const BelongsHere& belongs);

// Whether the figures are clear enough to tell people.
[[nodiscard]] bool is_clear(const ShiftReport& report);

// "of 400 points, as they stand 12 (3.0 %) lie in the grid that their code names, but 391 (97.8 %) if they are GCJ-02
// (a shift of 502 m); nothing was moved; if so, state GCJ-02 ...". No value where the figures are not clear.
// `points_name`: "points of source '/app'"; `belonging`: "lie in the grid that their code names" (a plural verb first).
std::optional<std::string> shift_doubt(const ShiftReport& report, std::string_view points_name,
                                       std::string_view belonging);

}  // namespace gridwall::geo
