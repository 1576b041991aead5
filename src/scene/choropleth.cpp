#include "scene/choropleth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scene/palette.hpp"

namespace gridwall::scene {

namespace {

// Nine of ten divisions that have anything lie below the last class: what warms up is the exception.
constexpr double kShareBelowTop = 0.9;
// A step gives way only when the figures have clearly outgrown it.
constexpr double kOutgrown = 1.5;

double top_edge_wanted(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto index = static_cast<std::size_t>(kShareBelowTop * static_cast<double>(values.size() - 1));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

Legend make_legend(model::Indicator indicator, std::uint32_t level_index, double step) {
  Legend legend{indicator, level_index, {}, std::nullopt};
  legend.entries.push_back({0, 0, kFillZero});
  for (std::size_t k = 0; k < kClassCount; ++k) {
    const double above = static_cast<double>(k) * step;
    const bool is_last = k + 1 == kClassCount;
    legend.entries.push_back(
        {above, is_last ? std::numeric_limits<double>::infinity() : above + step, kFillClasses[k]});
  }
  return legend;
}

}  // namespace

double indicator_value(const state::WorldSnapshot& snapshot, model::Indicator indicator,
                       model::DivisionIndex division) {
  const state::CaseCounts& counts = snapshot.total->at(division.value);
  switch (indicator) {
    case model::Indicator::OpenCount: return counts.open;
    case model::Indicator::ReportedToday: return counts.reported_today;
    case model::Indicator::OpenPerKm2: {
      const double area_km2 = snapshot.tree->at(division).area_m2 * 1e-6;
      return area_km2 > 0 ? counts.open / area_km2 : 0;
    }
  }
  return 0;
}

bool indicator_is_count(model::Indicator indicator) { return indicator != model::Indicator::OpenPerKm2; }

std::size_t class_of(double value, double step) {
  // Half a millionth of a step forgives the rounding of 3 * 0.1.
  const double steps = std::ceil(value / step - 5e-7) - 1;
  return static_cast<std::size_t>(std::clamp(steps, 0.0, static_cast<double>(kClassCount - 1)));
}

double round_step(double wanted, bool whole) {
  const double least = whole ? 1.0 : 0.01;
  if (!(wanted > least)) return least;
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  for (const double digit : {1.0, 2.0, 5.0, 10.0}) {
    if (digit * power >= wanted * (1 - 1e-9)) return digit * power;
  }
  return 10 * power;
}

void Choropleth::paint(const state::WorldSnapshot& snapshot, model::Indicator indicator, std::uint32_t level_index,
                       std::vector<base::Color>& colors) {
  const model::DivisionTree& tree = *snapshot.tree;
  colors.resize(tree.divisions().size(), kFillZero);
  const model::Range range = tree.levels().at(level_index).divisions;
  m_values.clear();
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const double value = indicator_value(snapshot, indicator, model::DivisionIndex{i});
    if (value > 0) m_values.push_back(value);
  }
  double& step = m_steps[{indicator, level_index}];
  const double wanted = top_edge_wanted(m_values) / static_cast<double>(kClassCount - 1);
  if (step == 0 || wanted > step * kOutgrown) step = round_step(wanted, indicator_is_count(indicator));
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const double value = indicator_value(snapshot, indicator, model::DivisionIndex{i});
    colors[i] = value > 0 ? kFillClasses[class_of(value, step)] : kFillZero;
  }
  // Nothing to tell yet must not fix the step of a busy day.
  m_legend = make_legend(indicator, level_index, step);
  if (m_values.empty()) step = 0;
}

}  // namespace gridwall::scene
