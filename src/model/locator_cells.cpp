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
DivisionIndex LocatorCells::find_in_block(const Unit* block, Vec2i point, std::int64_t west) {
  if (block->d != 0) return find_by_own_edges<Wide>(block, point, west);
  const std::uint32_t edge_count = block->b;
  const Unit* edges = block + 1;
  std::uint32_t crossed_edges = 0;
  for (std::uint32_t i = 0; i < edge_count; ++i) {
    crossed_edges |= std::uint32_t{crossed<Wide>(edge_of(edges[i]), point, west)} << i;
  }
  const Unit* pairs = edges + edge_count;
  std::uint32_t holder = block->a;
  for (std::uint32_t i = 0, end = block->c; i < end;) {
    const Unit& pair = pairs[i / 2];
    const std::uint32_t division_and_inside = i % 2 == 0 ? pair.a : pair.c;
    const std::uint32_t end_and_mask = i % 2 == 0 ? pair.b : pair.d;
    const auto crossings = static_cast<std::uint32_t>(__builtin_parity(end_and_mask & crossed_edges));
    if (((division_and_inside ^ crossings) & 1) != 0) {
      holder = division_and_inside >> 1;
      end = end_and_mask >> 16;
      ++i;
    } else {
      i = end_and_mask >> 16;
    }
  }
  return holder == kNobody ? DivisionIndex::none() : DivisionIndex{holder};
}

template <class Wide>
DivisionIndex LocatorCells::find_by_own_edges(const Unit* block, Vec2i point, std::int64_t west) {
  std::uint32_t holder = block->a;
  for (std::uint32_t i = 0, end = block->c; i < end;) {
    const Unit& entry = block[1 + i];
    bool inside = (entry.a & 1) != 0;
    for (std::uint32_t e = 0; e < entry.d; ++e) inside ^= crossed<Wide>(edge_of(block[entry.c + e]), point, west);
    if (inside) {
      holder = entry.a >> 1;
      end = entry.b;
      ++i;
    } else {
      i = entry.b;
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
        // A block's lines follow each other; fetched at once they are waited for once.
        const Unit* block = &m_units[value];
        __builtin_prefetch(block + kUnitsPerLine);
        __builtin_prefetch(block + 2 * kUnitsPerLine);
        const std::int64_t west = grid->west_of(static_cast<std::uint32_t>(column));
        return m_narrow ? find_in_block<std::int64_t>(block, point, west) : find_in_block<__int128>(block, point, west);
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
