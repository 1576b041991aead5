#include "geo/transform.hpp"

#include <geodesic.h>
#include <proj.h>

#include <algorithm>
#include <cmath>

#include "geo/map_shift.hpp"

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

bool is_pipeline(const std::string& crs) {
  return crs.find("proj=pipeline") != std::string::npos;
}

// Points that a step could not carry are infinite, and stay so through the next.
constexpr Vec2d kNowhere{HUGE_VAL, HUGE_VAL};

bool is_somewhere(Vec2d point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

void carry(PJ* projection, PJ_DIRECTION direction, std::span<Vec2d> points) {
  if (projection == nullptr || points.empty()) return;
  proj_trans_generic(projection, direction, &points[0].x, sizeof(Vec2d), points.size(), &points[0].y, sizeof(Vec2d),
                     points.size(), nullptr, 0, 0, nullptr, 0, 0);
}

void keep_domain(std::span<Vec2d> points, bool degrees) {
  for (Vec2d& p : points) {
    if (!in_domain(p, degrees)) p = kNowhere;
  }
}

}  // namespace

// A chain of at most four links; most transforms have `projection` alone:
//   source -> [from_shift or entry] -> longitude, latitude of WGS 84 -> [projection] -> [to_shift] -> target
struct Transform::Pipeline {
  std::string message;  // PROJ's first complaint; declared before the context that writes it
  std::unique_ptr<PJ_CONTEXT, ContextCloser> context;
  std::optional<ShiftedSystem> from_shift, to_shift;
  Projection entry;              // a deployer's pipeline; null: none
  Projection projection;         // null: nothing left to do
  std::string from_name, to_name;  // as they were said
  bool from_degrees = false, to_degrees = false;
  bool is_smooth = false;  // the projection is

  base::Status understand(const std::string& crs, bool is_source);
  base::Status open_entry(const std::string& pipeline);
  base::Status connect(const std::string& from_crs, const std::string& to_crs);
  void forward(std::span<Vec2d> points) const;
  void inverse(std::span<Vec2d> points) const;
};

// Fills in what the system means for its end of the chain.
base::Status Transform::Pipeline::understand(const std::string& crs, bool is_source) {
  bool& degrees = is_source ? from_degrees : to_degrees;
  if (const auto shifted = shifted_system(crs)) {
    (is_source ? from_shift : to_shift) = shifted;
    degrees = true;
    return {};
  }
  if (names_baidu_metres(crs)) {
    return Error{ErrorCode::Unsupported,
                 fmt::format("'{}' means Baidu's metres, whose projection is not public; have the data written in "
                             "degrees and say BD-09, or in EPSG:4490",
                             shortened(crs))};
  }
  if (is_pipeline(crs)) {
    if (is_source) return open_entry(crs);
    return Error{ErrorCode::Unsupported, fmt::format("'{}' is a PROJ pipeline, which can only say where coordinates "
                                                     "come from; name a coordinate system to end in, such as EPSG:4549",
                                                     shortened(crs))};
  }
  const Projection parsed(proj_create(context.get(), crs.c_str()));
  if (parsed != nullptr && proj_is_crs(parsed.get()) != 0) {
    degrees = counts_degrees(context.get(), parsed.get());
    return {};
  }
  // "+proj=..." without "+type=crs" is a bare projection, which proj_create_crs_to_crs promotes by itself.
  if (parsed != nullptr && crs.find("+proj=") != std::string::npos) return {};
  return Error{
      ErrorCode::InvalidArgument,
      fmt::format("'{}' is no coordinate system that PROJ knows{}{}; write EPSG:n, GCJ-02, BD-09, WKT, a PROJ "
                  "string{}",
                  shortened(crs), message.empty() ? "" : ": ", message,
                  is_source ? ", or +proj=pipeline with steps that end in degrees of longitude, latitude" : "")};
}

base::Status Transform::Pipeline::open_entry(const std::string& pipeline) {
  entry.reset(proj_create(context.get(), pipeline.c_str()));
  if (entry == nullptr) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("the PROJ pipeline '{}' cannot be used: {}; grid files must lie in PROJ's data folder, "
                             "none is fetched from a network",
                             shortened(pipeline), message)};
  }
  if (proj_angular_output(entry.get(), PJ_FWD) != 0) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("the PROJ pipeline '{}' ends in radians; end it with +step +proj=unitconvert +xy_in=rad "
                             "+xy_out=deg",
                             shortened(pipeline))};
  }
  if (proj_angular_input(entry.get(), PJ_FWD) != 0) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("the PROJ pipeline '{}' begins in radians, which no file has; begin it with +step "
                             "+proj=unitconvert +xy_in=deg +xy_out=rad",
                             shortened(pipeline))};
  }
  from_degrees = proj_degree_input(entry.get(), PJ_FWD) != 0;
  return {};
}

