// DivisionShaper: integer polygons of one division into valid parts with triangles and a label's anchor. Validity is
// checked and repaired by GEOS, whose context is one object's: one thread each.
// Vertices of valid input are kept exactly, so neighbours still share theirs. Test: tests/unit/geo/shaper_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "geo/ear_clipping.hpp"
#include "model/division_tree.hpp"

namespace gridwall::geo {

using IntPolygon = std::vector<IntRing>;  // shell first, then holes

struct ShapedDivision {
  std::vector<model::DivisionRecord::Part> parts;
  base::Vec2i anchor;              // inside the largest part
  std::string repair;              // what was wrong, empty when nothing
  double relative_area_error = 0;  // triangles against rings, of the whole division
  std::uint64_t vertex_count = 0, triangle_count = 0;
};

class DivisionShaper {
 public:
  DivisionShaper();
  ~DivisionShaper();
  DivisionShaper(const DivisionShaper&) = delete;
  DivisionShaper& operator=(const DivisionShaper&) = delete;

  // Never fails: what cannot be kept (no area left) is left out and told in `repair`.
  ShapedDivision shape(std::vector<IntPolygon> polygons);

 private:
  struct Geos;
  std::unique_ptr<Geos> m_geos;
};

}  // namespace gridwall::geo
