// Geodesy: true metres of a projected map. Every projection stretches: Web Mercator by a quarter at 36 degrees north, a
// Gauss-Krüger zone by parts in ten thousand at its edge. Points are world coordinates (projected metres); lengths,
// directions and areas are those of geodesics on WGS 84, which CGCS2000 equals to a tenth of a millimetre, and older
// systems to twenty millionths. Owns a PROJ context: one thread each. Test: tests/unit/geo/geodesy_test.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {

struct GeodesicLeg {
  double length_m = 0;
  double azimuth_deg = 0;  // at its start: clockwise from true north, 0 up to 360
  bool operator==(const GeodesicLeg&) const = default;
};

class Geodesy {
 public:
  // Errors: those of Transform::create.
  static base::Result<Geodesy> create(const std::string& world_crs);

  // In all of these, nullopt or nothing: a point lies outside the system's domain.
  [[nodiscard]] std::optional<GeodesicLeg> leg(base::Vec2d from_world, base::Vec2d to_world) const;
  // Points of the shortest way, `part_count` equal parts, both ends included.
  [[nodiscard]] std::vector<base::Vec2d> course(base::Vec2d from_world, base::Vec2d to_world, int part_count) const;
  // All points of one distance, counter-clockwise from the north; not closed.
  [[nodiscard]] std::vector<base::Vec2d> ring(base::Vec2d center_world, double radius_m, int corner_count) const;
  // Of the polygon whose edges are geodesics; never negative, the ring is not closed.
  [[nodiscard]] std::optional<double> area_m2(std::span<const base::Vec2d> ring_world) const;
  // True metres in one projected metre along the x axis.
  [[nodiscard]] std::optional<double> local_scale(base::Vec2d point_world) const;

 private:
  explicit Geodesy(Transform world_from_lonlat) : m_world_from_lonlat(std::move(world_from_lonlat)) {}
  Transform m_world_from_lonlat;
};

}  // namespace gridwall::geo
