#include "geo/division_shaper.hpp"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "geo/pole_search.hpp"

namespace gridwall::geo {

using base::Vec2i;

namespace {

// Rounding a repair's crossing points to integers may cross something again; it settles at once or nearly so.
constexpr int kRepairRoundsMax = 5;

void drop_repeats(IntRing& ring) {
  ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
  while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
}

// All points on one line. The signed area alone would not do: a bow tie's is zero as well.
bool is_flat(const IntRing& ring) {
  if (ring.size() < 3) return true;
  for (std::size_t i = 2; i < ring.size(); ++i) {
    const auto dx1 = static_cast<std::int64_t>(ring[1].x) - ring[0].x;
    const auto dy1 = static_cast<std::int64_t>(ring[1].y) - ring[0].y;
    const auto dx2 = static_cast<std::int64_t>(ring[i].x) - ring[0].x;
    const auto dy2 = static_cast<std::int64_t>(ring[i].y) - ring[0].y;
    if (static_cast<__int128>(dx1) * dy2 != static_cast<__int128>(dy1) * dx2) return false;
  }
  return true;
}

// Rings that rounding left without area go, and with a shell its holes.
void drop_empty(std::vector<IntPolygon>& polygons) {
  for (IntPolygon& polygon : polygons) {
    for (IntRing& ring : polygon) drop_repeats(ring);
    if (!polygon.empty() && is_flat(polygon[0])) polygon.clear();
    std::erase_if(polygon, is_flat);
  }
  std::erase_if(polygons, [](const IntPolygon& polygon) { return polygon.empty(); });
}

}  // namespace

struct DivisionShaper::Geos {
  GEOSContextHandle_t context = GEOS_init_r();
  std::string message;

  Geos() { GEOSContext_setErrorMessageHandler_r(context, &Geos::keep, this); }
  ~Geos() { GEOS_finish_r(context); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  static void keep(const char* text, void* self) { static_cast<Geos*>(self)->message = text; }

  struct Destroyer {
    GEOSContextHandle_t context;
    void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
  };
  using Geometry = std::unique_ptr<GEOSGeometry, Destroyer>;
  Geometry own(GEOSGeometry* geometry) { return Geometry(geometry, Destroyer{context}); }

  GEOSGeometry* ring(const IntRing& points);
  Geometry build(const std::vector<IntPolygon>& polygons);
  // Why the polygons are invalid; nullopt when they are valid.
  std::optional<std::string> fault(const GEOSGeometry* geometry);
  void collect(const GEOSGeometry* geometry, std::vector<IntPolygon>& polygons);
  std::string repair(std::vector<IntPolygon>& polygons);
};

GEOSGeometry* DivisionShaper::Geos::ring(const IntRing& points) {
  const auto size = static_cast<unsigned>(points.size());
  GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(context, size + 1, 2);
  for (unsigned i = 0; i <= size; ++i) {
    const Vec2i p = points[i % size];
    GEOSCoordSeq_setXY_r(context, sequence, i, p.x, p.y);
  }
  return GEOSGeom_createLinearRing_r(context, sequence);
}

DivisionShaper::Geos::Geometry DivisionShaper::Geos::build(const std::vector<IntPolygon>& polygons) {
  std::vector<GEOSGeometry*> parts;
  for (const IntPolygon& polygon : polygons) {
    std::vector<GEOSGeometry*> holes;
    for (std::size_t r = 1; r < polygon.size(); ++r) holes.push_back(ring(polygon[r]));
    parts.push_back(
        GEOSGeom_createPolygon_r(context, ring(polygon[0]), holes.data(), static_cast<unsigned>(holes.size())));
  }
  return own(
      GEOSGeom_createCollection_r(context, GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size())));
}

std::optional<std::string> DivisionShaper::Geos::fault(const GEOSGeometry* geometry) {
  char* reason = nullptr;
  const char valid = GEOSisValidDetail_r(context, geometry, 0, &reason, nullptr);
  std::string text = reason != nullptr ? reason : message;
  GEOSFree_r(context, reason);
  if (valid == 1) return std::nullopt;
  return text.empty() ? std::string("invalid") : text;
}

void DivisionShaper::Geos::collect(const GEOSGeometry* geometry, std::vector<IntPolygon>& polygons) {
  const int type = GEOSGeomTypeId_r(context, geometry);
  if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    for (int i = 0; i < GEOSGetNumGeometries_r(context, geometry); ++i) {
      collect(GEOSGetGeometryN_r(context, geometry, i), polygons);
    }
    return;
  }
  if (type != GEOS_POLYGON || GEOSisEmpty_r(context, geometry) == 1) return;
  const auto take = [&](const GEOSGeometry* source) {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context, source);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(context, sequence, &size);
    IntRing points;
    for (unsigned i = 0; i < size; ++i) {
      double x = 0, y = 0;
      GEOSCoordSeq_getXY_r(context, sequence, i, &x, &y);
      points.push_back({static_cast<std::int32_t>(std::lround(x)), static_cast<std::int32_t>(std::lround(y))});
    }
    return points;
  };
  IntPolygon polygon{take(GEOSGetExteriorRing_r(context, geometry))};
  for (int r = 0; r < GEOSGetNumInteriorRings_r(context, geometry); ++r) {
    polygon.push_back(take(GEOSGetInteriorRingN_r(context, geometry, r)));
  }
  polygons.push_back(std::move(polygon));
}

