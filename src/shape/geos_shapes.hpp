// GeosContext: GEOS with our integer polygons in and out. Private to this room.
// Invariant: coordinates in GEOS are whole units, so what GEOS does not change comes back exactly. One thread each.
// Test: tests/unit/shape/shaper_test.cpp.
#pragma once

#include <geos_c.h>

#include <memory>
#include <string>
#include <vector>

#include "shape/crossing_estimate.hpp"
#include "shape/ear_clipping.hpp"

namespace gridwall::shape {

class GeosContext {
 public:
  struct Destroyer {
    GEOSContextHandle_t context;
    void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
  };
  using Geometry = std::unique_ptr<GEOSGeometry, Destroyer>;

  GeosContext();
  ~GeosContext();
  GeosContext(const GeosContext&) = delete;
  GeosContext& operator=(const GeosContext&) = delete;

  [[nodiscard]] GEOSContextHandle_t handle() const { return m_handle; }
  // What GEOS said last when a call gave null.
  [[nodiscard]] const std::string& message() const { return m_message; }
  Geometry own(GEOSGeometry* geometry) { return Geometry(geometry, Destroyer{m_handle}); }

  // Each ring has at least three points; null when GEOS refuses (see message()).
  Geometry polygon(const IntPolygon& polygon);
  Geometry multi_polygon(const std::vector<IntPolygon>& polygons);
  // A line for each ring, closed; null when GEOS refuses.
  Geometry closed_lines(const std::vector<IntRing>& rings);
  // A line for each segment; null when GEOS refuses.
  Geometry lines(const std::vector<IntSegment>& segments);
  // Appends all polygons of a geometry or collection, rounded to whole units. Lines and points are left out.
  void collect(const GEOSGeometry* geometry, std::vector<IntPolygon>& polygons);

 private:
  static void keep(const char* text, void* self) { static_cast<GeosContext*>(self)->m_message = text; }
  GEOSCoordSequence* closed_sequence(const IntRing& points);
  Geometry multi_line(std::vector<Geometry> lines);
  GEOSGeometry* ring(const IntRing& points);
  IntRing points_of(const GEOSGeometry* ring);

  GEOSContextHandle_t m_handle;
  std::string m_message;
  std::vector<double> m_buffer;  // kept between rings
};

}  // namespace gridwall::shape
