// BoxGrid: which boxes may meet this one, in grids of doubling cell size: each box stands in the at most four cells of
// the size just above its own, so memory is linear whatever the boxes are. Lists keep the order of insertion.
// Private to this room. Test: tests/unit/shape/box_grid_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::shape {

class BoxGrid {
 public:
  static constexpr int kSizeClasses = 33;  // boxes of 1 to 2^32 units
  using Lists = std::vector<const std::vector<std::uint32_t>*>;

  // Boxes in units, within int32 each way, not empty.
  void insert(const base::Box2d& box, std::uint32_t id);

  // Lists of the cells that `box` touches, from `finer_sizes` sizes (factors of two) below its own upwards: every box
  // that meets it and is not smaller than that stands in at least one of them, maybe in several, and others with it.
  // The lists' own order is not fixed. Valid until insert().
  void find(const base::Box2d& box, int finer_sizes, Lists& lists) const;

 private:
  using Cells = std::unordered_map<std::uint64_t, std::vector<std::uint32_t>>;
  std::array<Cells, kSizeClasses> m_cells;  // by size class
};

}  // namespace gridwall::shape
