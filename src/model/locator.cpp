#include "model/locator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gridwall::model {

using base::Vec2d;
using base::Vec2i;

namespace {

constexpr std::uint32_t kGridFromChildren = 9;  // smaller families are scanned
constexpr double kCellsPerChild = 2;

}  // namespace

void Locator::IntBox::extend(const IntBox& other) {
  low = {std::min(low.x, other.low.x), std::min(low.y, other.low.y)};
  high = {std::max(high.x, other.high.x), std::max(high.y, other.high.y)};
}

Locator::Locator(std::shared_ptr<const DivisionTree> tree) : m_tree(std::move(tree)) {
  constexpr std::int32_t kLow = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kHigh = std::numeric_limits<std::int32_t>::max();
  const auto& divisions = m_tree->divisions();
  m_boxes.assign(divisions.size(), IntBox{{kHigh, kHigh}, {kLow, kLow}});
  m_grid_of.assign(divisions.size(), kNoGrid);
  // Children stand behind their parents, so backwards every child's box is ready.
  for (std::size_t i = divisions.size(); i-- > 0;) {
    const Division& division = divisions[i];
    IntBox& box = m_boxes[i];
    for (std::uint32_t v = division.vertices.begin; v < division.vertices.end; ++v) {
      const Vec2i p = m_tree->vertices()[v];
      box.extend({p, p});
    }
    if (division.rings.size() == 0) {
      for (std::uint32_t c = division.children.begin; c < division.children.end; ++c) box.extend(m_boxes[c]);
    }
    if (division.children.size() < kGridFromChildren) continue;
    m_grid_of[i] = static_cast<std::uint32_t>(m_grids.size());
    m_grids.push_back(make_grid(division.children));
  }
}

Locator::FamilyGrid Locator::make_grid(Range family) const {
  FamilyGrid grid;
  grid.box = m_boxes[family.begin];
  for (std::uint32_t c = family.begin; c < family.end; ++c) grid.box.extend(m_boxes[c]);
  if (grid.box.low.x > grid.box.high.x) return grid;  // no child has a polygon: no cells
  const std::int64_t width = static_cast<std::int64_t>(grid.box.high.x) - grid.box.low.x + 1;
  const std::int64_t height = static_cast<std::int64_t>(grid.box.high.y) - grid.box.low.y + 1;
  const double cells = kCellsPerChild * family.size();
  const double cell = std::sqrt(static_cast<double>(width) * static_cast<double>(height) / cells);
  // A thin family would otherwise get more cells along than it has children.
  const double cell_min = static_cast<double>(std::max(width, height)) / cells;
  grid.cell_size = static_cast<std::int64_t>(std::max(cell, cell_min)) + 1;
  grid.columns = static_cast<std::uint32_t>((width - 1) / grid.cell_size + 1);
  grid.rows = static_cast<std::uint32_t>((height - 1) / grid.cell_size + 1);
  const auto each_cell = [&](std::uint32_t child, const auto& visit) {
    const IntBox& box = m_boxes[child];
    if (box.low.x > box.high.x) return;
    const auto column = [&](std::int32_t x) {
      return (static_cast<std::int64_t>(x) - grid.box.low.x) / grid.cell_size;
    };
    const auto row = [&](std::int32_t y) { return (static_cast<std::int64_t>(y) - grid.box.low.y) / grid.cell_size; };
    for (std::int64_t y = row(box.low.y); y <= row(box.high.y); ++y) {
      for (std::int64_t x = column(box.low.x); x <= column(box.high.x); ++x) {
        visit(static_cast<std::size_t>(y * grid.columns + x));
      }
    }
  };
  std::vector<std::uint32_t>& starts = grid.cell_starts;
  starts.assign(static_cast<std::size_t>(grid.columns) * grid.rows + 1, 0);
  for (std::uint32_t c = family.begin; c < family.end; ++c) {
    each_cell(c, [&](std::size_t cell_index) { ++starts[cell_index + 1]; });
  }
  for (std::size_t k = 1; k < starts.size(); ++k) starts[k] += starts[k - 1];
  grid.members.resize(starts.back());
  std::vector<std::uint32_t> ends(starts.begin(), starts.end() - 1);
  for (std::uint32_t c = family.begin; c < family.end; ++c) {
    each_cell(c, [&](std::size_t cell_index) { grid.members[ends[cell_index]++] = c; });
  }
  return grid;
}

