// Transform: coordinates of one reference system into another, by PROJ. The order is always x = longitude or easting,
// y = latitude or northing, whatever the authority says; degrees for geographic systems. The shifted systems of Chinese
// web maps, which PROJ does not know, are among them (map_shift.hpp). Nothing is ever fetched from a network.
// Each object owns its PROJ context: one thread each. Test: tests/unit/geo/transform_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/geometry.hpp"
#include "base/result.hpp"

namespace gridwall::geo {

inline constexpr const char* kLonLatCrs = "EPSG:4326";

class Transform {
 public:
  // Anything PROJ understands ("EPSG:4549", a URN, WKT, a PROJ string), and "GCJ-02" and "BD-09" in any usual spelling
  // (longitude and latitude in degrees; PROJ's part begins at WGS 84).
  // `from_crs` may also be a PROJ pipeline ("+proj=pipeline +step ...") of a deployer, for a city's own system. It
  // takes x and y in the order in which the file has them (swap with +proj=axisswap inside), and must end in degrees of
  // longitude, latitude of WGS 84 or CGCS2000. One without inverse has forward() only.
  // Errors name the system: InvalidArgument, not understood; Unsupported, understood but no way leads from it.
  static base::Result<Transform> create(const std::string& from_crs, const std::string& to_crs);
  Transform(Transform&&) noexcept;
  Transform& operator=(Transform&&) noexcept;
  ~Transform();

  // nullopt: outside the systems' domain (latitude 91) or not finite.
  [[nodiscard]] std::optional<base::Vec2d> forward(base::Vec2d point) const;
  [[nodiscard]] std::optional<base::Vec2d> inverse(base::Vec2d point) const;
  // In place; points that cannot be transformed become infinite. How many did so.
  std::size_t forward(std::span<base::Vec2d> points) const;

  [[nodiscard]] bool from_degrees() const;
  [[nodiscard]] bool to_degrees() const;
  [[nodiscard]] const std::string& from_crs() const;
  [[nodiscard]] const std::string& to_crs() const;
  // Points stay what they are, and PROJ is not asked: then any threads may use it at once.
  [[nodiscard]] bool is_identity() const;
  // One formula for all points: no table of corrections, no choice by place.
  [[nodiscard]] bool is_smooth() const;

 private:
  struct Pipeline;
  explicit Transform(std::unique_ptr<Pipeline> pipeline);
  std::unique_ptr<Pipeline> m_pipeline;
};

// Area on the ellipsoid of GRS 80 in m², never negative; winding does not matter. The ring is not closed.
double geodesic_area_m2(std::span<const base::Vec2d> ring_lonlat);

// The transverse Mercator of the 3-degree zone that holds the longitude, without zone prefix, as a PROJ string: Chinese
// 3-degree Gauss-Krüger, for any place on earth.
std::string gauss_kruger_crs(double longitude_deg);

std::string proj_version();

}  // namespace gridwall::geo
