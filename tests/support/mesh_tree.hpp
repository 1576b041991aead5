// mesh_tree: a district of many levels as real ones are: leaves are the cells of a jittered lattice with ragged shared
// borders, parents are runs of their children along a Hilbert curve, so outlines are made of the children's borders,
// wind, touch themselves at corners and now and then come in parts. Units are 1 mm. For measurements and comparisons.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/random.hpp"
#include "model/division_tree.hpp"

namespace gridwall::test {

struct MeshTreeSpec {
  // Divisions of each level from the root (1) down to the leaves; each level at least as many as the one above.
  std::vector<std::uint32_t> level_counts{1, 5, 40, 300};
  int segments_per_side = 12;  // of a leaf, which has four sides; a power of two is the most ragged
  double leaf_size_m = 270;
  // 0: leaves of one size. Above: smaller towards the middle, as (distance from it)^crowding, like a town in its
  // county.
  double crowding = 0;
  // Every so many leaves one is no division: its ground is its parent's own. None when 0.
  std::uint32_t left_out_every = 0;
  std::uint64_t seed = 1;
};

class MeshTree {
 public:
  explicit MeshTree(const MeshTreeSpec& spec) : m_spec(spec) {
    const std::uint32_t leaves = spec.level_counts.back();
    m_columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(leaves))));
    m_rows = (static_cast<int>(leaves) + m_columns - 1) / m_columns;
    place_nodes();
    order_leaves();
  }

  [[nodiscard]] std::shared_ptr<const model::DivisionTree> build() const {
    model::TreeSpec tree;
    tree.origin_world = {500000, 3500000};
    tree.unit_m = 0.001;
    tree.world_crs = "EPSG:4549";
    const std::size_t levels = m_spec.level_counts.size();
    // First leaf of each division of a level; a level's runs begin where runs of the level below do.
    std::vector<std::vector<std::uint32_t>> starts(levels);
    for (std::size_t level = levels; level-- > 0;) {
      const std::uint32_t count = m_spec.level_counts[level];
      const std::uint64_t below = level + 1 < levels ? m_spec.level_counts[level + 1] : count;
      for (std::uint32_t k = 0; k <= count; ++k) {
        const auto first = static_cast<std::uint32_t>(k * below / count);
        starts[level].push_back(level + 1 < levels ? starts[level + 1][first] : first);
      }
    }
    std::vector<std::string> parents{""};
    for (std::size_t level = 0; level < levels; ++level) {
      std::vector<std::string> codes;
      for (std::uint32_t k = 0, parent = 0; k < m_spec.level_counts[level]; ++k) {
        while (level > 0 && starts[level - 1][parent + 1] <= starts[level][k]) ++parent;
        const bool leaf = level + 1 == levels;
        if (leaf && m_spec.left_out_every > 0 && k % m_spec.left_out_every == 1) continue;
        codes.push_back("L" + std::to_string(level) + "-" + std::to_string(1'000'000 + k));
        tree.records.push_back(make_record(codes.back(), parents[parent], starts[level][k], starts[level][k + 1]));
      }
      parents = std::move(codes);
    }
    auto built = model::assemble_tree(std::move(tree));
    ASSERT(built.ok(), "mesh_tree: {}", built.error().message);
    return std::make_shared<const model::DivisionTree>(std::move(built).value());
  }

 private:
  struct Cell {
    int x, y;
  };
  // A side of a cell as seen by the cell on its left: from node to node, the cell's ground to the left.
  struct Side {
    int x, y;  // node it starts from
    int dx, dy;
  };

  void place_nodes() {
    const base::Random seed(m_spec.seed);
    const double size = m_spec.leaf_size_m * 1000;
    for (int y = 0; y <= m_rows; ++y) {
      for (int x = 0; x <= m_columns; ++x) {
        base::Random random = seed.fork(static_cast<std::uint64_t>(y * (m_columns + 1) + x));
        m_nodes.push_back({(x - 0.5 * m_columns + random.next_between(-0.22, 0.22)) * size,
                           (y - 0.5 * m_rows + random.next_between(-0.22, 0.22)) * size});
      }
    }
  }

  // Cells in the order of a Hilbert curve over the smallest square of a power of two that holds them.
  void order_leaves() {
    int square = 1;
    while (square < m_columns || square < m_rows) square *= 2;
    m_rank.assign(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows), kNobody);
    for (std::int64_t at = 0; at < std::int64_t{square} * square; ++at) {
      const Cell cell = hilbert_cell(at, square);
      if (cell.x >= m_columns || cell.y >= m_rows || m_cells.size() == m_spec.level_counts.back()) continue;
      m_rank[rank_index(cell.x, cell.y)] = static_cast<std::uint32_t>(m_cells.size());
      m_cells.push_back(cell);
    }
  }

  static Cell hilbert_cell(std::int64_t at, int square) {
    Cell cell{0, 0};
    for (int size = 1; size < square; size *= 2, at /= 4) {
      const int east = static_cast<int>(at / 2 % 2);
      const int north = static_cast<int>(at % 2) ^ east;
      if (north == 0) {
        if (east == 1) cell = {size - 1 - cell.x, size - 1 - cell.y};
        std::swap(cell.x, cell.y);
      }
      cell = {cell.x + size * east, cell.y + size * north};
    }
    return cell;
  }

  [[nodiscard]] std::size_t rank_index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(m_columns) + static_cast<std::size_t>(x);
  }
  [[nodiscard]] bool holds(int x, int y, std::uint32_t begin, std::uint32_t end) const {
    if (x < 0 || y < 0 || x >= m_columns || y >= m_rows) return false;
    const std::uint32_t rank = m_rank[rank_index(x, y)];
    return rank >= begin && rank < end;
  }

  [[nodiscard]] model::DivisionRecord make_record(const std::string& code, const std::string& parent,
                                                  std::uint32_t begin, std::uint32_t end) const {
    model::DivisionRecord record;
    record.code = record.name = code;
    record.parent_code = parent;
    std::vector<std::vector<base::Vec2i>> holes;
    for (auto& ring : trace(begin, end)) {
      double twice_area = 0;
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const base::Vec2i a = ring[i], b = ring[(i + 1) % ring.size()];
        twice_area += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
      }
      if (twice_area < 0) {
        holes.push_back(std::move(ring));
      } else {
        record.parts.push_back({{std::move(ring)}, {}});
      }
    }
    for (auto& hole : holes) {
      auto* home = &record.parts.front();
      for (auto& part : record.parts) {
        const base::Box2d part_box = box_of(part.rings.front()), hole_box = box_of(hole);
        if (!part_box.contains(hole_box.min) || !part_box.contains(hole_box.max)) continue;
        const bool home_holds = box_of(home->rings.front()).contains(hole_box.min);
        if (!home_holds || part_box.width() <= box_of(home->rings.front()).width()) home = &part;
      }
      home->rings.push_back(std::move(hole));
    }
    const base::Vec2d anchor = m_nodes[static_cast<std::size_t>(m_cells[begin].y * (m_columns + 1) + m_cells[begin].x)];
    record.anchor = to_units(anchor);
    return record;
  }

  static base::Box2d box_of(const std::vector<base::Vec2i>& ring) {
    base::Box2d box;
    for (const base::Vec2i p : ring) box.extend(base::Vec2d{static_cast<double>(p.x), static_cast<double>(p.y)});
    return box;
  }

  // The borders of the cells [begin, end) as rings, their ground to the left. Where four sides meet in a node the ring
  // turns left, so two cells that touch in a corner get a ring each.
  [[nodiscard]] std::vector<std::vector<base::Vec2i>> trace(std::uint32_t begin, std::uint32_t end) const {
    std::multimap<std::pair<int, int>, Side> sides;  // by the node it starts from
    for (std::uint32_t k = begin; k < end; ++k) {
      const auto [x, y] = m_cells[k];
      const auto add = [&](Side side) { sides.emplace(std::pair(side.x, side.y), side); };
      if (!holds(x, y - 1, begin, end)) add({x, y, 1, 0});
      if (!holds(x + 1, y, begin, end)) add({x + 1, y, 0, 1});
      if (!holds(x, y + 1, begin, end)) add({x + 1, y + 1, -1, 0});
      if (!holds(x - 1, y, begin, end)) add({x, y + 1, 0, -1});
    }
    std::vector<std::vector<base::Vec2i>> rings;
    while (!sides.empty()) {
      std::vector<base::Vec2i> ring;
      auto next = sides.begin();
      const std::pair<int, int> start = next->first;
      while (true) {
        const Side side = next->second;
        sides.erase(next);
        append_side(side, ring);
        const std::pair<int, int> node(side.x + side.dx, side.y + side.dy);
        if (node == start) break;
        const auto [first, last] = sides.equal_range(node);
        next = first;
        for (auto other = first; other != last; ++other) {
          if (side.dx * other->second.dy - side.dy * other->second.dx > 0) next = other;
        }
      }
      rings.push_back(std::move(ring));
    }
    return rings;
  }

  // All points of a side but its last, the same for both neighbours.
  void append_side(const Side& side, std::vector<base::Vec2i>& ring) const {
    const bool backward = side.dx + side.dy < 0;
    const int x = backward ? side.x + side.dx : side.x, y = backward ? side.y + side.dy : side.y;
    const bool along_x = side.dx != 0;
    const auto node = [&](int nx, int ny) { return m_nodes[static_cast<std::size_t>(ny * (m_columns + 1) + nx)]; };
    const int steps = m_spec.segments_per_side;
    std::vector<base::Vec2d> points(static_cast<std::size_t>(steps) + 1);
    points.front() = node(x, y);
    points.back() = along_x ? node(x + 1, y) : node(x, y + 1);
    base::Random random =
        base::Random(m_spec.seed)
            .fork(static_cast<std::uint64_t>((y * (m_columns + 1) + x) * 2 + (along_x ? 1 : 0) + 1'000'000'000));
    bend(points, 0, points.size() - 1, random);
    if (backward) std::reverse(points.begin(), points.end());
    for (std::size_t i = 0; i + 1 < points.size(); ++i) ring.push_back(to_units(points[i]));
  }

  [[nodiscard]] base::Vec2i to_units(base::Vec2d p) const {
    const double half = 500 * m_spec.leaf_size_m;
    const double from_middle = std::max(std::abs(p.x) / (half * m_columns), std::abs(p.y) / (half * m_rows));
    p = p * std::pow(from_middle, m_spec.crowding);
    return {static_cast<std::int32_t>(std::lround(p.x)), static_cast<std::int32_t>(std::lround(p.y))};
  }

  // Moves the middle sideways by a tenth of the length at most, then each half's.
  static void bend(std::vector<base::Vec2d>& points, std::size_t from, std::size_t to, base::Random& random) {
    if (to - from < 2) return;
    const std::size_t middle = (from + to) / 2;
    const base::Vec2d a = points[from], d = points[to] - a;
    const double along = static_cast<double>(middle - from) / static_cast<double>(to - from);
    const double aside = random.next_between(-0.1, 0.1);
    points[middle] = a + d * along + base::Vec2d{-d.y, d.x} * aside;
    bend(points, from, middle, random);
    bend(points, middle, to, random);
  }

  static constexpr std::uint32_t kNobody = static_cast<std::uint32_t>(-1);
  MeshTreeSpec m_spec;
  int m_columns = 0, m_rows = 0;
  std::vector<base::Vec2d> m_nodes;   // in units, row by row
  std::vector<Cell> m_cells;          // by rank along the curve
  std::vector<std::uint32_t> m_rank;  // by cell; kNobody where the curve ended before
};

inline std::shared_ptr<const model::DivisionTree> mesh_tree(const MeshTreeSpec& spec = {}) {
  return MeshTree(spec).build();
}

}  // namespace gridwall::test
