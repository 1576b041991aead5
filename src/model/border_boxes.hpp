// BorderBoxes: how far a point lies from a division's border, without walking outlines of a hundred thousand vertices:
// a box around every sixteen edges that follow each other, one around every sixteen boxes, and so on to the top.
// Gives the very figure that a walk over all edges gives. Pure; safe from any number of threads.
// Test: tests/unit/model/locator_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/geometry.hpp"
#include "model/division_tree.hpp"

namespace gridwall::model {

class BorderBoxes {
 public:
  explicit BorderBoxes(const DivisionTree& tree);

  // To the nearest edge of the division's own rings, in units of the tree; infinite when none is as near as the limit.
  // `tree` is the one the boxes were made for.
  [[nodiscard]] double distance_units(const DivisionTree& tree, base::Vec2d point_units, DivisionIndex index,
                                      double limit_units) const;
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  static constexpr std::uint32_t kFanOut = 16;
  struct IntBox {
    base::Vec2i low, high;
  };
  struct Search;

  static void nearest_edge(Search& search, std::uint32_t chunk);
  void descend(Search& search, std::size_t level, std::uint32_t first_box, std::uint32_t count) const;

  std::vector<IntBox> m_boxes;             // by division, by level from the edges up
  std::vector<std::uint32_t> m_first_box;  // by division
};

}  // namespace gridwall::model
