// Measuring: how large the map's ground truly is, for the scale bar. Main thread only.
// Test: tests/unit/app/measuring_test.cpp.
#pragma once

#include <memory>
#include <optional>

#include "geo/geodesy.hpp"
#include "model/division_tree.hpp"
#include "model/view.hpp"

namespace gridwall::app {

class Measuring {
 public:
  // Error: the tree's reference system leads to no degrees.
  static base::Result<std::unique_ptr<Measuring>> create(std::shared_ptr<const model::DivisionTree> tree);

  // Pixels a true metre eastward in the middle of the view; PROJ is asked when that moved only. Where the projection
  // ends, the projected metre's.
  double px_per_true_m(const model::MapView& view);

 private:
  Measuring(std::shared_ptr<const model::DivisionTree> tree, geo::Geodesy geodesy);

  std::shared_ptr<const model::DivisionTree> m_tree;
  geo::Geodesy m_geodesy;
  std::optional<base::Vec2d> m_scaled_at_world;  // where m_true_m_per_m holds
  double m_true_m_per_m = 1;
};

}  // namespace gridwall::app
