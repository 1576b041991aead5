// Segments of lines on the map, in the tree's units. Pure. Test: tests/unit/scene/border_segments_test.cpp.
#pragma once

#include <vector>

#include "base/geometry.hpp"
#include "model/division_tree.hpp"

namespace gridwall::scene {

struct BorderSegment {
  base::Vec2i from, to;  // units; from is the smaller by (x, y)
  bool operator==(const BorderSegment&) const = default;
};

// In their order.
BorderSegment segment(base::Vec2i a, base::Vec2i b);

// All edges of one division's rings, in order; none of no length.
std::vector<BorderSegment> outline_segments(const model::DivisionTree& tree, model::DivisionIndex division);

}  // namespace gridwall::scene
