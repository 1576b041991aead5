#include "model/locator_cells_builder.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::model {

using base::Vec2i;

namespace {

constexpr double kEdgesPerFirstCell = 16;  // of all divisions together: a border of six levels counts twelve times
constexpr double kCellsPerNode = 2;
constexpr std::size_t kCellsMin = 64;
constexpr std::size_t kEdgesPerSplitCell = 4;
constexpr std::uint32_t kSplitMax = 32;  // columns of a cell's grid
constexpr std::uint32_t kDepthMax = 12;
// Members and edges over all cells; a tree of six levels with tidy borders needs a third of it.
constexpr std::size_t kWorkPerEdge = 6, kWorkFree = 1 << 22;

BorderEdge edge_between(Vec2i a, Vec2i b) {
  const bool upward = a.y < b.y || (a.y == b.y && a.x > b.x);
  return upward ? BorderEdge{a, b} : BorderEdge{b, a};
}

}  // namespace

LocatorCells LocatorCells::build(const DivisionTree& tree) {
  return LocatorCellsBuilder(tree).build();
}

LocatorCells LocatorCellsBuilder::build() {
  if (m_tree.divisions().empty()) return std::move(m_cells);
  list_nodes();
  std::vector<std::uint32_t> edge_indices;
  const std::vector<Member> members = list_edges(edge_indices);
  if (m_edges.empty()) return std::move(m_cells);
  constexpr std::int64_t kNarrow = std::int64_t{1} << 30;
  m_cells.m_narrow = m_box.high_x - m_box.low_x < kNarrow && m_box.high_y - m_box.low_y < kNarrow;
  // Half of what a cell's value can name at most: a block has no more units than twice its work.
  m_work_left = std::min<std::size_t>(kWorkPerEdge * m_edges.size() + kWorkFree, LocatorCells::kValueMask / 2);
  m_cells.m_grids.push_back(choose_first_grid());
  Grid first = m_cells.m_grids[0];
  first.first_cell = 0;
  m_cells.m_cells.resize(std::size_t{first.columns} * first.rows);
  fill(first, members, 0);
  m_cells.m_units.resize(m_cells.m_units.size() + LocatorCells::kUnitsAhead);
  m_cells.m_units.shrink_to_fit();
  m_cells.m_cells.shrink_to_fit();
  m_cells.m_grids.shrink_to_fit();
  return std::move(m_cells);
}

void LocatorCellsBuilder::list_nodes() {
  const auto& divisions = m_tree.divisions();
  m_nodes.reserve(divisions.size());
  struct Visit {
    std::uint32_t division, parent;
  };
  std::vector<Visit> open{{m_tree.root().value, kNone}};
  while (!open.empty()) {
    auto [index, parent] = open.back();
    open.pop_back();
    const Division& division = divisions[index];
    if (division.rings.size() > 0) {
      const auto node = static_cast<std::uint32_t>(m_nodes.size());
      m_nodes.push_back({index, parent, node + 1});
      parent = node;
    }
    for (std::uint32_t c = division.children.end; c-- > division.children.begin;) open.push_back({c, parent});
  }
  for (std::size_t i = m_nodes.size(); i-- > 0;) {
    if (m_nodes[i].parent == kNone) continue;
    Node& parent = m_nodes[m_nodes[i].parent];
    parent.subtree_end = std::max(parent.subtree_end, m_nodes[i].subtree_end);
  }
}

std::vector<LocatorCellsBuilder::Member> LocatorCellsBuilder::list_edges(std::vector<std::uint32_t>& edge_indices) {
  std::vector<std::size_t> starts;
  m_edges.reserve(m_tree.vertices().size());
  for (const Node& node : m_nodes) {
    starts.push_back(m_edges.size());
    Box box;
    add_edges(m_tree.divisions()[node.division], box);
    if (box.low_x > box.high_x) continue;
    m_box_areas += static_cast<double>(box.high_x - box.low_x + 1) * static_cast<double>(box.high_y - box.low_y + 1);
    const bool first = m_box.low_x > m_box.high_x;
    m_box = first ? box
                  : Box{std::min(m_box.low_x, box.low_x), std::min(m_box.low_y, box.low_y),
                        std::max(m_box.high_x, box.high_x), std::max(m_box.high_y, box.high_y)};
  }
  starts.push_back(m_edges.size());
  edge_indices.resize(m_edges.size());
  for (std::uint32_t e = 0; e < edge_indices.size(); ++e) edge_indices[e] = e;
  std::vector<Member> members(m_nodes.size());
  for (std::uint32_t n = 0; n < members.size(); ++n) {
    members[n] = {n, false, std::span(edge_indices).subspan(starts[n], starts[n + 1] - starts[n])};
  }
  return members;
}

