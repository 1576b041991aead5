// LevelChooser: which levels of the tree a zoom shows: one filled, some bordered, some named, one whose divisions
// gather markers. By the median size of a level's divisions in pixels, with hysteresis, so that nothing flickers at a
// threshold. Test: tests/unit/scene/level_choice_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/division_tree.hpp"

namespace gridwall::scene {

struct LevelChoice {
  std::uint32_t fill_level = 0;
  std::uint32_t gather_level = 0;             // its divisions gather markers that would overlap
  std::vector<std::uint32_t> border_levels;   // ascending
  std::vector<std::uint32_t> label_levels;    // ascending, never the root unless it is alone
  bool operator==(const LevelChoice&) const = default;
};

class LevelChooser {
 public:
  // `ui_scale` 1 is a desk: a wall that is read from afar needs larger cells.
  const LevelChoice& choose(const std::shared_ptr<const model::DivisionTree>& tree, double px_per_m, double ui_scale);

 private:
  void measure(const model::DivisionTree& tree);
  [[nodiscard]] std::uint32_t deepest(double px_per_m, double enter_px, double leave_px, std::uint32_t current) const;

  std::shared_ptr<const model::DivisionTree> m_tree;
  std::vector<double> m_median_m;  // side of the median division's square, by level
  LevelChoice m_choice;
};

}  // namespace gridwall::scene
