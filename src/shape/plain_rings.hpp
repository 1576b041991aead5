// PlainRings: is a division so plainly valid that GEOS need not be asked? Exact on integers, quick for the rings of
// which cities consist, and one-sided: true is a proof, false says nothing.
// Invariant: what it takes for valid GEOS takes for valid too. One thread each, its memory is used anew.
// Private to this room. Test: tests/unit/shape/plain_rings_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shape/ear_clipping.hpp"

namespace gridwall::shape {

class PlainRings {
 public:
  // No edge touches another but its neighbours at the corner they share; holes lie in their shell and beside each
  // other; the boxes of several parts lie apart. Gives up on large polygons and on many edges above one another.
  [[nodiscard]] bool hold(const std::vector<IntPolygon>& polygons);

 private:
  struct Edge {
    base::Vec2i a, b;  // a is the ring's earlier corner
    std::int32_t x_max, y_min, y_max;
    std::uint32_t before, after;  // its neighbours among the edges
  };

  bool take(const IntPolygon& polygon);
  [[nodiscard]] bool edges_apart();
  [[nodiscard]] bool boxes_apart(std::span<const IntPolygon> polygons);

  std::vector<Edge> m_edges;
  std::vector<std::uint64_t> m_order;  // the least x of an edge, then its number
};

}  // namespace gridwall::shape