void LocatorCellsBuilder::add_edges(const Division& division, Box& box) {
  for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
    const Range range = m_tree.rings()[r].vertices;
    for (std::uint32_t i = range.begin, j = range.end - 1; i < range.end; j = i++) {
      const Vec2i a = m_tree.vertices()[j], b = m_tree.vertices()[i];
      if (a == b) continue;
      m_edges.push_back(edge_between(a, b));
      m_edge_lengths += std::abs(static_cast<double>(a.x) - b.x) + std::abs(static_cast<double>(a.y) - b.y);
      for (const Vec2i p : {a, b}) {
        const bool first = box.low_x > box.high_x;
        box = first ? Box{p.x, p.y, p.x, p.y}
                    : Box{std::min<std::int64_t>(box.low_x, p.x), std::min<std::int64_t>(box.low_y, p.y),
                          std::max<std::int64_t>(box.high_x, p.x), std::max<std::int64_t>(box.high_y, p.y)};
      }
    }
  }
}

// Begins a unit west and south of everything, where no division holds the ground.
LocatorCellsBuilder::Grid LocatorCellsBuilder::choose_first_grid() const {
  const auto width = static_cast<double>(m_box.high_x - m_box.low_x + 2);
  const auto height = static_cast<double>(m_box.high_y - m_box.low_y + 2);
  const auto edges = static_cast<double>(m_edges.size());
  const double cells = std::max({edges / kEdgesPerFirstCell, kCellsPerNode * static_cast<double>(m_nodes.size()),
                                 static_cast<double>(kCellsMin)});
  // Thin districts would otherwise get more columns than cells were meant.
  double size = std::max({std::sqrt(width * height / cells), std::max(width, height) / cells, 2.0});
  const auto work = [&] { return edges + m_edge_lengths / size + m_box_areas / (size * size); };
  while (work() > static_cast<double>(m_work_left) / 2 && size < std::max(width, height)) size *= 1.25;
  const auto cell_size =
      static_cast<std::uint32_t>(std::min(std::ceil(size), static_cast<double>(LocatorCells::kCellSizeMax)));
  const auto along = [&](double extent) { return static_cast<std::uint32_t>(std::ceil(extent / cell_size)); };
  return Grid::make(m_box.low_x - 1, m_box.low_y - 1, cell_size, along(width), along(height));
}

// The cells that the edge may touch, and now and then one more. A cell owns its west and south sides; its paths reach
// from just east of the west side to just east of the east side, so an edge on a side counts for both.
template <class Visit>
void LocatorCellsBuilder::each_cell(const Grid& grid, const BorderEdge& edge, const Visit& visit) const {
  const std::int64_t size = grid.cell_size;
  const std::int64_t column_end = grid.columns, row_end = grid.rows;
  const auto steps = [&grid](std::int64_t offset) -> std::int64_t {
    return offset < 0 ? -1 : static_cast<std::int64_t>(grid.cells_along(static_cast<std::uint64_t>(offset)));
  };
  const auto column = [&](std::int64_t x) { return steps(x - grid.low_x); };
  const auto visit_row = [&](std::int64_t row, std::int64_t first, std::int64_t last) {
    first = std::max<std::int64_t>(first, 0);
    last = std::min(last, column_end - 1);
    for (std::int64_t c = first; c <= last; ++c) visit(static_cast<std::size_t>(row * column_end + c));
  };
  const std::int64_t column_low = column(std::int64_t{std::min(edge.low.x, edge.high.x)} - 1);
  const std::int64_t column_high = column(std::max(edge.low.x, edge.high.x));
  const std::int64_t row_low = std::max<std::int64_t>(steps(edge.low.y - grid.low_y), 0);
  const std::int64_t row_high = std::min(steps(edge.high.y - grid.low_y), row_end - 1);
  if (row_low == row_high || column_low == column_high) {
    for (std::int64_t r = row_low; r <= row_high; ++r) visit_row(r, column_low, column_high);
    return;
  }
  const double rise = static_cast<double>(edge.high.y) - edge.low.y;
  const double slope = (static_cast<double>(edge.high.x) - edge.low.x) / rise;
  const auto x_at = [&](std::int64_t y) {
    const std::int64_t within = std::clamp<std::int64_t>(y, edge.low.y, edge.high.y);
    return static_cast<std::int64_t>(edge.low.x + slope * static_cast<double>(within - edge.low.y));
  };
  for (std::int64_t r = row_low; r <= row_high; ++r) {
    const std::int64_t south = grid.low_y + r * size;
    const std::int64_t x_south = x_at(south), x_north = x_at(south + size);
    // Two units more than the rounding of doubles can be wrong by.
    visit_row(r, std::max(column(std::min(x_south, x_north) - 3), column_low),
              std::min(column(std::max(x_south, x_north) + 2), column_high));
  }
}

