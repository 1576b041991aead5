// Locator: which division holds a point, and how far its border is. One look into a table of cells made beforehand
// (model/locator_cells.hpp). Decided on the tree's integers with a half-open rule, so a point on a border that two
// neighbours share belongs to exactly one of them. Pure; safe from any number of threads.
// Test: tests/unit/model/locator_test.cpp compares it with brute force, tests/bench/locator_bench.cpp times it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include "base/geometry.hpp"
#include "model/border_boxes.hpp"
#include "model/division_tree.hpp"
#include "model/locator_cells.hpp"

namespace gridwall::model {

class Locator {
 public:
  explicit Locator(std::shared_ptr<const DivisionTree> tree);

  // The deepest division that contains the point: its own polygon does, and those of its ancestors that have one. A
  // parent when none of its children does; the first child in order when several do; none() outside the root.
  // Divisions without polygon are transparent: they hold what their children hold.
  [[nodiscard]] DivisionIndex locate(base::Vec2d point_world) const;
  // The division of that level which contains the point; none() when the point is outside or lies in no division so
  // deep.
  [[nodiscard]] DivisionIndex locate_at_level(base::Vec2d point_world, std::uint32_t level_index) const;

  // To the nearest edge of the division's own rings, inside or outside, in metres of the display CRS. Infinite for a
  // division without polygon. Who only asks whether it is within a limit is answered sooner: a border farther than
  // limit_m may be told as infinite.
  [[nodiscard]] double distance_to_border_m(base::Vec2d point_world, DivisionIndex index,
                                            double limit_m = std::numeric_limits<double>::infinity()) const;

  [[nodiscard]] const DivisionTree& tree() const { return *m_tree; }
  [[nodiscard]] const LocatorCells& cells() const { return m_cells; }
  // Beside the tree itself.
  [[nodiscard]] std::size_t memory_bytes() const { return m_cells.memory_bytes() + m_borders.memory_bytes(); }

 private:
  std::shared_ptr<const DivisionTree> m_tree;
  LocatorCells m_cells;
  BorderBoxes m_borders;
};

}  // namespace gridwall::model
