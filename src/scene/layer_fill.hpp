// LayerFill: a choropleth layer of the profile's, in the place of the indicator's fill: a number of each division of
// one level, out of the register. Out of a norm it is a share: the classes end at the whole norm, and the lowest one is
// warm, for what lacks is what wants somebody. Without a norm nothing is out of the way and nothing is warm. Steps are
// fixed and round as the indicator's are; they grow when the figures outgrow them, never back. A division of which
// nobody told a number is hatched, and a count of 1 to 4 is told as such, not by its class.
// Test: tests/unit/scene/layer_fill_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/geometry.hpp"
#include "model/profile_tables.hpp"
#include "scene/choropleth.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::scene {

// One thread.
class LayerFill {
 public:
  // Of `layers` that are choropleths one is painted at a time: of those with numbers the finest whose level is not
  // finer than `drawn_level`, else the coarsest; so a view with one for each level follows the zoom. False: none of
  // them has a number, and there is nothing to paint. A layer's numbers are metrics whose table is its figure's id (a
  // board of that id tells them too) or its own, about a division and no entity; told for divisions of a coarser level
  // than the layer's, they are painted there. Pictures of one register and level are built once.
  bool build(const state::WorldSnapshot& snapshot, const model::ProfileTables& tables,
             std::span<const std::string> layers, std::uint32_t drawn_level);
  void recompute();

  // Of the last build that was true. Colours and flags are as long as the tree's divisions.
  [[nodiscard]] const Legend& legend() const { return m_legend; }
  [[nodiscard]] const std::vector<base::Color>& colors() const { return m_colors; }
  [[nodiscard]] const std::vector<std::uint8_t>& hatched() const { return m_hatched; }

  // Of each choropleth among the layers of the last build, painted or not: for the layers' box.
  struct Cover {
    std::string layer_id;
    std::uint32_t valued_count = 0, division_count = 0;
    bool assumed = false;  // the norm
    bool painted = false;
  };
  [[nodiscard]] const std::vector<Cover>& covers() const { return m_covers; }

 private:
  struct Numbers;
  static Numbers read(const state::WorldSnapshot& snapshot, const model::ProfileTables& tables,
                      const model::LayerSpec& layer);
  void paint(const state::WorldSnapshot& snapshot, const Numbers& numbers);
  [[nodiscard]] double step_of(const Numbers& numbers);
  [[nodiscard]] bool is_built(const state::WorldSnapshot& snapshot, std::span<const std::string> layers,
                              std::uint32_t drawn_level) const;

  std::map<std::pair<std::string, std::uint32_t>, double> m_steps;  // by layer and level
  Legend m_legend;
  std::vector<base::Color> m_colors;
  std::vector<std::uint8_t> m_hatched;
  std::vector<Cover> m_covers;
  // What the above was built of.
  std::shared_ptr<const model::DivisionTree> m_tree;
  std::shared_ptr<const state::RegisterSnapshot> m_registers;
  std::vector<std::string> m_layers;
  std::uint32_t m_drawn_level = 0;
  bool m_is_painted = false;
};

}  // namespace gridwall::scene
