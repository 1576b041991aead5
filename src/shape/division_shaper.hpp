// DivisionShaper: integer polygons of one division into valid parts with triangles and a label's anchor. What is not
// plainly valid is checked and repaired by GEOS, whose context is one object's: one thread each.
// Vertices of valid input are kept exactly, so neighbours still share theirs. Test: tests/unit/shape/shaper_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/division_tree.hpp"
#include "shape/ear_clipping.hpp"
#include "shape/plain_rings.hpp"
#include "shape/ring_faults.hpp"

namespace gridwall::shape {

struct ShapedDivision {
  std::vector<model::DivisionRecord::Part> parts;
  base::Vec2i anchor;                    // inside the largest part
  std::string repair;                    // what was wrong and what was left out, empty when nothing
  std::optional<base::Vec2i> repair_at;  // where the first fault with a place is, in units
  RingFaults ring_faults;                // each bad ring by number; their texts are in `repair`
  std::string triangulation;             // how the triangles were made, when not by the first method
  double relative_area_error = 0;        // triangles against rings, of the whole division
  std::uint64_t vertex_count = 0, triangle_count = 0;
};

class DivisionShaper {
 public:
  // Triangles of a valid polygon as clip_ears gives them.
  using Triangulator = std::vector<std::uint32_t> (*)(const std::vector<IntRing>&);

  // A part whose triangles by `first` miss its rings' area by more than 1e-6 is done again by GEOS; the better stays.
  explicit DivisionShaper(Triangulator first = clip_ears);
  ~DivisionShaper();
  DivisionShaper(const DivisionShaper&) = delete;
  DivisionShaper& operator=(const DivisionShaper&) = delete;

  // Never fails: what cannot be kept (no area left, crossings without number) is left out and told in `repair`.
  ShapedDivision shape(std::vector<IntPolygon> polygons);
  // For a first picture: nothing is checked or repaired, and only what is at least `anchored_from` units each way gets
  // a searched anchor. What is left out for having no area is not told.
  ShapedDivision shape_for_preview(std::vector<IntPolygon> polygons, double anchored_from);

 private:
  std::unique_ptr<GeosContext> m_geos;
  PlainRings m_plain;
  Triangulator m_first;
};

std::string geos_version();

}  // namespace gridwall::shape
