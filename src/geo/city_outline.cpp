#include "geo/city_outline.hpp"

#include <fmt/format.h>
#include <geos_c.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "geo/gdal_session.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Vec2d;
using base::Vec2i;

namespace {

// The sources round to 1/1024 degree, about a hectare: where such a ring crosses itself it leaves holes of that size,
// which are no lakes.
constexpr double kHoleMinMm2 = 30'000e6;
constexpr double kSizeMaxMm = 800e6;  // keeps every product of the triangulation within its integers

struct Geos {
  GEOSContextHandle_t context = GEOS_init_r();
  Geos() = default;
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  ~Geos() { GEOS_finish_r(context); }

  struct Deleter {
    GEOSContextHandle_t context;
    void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
  };
  using Handle = std::unique_ptr<GEOSGeometry, Deleter>;
  Handle own(GEOSGeometry* geometry) const { return Handle(geometry, Deleter{context}); }

  template <typename Point>
  GEOSGeometry* ring(const std::vector<Point>& points) const {
    const auto size = static_cast<unsigned>(points.size());
    GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(context, size + 1, 2);
    for (unsigned i = 0; i <= size; ++i) {
      const Point& p = points[i % size];
      GEOSCoordSeq_setXY_r(context, sequence, i, static_cast<double>(p.x), static_cast<double>(p.y));
    }
    return GEOSGeom_createLinearRing_r(context, sequence);
  }

  template <typename Point>
  Handle polygon(const std::vector<std::vector<Point>>& rings) const {
    std::vector<GEOSGeometry*> holes;
    for (std::size_t i = 1; i < rings.size(); ++i) holes.push_back(ring(rings[i]));
    return own(GEOSGeom_createPolygon_r(context, ring(rings.front()), holes.data(),
                                        static_cast<unsigned>(holes.size())));
  }
};

using WorldPolygon = std::vector<std::vector<Vec2d>>;  // millimetres in the display CRS

Error outline_error(const std::filesystem::path& file, const std::string& what) {
  return Error{ErrorCode::Unreadable, fmt::format("{}: {}; expected a GeoJSON polygon of the district's outline",
                                                  file.string(), what)};
}

std::optional<std::vector<Vec2d>> world_ring(const OGRLinearRing& ring, const Transform& transform) {
  std::vector<Vec2d> points;
  for (int i = 0; i < ring.getNumPoints(); ++i) {
    const auto moved = transform.forward(Vec2d{ring.getX(i), ring.getY(i)});
    if (!moved) return std::nullopt;
    const Vec2d point{std::round(moved->x * 1000), std::round(moved->y * 1000)};
    if (points.empty() || !(points.back() == point)) points.push_back(point);
  }
  while (points.size() > 1 && points.back() == points.front()) points.pop_back();
  return points;
}

Result<std::vector<WorldPolygon>> read_polygons(const std::filesystem::path& file, const Transform& transform) {
  GdalSession session;
  GDALDatasetUniquePtr dataset(GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY));
  if (!dataset || dataset->GetLayerCount() == 0) return outline_error(file, "cannot be read as a layer");
  std::vector<WorldPolygon> polygons;
  for (const auto& feature : *dataset->GetLayer(0)) {
    std::unique_ptr<OGRGeometry> geometry(feature->StealGeometry());
    if (!geometry || wkbFlatten(geometry->getGeometryType()) == wkbPoint) continue;
    geometry.reset(OGRGeometryFactory::forceToMultiPolygon(geometry.release()));
    if (wkbFlatten(geometry->getGeometryType()) != wkbMultiPolygon) continue;
    for (const auto* part : *geometry->toMultiPolygon()) {
      WorldPolygon polygon;
      for (const auto* ring : *part) {
        auto points = world_ring(*ring, transform);
        if (!points) return outline_error(file, "has coordinates outside the reference system");
        if (points->size() >= 3) polygon.push_back(std::move(*points));
      }
      if (!polygon.empty()) polygons.push_back(std::move(polygon));
    }
  }
  if (polygons.empty()) return outline_error(file, "has no polygon with an area");
  return polygons;
}

// One valid multipolygon on whole millimetres.
Geos::Handle cleaned(const Geos& geos, const std::vector<WorldPolygon>& polygons) {
  std::vector<GEOSGeometry*> parts;
  for (const auto& polygon : polygons) parts.push_back(geos.polygon(polygon).release());
  const auto all = geos.own(GEOSGeom_createCollection_r(geos.context, GEOS_MULTIPOLYGON, parts.data(),
                                                        static_cast<unsigned>(parts.size())));
  GEOSMakeValidParams* params = GEOSMakeValidParams_create_r(geos.context);
  GEOSMakeValidParams_setMethod_r(geos.context, params, GEOS_MAKE_VALID_STRUCTURE);
  GEOSMakeValidParams_setKeepCollapsed_r(geos.context, params, 0);
  auto valid = geos.own(GEOSMakeValidWithParams_r(geos.context, all.get(), params));
  GEOSMakeValidParams_destroy_r(geos.context, params);
  if (!valid) return valid;
  return geos.own(GEOSGeom_setPrecision_r(geos.context, valid.get(), 1.0, 0));
}

