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

namespace {

// Where an edge that is straight in degrees leaves the straight line between its ends, points are added, so that the
// corner of a neighbour on a long border lies on that border in the projection too.
class EdgeBender {
 public:
  EdgeBender(const Transform& world_from_lonlat, double tolerance_m)
      : m_world_from_lonlat(world_from_lonlat), m_tolerance_m(tolerance_m) {}

  // Into how many pieces the edge has to be cut; 1 for nearly every edge of a city.
  [[nodiscard]] std::size_t pieces(Vec2d from_lonlat, Vec2d to_lonlat) const {
    const Vec2d d = to_lonlat - from_lonlat;
    if (!(std::abs(d.x) > kBentEdgeMin_deg || std::abs(d.y) > kBentEdgeMin_deg)) return 1;
    const auto from = m_world_from_lonlat.forward(from_lonlat), to = m_world_from_lonlat.forward(to_lonlat);
    const auto middle = m_world_from_lonlat.forward(from_lonlat + d * 0.5);
    if (!from || !to || !middle) return 1;
    const Vec2d gap = *middle - (*from + *to) * 0.5;
    const double bend_m = std::hypot(gap.x, gap.y);
    if (!(bend_m > m_tolerance_m)) return 1;
    return static_cast<std::size_t>(std::min(std::ceil(std::sqrt(bend_m / m_tolerance_m)), kPiecesMax));
  }

 private:
  static constexpr double kBentEdgeMin_deg = 0.002;  // some 200 m: such an edge bends by a tenth of a millimetre
  static constexpr double kPiecesMax = 256;
  const Transform& m_world_from_lonlat;
  double m_tolerance_m;
};

void bend_edges(RawLayer& layer, const EdgeBender& bender) {
  const std::size_t points_max = 2 * layer.points.size() + 10'000'000;  // a hostile layer is bent no further
  std::vector<Vec2d> points;
  points.reserve(layer.points.size());
  for (RawRing& ring : layer.rings) {
    const auto begin = static_cast<std::uint32_t>(points.size());
    for (std::uint32_t i = ring.begin; i < ring.end; ++i) {
      const Vec2d from = layer.points[i], to = layer.points[i + 1 < ring.end ? i + 1 : ring.begin];
      points.push_back(from);
      const std::size_t count = points.size() < points_max ? bender.pieces(from, to) : 1;
      for (std::size_t k = 1; k < count; ++k) {
        points.push_back(from + (to - from) * (static_cast<double>(k) / static_cast<double>(count)));
      }
    }
    ring.begin = begin;
    ring.end = static_cast<std::uint32_t>(points.size());
  }
  layer.points = std::move(points);
}

// Half a millimetre in a district, more where the world's integers are coarser.
double bend_tolerance_m(const base::Box2d& extent_lonlat) {
  constexpr double kMetresPerDegree = 111'320;
  const double size_m = std::max(extent_lonlat.width(), extent_lonlat.height()) * kMetresPerDegree;
  return std::max(0.0005, size_m * 1e-9);
}

}  // namespace

Status to_world(RawLayer& layer, const std::string& world_crs, const base::Box2d& extent_lonlat) {
  TRY_ASSIGN(const Transform lonlat_from_source, Transform::create(layer.crs, kLonLatCrs));
  if (lonlat_from_source.from_degrees()) {
    TRY_ASSIGN(const Transform world_from_lonlat, Transform::create(kLonLatCrs, world_crs));
    bend_edges(layer, {world_from_lonlat, bend_tolerance_m(extent_lonlat)});
  }
  if (world_crs == kMercatorCrs) {
    // Mercator has no poles: latitudes are clamped.
    for (Vec2d& p : layer.points) {
      if (is_finite(p)) p.y = std::clamp(p.y, -kMercatorLatitudeMax_deg, kMercatorLatitudeMax_deg);
    }
  }
  return transform_points(layer.points, kLonLatCrs, world_crs);
}

}  // namespace gridwall::geo
