// jagged_tree: a square district of n x n cells whose shared borders wiggle, so that neighbours share many exact
// vertices as real grids do; each cell has 4 * points_per_side vertices. Level 0 is the whole, level 1 rows of
// `cells_per_block` squared cells, level 2 the cells. For pictures and measurements.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "model/division_tree.hpp"

namespace gridwall::test {

struct JaggedTreeSpec {
  int blocks = 3;           // a side
  int cells_per_block = 4;  // a side
  int points_per_side = 6;
  double size_m = 8000;
  double wiggle = 0.16;  // of a cell's side
  std::uint64_t seed = 7;
};

class JaggedGrid {
 public:
  explicit JaggedGrid(const JaggedTreeSpec& spec)
      : m_spec(spec), m_cells(spec.blocks * spec.cells_per_block), m_steps(m_cells * spec.points_per_side) {
    base::Random random(spec.seed);
    const double step_units = spec.size_m * 1000 / m_steps;
    m_points.reserve(static_cast<std::size_t>(m_steps + 1) * static_cast<std::size_t>(m_steps + 1));
    for (int y = 0; y <= m_steps; ++y) {
      for (int x = 0; x <= m_steps; ++x) {
        const double reach = step_units * spec.points_per_side * spec.wiggle;
        const bool node = x % spec.points_per_side == 0 && y % spec.points_per_side == 0;
        const double across = (node ? 0.5 : 1.0) * reach;
        const double dx = random.next_between(-1, 1) * (x % spec.points_per_side == 0 ? across : step_units * 0.2);
        const double dy = random.next_between(-1, 1) * (y % spec.points_per_side == 0 ? across : step_units * 0.2);
        m_points.push_back({static_cast<std::int32_t>(std::lround((x - m_steps * 0.5) * step_units + dx * 0.6)),
                            static_cast<std::int32_t>(std::lround((y - m_steps * 0.5) * step_units + dy * 0.6))});
      }
    }
  }

  [[nodiscard]] int cells() const { return m_cells; }

  // The border of the cells [x0, x1) x [y0, y1), counter-clockwise.
  [[nodiscard]] std::vector<base::Vec2i> ring(int x0, int y0, int x1, int y1) const {
    const int n = m_spec.points_per_side;
    std::vector<base::Vec2i> points;
    for (int x = x0 * n; x < x1 * n; ++x) points.push_back(at(x, y0 * n));
    for (int y = y0 * n; y < y1 * n; ++y) points.push_back(at(x1 * n, y));
    for (int x = x1 * n; x > x0 * n; --x) points.push_back(at(x, y1 * n));
    for (int y = y1 * n; y > y0 * n; --y) points.push_back(at(x0 * n, y));
    return points;
  }

 private:
  [[nodiscard]] base::Vec2i at(int x, int y) const {
    return m_points[static_cast<std::size_t>(y) * static_cast<std::size_t>(m_steps + 1) + static_cast<std::size_t>(x)];
  }

  JaggedTreeSpec m_spec;
  int m_cells;
  int m_steps;
  std::vector<base::Vec2i> m_points;
};

// A plain ear clipping, for small rings.
inline std::vector<std::uint32_t> clip_ears(const std::vector<base::Vec2i>& ring) {
  std::vector<std::uint32_t> left(ring.size());
  for (std::uint32_t i = 0; i < left.size(); ++i) left[i] = i;
  const auto cross = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    return (std::int64_t{ring[b].x} - ring[a].x) * (std::int64_t{ring[c].y} - ring[a].y) -
           (std::int64_t{ring[b].y} - ring[a].y) * (std::int64_t{ring[c].x} - ring[a].x);
  };
  std::vector<std::uint32_t> triangles;
  std::size_t i = 0;
  std::size_t failures = 0;
  while (left.size() > 3 && failures <= left.size()) {
    const std::size_t n = left.size();
    i %= n;
    const std::uint32_t a = left[(i + n - 1) % n];
    const std::uint32_t b = left[i];
    const std::uint32_t c = left[(i + 1) % n];
    bool ear = cross(a, b, c) > 0;
    for (std::size_t k = 0; ear && k < n; ++k) {
      const std::uint32_t p = left[k];
      if (p == a || p == b || p == c) continue;
      ear = cross(a, b, p) < 0 || cross(b, c, p) < 0 || cross(c, a, p) < 0;
    }
    if (ear) {
      triangles.insert(triangles.end(), {a, b, c});
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
      failures = 0;
    } else {
      ++failures;
    }
    if (!ear) i = (i + 1) % n;
  }
  if (left.size() == 3) triangles.insert(triangles.end(), left.begin(), left.end());
  return triangles;
}

inline std::shared_ptr<const model::DivisionTree> jagged_tree(const JaggedTreeSpec& spec = {}) {
  const JaggedGrid grid(spec);
  model::TreeSpec tree;
  tree.origin_world = {500000, 3500000};
  tree.unit_m = 0.001;
  tree.world_crs = "EPSG:4549";
  const auto add = [&](const std::string& code, const std::string& parent, std::vector<base::Vec2i> ring,
                       bool triangulated) {
    model::DivisionRecord record;
    record.code = code;
    record.name = "网格" + code;
    record.parent_code = parent;
    base::Vec2d middle;
    for (const base::Vec2i p : ring) middle = middle + base::Vec2d{static_cast<double>(p.x), static_cast<double>(p.y)};
    middle = middle * (1.0 / static_cast<double>(ring.size()));
    record.anchor = {static_cast<std::int32_t>(middle.x), static_cast<std::int32_t>(middle.y)};
    model::DivisionRecord::Part part;
    if (triangulated) part.triangle_indices = clip_ears(ring);
    part.rings.push_back(std::move(ring));
    record.parts.push_back(std::move(part));
    tree.records.push_back(std::move(record));
  };
  const int n = spec.cells_per_block;
  const bool small = grid.cells() <= 40;  // large outlines need no triangles for what they test
  add("R", "", grid.ring(0, 0, grid.cells(), grid.cells()), small);
  for (int by = 0; by < spec.blocks; ++by) {
    for (int bx = 0; bx < spec.blocks; ++bx) {
      const std::string block = "R" + std::to_string(1000 + by * spec.blocks + bx);
      add(block, "R", grid.ring(bx * n, by * n, (bx + 1) * n, (by + 1) * n), small);
      for (int y = by * n; y < (by + 1) * n; ++y) {
        for (int x = bx * n; x < (bx + 1) * n; ++x) {
          add(block + std::to_string(100000 + y * grid.cells() + x), block, grid.ring(x, y, x + 1, y + 1), true);
        }
      }
    }
  }
  auto built = model::assemble_tree(std::move(tree));
  ASSERT(built.ok(), "jagged_tree: {}", built.error().message);
  return std::make_shared<const model::DivisionTree>(std::move(built).value());
}

}  // namespace gridwall::test
