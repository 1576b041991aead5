// LocatorCells: the plane of one tree cut into cells, each with what can be known beforehand: the answer where no
// border passes, else the few edges that pass through it and the divisions that these edges bound. Crowded cells are
// cut again. Exact: a point is (x + d, y + e) with e << d, both infinitely small, so nothing ever lies on an edge.
// Pure; safe from any number of threads. Test: tests/unit/model/locator_test.cpp compares it with a plain descent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/geometry.hpp"
#include "model/division_tree.hpp"

namespace gridwall::model {

// An edge from its lower end to its upper one; a level one runs west, which makes one rule fit all.
struct BorderEdge {
  base::Vec2i low, high;
  bool operator==(const BorderEdge&) const = default;

  // Does the edge, or the line through it, pass to the east of the point (x, y)? Meaningful for a point between the
  // ends' heights; for points on a vertical line between the ends a change of the answer says that the edge is crossed.
  // Wide: holds the product of two coordinate differences.
  template <class Wide>
  [[nodiscard]] bool passes_east_of(std::int64_t x, std::int64_t y) const {
    const Wide rise = std::int64_t{high.y} - low.y, run = std::int64_t{high.x} - low.x;
    return run * static_cast<Wide>(y - low.y) - static_cast<Wide>(x - low.x) * rise > 0;
  }
  [[nodiscard]] bool spans_height(std::int64_t y) const { return low.y <= y && y < high.y; }
  [[nodiscard]] bool spans_meridian(std::int64_t x) const { return (low.x > x) != (high.x > x); }
};

class LocatorCells {
 public:
  // 0.3 s and 100 MB beside the result for 3 million edges. Where borders cross each other without end the cells stay
  // coarse and a look-up is slow, but time and memory stay in proportion to the edges.
  static LocatorCells build(const DivisionTree& tree);

  // The deepest division that contains the point, as Locator::locate says it; none() outside.
  [[nodiscard]] DivisionIndex find(base::Vec2i point) const;
  // Reads the point's cell of the first table and nothing more: the floor under find(), for measurements.
  [[nodiscard]] std::uint32_t touch(base::Vec2i point) const;
  [[nodiscard]] std::size_t memory_bytes() const;

  // Sixteen bytes of a block, below.
  struct Unit {
    std::uint32_t a = 0, b = 0, c = 0, d = 0;
  };
  struct Grid {
    std::int64_t low_x = 0, low_y = 0;
    std::uint64_t reciprocal = 0;  // of cell_size, times 2^64, rounded up: exact for all offsets that occur
    std::uint32_t cell_size = 1;   // at most kCellSizeMax
    std::uint32_t columns = 0, rows = 0;
    std::uint32_t first_cell = 0;  // in m_cells, row by row

    [[nodiscard]] std::uint64_t cells_along(std::uint64_t offset) const {
      return static_cast<std::uint64_t>(static_cast<unsigned __int128>(offset) * reciprocal >> 64);
    }
    [[nodiscard]] std::int64_t west_of(std::uint32_t column) const { return low_x + std::int64_t{column} * cell_size; }
    [[nodiscard]] std::int64_t south_of(std::uint32_t row) const { return low_y + std::int64_t{row} * cell_size; }
    static Grid make(std::int64_t low_x, std::int64_t low_y, std::uint32_t cell_size, std::uint32_t columns,
                     std::uint32_t rows);
  };

 private:
  friend class LocatorCellsBuilder;

  // A cell: two bits of what it is, thirty of where. kAnswer: a division, or kNobody. kBlock: first unit of a block.
  // kGrid: a grid that cuts the cell.
  static constexpr std::uint32_t kKindShift = 30, kValueMask = (1U << kKindShift) - 1;
  static constexpr std::uint32_t kAnswer = 0, kBlock = 1, kGrid = 2;
  static constexpr std::uint32_t kNobody = kValueMask;
  static constexpr std::uint32_t kCellSizeMax = 1U << 30;
  // A block's first unit: (holder before any entry, edges, entries, 1 when each entry has its own edges). With common
  // edges, kMaskEdges at most, these follow, then the entries, two a unit: (division * 2 + inside, end * 2^16 + mask).
  // The mask names the block's edges that bound the division; `inside` is whether it holds the cell's low corner, with
  // what can be folded into that; `end` is the entry behind its descendants, for entries stand in depth-first order.
  // With edges of its own an entry is (division * 2 + inside, end, first edge's unit, edges).
  static constexpr std::uint32_t kMaskEdges = 16;
  // Two lines of the processor's cache are fetched beyond a block's first one, behind the last block too.
  static constexpr std::size_t kUnitsPerLine = 64 / sizeof(Unit), kUnitsAhead = 3 * kUnitsPerLine;

  template <class Wide>
  static DivisionIndex find_in_block(const Unit* block, base::Vec2i point, std::int64_t west);
  template <class Wide>
  static DivisionIndex find_by_own_edges(const Unit* block, base::Vec2i point, std::int64_t west);

  bool m_narrow = true;       // all differences of coordinates fit 31 bits
  std::vector<Grid> m_grids;  // the first is the whole plane's
  std::vector<std::uint32_t> m_cells;
  std::vector<Unit> m_units;
};

}  // namespace gridwall::model
