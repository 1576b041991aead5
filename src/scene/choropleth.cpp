#include "scene/choropleth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scene/class_breaks.hpp"
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

Legend make_legend(model::Indicator indicator, std::uint32_t level_index, const std::vector<double>& upper) {
  Legend legend{indicator, level_index, {}, std::nullopt};
  legend.entries.push_back({0, 0, kFillZero});
  for (std::size_t k = 0; k < kClassCount; ++k) {
    const double above = k == 0 ? 0 : upper[k - 1];
    const bool is_last = k + 1 == kClassCount;
    legend.entries.push_back({above, is_last ? std::numeric_limits<double>::infinity() : upper[k], kFillClasses[k]});
  }
  return legend;
}

// Half a millionth forgives the rounding of 3 * 0.1.
std::size_t class_by_edges(double value, const std::vector<double>& upper) {
  return static_cast<std::size_t>(
      std::ranges::lower_bound(upper, value, [](double edge, double v) { return edge * (1 + 5e-7) < v; }) -
      upper.begin());
}

}  // namespace

double indicator_value(const state::WorldSnapshot& snapshot, model::Indicator indicator,
                       model::DivisionIndex division) {
  const state::CaseCounts& counts = snapshot.total->at(division.value);
  switch (indicator) {
    case model::Indicator::OpenCount:
      return counts.open;
    case model::Indicator::ReportedToday:
      return counts.reported_today;
    case model::Indicator::OpenPerKm2: {
      const double area_km2 = snapshot.tree->at(division).area_m2 * 1e-6;
      return area_km2 > 0 ? counts.open / area_km2 : 0;
    }
  }
  return 0;
}

bool indicator_is_count(model::Indicator indicator) {
  return indicator != model::Indicator::OpenPerKm2;
}

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

void Choropleth::choose_edges(Edges& edges, double top_wanted, const model::ColouringSpec& colouring, bool whole) {
  const double apart = whole ? 1.0 : 0.01;
  edges.top = top_wanted;
  switch (colouring.classes) {
    case model::ClassRule::Steps: {
      const double step = round_step(top_wanted / static_cast<double>(kClassCount - 1), whole);
      edges.top = step * static_cast<double>(kClassCount - 1);
      edges.upper.clear();
      for (std::size_t k = 1; k < kClassCount; ++k) edges.upper.push_back(static_cast<double>(k) * step);
      return;
    }
    case model::ClassRule::Quantiles:
      edges.upper = m_values.empty() ? std::vector<double>{1, 2, 3, 4} : quantile_edges(m_values, kClassCount, apart);
      return;
    case model::ClassRule::Natural:
      edges.upper = m_values.empty() ? std::vector<double>{1, 2, 3, 4} : natural_edges(m_values, kClassCount, apart);
      return;
    case model::ClassRule::Fixed:
      edges.upper = colouring.edges;
      return;
  }
}

void Choropleth::paint(const state::WorldSnapshot& snapshot, model::Indicator indicator, std::uint32_t level_index,
                       const model::ColouringSpec& colouring, std::vector<base::Color>& colors) {
  const model::DivisionTree& tree = *snapshot.tree;
  const Painted wanted{snapshot.tree, snapshot.total, {indicator, level_index}, colouring};
  if (wanted == m_painted && colors.size() == tree.divisions().size()) return;
  if (m_painted.colouring != colouring) m_edges.clear();
  m_painted = wanted;
  colors.resize(tree.divisions().size(), kFillZero);
  const model::Range range = tree.levels().at(level_index).divisions;
  m_values.clear();
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const double value = indicator_value(snapshot, indicator, model::DivisionIndex{i});
    if (value > 0) m_values.push_back(value);
  }
  Edges& edges = m_edges[{indicator, level_index}];
  const double top_wanted = top_edge_wanted(m_values);
  if (edges.upper.empty() || top_wanted > edges.top * kOutgrown) {
    choose_edges(edges, top_wanted, colouring, indicator_is_count(indicator));
  }
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const double value = indicator_value(snapshot, indicator, model::DivisionIndex{i});
    colors[i] = value > 0 ? kFillClasses[class_by_edges(value, edges.upper)] : kFillZero;
  }
  m_legend = make_legend(indicator, level_index, edges.upper);
  // Nothing to tell yet must not fix the edges of a busy day.
  if (m_values.empty()) edges = {};
}

}  // namespace gridwall::scene
