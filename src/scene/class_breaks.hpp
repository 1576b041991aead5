// Edges between classes of numbers, for maps that are coloured by them. Pure.
// Test: tests/unit/scene/class_breaks_test.cpp.
#pragma once

#include <cstddef>
#include <vector>

namespace gridwall::scene {

// Class k holds what is above edge k-1 and not above edge k, the last one everything above: `class_count` - 1 edges,
// each at least `apart` above the one before. `values` in any order, not empty.

// As many values in each class as equal values allow.
std::vector<double> quantile_edges(std::vector<double> values, std::size_t class_count, double apart);

// Natural breaks (Fisher 1958, "On grouping for maximum homogeneity"; in cartography after Jenks): the classes whose
// values lie nearest to their means, the sum of squares being the least there is. Of more than 2,000 values every n-th
// of the sorted ones is taken.
std::vector<double> natural_edges(std::vector<double> values, std::size_t class_count, double apart);

}  // namespace gridwall::scene
