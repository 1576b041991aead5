#include "geo/shift_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "geo/map_shift.hpp"

namespace gridwall::geo {

using base::Vec2d;

namespace {

// When another reading is told. A warning that is wrong once is not read the second time, so each bound guards one way
// to be wrong:
// - few points: nothing is said of fewer than 20;
// - chance: gained and lost points are a coin's throws if the reading explains nothing. 3.5 deviations happen by chance
//   once in 4000 checks; with nothing lost that is 13 points gained (so the rim of a 35 km district tells from about a
//   thousand points on, codes of grids from 20);
// - a lopsided surrounding (a town beyond one border, whose points come along): the gain must be 1 in 100 of all, and
//   three times the loss. A true shift, undone, loses almost nothing;
// - something else wrong (another district's layer, codes of another year): the reading must put most points right.
constexpr std::size_t kPointsMin = 20;
constexpr double kDeviationsMin = 3.5;
constexpr double kGainShareMin = 0.01;
constexpr std::size_t kGainPerLossMin = 3;
constexpr double kShareMin = 0.5;

constexpr double kMetresPerDegree = 111'195;  // of a sphere; for a figure told to people

Vec2d read_as(Reading reading, Vec2d lonlat) {
  switch (reading) {
    case Reading::AsStated:
      return lonlat;
    case Reading::PointsGcj02:
      return wgs84_from_gcj02(lonlat);
    case Reading::PointsBd09:
      return wgs84_from_bd09(lonlat);
    case Reading::PolygonsGcj02:
      return gcj02_from_wgs84(lonlat);
    case Reading::PolygonsBd09:
      return bd09_from_wgs84(lonlat);
  }
  return lonlat;
}

double metres_between(Vec2d a, Vec2d b) {
  const double east = (a.x - b.x) * std::cos((a.y + b.y) / 2 * std::numbers::pi / 180);
  return std::hypot(east, a.y - b.y) * kMetresPerDegree;
}

const char* if_clause(Reading reading) {
  switch (reading) {
    case Reading::AsStated:
      return "";
    case Reading::PointsGcj02:
      return "if they are GCJ-02";
    case Reading::PointsBd09:
      return "if they are BD-09";
    case Reading::PolygonsGcj02:
      return "if the polygons are GCJ-02, or the points wrongly stated to be so";
    case Reading::PolygonsBd09:
      return "if the polygons are BD-09, or the points wrongly stated to be so";
  }
  return "";
}

const char* setting(Reading reading) {
  switch (reading) {
    case Reading::AsStated:
      return "";
    case Reading::PointsGcj02:
      return "state GCJ-02 as the points' crs";
    case Reading::PointsBd09:
      return "state BD-09 as the points' crs";
    case Reading::PolygonsGcj02:
      return "give --crs GCJ-02 for the polygons' layer, or state EPSG:4326 as the points' crs";
    case Reading::PolygonsBd09:
      return "give --crs BD-09 for the polygons' layer, or state EPSG:4326 as the points' crs";
  }
  return "";
}

}  // namespace

double ShiftReport::share(Reading reading) const {
  return point_count == 0 ? 0 : static_cast<double>(of(reading).right_count) / static_cast<double>(point_count);
}

ShiftReport shift_check(std::span<const Vec2d> points_lonlat, const BelongsHere& belongs) {
  ShiftReport report;
  const std::size_t stride =
      std::max<std::size_t>(1, (points_lonlat.size() + kShiftCheckPointsMax - 1) / kShiftCheckPointsMax);
  std::array<double, kReadingCount> moved_m{};
  for (std::size_t i = 0; i < points_lonlat.size(); i += stride) {
    const Vec2d point = points_lonlat[i];
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    ++report.point_count;
    bool right_as_stated = false;
    for (std::size_t r = 0; r < kReadingCount; ++r) {
      const auto reading = static_cast<Reading>(r);
      const Vec2d moved = read_as(reading, point);
      // Where no system shifts, all readings are one.
      const bool right = r > 0 && moved == point ? right_as_stated : belongs(i, moved);
      if (r == 0) right_as_stated = right;
      ShiftReport::Count& count = report.counts[r];
      count.right_count += right;
      count.gained_count += right && !right_as_stated;
      count.lost_count += !right && right_as_stated;
      moved_m[r] += metres_between(moved, point);
    }
  }
  for (std::size_t r = 1; r < kReadingCount; ++r) {
    if (report.counts[r].right_count > report.of(report.best).right_count) report.best = static_cast<Reading>(r);
  }
  if (report.point_count > 0) {
    report.shift_m_mean = moved_m[static_cast<std::size_t>(report.best)] / static_cast<double>(report.point_count);
  }
  return report;
}

bool is_clear(const ShiftReport& report) {
  if (report.best == Reading::AsStated || report.point_count < kPointsMin) return false;
  const ShiftReport::Count& best = report.of(report.best);
  const auto gained = static_cast<double>(best.gained_count), lost = static_cast<double>(best.lost_count);
  return gained - lost >= kDeviationsMin * std::sqrt(gained + lost) &&
         gained - lost >= kGainShareMin * static_cast<double>(report.point_count) &&
         best.gained_count >= kGainPerLossMin * best.lost_count && report.share(report.best) >= kShareMin;
}

std::optional<std::string> shift_doubt(const ShiftReport& report, std::string_view points_name,
                                       std::string_view belonging) {
  if (!is_clear(report)) return std::nullopt;
  return fmt::format(
      "of {} {}, as they stand {} ({:.1f} %) {}, but {} ({:.1f} %) {} (a shift of {:.0f} m); nothing was "
      "moved; if so, {}",
      report.point_count, points_name, report.of(Reading::AsStated).right_count, 100 * report.share(Reading::AsStated),
      belonging, report.of(report.best).right_count, 100 * report.share(report.best), if_clause(report.best),
      report.shift_m_mean, setting(report.best));
}

}  // namespace gridwall::geo
