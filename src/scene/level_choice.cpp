#include "scene/level_choice.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::scene {

namespace {

// Pixels at ui_scale 1 that the median division of a level must have across, to come and to stay.
struct Threshold {
  double enter_px, leave_px;
};
constexpr Threshold kFill{26, 21};      // a cell whose colour can be told from its neighbour's
constexpr Threshold kGather{96, 80};    // room for a bubble and a name
constexpr double kBorderPx = 11;        // closer lines become a grey haze
constexpr double kFilledBorderPx = 5;   // of the level that is filled: its cells are told apart by colour too
constexpr double kLabelPx = 62;         // four characters

}  // namespace

const LevelChoice& LevelChooser::choose(const std::shared_ptr<const model::DivisionTree>& tree, double px_per_m,
                                        double ui_scale) {
  if (tree != m_tree) {
    m_tree = tree;
    m_choice = {};
    measure(*tree);
  }
  const double scaled = px_per_m / std::max(0.1, ui_scale);
  m_choice.fill_level = deepest(scaled, kFill.enter_px, kFill.leave_px, m_choice.fill_level);
  m_choice.gather_level = std::min(m_choice.fill_level,
                                   deepest(scaled, kGather.enter_px, kGather.leave_px, m_choice.gather_level));
  m_choice.border_levels.clear();
  m_choice.label_levels.clear();
  for (std::uint32_t level = 0; level < m_median_m.size(); ++level) {
    const double size_px = m_median_m[level] * scaled;
    const double least_px = level == 0 ? 0 : level <= m_choice.fill_level ? kFilledBorderPx : kBorderPx;
    if (size_px >= least_px) m_choice.border_levels.push_back(level);
    const bool is_root_of_more = level == 0 && m_median_m.size() > 1;
    if (!is_root_of_more && (level <= 1 || size_px >= kLabelPx)) m_choice.label_levels.push_back(level);
  }
  return m_choice;
}

void LevelChooser::measure(const model::DivisionTree& tree) {
  m_median_m.clear();
  for (const model::DivisionLevel& level : tree.levels()) {
    std::vector<double> areas_m2;
    for (std::uint32_t i = level.divisions.begin; i < level.divisions.end; ++i) {
      areas_m2.push_back(tree.divisions()[i].area_m2);
    }
    double median_m = 0;
    if (!areas_m2.empty()) {
      const auto middle = areas_m2.begin() + static_cast<std::ptrdiff_t>(areas_m2.size() / 2);
      std::nth_element(areas_m2.begin(), middle, areas_m2.end());
      median_m = std::sqrt(std::max(0.0, *middle));
    }
    m_median_m.push_back(median_m);
  }
}

std::uint32_t LevelChooser::deepest(double px_per_m, double enter_px, double leave_px, std::uint32_t current) const {
  // The first level below the root is always there: a wall of one colour tells nothing.
  std::uint32_t chosen = m_median_m.size() > 1 ? 1 : 0;
  for (std::uint32_t level = chosen + 1; level < m_median_m.size(); ++level) {
    const double needed_px = level <= current ? leave_px : enter_px;
    if (m_median_m[level] * px_per_m < needed_px) break;
    chosen = level;
  }
  return chosen;
}

}  // namespace gridwall::scene