// The first fault met; empty when there was none.
std::string DivisionShaper::Geos::repair(std::vector<IntPolygon>& polygons) {
  std::string first_fault;
  for (int round = 0; round < kRepairRoundsMax && !polygons.empty(); ++round) {
    const Geometry built = build(polygons);
    const auto found = fault(built.get());
    if (!found) return first_fault;
    if (first_fault.empty()) first_fault = *found;
    GEOSMakeValidParams* params = GEOSMakeValidParams_create_r(context);
    // By structure: parts that overlap are united; by line work they would become a hole.
    GEOSMakeValidParams_setMethod_r(context, params, GEOS_MAKE_VALID_STRUCTURE);
    GEOSMakeValidParams_setKeepCollapsed_r(context, params, 0);
    const Geometry valid = own(GEOSMakeValidWithParams_r(context, built.get(), params));
    GEOSMakeValidParams_destroy_r(context, params);
    if (valid == nullptr) return first_fault + "; not repaired: " + message;
    polygons.clear();
    collect(valid.get(), polygons);
    drop_empty(polygons);
  }
  return first_fault;
}

DivisionShaper::DivisionShaper() : m_geos(std::make_unique<Geos>()) {}
DivisionShaper::~DivisionShaper() = default;

ShapedDivision DivisionShaper::shape(std::vector<IntPolygon> polygons) {
  ShapedDivision shaped;
  const std::size_t given = polygons.size();
  drop_empty(polygons);
  if (polygons.size() < given) {
    shaped.repair = fmt::format("{} of {} parts have no area", given - polygons.size(), given);
  }
  const std::string fault = m_geos->repair(polygons);
  if (!fault.empty()) shaped.repair += (shaped.repair.empty() ? "" : "; ") + fault;
  double rings_area = 0, error_area = 0, largest_area = -1;
  for (IntPolygon& polygon : polygons) {
    model::DivisionRecord::Part part;
    part.triangle_indices = clip_ears(polygon);
    const double area = twice_ring_area(polygon);
    rings_area += area;
    error_area += std::abs(twice_triangle_area(polygon, part.triangle_indices) - area);
    if (area > largest_area) {
      largest_area = area;
      shaped.anchor = find_pole(polygon, part.triangle_indices);
    }
    for (const IntRing& ring : polygon) shaped.vertex_count += ring.size();
    shaped.triangle_count += part.triangle_indices.size() / 3;
    part.rings = std::move(polygon);
    shaped.parts.push_back(std::move(part));
  }
  shaped.relative_area_error = rings_area > 0 ? error_area / rings_area : 0;
  return shaped;
}

}  // namespace gridwall::geo
