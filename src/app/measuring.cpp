#include "app/measuring.hpp"

namespace gridwall::app {

base::Result<std::unique_ptr<Measuring>> Measuring::create(std::shared_ptr<const model::DivisionTree> tree) {
  TRY_ASSIGN(auto geodesy, geo::Geodesy::create(tree->world_crs()));
  return std::unique_ptr<Measuring>(new Measuring(std::move(tree), std::move(geodesy)));
}

Measuring::Measuring(std::shared_ptr<const model::DivisionTree> tree, geo::Geodesy geodesy)
    : m_tree(std::move(tree)), m_geodesy(std::move(geodesy)) {}

double Measuring::px_per_true_m(const model::MapView& view) {
  if (m_scaled_at_world != view.center_world) {
    m_scaled_at_world = view.center_world;
    m_true_m_per_m = m_geodesy.local_scale(view.center_world).value_or(1);
  }
  return view.px_per_m / m_true_m_per_m;
}

}  // namespace gridwall::app
