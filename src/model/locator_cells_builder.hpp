// LocatorCellsBuilder: makes LocatorCells. Divisions go in depth-first order, those without polygon left out and their
// children handed to the nearest ancestor that has one. A grid is made row by row: who holds the row's start is known,
// and the edges of a cell tell what changes on the way to the next. A cell with too many edges becomes a grid again,
// within a budget of work, so that no input costs more than in proportion to its edges.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/locator_cells.hpp"

namespace gridwall::model {

class LocatorCellsBuilder {
 public:
  explicit LocatorCellsBuilder(const DivisionTree& tree) : m_tree(tree) {}
  LocatorCells build();

 private:
  using Grid = LocatorCells::Grid;
  using Unit = LocatorCells::Unit;
  static constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);

  struct Box {
    std::int64_t low_x = 0, low_y = 0, high_x = -1, high_y = -1;
  };
  // A division with a polygon.
  struct Node {
    std::uint32_t division = 0;
    std::uint32_t parent = kNone;   // nearest ancestor with polygon: a node
    std::uint32_t subtree_end = 0;  // first node behind its descendants
  };
  // What a node is to one cell: inside at the cell's low corner, and the edges that pass through the cell.
  struct Member {
    std::uint32_t node = 0;
    bool inside = false;
    std::span<const std::uint32_t> edges;  // into m_edges
  };
  struct Cell {
    std::int64_t west = 0, south = 0;
    std::uint32_t size = 0;
  };
  // The edges of each cell of one grid, grouped by member.
  struct CellEdges {
    std::vector<std::uint32_t> starts;  // by cell, one more than there are cells
    std::vector<std::uint32_t> edges;   // into m_edges
    std::vector<std::uint32_t> members;
  };

  void list_nodes();
  std::vector<Member> list_edges(std::vector<std::uint32_t>& edge_indices);
  void add_edges(const Division& division, Box& box);
  [[nodiscard]] Grid choose_first_grid() const;

  // Fills the grid's cells; members in order of nodes, each `inside` told at the grid's low corner.
  void fill(const Grid& grid, std::span<const Member> members, std::uint32_t depth);
  [[nodiscard]] CellEdges distribute(const Grid& grid, std::span<const Member> members) const;
  template <class Visit>
  void each_cell(const Grid& grid, const BorderEdge& edge, const Visit& visit) const;
  // Indices of the members that are inside at the low corner of the grid's row.
  void start_row(const Grid& grid, std::uint32_t row, std::span<const Member> members,
                 std::vector<std::uint32_t>& inside) const;
  // The members of a cell, given those inside at its low corner, which become those at the next cell's.
  void gather(const Cell& cell, std::span<const Member> members, std::span<const std::uint32_t> edges,
              std::span<const std::uint32_t> edge_members, std::vector<std::uint32_t>& inside,
              std::vector<Member>& gathered);

  std::uint32_t make_cell(const Cell& cell, std::vector<Member>& members, std::uint32_t depth);
  void keep_reachable(std::vector<Member>& members);
  std::uint32_t make_grid(const Cell& cell, std::vector<Member>& members, std::size_t edge_estimate,
                          std::uint32_t depth);
  // Of the common edges in m_united, or each member with its own.
  std::uint32_t make_block(std::uint32_t holder);
  std::uint32_t make_block_of_own_edges(const Cell& cell, std::span<const Member> members, std::uint32_t holder);
  void make_entries(const Cell& cell, std::span<const Member> members);
  void add_edge(const BorderEdge& edge);
  [[nodiscard]] bool folded_inside(const Cell& cell, const Member& member) const;
  // The different edges of a cell into m_united and each member's among them into m_masks. False when there are too
  // many; `seen` is then the number of edges looked at.
  bool unite_edges(std::span<const Member> members, std::size_t& seen);
  [[nodiscard]] bool east(const BorderEdge& edge, std::int64_t x, std::int64_t y) const {
    return m_cells.m_narrow ? edge.passes_east_of<std::int64_t>(x, y) : edge.passes_east_of<__int128>(x, y);
  }

  const DivisionTree& m_tree;
  LocatorCells m_cells;
  std::vector<Node> m_nodes;
  std::vector<BorderEdge> m_edges;
  Box m_box;                           // of all edges
  double m_edge_lengths = 0;           // of all edges, in units, along both axes
  double m_box_areas = 0;              // of all nodes
  std::size_t m_work_left = 0;         // members and edges of cells that may still be made
  std::vector<BorderEdge> m_united;    // the present cell's
  std::vector<std::uint32_t> m_masks;  // by member: which of m_united
  struct Entry {
    std::uint32_t node = 0, subtree_end = 0, mask = 0;
    bool inside = false;
  };
  std::vector<Entry> m_entries;
  std::vector<Range> m_unreached;  // nodes, the nearest last
  struct Frame {
    std::uint32_t node, end;
    bool closed;  // a child holds all the rest: its later siblings are never reached
  };
  std::vector<Frame> m_frames;
  std::vector<std::uint32_t> m_inside_next;
};

}  // namespace gridwall::model
