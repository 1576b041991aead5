#include "geo/layer_measure.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "geo/ellipsoid_area.hpp"
#include "geo/projection_patches.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Status;
using base::Vec2d;

namespace {

constexpr std::size_t kPointsPerTransformMin = 400'000;  // making one costs as much as moving so many points
constexpr std::size_t kPointsPerWorkerMin = 50'000;
constexpr std::size_t kPointsPerChunk = 16'384;
constexpr std::size_t kFeaturesPerChunk = 64;
constexpr double kMercatorLatitudeMax_deg = 85;

// Makes more of the same for other threads, where there is enough to do.
Status transform_points(std::vector<Vec2d>& points, const Transform& first) {
  const std::size_t worker_count =
      base::worker_count_for(points.size(), first.is_identity() ? kPointsPerWorkerMin : kPointsPerTransformMin);
  std::vector<Transform> others;
  for (std::size_t w = 1; w < worker_count && !first.is_identity(); ++w) {
    TRY_ASSIGN(auto made, Transform::create(first.from_crs(), first.to_crs()));
    others.push_back(std::move(made));
  }
  base::parallel_for(
      points.size(), kPointsPerChunk, worker_count,
      [&](std::size_t worker, std::size_t begin, std::size_t end) {
        const Transform& own = worker == 0 || others.empty() ? first : others[worker - 1];
        own.forward(std::span(points).subspan(begin, end - begin));
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

Status to_lonlat(RawLayer& layer, model::AxisOrder axes, SourceReport& told) {
  if (axes == model::AxisOrder::Yx) {
    for (Vec2d& p : layer.points) std::swap(p.x, p.y);
  }
  told.extent_source = extent_of(layer.points);
  TRY_ASSIGN(const Transform lonlat_from_source, Transform::create(layer.crs, kLonLatCrs));
  told.in_degrees = lonlat_from_source.from_degrees();
  TRY(transform_points(layer.points, lonlat_from_source));
  told.extent_lonlat = extent_of(layer.points);
  if (!layer.points.empty() && told.extent_lonlat.empty()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: layer '{}': no coordinate fits its coordinate system {} ({}); say the right one with "
                             "--crs",
                             told.source, told.layer, told.crs_name, told.crs_known_by)};
  }
  return {};
}

std::vector<double> areas_m2_of(const RawLayer& layer) {
  std::vector<double> areas_m2(layer.features.size());
  base::parallel_for(
      layer.features.size(), kFeaturesPerChunk, base::worker_count_for(layer.points.size(), kPointsPerWorkerMin),
      [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) areas_m2[i] = area_of(layer, layer.features[i]);
      },
      [](std::size_t) {});
  return areas_m2;
}

namespace {

// Edges of a layer in degrees, which the projection bends: where one leaves the straight line between its ends by more
// than the tolerance, points are added, so that a neighbour's corner on a long border lies on that border in the world
// too.
struct LongEdge {
  std::uint32_t from = 0, to = 0;  // points
  std::size_t piece_count = 1;
};

constexpr double kLongEdgeMin_deg = 0.002;  // some 200 m: such an edge bends by a tenth of a millimetre
constexpr double kPiecesMax = 256;
constexpr std::size_t kAddedPointsMax = 20'000'000;  // a hostile layer is bent no further

// Both neighbours along an edge must get the same points, whichever way round they have it.
bool comes_first(Vec2d a, Vec2d b) {
  return a.x != b.x ? a.x < b.x : a.y < b.y;
}

Vec2d point_along(Vec2d from, Vec2d to, std::size_t step, std::size_t piece_count) {
  if (comes_first(to, from)) {
    std::swap(from, to);
    step = piece_count - step;
  }
  return from + (to - from) * (static_cast<double>(step) / static_cast<double>(piece_count));
}

std::vector<LongEdge> long_edges_of(const RawLayer& layer) {
  std::vector<LongEdge> edges;
  for (const RawRing& ring : layer.rings) {
    for (std::uint32_t i = ring.begin; i < ring.end; ++i) {
      const std::uint32_t next = i + 1 < ring.end ? i + 1 : ring.begin;
      const Vec2d d = layer.points[next] - layer.points[i];
      if (std::abs(d.x) > kLongEdgeMin_deg || std::abs(d.y) > kLongEdgeMin_deg) edges.push_back({i, next, 1});
    }
  }
  return edges;
}

Status count_pieces(const std::vector<Vec2d>& points_lonlat, const std::vector<Vec2d>& points_world,
                    const Transform& world_from_lonlat, double tolerance_m, std::vector<LongEdge>& edges) {
  std::vector<Vec2d> middles;
  for (const LongEdge& edge : edges)
    middles.push_back(point_along(points_lonlat[edge.from], points_lonlat[edge.to], 1, 2));
  TRY(transform_points(middles, world_from_lonlat));
  std::size_t added_count = 0;
  for (std::size_t e = 0; e < edges.size() && added_count < kAddedPointsMax; ++e) {
    const Vec2d gap = middles[e] - (points_world[edges[e].from] + points_world[edges[e].to]) * 0.5;
    const double bend_m = std::hypot(gap.x, gap.y);
    if (!(bend_m > tolerance_m) || !std::isfinite(bend_m)) continue;
    edges[e].piece_count = static_cast<std::size_t>(std::min(std::ceil(std::sqrt(bend_m / tolerance_m)), kPiecesMax));
    added_count += edges[e].piece_count - 1;
  }
  return {};
}

// `layer.points` are world ones already; those to be added come from `points_lonlat`, as they were before.
Status add_bends(RawLayer& layer, const std::vector<Vec2d>& points_lonlat, const std::vector<LongEdge>& edges,
                 const Transform& world_from_lonlat) {
  std::vector<Vec2d> added;
  for (const LongEdge& edge : edges) {
    for (std::size_t k = 1; k < edge.piece_count; ++k) {
      added.push_back(point_along(points_lonlat[edge.from], points_lonlat[edge.to], k, edge.piece_count));
    }
  }
  if (added.empty()) return {};
  TRY(transform_points(added, world_from_lonlat));
  std::vector<Vec2d> points;
  points.reserve(layer.points.size() + added.size());
  auto edge = edges.begin();
  auto bend = added.begin();
  for (RawRing& ring : layer.rings) {
    const auto begin = static_cast<std::uint32_t>(points.size());
    for (std::uint32_t i = ring.begin; i < ring.end; ++i) {
      points.push_back(layer.points[i]);
      if (edge == edges.end() || edge->from != i) continue;
      const auto end = bend + static_cast<std::ptrdiff_t>(edge->piece_count - 1);
      points.insert(points.end(), bend, end);
      bend = end;
      ++edge;
    }
    ring.begin = begin;
    ring.end = static_cast<std::uint32_t>(points.size());
  }
  layer.points = std::move(points);
  return {};
}

// Half a millimetre in a district; what a wall of a whole country can show is far coarser, and so are its data.
double bend_tolerance_m(const base::Box2d& extent_lonlat, std::uint32_t preview_px) {
  constexpr double kMetresPerDegree = 111'320;
  constexpr double kPreviewPx = 0.25;
  const double size_m = std::max(extent_lonlat.width(), extent_lonlat.height()) * kMetresPerDegree;
  return preview_px > 0 ? kPreviewPx * size_m / preview_px : std::max(0.0005, size_m * 2e-8);
}

// The same as transform_points from longitude and latitude, by patches where these can stand for PROJ.
Status project_points(std::vector<Vec2d>& points, const Transform& exact, const base::Box2d& extent_lonlat) {
  const auto patches = ProjectionPatches::fit(exact, points, extent_lonlat);
  if (!patches) return transform_points(points, exact);
  const std::size_t worker_count = base::worker_count_for(points.size(), kPointsPerWorkerMin);
  std::vector<std::vector<std::uint32_t>> left(worker_count);  // indices
  base::parallel_for(
      points.size(), kPointsPerChunk, worker_count,
      [&](std::size_t worker, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          if (!patches->project(points[i])) left[worker].push_back(static_cast<std::uint32_t>(i));
        }
      },
      [](std::size_t) {});
  std::vector<Vec2d> asked;
  for (const auto& indices : left) {
    asked.clear();
    for (const std::uint32_t i : indices) asked.push_back(points[i]);
    exact.forward(asked);
    for (std::size_t k = 0; k < indices.size(); ++k) points[indices[k]] = asked[k];
  }
  return {};
}

}  // namespace

Status to_world(RawLayer& layer, bool in_degrees, const Transform& world_from_lonlat, const base::Box2d& extent_lonlat,
                std::uint32_t preview_px) {
  if (world_from_lonlat.to_crs() == kMercatorCrs) {
    // Mercator has no poles: latitudes are clamped.
    for (Vec2d& p : layer.points) {
      if (is_finite(p)) p.y = std::clamp(p.y, -kMercatorLatitudeMax_deg, kMercatorLatitudeMax_deg);
    }
  }
  std::vector<LongEdge> edges;
  if (in_degrees) edges = long_edges_of(layer);
  if (edges.empty()) return project_points(layer.points, world_from_lonlat, extent_lonlat);
  const std::vector<Vec2d> points_lonlat = layer.points;
  TRY(project_points(layer.points, world_from_lonlat, extent_lonlat));
  TRY(count_pieces(points_lonlat, layer.points, world_from_lonlat, bend_tolerance_m(extent_lonlat, preview_px), edges));
  return add_bends(layer, points_lonlat, edges, world_from_lonlat);
}

}  // namespace gridwall::geo
