#include "model/locator.hpp"

#include <cmath>
#include <limits>

namespace gridwall::model {

using base::Vec2d;

Locator::Locator(std::shared_ptr<const DivisionTree> tree)
    : m_tree(std::move(tree)), m_cells(LocatorCells::build(*m_tree)), m_borders(*m_tree) {}

DivisionIndex Locator::locate(Vec2d point_world) const {
  if (!std::isfinite(point_world.x) || !std::isfinite(point_world.y)) return DivisionIndex::none();
  return m_cells.find(m_tree->to_units(point_world));
}

DivisionIndex Locator::locate_at_level(Vec2d point_world, std::uint32_t level_index) const {
  const DivisionIndex found = locate(point_world);
  return found.valid() ? m_tree->ancestor_at_level(found, level_index) : found;
}

double Locator::distance_to_border_m(Vec2d point_world, DivisionIndex index, double limit_m) const {
  if (!std::isfinite(point_world.x) || !std::isfinite(point_world.y)) return std::numeric_limits<double>::infinity();
  const Vec2d point_units = (point_world - m_tree->origin_world()) * (1 / m_tree->unit_m());
  return m_borders.distance_units(*m_tree, point_units, index, limit_m / m_tree->unit_m()) * m_tree->unit_m();
}

}  // namespace gridwall::model
