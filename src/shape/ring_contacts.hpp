// Where rings of one polygon touch: vertices that share a place, and vertices that lie on another's edge, which get a
// corner there. For the triangulation of polygons whose rings touch. Private to this room.
// Test: tests/unit/shape/ear_clipping_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "shape/ear_clipping.hpp"

namespace gridwall::shape {

struct RingCorner {
  base::Vec2i p;
  std::uint32_t vertex = 0;  // of the rings laid end to end; on an edge it is the vertex that touches there
  bool is_contact = false;
};

// The same rings, a corner a vertex, and one more on each edge for each vertex of the others (and of its own ring)
// inside it. Looks at no more than some 1e8 pairs; contacts beyond are not found.
std::vector<std::vector<RingCorner>> find_contacts(const std::vector<IntRing>& rings);

}  // namespace gridwall::shape