LocatorCellsBuilder::CellEdges LocatorCellsBuilder::distribute(const Grid& grid,
                                                               std::span<const Member> members) const {
  CellEdges made;
  made.starts.assign(std::size_t{grid.columns} * grid.rows + 1, 0);
  for (const Member& member : members) {
    for (const std::uint32_t e : member.edges) {
      each_cell(grid, m_edges[e], [&](std::size_t cell) { ++made.starts[cell + 1]; });
    }
  }
  for (std::size_t k = 1; k < made.starts.size(); ++k) made.starts[k] += made.starts[k - 1];
  made.edges.resize(made.starts.back());
  made.members.resize(made.starts.back());
  std::vector<std::uint32_t> ends(made.starts.begin(), made.starts.end() - 1);
  for (std::uint32_t m = 0; m < members.size(); ++m) {
    for (const std::uint32_t e : members[m].edges) {
      each_cell(grid, m_edges[e], [&](std::size_t cell) {
        made.edges[ends[cell]] = e;
        made.members[ends[cell]++] = m;
      });
    }
  }
  return made;
}

void LocatorCellsBuilder::start_row(const Grid& grid, std::uint32_t row, std::span<const Member> members,
                                    std::vector<std::uint32_t>& inside) const {
  inside.clear();
  if (grid.low_x < m_box.low_x) return;  // nobody holds the ground there
  const std::int64_t south = grid.south_of(row);
  for (std::uint32_t m = 0; m < members.size(); ++m) {
    bool holds = members[m].inside;
    if (row > 0) {
      for (const std::uint32_t e : members[m].edges) {
        const BorderEdge& edge = m_edges[e];
        if (!edge.spans_meridian(grid.low_x)) continue;
        holds ^= east(edge, grid.low_x, south) != east(edge, grid.low_x, grid.low_y);
      }
    }
    if (holds) inside.push_back(m);
  }
}

void LocatorCellsBuilder::gather(const Cell& cell, std::span<const Member> members,
                                 std::span<const std::uint32_t> edges, std::span<const std::uint32_t> edge_members,
                                 std::vector<std::uint32_t>& inside, std::vector<Member>& gathered) {
  gathered.clear();
  m_inside_next.clear();
  std::size_t held = 0;
  const auto pass_held_before = [&](std::uint32_t member) {
    for (; held < inside.size() && inside[held] < member; ++held) {
      gathered.push_back({members[inside[held]].node, true, {}});
      m_inside_next.push_back(inside[held]);
    }
  };
  for (std::size_t begin = 0; begin < edges.size();) {
    const std::uint32_t member = edge_members[begin];
    pass_held_before(member);
    const bool holds = held < inside.size() && inside[held] == member;
    held += holds;
    bool holds_next = holds;
    std::size_t end = begin;
    for (; end < edges.size() && edge_members[end] == member; ++end) {
      const BorderEdge& edge = m_edges[edges[end]];
      if (!edge.spans_height(cell.south)) continue;
      holds_next ^= east(edge, cell.west, cell.south) != east(edge, cell.west + cell.size, cell.south);
    }
    gathered.push_back({members[member].node, holds, edges.subspan(begin, end - begin)});
    if (holds_next) m_inside_next.push_back(member);
    begin = end;
  }
  pass_held_before(kNone);
  inside.swap(m_inside_next);
}

void LocatorCellsBuilder::fill(const Grid& grid, std::span<const Member> members, std::uint32_t depth) {
  const CellEdges cell_edges = distribute(grid, members);
  std::vector<std::uint32_t> inside;
  std::vector<Member> gathered;
  for (std::uint32_t row = 0; row < grid.rows; ++row) {
    start_row(grid, row, members, inside);
    for (std::uint32_t column = 0; column < grid.columns; ++column) {
      const std::size_t index = std::size_t{row} * grid.columns + column;
      const std::uint32_t begin = cell_edges.starts[index], count = cell_edges.starts[index + 1] - begin;
      const Cell cell{grid.west_of(column), grid.south_of(row), grid.cell_size};
      gather(cell, members, std::span(cell_edges.edges).subspan(begin, count),
             std::span(cell_edges.members).subspan(begin, count), inside, gathered);
      const std::size_t work = gathered.size() + count;
      m_work_left -= std::min(m_work_left, work);
      const std::uint32_t made = make_cell(cell, gathered, depth);
      m_cells.m_cells[grid.first_cell + index] = made;
    }
  }
}

