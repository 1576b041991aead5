#include "geo/layer_measure.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "geo/ellipsoid_area.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using base::Vec2d;

namespace {

constexpr std::size_t kPointsPerWorkerMin = 100'000;  // making a transform costs as much as some 100,000 points
constexpr std::size_t kPointsPerChunk = 16'384;
constexpr std::size_t kFeaturesPerChunk = 64;
constexpr double kMercatorLatitudeMax_deg = 85;

Status transform_points(std::vector<Vec2d>& points, const std::string& from, const std::string& to) {
  std::vector<Transform> transforms;
  for (std::size_t w = 0; w < base::worker_count_for(points.size(), kPointsPerWorkerMin); ++w) {
    TRY_ASSIGN(auto made, Transform::create(from, to));
    transforms.push_back(std::move(made));
  }
  base::parallel_for(
      points.size(), kPointsPerChunk, transforms.size(),
      [&](std::size_t worker, std::size_t begin, std::size_t end) {
        transforms[worker].forward(std::span(points).subspan(begin, end - begin));
      },
      [](std::size_t) {});
  return {};
}

bool is_finite(Vec2d p) {
  return std::isfinite(p.x) && std::isfinite(p.y);
}

base::Box2d extent_of(std::span<const Vec2d> points) {
  base::Box2d extent;
  for (const Vec2d p : points) {
    if (is_finite(p)) extent.extend(p);
  }
  return extent;
}

double area_of(const RawLayer& layer, const RawFeature& feature) {
  double area_m2 = 0;
  for (std::uint32_t r = feature.ring_begin; r < feature.ring_end; ++r) {
    const RawRing& ring = layer.rings[r];
    const auto points = std::span(layer.points).subspan(ring.begin, ring.end - ring.begin);
    if (std::all_of(points.begin(), points.end(), is_finite)) {
      area_m2 += (ring.is_hole ? -1 : 1) * ellipsoid_area_m2(points);
    }
  }
  return area_m2;
}

}  // namespace

Status to_lonlat(RawLayer& layer, model::AxisOrder axes, SourceReport& told, std::vector<double>& areas_m2) {
  if (axes == model::AxisOrder::Yx) {
    for (Vec2d& p : layer.points) std::swap(p.x, p.y);
  }
  told.extent_source = extent_of(layer.points);
  TRY(transform_points(layer.points, layer.crs, kLonLatCrs));
  told.extent_lonlat = extent_of(layer.points);
  if (!layer.points.empty() && told.extent_lonlat.empty()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: layer '{}': no coordinate fits its coordinate system {} ({}); say the right one with "
                             "--crs",
                             told.source, told.layer, told.crs_name, told.crs_known_by)};
  }
  areas_m2.assign(layer.features.size(), 0);
  base::parallel_for(
      layer.features.size(), kFeaturesPerChunk, base::worker_count_for(layer.points.size(), kPointsPerWorkerMin),
      [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) areas_m2[i] = area_of(layer, layer.features[i]);
      },
      [](std::size_t) {});
  for (const double area_m2 : areas_m2) told.area_m2 += area_m2;
  return {};
}

Status to_world(RawLayer& layer, const std::string& world_crs) {
  if (world_crs == kMercatorCrs) {
    // Mercator has no poles: latitudes are clamped.
    for (Vec2d& p : layer.points) {
      if (is_finite(p)) p.y = std::clamp(p.y, -kMercatorLatitudeMax_deg, kMercatorLatitudeMax_deg);
    }
  }
  return transform_points(layer.points, kLonLatCrs, world_crs);
}

}  // namespace gridwall::geo
