// PlacePicker: where cases happen. Small leaf divisions are towns' grids and have more; a few seeded hot corners
// (a market, a station) have many. Every point lies inside its leaf division, 6 m from its border where the leaf is
// wide enough, so that rounding never carries it over. Test: tests/unit/sim/place_picker_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/random.hpp"
#include "model/division_tree.hpp"

namespace gridwall::sim {

struct Place {
  model::DivisionIndex division;  // a leaf
  base::Vec2d point_world;
};

// Immutable after the constructor.
class PlacePicker {
 public:
  PlacePicker(std::shared_ptr<const model::DivisionTree> tree, std::uint64_t seed);

  // `street`: gathers about the corners of hot divisions. nullopt: no leaf of the tree has any area.
  [[nodiscard]] std::optional<Place> pick(base::Random& random, bool street) const;
  // Another place about `place`, in the same leaf; `place` itself where there is no room.
  [[nodiscard]] Place near(const Place& place, double deviation_m, base::Random& random) const;

 private:
  [[nodiscard]] std::vector<double> leaf_weights(base::Random random) const;
  void place_corners(base::Random random, std::vector<double>& weights);
  [[nodiscard]] base::Vec2d point_in(model::DivisionIndex leaf, base::Random& random) const;
  [[nodiscard]] base::Vec2d point_in_triangles(model::DivisionIndex leaf, base::Random& random) const;
  [[nodiscard]] bool inside(model::DivisionIndex leaf, base::Vec2d point_world) const;
  [[nodiscard]] double border_distance_m(model::DivisionIndex leaf, base::Vec2d point_world) const;

  std::shared_ptr<const model::DivisionTree> m_tree;
  std::vector<model::DivisionIndex> m_leaves;                                   // those with triangles
  std::vector<double> m_cumulative;                                             // beside m_leaves
  std::unordered_map<std::uint32_t, std::vector<base::Vec2d>> m_corners_world;  // of hot leaves
};

}  // namespace gridwall::sim