// Even-odd over all rings: holes and parts need no care. An edge owns its lower end and not its upper one, and edges
// are taken from low to high, so both neighbours of a shared edge see the same side of it.
bool Locator::own_polygon_contains(Vec2i point, std::uint32_t index) const {
  if (!m_boxes[index].contains(point)) return false;
  const Division& division = m_tree->divisions()[index];
  const auto& vertices = m_tree->vertices();
  bool inside = false;
  for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
    const Range range = m_tree->rings()[r].vertices;
    for (std::uint32_t i = range.begin, j = range.end - 1; i < range.end; j = i++) {
      Vec2i low = vertices[j], high = vertices[i];
      if ((low.y > point.y) == (high.y > point.y)) continue;
      if (low.y > high.y) std::swap(low, high);
      const __int128 across = static_cast<__int128>(static_cast<std::int64_t>(high.x) - low.x) *
                                  (static_cast<std::int64_t>(point.y) - low.y) -
                              static_cast<__int128>(static_cast<std::int64_t>(point.x) - low.x) *
                                  (static_cast<std::int64_t>(high.y) - low.y);
      if (across > 0) inside = !inside;  // the edge lies to the east of the point
    }
  }
  return inside;
}

// The deepest division at or below `index` that contains the point; none() when `index` does not contain it.
DivisionIndex Locator::locate_below(Vec2i point, std::uint32_t index) const {
  const Division& division = m_tree->divisions()[index];
  if (!m_boxes[index].contains(point)) return DivisionIndex::none();
  const bool transparent = division.rings.size() == 0;
  if (!transparent && !own_polygon_contains(point, index)) return DivisionIndex::none();
  const auto holder = transparent ? DivisionIndex::none() : DivisionIndex{index};
  if (m_grid_of[index] == kNoGrid) {
    for (std::uint32_t c = division.children.begin; c < division.children.end; ++c) {
      if (const DivisionIndex found = locate_below(point, c); found.valid()) return found;
    }
    return holder;
  }
  const FamilyGrid& grid = m_grids[m_grid_of[index]];
  if (grid.columns == 0 || !grid.box.contains(point)) return holder;
  const auto column = (static_cast<std::int64_t>(point.x) - grid.box.low.x) / grid.cell_size;
  const auto row = (static_cast<std::int64_t>(point.y) - grid.box.low.y) / grid.cell_size;
  const auto cell = static_cast<std::size_t>(row * grid.columns + column);
  for (std::uint32_t k = grid.cell_starts[cell]; k < grid.cell_starts[cell + 1]; ++k) {
    if (const DivisionIndex found = locate_below(point, grid.members[k]); found.valid()) return found;
  }
  return holder;
}

DivisionIndex Locator::locate(Vec2d point_world) const {
  if (m_tree->divisions().empty() || !std::isfinite(point_world.x) || !std::isfinite(point_world.y)) {
    return DivisionIndex::none();
  }
  return locate_below(m_tree->to_units(point_world), m_tree->root().value);
}

DivisionIndex Locator::locate_at_level(Vec2d point_world, std::uint32_t level_index) const {
  const DivisionIndex found = locate(point_world);
  return found.valid() ? m_tree->ancestor_at_level(found, level_index) : found;
}

double Locator::distance_to_border_m(Vec2d point_world, DivisionIndex index) const {
  const Division& division = m_tree->at(index);
  const Vec2d p = (point_world - m_tree->origin_world()) * (1 / m_tree->unit_m());
  double best2 = std::numeric_limits<double>::infinity();
  for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
    const Range range = m_tree->rings()[r].vertices;
    for (std::uint32_t i = range.begin, j = range.end - 1; i < range.end; j = i++) {
      const Vec2i from = m_tree->vertices()[j], to = m_tree->vertices()[i];
      const Vec2d a{static_cast<double>(from.x), static_cast<double>(from.y)};
      const Vec2d d = Vec2d{static_cast<double>(to.x), static_cast<double>(to.y)} - a;
      const double length2 = d.x * d.x + d.y * d.y;
      const double along = length2 > 0 ? ((p.x - a.x) * d.x + (p.y - a.y) * d.y) / length2 : 0;
      const Vec2d gap = p - (a + d * std::clamp(along, 0.0, 1.0));
      best2 = std::min(best2, gap.x * gap.x + gap.y * gap.y);
    }
  }
  return std::sqrt(best2) * m_tree->unit_m();
}

}  // namespace gridwall::model
