#include "geo/geodesy.hpp"

#include <geodesic.h>

#include <cmath>

namespace gridwall::geo {

using base::Vec2d;

namespace {

constexpr double kWgs84SemiMajor_m = 6378137.0;
constexpr double kWgs84Flattening = 1.0 / 298.257223563;
// Long enough that PROJ's last digits do not show, short enough that the projection is even.
constexpr double kScaleSpan_m = 1000;

const geod_geodesic& ellipsoid() {
  static const geod_geodesic wgs84 = [] {
    geod_geodesic made;
    geod_init(&made, kWgs84SemiMajor_m, kWgs84Flattening);
    return made;
  }();
  return wgs84;
}

}  // namespace

base::Result<Geodesy> Geodesy::create(const std::string& world_crs) {
  TRY_ASSIGN(auto transform, Transform::create(kLonLatCrs, world_crs));
  return Geodesy(std::move(transform));
}

std::optional<GeodesicLeg> Geodesy::leg(Vec2d from_world, Vec2d to_world) const {
  const auto from = m_world_from_lonlat.inverse(from_world), to = m_world_from_lonlat.inverse(to_world);
  if (!from || !to) return std::nullopt;
  GeodesicLeg found;
  geod_inverse(&ellipsoid(), from->y, from->x, to->y, to->x, &found.length_m, &found.azimuth_deg, nullptr);
  if (found.azimuth_deg < 0) found.azimuth_deg += 360;
  return found;
}

std::vector<Vec2d> Geodesy::course(Vec2d from_world, Vec2d to_world, int part_count) const {
  const auto from = m_world_from_lonlat.inverse(from_world), to = m_world_from_lonlat.inverse(to_world);
  if (!from || !to) return {};
  geod_geodesicline line;
  geod_inverseline(&line, &ellipsoid(), from->y, from->x, to->y, to->x, GEOD_LATITUDE | GEOD_LONGITUDE);
  std::vector<Vec2d> points{from_world};
  for (int i = 1; i < part_count; ++i) {
    Vec2d lonlat;
    // By arc length: the parts need not be equal to the millimetre, and no distance has to be solved for.
    geod_genposition(&line, GEOD_ARCMODE, line.a13 * i / part_count, &lonlat.y, &lonlat.x, nullptr, nullptr, nullptr,
                     nullptr, nullptr, nullptr);
    const auto point = m_world_from_lonlat.forward(lonlat);
    if (!point) return {};
    points.push_back(*point);
  }
  points.push_back(to_world);
  return points;
}

std::vector<Vec2d> Geodesy::ring(Vec2d center_world, double radius_m, int corner_count) const {
  const auto center = m_world_from_lonlat.inverse(center_world);
  if (!center) return {};
  std::vector<Vec2d> ring;
  for (int i = 0; i < corner_count; ++i) {
    Vec2d lonlat;
    geod_direct(&ellipsoid(), center->y, center->x, -360.0 * i / corner_count, radius_m, &lonlat.y, &lonlat.x, nullptr);
    const auto corner = m_world_from_lonlat.forward(lonlat);
    if (!corner) return {};
    ring.push_back(*corner);
  }
  return ring;
}

std::optional<double> Geodesy::area_m2(std::span<const Vec2d> ring_world) const {
  std::vector<Vec2d> ring;
  for (const Vec2d point_world : ring_world) {
    const auto point = m_world_from_lonlat.inverse(point_world);
    if (!point) return std::nullopt;
    ring.push_back(*point);
  }
  return geodesic_area_m2(ring);
}

std::optional<double> Geodesy::local_scale(Vec2d point_world) const {
  const Vec2d aside{kScaleSpan_m / 2, 0};
  const auto span = leg(point_world - aside, point_world + aside);
  if (!span) return std::nullopt;
  return span->length_m / kScaleSpan_m;
}

}  // namespace gridwall::geo