// Leaves out members that no point of the cell reaches: below one that is not here, or behind a sibling that holds
// the whole cell.
void LocatorCellsBuilder::keep_reachable(std::vector<Member>& members) {
  m_frames.assign(1, {kNone, static_cast<std::uint32_t>(m_nodes.size()), false});
  std::size_t kept = 0;
  for (const Member& member : members) {
    const Node& node = m_nodes[member.node];
    while (m_frames.back().end <= member.node) m_frames.pop_back();
    if (m_frames.back().closed || m_frames.back().node != node.parent) continue;
    if (member.edges.empty()) m_frames.back().closed = true;
    m_frames.push_back({member.node, node.subtree_end, false});
    members[kept++] = member;
  }
  members.resize(kept);
}

std::uint32_t LocatorCellsBuilder::make_cell(const Cell& cell, std::vector<Member>& members, std::uint32_t depth) {
  keep_reachable(members);
  std::uint32_t holder = LocatorCells::kNobody;
  std::size_t above = 0;  // members that hold the whole cell, one within the other
  while (above < members.size() && members[above].edges.empty()) holder = m_nodes[members[above++].node].division;
  if (above == members.size()) return LocatorCells::kAnswer << LocatorCells::kKindShift | holder;
  const auto below = std::span<const Member>(members).subspan(above);
  const auto block = [](std::uint32_t unit) { return LocatorCells::kBlock << LocatorCells::kKindShift | unit; };
  std::size_t seen = 0;
  if (unite_edges(below, seen)) {
    make_entries(cell, below);
    // An entry's end has sixteen bits.
    if (m_entries.size() < 0xffff) return block(make_block(holder));
  } else if (depth < kDepthMax && cell.size >= 4) {
    std::size_t all = 0;
    for (const Member& member : members) all += member.edges.size();
    const std::uint32_t grid = make_grid(cell, members, LocatorCells::kMaskEdges * all / seen, depth);
    if (grid != kNone) return LocatorCells::kGrid << LocatorCells::kKindShift | grid;
  }
  return block(make_block_of_own_edges(cell, below, holder));
}

std::uint32_t LocatorCellsBuilder::make_grid(const Cell& cell, std::vector<Member>& members, std::size_t edge_estimate,
                                             std::uint32_t depth) {
  const double wanted = std::sqrt(static_cast<double>(edge_estimate) / kEdgesPerSplitCell);
  const auto split = std::min({static_cast<std::uint32_t>(std::ceil(wanted)), kSplitMax, cell.size / 2});
  const std::uint32_t size = (cell.size + split - 1) / split;
  const std::uint32_t count = (cell.size + size - 1) / size;
  std::size_t edges = 0;
  for (const Member& member : members) edges += member.edges.size();
  // What the new cells will hold at most if each edge passes through few of them.
  if (2 * edges + members.size() * count * count > m_work_left || m_cells.m_cells.size() > LocatorCells::kValueMask / 2)
    return kNone;
  const auto index = static_cast<std::uint32_t>(m_cells.m_grids.size());
  Grid grid = Grid::make(cell.west, cell.south, size, count, count);
  grid.first_cell = static_cast<std::uint32_t>(m_cells.m_cells.size());
  m_cells.m_grids.push_back(grid);
  m_cells.m_cells.resize(m_cells.m_cells.size() + std::size_t{count} * count);
  const std::vector<Member> kept(members);
  fill(grid, kept, depth + 1);
  return index;
}

bool LocatorCellsBuilder::unite_edges(std::span<const Member> members, std::size_t& seen) {
  m_united.clear();
  m_masks.assign(members.size(), 0);
  seen = 0;
  for (std::size_t m = 0; m < members.size(); ++m) {
    for (const std::uint32_t e : members[m].edges) {
      ++seen;
      const auto found = std::find(m_united.begin(), m_united.end(), m_edges[e]);
      const auto bit = static_cast<std::size_t>(found - m_united.begin());
      if (found == m_united.end()) {
        if (m_united.size() == LocatorCells::kMaskEdges) return false;
        m_united.push_back(m_edges[e]);
      }
      m_masks[m] ^= std::uint32_t{1} << bit;  // an edge run along twice bounds nothing
    }
  }
  return true;
}

