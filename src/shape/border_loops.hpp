// Borders of siblings against each other: directed edges (inside to the left) of which equal and opposite ones cancel,
// and the closed loops that the others form. Private to this room. Test: tests/unit/shape/border_loops_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "shape/ear_clipping.hpp"

namespace gridwall::shape {

class BorderSum {
 public:
  // Appends a ring so that its inside (outside for a hole) is to the left; `sign` -1 takes it off instead.
  void add_ring(const base::Vec2i* points, std::size_t count, bool is_hole, int sign);
  [[nodiscard]] std::size_t edge_count() const { return m_edges.size(); }

  // What does not cancel, as closed loops. Each vertex of a loop occurs in it once. Empties the sum.
  std::vector<IntRing> take_loops();

 private:
  struct Edge {
    base::Vec2i low, high;  // ordered, so that both directions sort together
    std::int32_t count;     // times from low to high, less times from high to low
  };
  std::vector<Edge> m_edges;
};

// An upper bound of the area in which a loop's winding number is not zero, in square units: a fan of triangles.
// Close for thin loops, and never too small, however the loop crosses itself.
double area_bound(const IntRing& loop);
double length_of(const IntRing& loop);

}  // namespace gridwall::shape