// Shells counter-clockwise, holes clockwise.
std::vector<Vec2i> local_ring(const Geos& geos, const GEOSGeometry* ring, const CityOutline& outline, bool is_shell) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(geos.context, ring);
  unsigned size = 0;
  GEOSCoordSeq_getSize_r(geos.context, sequence, &size);
  std::vector<Vec2i> points;
  for (unsigned i = 0; i + 1 < size; ++i) {
    double x = 0, y = 0;
    GEOSCoordSeq_getXY_r(geos.context, sequence, i, &x, &y);
    points.push_back({static_cast<std::int32_t>(std::llround(x) - outline.origin_x_mm),
                      static_cast<std::int32_t>(std::llround(y) - outline.origin_y_mm)});
  }
  if ((doubled_area_mm2(points) > 0) != is_shell) std::reverse(points.begin(), points.end());
  return points;
}

CityPolygon local_polygon(const Geos& geos, const GEOSGeometry* polygon, const CityOutline& outline) {
  CityPolygon result{local_ring(geos, GEOSGetExteriorRing_r(geos.context, polygon), outline, true)};
  for (int i = 0; i < GEOSGetNumInteriorRings_r(geos.context, polygon); ++i) {
    auto hole = local_ring(geos, GEOSGetInteriorRingN_r(geos.context, polygon, i), outline, false);
    if (static_cast<double>(-doubled_area_mm2(hole)) / 2 >= kHoleMinMm2) result.push_back(std::move(hole));
  }
  return result;
}

}  // namespace

std::int64_t doubled_area_mm2(const std::vector<Vec2i>& ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vec2i a = ring[i], b = ring[(i + 1) % ring.size()];
    sum += static_cast<std::int64_t>(a.x) * b.y - static_cast<std::int64_t>(a.y) * b.x;
  }
  return sum;
}

std::int64_t doubled_area_mm2(const CityPolygon& polygon) {
  std::int64_t sum = 0;
  for (const auto& ring : polygon) sum += doubled_area_mm2(ring);
  return sum;
}

std::string first_invalid(const std::vector<CityPolygon>& parts_mm) {
  const Geos geos;
  for (const auto& part : parts_mm) {
    const auto polygon = geos.polygon(part);
    if (polygon && GEOSisValid_r(geos.context, polygon.get()) == 1) continue;
    if (!polygon) return "a ring of fewer than three points";
    char* reason = GEOSisValidReason_r(geos.context, polygon.get());
    std::string text = reason != nullptr ? reason : "unknown";
    GEOSFree_r(geos.context, reason);
    return text;
  }
  return {};
}

Result<CityOutline> read_city_outline(const std::filesystem::path& boundary_file, const std::string& outline_crs,
                                      const std::string& world_crs) {
  if (!std::filesystem::is_regular_file(boundary_file)) {
    return Error{ErrorCode::NotFound, fmt::format("{}: no such file; the district's outline is expected there",
                                                  boundary_file.string())};
  }
  TRY_ASSIGN(const auto transform, Transform::create(outline_crs, world_crs));
  TRY_ASSIGN(const auto polygons, read_polygons(boundary_file, transform));
  base::Box2d box_mm;
  for (const auto& polygon : polygons) {
    for (const Vec2d point : polygon.front()) box_mm.extend(point);
  }
  if (box_mm.width() > kSizeMaxMm || box_mm.height() > kSizeMaxMm) {
    return outline_error(boundary_file, "spans more than 800 km");
  }
  CityOutline outline;
  outline.origin_x_mm = std::llround(box_mm.center().x);
  outline.origin_y_mm = std::llround(box_mm.center().y);
  const Geos geos;
  const auto clean = cleaned(geos, polygons);
  if (!clean) return outline_error(boundary_file, "has rings that cannot be repaired");
  std::vector<CityPolygon> parts;
  for (int i = 0; i < GEOSGetNumGeometries_r(geos.context, clean.get()); ++i) {
    const GEOSGeometry* part = GEOSGetGeometryN_r(geos.context, clean.get(), i);
    if (GEOSGeomTypeId_r(geos.context, part) != GEOS_POLYGON || GEOSisEmpty_r(geos.context, part) == 1) continue;
    parts.push_back(local_polygon(geos, part, outline));
  }
  if (parts.empty()) return outline_error(boundary_file, "has no polygon with an area");
  std::stable_sort(parts.begin(), parts.end(), [](const CityPolygon& a, const CityPolygon& b) {
    return doubled_area_mm2(a) > doubled_area_mm2(b);
  });
  outline.mainland = std::move(parts.front());
  outline.islands.assign(std::make_move_iterator(parts.begin() + 1), std::make_move_iterator(parts.end()));
  return outline;
}

}  // namespace gridwall::geo