// With the southern end of every path's second leg, which ends in the cell's low corner.
bool LocatorCellsBuilder::folded_inside(const Cell& cell, const Member& member) const {
  bool inside = member.inside;
  for (const std::uint32_t e : member.edges) {
    inside ^= m_edges[e].spans_meridian(cell.west) && east(m_edges[e], cell.west, cell.south);
  }
  return inside;
}

// Where a town's border runs, its village's and grid's run too. A division whose first child holds the same ground of
// this cell is never the answer: the child takes its place, and the child's later siblings are never reached.
void LocatorCellsBuilder::make_entries(const Cell& cell, std::span<const Member> members) {
  m_entries.clear();
  m_unreached.clear();
  for (std::size_t m = 0; m < members.size(); ++m) {
    const std::uint32_t index = members[m].node;
    const Node& node = m_nodes[index];
    while (!m_unreached.empty() && m_unreached.back().end <= index) m_unreached.pop_back();
    if (!m_unreached.empty() && m_unreached.back().contains(index)) continue;
    const Entry entry{index, node.subtree_end, m_masks[m], folded_inside(cell, members[m])};
    const bool same_ground = !m_entries.empty() && m_entries.back().node == node.parent &&
                             m_entries.back().mask == entry.mask && m_entries.back().inside == entry.inside;
    if (!same_ground) {
      m_entries.push_back(entry);
      continue;
    }
    m_unreached.push_back({entry.subtree_end, m_entries.back().subtree_end});
    m_entries.back() = entry;
  }
}

void LocatorCellsBuilder::add_edge(const BorderEdge& edge) {
  const auto bits = [](std::int32_t coordinate) { return static_cast<std::uint32_t>(coordinate); };
  m_cells.m_units.push_back({bits(edge.low.x), bits(edge.low.y), bits(edge.high.x), bits(edge.high.y)});
}

std::uint32_t LocatorCellsBuilder::make_block(std::uint32_t holder) {
  auto& units = m_cells.m_units;
  const auto first = static_cast<std::uint32_t>(units.size());
  const auto entry_count = static_cast<std::uint32_t>(m_entries.size());
  units.push_back({holder, static_cast<std::uint32_t>(m_united.size()), entry_count, 0});
  for (const BorderEdge& edge : m_united) add_edge(edge);
  for (std::uint32_t i = 0; i < entry_count; ++i) {
    const Entry& entry = m_entries[i];
    const auto behind = std::partition_point(m_entries.begin() + i, m_entries.end(),
                                             [&](const Entry& other) { return other.node < entry.subtree_end; });
    const auto end = static_cast<std::uint32_t>(behind - m_entries.begin());
    const std::uint32_t division_and_inside = m_nodes[entry.node].division * 2 + (entry.inside ? 1 : 0);
    if (i % 2 == 0) units.push_back({division_and_inside, end << 16 | entry.mask, 0, 0});
    if (i % 2 == 1) units.back().c = division_and_inside, units.back().d = end << 16 | entry.mask;
  }
  return first;
}

std::uint32_t LocatorCellsBuilder::make_block_of_own_edges(const Cell& cell, std::span<const Member> members,
                                                           std::uint32_t holder) {
  auto& units = m_cells.m_units;
  const auto first = static_cast<std::uint32_t>(units.size());
  units.push_back({holder, 0, static_cast<std::uint32_t>(members.size()), 1});
  std::size_t next_edge = 1 + members.size();
  for (std::size_t m = 0; m < members.size(); ++m) {
    const Node& node = m_nodes[members[m].node];
    const auto behind = std::partition_point(members.begin() + static_cast<std::ptrdiff_t>(m), members.end(),
                                             [&](const Member& other) { return other.node < node.subtree_end; });
    const std::uint32_t inside = folded_inside(cell, members[m]) ? 1 : 0;
    const auto edge_count = static_cast<std::uint32_t>(members[m].edges.size());
    units.push_back({node.division * 2 + inside, static_cast<std::uint32_t>(behind - members.begin()),
                     static_cast<std::uint32_t>(next_edge), edge_count});
    next_edge += edge_count;
  }
  for (const Member& member : members) {
    for (const std::uint32_t e : member.edges) add_edge(m_edges[e]);
  }
  return first;
}

}  // namespace gridwall::model
