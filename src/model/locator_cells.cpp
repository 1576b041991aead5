#include "model/locator_cells.hpp"

namespace gridwall::model {

using base::Vec2i;

namespace {

BorderEdge edge_of(const LocatorCells::Unit& unit) {
  const auto coordinate = [](std::uint32_t bits) { return static_cast<std::int32_t>(bits); };
  return {{coordinate(unit.a), coordinate(unit.b)}, {coordinate(unit.c), coordinate(unit.d)}};
}

// Is the edge crossed on the way from the point west to the cell's side and south to its low corner? The southern end
// of the second leg does not depend on the point: the builder folded it into the entries. No branches: the edges of a
// cell are few and each outcome is as likely as the other.
template <class Wide>
bool crossed(const BorderEdge& edge, Vec2i point, std::int64_t west) {
  const bool east_of_point = edge.passes_east_of<Wide>(point.x, point.y);
  const bool east_of_side = edge.passes_east_of<Wide>(west, point.y);
  const bool on_first_leg = edge.spans_height(point.y) & (east_of_point != east_of_side);
  const bool on_second_leg = edge.spans_meridian(west) & east_of_side;
  return on_first_leg != on_second_leg;
}

}  // namespace

LocatorCells::Grid LocatorCells::Grid::make(std::int64_t low_x, std::int64_t low_y, std::uint32_t cell_size,
                                            std::uint32_t columns, std::uint32_t rows) {
  // For offsets below 2^33 and sizes up to 2^30 the error, offset * size / 2^64, stays below one part in `size`.
  // A size of 1 has no reciprocal in 64 bits; the callers ask for 2 at least.
  Grid grid;
  grid.low_x = low_x;
  grid.low_y = low_y;
  grid.cell_size = cell_size;
  grid.reciprocal = ~std::uint64_t{0} / cell_size + 1;
  grid.columns = columns;
  grid.rows = rows;
  return grid;
}

template <class Wide>
DivisionIndex LocatorCells::find_in_block(const Unit* block, Vec2i point, std::int64_t west) const {
  const std::uint32_t edge_count = block->b, entry_count = block->c;
  const bool edges_apart = block->d != 0;
  const Unit* unit = block + 1;
  std::uint64_t crossed_edges = 0;
  if (!edges_apart) {
    for (std::uint32_t i = 0; i < edge_count; ++i) {
      crossed_edges |= std::uint64_t{crossed<Wide>(edge_of(unit[i]), point, west)} << i;
    }
    unit += edge_count;
  }
  std::uint32_t holder = block->a;
  for (std::uint32_t i = 0, end = entry_count; i < end;) {
    const Unit& entry = unit[i];
    bool inside = (entry.c & 1) != 0;
    if (edges_apart) {
      for (std::uint32_t e = 0; e < entry.b; ++e) inside ^= crossed<Wide>(edge_of(block[entry.a + e]), point, west);
    } else {
      const std::uint64_t mask = std::uint64_t{entry.b} << 32 | entry.a;
      inside ^= __builtin_parityll(mask & crossed_edges) != 0;
    }
    if (inside) {
      holder = entry.c >> 1;
      end = entry.d;
      ++i;
    } else {
      i = entry.d;
    }
  }
  return holder == kNobody ? DivisionIndex::none() : DivisionIndex{holder};
}

DivisionIndex LocatorCells::find(Vec2i point) const {
  if (m_grids.empty()) return DivisionIndex::none();
  const Grid* grid = m_grids.data();
  while (true) {
    // Only the first grid can be missed: to the west or south the offset wraps around and is too large as well.
    const std::uint64_t column = grid->cells_along(static_cast<std::uint64_t>(point.x - grid->low_x));
    const std::uint64_t row = grid->cells_along(static_cast<std::uint64_t>(point.y - grid->low_y));
    if (column >= grid->columns || row >= grid->rows) return DivisionIndex::none();
    const std::uint32_t cell = m_cells[grid->first_cell + row * grid->columns + column];
    const std::uint32_t value = cell & kValueMask;
    switch (cell >> kKindShift) {
      case kAnswer:
        return value == kNobody ? DivisionIndex::none() : DivisionIndex{value};
      case kBlock: {
        const std::int64_t west = grid->west_of(static_cast<std::uint32_t>(column));
        return m_narrow ? find_in_block<std::int64_t>(&m_units[value], point, west)
                        : find_in_block<__int128>(&m_units[value], point, west);
      }
      default:
        grid = &m_grids[value];
    }
  }
}

std::uint32_t LocatorCells::touch(Vec2i point) const {
  if (m_grids.empty()) return kNobody;
  const Grid& grid = m_grids[0];
  const std::uint64_t column = grid.cells_along(static_cast<std::uint64_t>(point.x - grid.low_x));
  const std::uint64_t row = grid.cells_along(static_cast<std::uint64_t>(point.y - grid.low_y));
  if (column >= grid.columns || row >= grid.rows) return kNobody;
  return m_cells[grid.first_cell + row * grid.columns + column];
}

std::size_t LocatorCells::memory_bytes() const {
  return m_grids.capacity() * sizeof(Grid) + m_cells.capacity() * sizeof(std::uint32_t) +
         m_units.capacity() * sizeof(Unit);
}

}  // namespace gridwall::model