base::Status Transform::Pipeline::connect(const std::string& from_crs, const std::string& to_crs) {
  const std::string source = from_shift || entry != nullptr ? kLonLatCrs : from_crs;
  const std::string target = to_shift ? kLonLatCrs : to_crs;
  if (source == kLonLatCrs && target == kLonLatCrs) return {};
  const Projection raw(proj_create_crs_to_crs(context.get(), source.c_str(), target.c_str(), nullptr));
  if (raw != nullptr) projection.reset(proj_normalize_for_visualization(context.get(), raw.get()));
  if (projection != nullptr) {
    // "unknown" until a point says which of several.
    const std::string_view id = proj_pj_info(projection.get()).id;
    is_smooth = id != "unknown" && proj_coordoperation_get_grid_used_count(context.get(), projection.get()) == 0;
    if (id == "noop") projection.reset();
    return {};
  }
  return Error{ErrorCode::Unsupported, fmt::format("no way from coordinate system '{}' to '{}': {}",
                                                   shortened(from_crs), shortened(to_crs), message)};
}

void Transform::Pipeline::forward(std::span<Vec2d> points) const {
  keep_domain(points, from_degrees);
  if (from_shift) {
    for (Vec2d& p : points) p = wgs84_from(*from_shift, p);
  }
  if (entry != nullptr) {
    carry(entry.get(), PJ_FWD, points);
    keep_domain(points, true);  // whatever the deployer wrote, metres do not pass for degrees
  }
  carry(projection.get(), PJ_FWD, points);
  if (to_shift) {
    for (Vec2d& p : points) p = shifted_from_wgs84(*to_shift, p);
  }
}

void Transform::Pipeline::inverse(std::span<Vec2d> points) const {
  keep_domain(points, to_degrees);
  if (to_shift) {
    for (Vec2d& p : points) p = wgs84_from(*to_shift, p);
  }
  carry(projection.get(), PJ_INV, points);
  if (entry != nullptr) {
    if (proj_pj_info(entry.get()).has_inverse == 0) return std::fill(points.begin(), points.end(), kNowhere);
    carry(entry.get(), PJ_INV, points);
  }
  if (from_shift) {
    for (Vec2d& p : points) p = shifted_from_wgs84(*from_shift, p);
  }
}

Transform::Transform(std::unique_ptr<Pipeline> pipeline) : m_pipeline(std::move(pipeline)) {}
Transform::Transform(Transform&&) noexcept = default;
Transform& Transform::operator=(Transform&&) noexcept = default;
Transform::~Transform() = default;

base::Result<Transform> Transform::create(const std::string& from_crs, const std::string& to_crs) {
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->context.reset(proj_context_create());
  proj_log_func(pipeline->context.get(), &pipeline->message, keep_message);
  proj_context_set_enable_network(pipeline->context.get(), 0);
  pipeline->from_name = from_crs;
  pipeline->to_name = to_crs;
  TRY(pipeline->understand(from_crs, true));
  TRY(pipeline->understand(to_crs, false));
  TRY(pipeline->connect(from_crs, to_crs));
  return Transform(std::move(pipeline));
}

std::optional<Vec2d> Transform::forward(Vec2d point) const {
  m_pipeline->forward({&point, 1});
  return is_somewhere(point) ? std::optional(point) : std::nullopt;
}

std::optional<Vec2d> Transform::inverse(Vec2d point) const {
  m_pipeline->inverse({&point, 1});
  return is_somewhere(point) ? std::optional(point) : std::nullopt;
}

std::size_t Transform::forward(std::span<Vec2d> points) const {
  m_pipeline->forward(points);
  std::size_t failed_count = 0;
  for (Vec2d& p : points) {
    if (is_somewhere(p)) continue;
    p = kNowhere;
    ++failed_count;
  }
  return failed_count;
}

bool Transform::from_degrees() const {
  return m_pipeline->from_degrees;
}
bool Transform::to_degrees() const {
  return m_pipeline->to_degrees;
}
const std::string& Transform::from_crs() const {
  return m_pipeline->from_name;
}
const std::string& Transform::to_crs() const {
  return m_pipeline->to_name;
}
bool Transform::is_identity() const {
  return m_pipeline->projection == nullptr && m_pipeline->entry == nullptr && !m_pipeline->from_shift &&
         !m_pipeline->to_shift;
}
bool Transform::is_smooth() const {
  return m_pipeline->is_smooth && m_pipeline->entry == nullptr && !m_pipeline->from_shift && !m_pipeline->to_shift;
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

std::string proj_version() {
  return proj_info().release;
}

}  // namespace gridwall::geo
