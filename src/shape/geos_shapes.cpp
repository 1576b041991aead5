#include "shape/geos_shapes.hpp"

#include <cmath>

namespace gridwall::shape {

using base::Vec2i;

GeosContext::GeosContext() : m_handle(GEOS_init_r()) {
  GEOSContext_setErrorMessageHandler_r(m_handle, &GeosContext::keep, this);
}

GeosContext::~GeosContext() {
  GEOS_finish_r(m_handle);
}

GEOSCoordSequence* GeosContext::closed_sequence(const IntRing& points) {
  m_buffer.clear();
  for (const Vec2i p : points) {
    m_buffer.push_back(p.x);
    m_buffer.push_back(p.y);
  }
  m_buffer.push_back(points[0].x);
  m_buffer.push_back(points[0].y);
  return GEOSCoordSeq_copyFromBuffer_r(m_handle, m_buffer.data(), static_cast<unsigned>(points.size() + 1), 0, 0);
}

GEOSGeometry* GeosContext::ring(const IntRing& points) {
  GEOSCoordSequence* sequence = closed_sequence(points);
  return sequence == nullptr ? nullptr : GEOSGeom_createLinearRing_r(m_handle, sequence);
}

GeosContext::Geometry GeosContext::polygon(const IntPolygon& polygon) {
  // Held until the polygon takes them, so that a refused ring does not leak the others.
  std::vector<Geometry> rings;
  for (const IntRing& points : polygon) {
    if (points.size() < 3 || !rings.emplace_back(own(ring(points)))) return own(nullptr);
  }
  if (rings.empty()) return own(nullptr);
  std::vector<GEOSGeometry*> holes;
  for (std::size_t r = 1; r < rings.size(); ++r) holes.push_back(rings[r].release());
  return own(GEOSGeom_createPolygon_r(m_handle, rings[0].release(), holes.data(), static_cast<unsigned>(holes.size())));
}

GeosContext::Geometry GeosContext::multi_polygon(const std::vector<IntPolygon>& polygons) {
  std::vector<Geometry> parts;
  for (const IntPolygon& given : polygons) {
    if (!parts.emplace_back(polygon(given))) return own(nullptr);
  }
  std::vector<GEOSGeometry*> released;
  for (Geometry& part : parts) released.push_back(part.release());
  return own(GEOSGeom_createCollection_r(m_handle, GEOS_MULTIPOLYGON, released.data(),
                                         static_cast<unsigned>(released.size())));
}

GeosContext::Geometry GeosContext::closed_lines(const std::vector<IntRing>& rings) {
  std::vector<Geometry> lines;
  for (const IntRing& points : rings) {
    if (points.size() < 2) continue;
    GEOSCoordSequence* sequence = closed_sequence(points);
    if (sequence == nullptr || !lines.emplace_back(own(GEOSGeom_createLineString_r(m_handle, sequence)))) {
      return own(nullptr);
    }
  }
  return multi_line(std::move(lines));
}

GeosContext::Geometry GeosContext::lines(const std::vector<IntSegment>& segments) {
  std::vector<Geometry> lines;
  lines.reserve(segments.size());
  for (const IntSegment& s : segments) {
    const double ends[] = {static_cast<double>(s.a.x), static_cast<double>(s.a.y), static_cast<double>(s.b.x),
                           static_cast<double>(s.b.y)};
    GEOSCoordSequence* sequence = GEOSCoordSeq_copyFromBuffer_r(m_handle, ends, 2, 0, 0);
    if (sequence == nullptr || !lines.emplace_back(own(GEOSGeom_createLineString_r(m_handle, sequence)))) {
      return own(nullptr);
    }
  }
  return multi_line(std::move(lines));
}

GeosContext::Geometry GeosContext::multi_line(std::vector<Geometry> lines) {
  std::vector<GEOSGeometry*> released;
  for (Geometry& line : lines) released.push_back(line.release());
  return own(GEOSGeom_createCollection_r(m_handle, GEOS_MULTILINESTRING, released.data(),
                                         static_cast<unsigned>(released.size())));
}

IntRing GeosContext::points_of(const GEOSGeometry* ring) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(m_handle, ring);
  unsigned size = 0;
  GEOSCoordSeq_getSize_r(m_handle, sequence, &size);
  IntRing points;
  points.reserve(size);
  for (unsigned i = 0; i < size; ++i) {
    double x = 0, y = 0;
    GEOSCoordSeq_getXY_r(m_handle, sequence, i, &x, &y);
    points.push_back({static_cast<std::int32_t>(std::lround(x)), static_cast<std::int32_t>(std::lround(y))});
  }
  return points;
}

void GeosContext::collect(const GEOSGeometry* geometry, std::vector<IntPolygon>& polygons) {
  const int type = GEOSGeomTypeId_r(m_handle, geometry);
  if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    for (int i = 0; i < GEOSGetNumGeometries_r(m_handle, geometry); ++i) {
      collect(GEOSGetGeometryN_r(m_handle, geometry, i), polygons);
    }
    return;
  }
  if (type != GEOS_POLYGON || GEOSisEmpty_r(m_handle, geometry) == 1) return;
  IntPolygon polygon{points_of(GEOSGetExteriorRing_r(m_handle, geometry))};
  for (int r = 0; r < GEOSGetNumInteriorRings_r(m_handle, geometry); ++r) {
    polygon.push_back(points_of(GEOSGetInteriorRingN_r(m_handle, geometry, r)));
  }
  polygons.push_back(std::move(polygon));
}

}  // namespace gridwall::shape
