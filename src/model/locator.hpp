// Locator: which division holds a point. Descends from the root family by family; each large family has a small grid
// over its boxes. Decided on the tree's integers with a half-open rule, so a point on a border that two neighbours
// share belongs to exactly one of them. Pure; safe from any number of threads. Test: tests/unit/model/locator_test.cpp
// compares it with brute force.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/geometry.hpp"
#include "model/division_tree.hpp"

namespace gridwall::model {

class Locator {
 public:
  explicit Locator(std::shared_ptr<const DivisionTree> tree);

  // The deepest division that contains the point: its own polygon does, and those of its ancestors that have one. A
  // parent when none of its children does; none() outside the root. Divisions without polygon are transparent: they
  // hold what their children hold.
  [[nodiscard]] DivisionIndex locate(base::Vec2d point_world) const;
  // The division of that level which contains the point; none() when the point is outside or lies in no division so
  // deep.
  [[nodiscard]] DivisionIndex locate_at_level(base::Vec2d point_world, std::uint32_t level_index) const;

  // To the nearest edge of the division's own rings, inside or outside, in metres of the display CRS. Infinite for a
  // division without polygon.
  [[nodiscard]] double distance_to_border_m(base::Vec2d point_world, DivisionIndex index) const;

  [[nodiscard]] const DivisionTree& tree() const { return *m_tree; }

 private:
  struct IntBox {
    base::Vec2i low, high;  // empty when low.x > high.x
    [[nodiscard]] bool contains(base::Vec2i p) const {
      return p.x >= low.x && p.x <= high.x && p.y >= low.y && p.y <= high.y;
    }
    void extend(const IntBox& other);
  };
  // Children of one parent by square cells of their common box; cell_starts has one entry more than there are cells.
  struct FamilyGrid {
    IntBox box;
    std::int64_t cell_size = 1;
    std::uint32_t columns = 0, rows = 0;
    std::vector<std::uint32_t> cell_starts, members;
  };

  [[nodiscard]] DivisionIndex locate_below(base::Vec2i point, std::uint32_t index) const;
  [[nodiscard]] bool own_polygon_contains(base::Vec2i point, std::uint32_t index) const;
  [[nodiscard]] FamilyGrid make_grid(Range family) const;

  std::shared_ptr<const DivisionTree> m_tree;
  std::vector<IntBox> m_boxes;  // by division; of its children where it has no polygon
  std::vector<FamilyGrid> m_grids;
  std::vector<std::uint32_t> m_grid_of;  // by division; kNoGrid where its family is small
  static constexpr std::uint32_t kNoGrid = static_cast<std::uint32_t>(-1);
};

}  // namespace gridwall::model
