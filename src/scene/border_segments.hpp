// Border segments of a tree, each once: an edge that several divisions share (neighbours, parents) is kept with the
// heaviest level (the smallest index) that has it. Sorted by level, so the levels 0..k are a prefix and deeper ones a
// suffix; within a level, neighbours in the tree stand near each other. Pure.
// Test: tests/unit/scene/border_segments_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "base/geometry.hpp"
#include "model/division_tree.hpp"

namespace gridwall::scene {

struct BorderSegment {
  base::Vec2i from, to;  // units; from is the smaller by (x, y)
  bool operator==(const BorderSegment&) const = default;
};

struct BorderSegments {
  std::vector<BorderSegment> segments;
  std::vector<model::Range> levels;  // of `segments`, one a level of the tree
};

BorderSegments extract_border_segments(const model::DivisionTree& tree);

// The same borders with fewer segments: runs of neighbours no longer than `run_length_units` become one segment, which
// leaves the drawn line by at most half of that. Where three borders meet, and between levels, points stay.
BorderSegments thin_out(const BorderSegments& borders, double run_length_units);

// All edges of one division's rings, in order.
std::vector<BorderSegment> outline_segments(const model::DivisionTree& tree, model::DivisionIndex division);

}  // namespace gridwall::scene
