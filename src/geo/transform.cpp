#include "geo/transform.hpp"

#include <geodesic.h>
#include <proj.h>

#include <cmath>

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Vec2d;

namespace {

constexpr double kGrs80SemiMajor_m = 6378137.0;
constexpr double kGrs80Flattening = 1.0 / 298.257222101;

struct ContextCloser {
  void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};
struct ProjectionCloser {
  void operator()(PJ* projection) const { proj_destroy(projection); }
};
using Projection = std::unique_ptr<PJ, ProjectionCloser>;

void keep_message(void* target, int /*level*/, const char* text) {
  auto& message = *static_cast<std::string*>(target);
  if (message.empty()) message = text;
}

std::string shortened(const std::string& crs) {
  constexpr std::size_t kShown = 60;
  return crs.size() <= kShown ? crs : crs.substr(0, kShown) + "...";
}

bool counts_degrees(PJ_CONTEXT* context, const PJ* crs) {
  const PJ_TYPE type = proj_get_type(crs);
  if (type == PJ_TYPE_BOUND_CRS || type == PJ_TYPE_COMPOUND_CRS) {
    const Projection inner(type == PJ_TYPE_BOUND_CRS ? proj_get_source_crs(context, crs)
                                                     : proj_crs_get_sub_crs(context, crs, 0));
    return inner != nullptr && counts_degrees(context, inner.get());
  }
  return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

// PROJ passes anything through between two systems of degrees; metres taken for degrees must not get so far.
bool in_domain(Vec2d point, bool degrees) {
  if (!std::isfinite(point.x) || !std::isfinite(point.y)) return false;
  return !degrees || (std::abs(point.x) <= 360 && std::abs(point.y) <= 90);
}

}  // namespace

struct Transform::Pipeline {
  std::string message;  // PROJ's first complaint; declared before the context that writes it
  std::unique_ptr<PJ_CONTEXT, ContextCloser> context;
  Projection projection;
  bool from_degrees = false, to_degrees = false;
};

Transform::Transform(std::unique_ptr<Pipeline> pipeline) : m_pipeline(std::move(pipeline)) {}
Transform::Transform(Transform&&) noexcept = default;
Transform& Transform::operator=(Transform&&) noexcept = default;
Transform::~Transform() = default;

base::Result<Transform> Transform::create(const std::string& from_crs, const std::string& to_crs) {
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->context.reset(proj_context_create());
  PJ_CONTEXT* context = pipeline->context.get();
  proj_log_func(context, &pipeline->message, keep_message);
  proj_context_set_enable_network(context, 0);
  for (const std::string* crs : {&from_crs, &to_crs}) {
    const Projection parsed(proj_create(context, crs->c_str()));
    if (parsed != nullptr && proj_is_crs(parsed.get()) != 0) {
      (crs == &from_crs ? pipeline->from_degrees : pipeline->to_degrees) = counts_degrees(context, parsed.get());
      continue;
    }
    // "+proj=..." without "+type=crs" is a bare projection, which proj_create_crs_to_crs promotes by itself.
    if (parsed != nullptr && crs->find("+proj=") != std::string::npos) continue;
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("'{}' is no coordinate system that PROJ knows{}{}; write EPSG:n or a PROJ string",
                             shortened(*crs), pipeline->message.empty() ? "" : ": ", pipeline->message)};
  }
  const Projection raw(proj_create_crs_to_crs(context, from_crs.c_str(), to_crs.c_str(), nullptr));
  if (raw != nullptr) pipeline->projection.reset(proj_normalize_for_visualization(context, raw.get()));
  if (pipeline->projection == nullptr) {
    return Error{ErrorCode::Unsupported, fmt::format("no way from coordinate system '{}' to '{}': {}",
                                                     shortened(from_crs), shortened(to_crs), pipeline->message)};
  }
  return Transform(std::move(pipeline));
}

namespace {

std::optional<Vec2d> transformed(PJ* projection, PJ_DIRECTION direction, bool degrees, Vec2d point) {
  if (!in_domain(point, degrees)) return std::nullopt;
  const PJ_COORD out = proj_trans(projection, direction, proj_coord(point.x, point.y, 0, 0));
  if (!std::isfinite(out.xy.x) || !std::isfinite(out.xy.y)) return std::nullopt;
  return Vec2d{out.xy.x, out.xy.y};
}

}  // namespace

std::optional<Vec2d> Transform::forward(Vec2d point) const {
  return transformed(m_pipeline->projection.get(), PJ_FWD, m_pipeline->from_degrees, point);
}

std::optional<Vec2d> Transform::inverse(Vec2d point) const {
  return transformed(m_pipeline->projection.get(), PJ_INV, m_pipeline->to_degrees, point);
}

std::size_t Transform::forward(std::span<Vec2d> points) const {
  if (points.empty()) return 0;
  for (Vec2d& p : points) {
    if (!in_domain(p, m_pipeline->from_degrees)) p = {HUGE_VAL, HUGE_VAL};
  }
  proj_trans_generic(m_pipeline->projection.get(), PJ_FWD, &points[0].x, sizeof(Vec2d), points.size(), &points[0].y,
                     sizeof(Vec2d), points.size(), nullptr, 0, 0, nullptr, 0, 0);
  std::size_t failed_count = 0;
  for (const Vec2d p : points) failed_count += !std::isfinite(p.x) || !std::isfinite(p.y);
  return failed_count;
}

bool Transform::from_degrees() const {
  return m_pipeline->from_degrees;
}
bool Transform::to_degrees() const {
  return m_pipeline->to_degrees;
}

double geodesic_area_m2(std::span<const Vec2d> ring_lonlat) {
  if (ring_lonlat.size() < 3) return 0;
  geod_geodesic ellipsoid;
  geod_init(&ellipsoid, kGrs80SemiMajor_m, kGrs80Flattening);
  geod_polygon polygon;
  geod_polygon_init(&polygon, 0);
  for (const Vec2d p : ring_lonlat) geod_polygon_addpoint(&ellipsoid, &polygon, p.y, p.x);
  double area_m2 = 0;
  geod_polygon_compute(&ellipsoid, &polygon, 0, 1, &area_m2, nullptr);
  return std::abs(area_m2);
}

std::string gauss_kruger_crs(double longitude_deg) {
  const int central_meridian = 3 * static_cast<int>(std::lround(longitude_deg / 3.0));
  return fmt::format("+proj=tmerc +lat_0=0 +lon_0={} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs +type=crs",
                     central_meridian);
}

}  // namespace gridwall::geo
