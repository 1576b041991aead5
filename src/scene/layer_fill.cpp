#include "scene/layer_fill.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/suppression.hpp"
#include "scene/palette.hpp"

namespace gridwall::scene {

namespace {

constexpr double kShareAboveLowest = 0.9;  // of the divisions: what warms up is the exception
constexpr double kOutgrown = 1.5;
// Of shares: finer steps would make much of little, with coarser ones the lowest class would end below nothing.
constexpr double kShareStepLeast = 0.05, kShareStepMost = 0.25;
constexpr std::int64_t kWholePercent = 100'000;  // a percentage as the register tells it

template <typename Row>
const Row* find_row(const std::vector<Row>& rows, std::string_view id) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

std::uint32_t level_named(const model::DivisionTree& tree, std::string_view name) {
  const auto& levels = tree.levels();
  const auto found = std::ranges::find_if(levels, [&](const auto& level) { return level.name_zh == name; });
  return found == levels.end() ? static_cast<std::uint32_t>(levels.size() - 1)
                               : static_cast<std::uint32_t>(found - levels.begin());
}

// 1 to 4 of something that is counted: not of a percentage, nor of so many to 10,000 residents.
bool is_small(const model::RegisterFacts& facts, const model::FigureSpec* figure) {
  if (facts.of_milli == kWholePercent || (figure != nullptr && figure->unit.starts_with("per "))) return false;
  return model::shown_alone(*facts.value_milli / 1000) == model::CellShown::Small;
}

// The value that a tenth of `values` lie beyond, from below or from above.
double at_part(std::vector<double> values, double part) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, place);
  return *place;
}

}  // namespace

struct LayerFill::Numbers {
  const model::LayerSpec* layer = nullptr;
  const model::FigureSpec* figure = nullptr;
  std::uint32_t level = 0;
  std::map<std::uint32_t, std::optional<double>> by_division;  // without a value: a count too small to tell
  bool is_share = false, is_simulated = false, is_exercise = false;
};

// The first entry of a division counts, by key. The whole district's own number is no division's.
LayerFill::Numbers LayerFill::read(const state::WorldSnapshot& snapshot, const model::ProfileTables& tables,
                                   const model::LayerSpec& layer) {
  Numbers numbers;
  numbers.layer = &layer;
  numbers.figure = find_row(tables.figures, layer.figure);
  const model::DivisionTree& tree = *snapshot.tree;
  const std::uint32_t wanted = level_named(tree, layer.level);
  std::vector<const state::RegisterEntry*> entries;
  for (const std::string& table : {layer.figure, layer.id}) {
    if (table.empty() || !entries.empty()) continue;
    for (const auto& entry : snapshot.registers->table(model::RegisterKind::Metric, table)) {
      const bool is_one = entry->facts.value_milli && entry->facts.entity.empty() && entry->division.valid();
      if (!is_one) continue;
      const std::uint32_t level = tree.at(entry->division).level_index;
      if (level > wanted || (level == 0 && wanted > 0)) continue;
      numbers.level = std::max(numbers.level, level);
      entries.push_back(entry.get());
    }
  }
  if (entries.empty()) numbers.level = wanted;
  std::erase_if(entries, [&](const auto* one) { return tree.at(one->division).level_index != numbers.level; });
  numbers.is_share = std::ranges::any_of(entries, [](const auto* one) { return one->facts.of_milli.value_or(0) > 0; });
  for (const state::RegisterEntry* entry : entries) {
    const model::RegisterFacts& facts = entry->facts;
    const std::int64_t of = facts.of_milli.value_or(0);
    if (numbers.is_share && of <= 0) continue;  // out of nothing there is no share
    const double value = static_cast<double>(*facts.value_milli) / (numbers.is_share ? static_cast<double>(of) : 1000);
    const bool small = is_small(facts, numbers.figure);
    numbers.by_division.try_emplace(entry->division.value, small ? std::nullopt : std::optional(value));
    numbers.is_simulated = numbers.is_simulated || entry->simulated;
    numbers.is_exercise = numbers.is_exercise || facts.exercise;
  }
  return numbers;
}

bool LayerFill::is_built(const state::WorldSnapshot& snapshot, std::span<const std::string> layers,
                         std::uint32_t drawn_level) const {
  return m_tree == snapshot.tree && m_registers == snapshot.registers && m_drawn_level == drawn_level &&
         std::ranges::equal(m_layers, layers);
}

bool LayerFill::build(const state::WorldSnapshot& snapshot, const model::ProfileTables& tables,
                      std::span<const std::string> layers, std::uint32_t drawn_level) {
  if (is_built(snapshot, layers, drawn_level)) return m_is_painted;
  m_tree = snapshot.tree;
  m_registers = snapshot.registers;
  m_layers.assign(layers.begin(), layers.end());
  m_drawn_level = drawn_level;
  m_covers.clear();
  std::optional<Numbers> chosen;
  for (const std::string& id : layers) {
    const model::LayerSpec* layer = find_row(tables.layers, id);
    if (layer == nullptr || layer->kind != "choropleth") continue;
    Numbers numbers = read(snapshot, tables, *layer);
    m_covers.push_back({id, static_cast<std::uint32_t>(numbers.by_division.size()),
                        snapshot.tree->levels().at(numbers.level).divisions.size(),
                        numbers.figure != nullptr && numbers.figure->assumed});
    if (numbers.by_division.empty()) continue;
    const bool fits = numbers.level <= drawn_level;
    const bool is_better = !chosen || (chosen->level > drawn_level ? numbers.level < chosen->level
                                                                   : fits && numbers.level > chosen->level);
    if (is_better) chosen = std::move(numbers);
  }
  m_is_painted = chosen.has_value();
  if (!chosen) return false;
  for (Cover& cover : m_covers) cover.painted = cover.layer_id == chosen->layer->id;
  paint(snapshot, *chosen);
  return true;
}

void LayerFill::recompute() {
  m_steps.clear();
  m_tree.reset();  // whatever is asked for next is built anew
}

double LayerFill::step_of(const Numbers& numbers) {
  std::vector<double> values;
  for (const auto& [division, value] : numbers.by_division) {
    if (value && (numbers.is_share || *value > 0)) values.push_back(*value);
  }
  double& step = m_steps[{numbers.layer->id, numbers.level}];
  const double classes = static_cast<double>(kClassCount);
  double wanted = 0;
  if (!values.empty()) {
    wanted = numbers.is_share ? (1 - at_part(values, 1 - kShareAboveLowest)) / (classes - 2)
                              : at_part(values, kShareAboveLowest) / (classes - 1);
  }
  if (step == 0 || wanted > step * kOutgrown) {
    step = numbers.is_share ? std::min(round_step(std::max(wanted, kShareStepLeast), false), kShareStepMost)
                            : round_step(wanted, true);
  }
  const double now = step;
  if (values.empty()) step = 0;  // nothing to tell yet must not fix it
  return now;
}

void LayerFill::paint(const state::WorldSnapshot& snapshot, const Numbers& numbers) {
  const double step = step_of(numbers);
  const model::Range range = snapshot.tree->levels().at(numbers.level).divisions;
  // What a share is filled with, from the lowest class to the whole norm: the more lacks, the brighter.
  const auto color_of = [&](double value) {
    if (!numbers.is_share) return value > 0 ? kFillQuiet[class_of(value, step)] : kFillZero;
    // Half a millionth of a step forgives the rounding of 9 / 10.
    const double below = std::ceil((1 - value) / step - 5e-7);
    return kFillClasses[static_cast<std::size_t>(std::clamp(below, 0.0, static_cast<double>(kClassCount - 1)))];
  };
  m_colors.assign(snapshot.tree->divisions().size(), kFillZero);
  m_hatched.assign(m_colors.size(), 0);
  LayerNumbers told{numbers.layer->id, numbers.is_share, numbers.is_simulated, numbers.is_exercise};
  told.assumed = numbers.figure != nullptr && numbers.figure->assumed;
  told.division_count = range.size();
  bool has_zero = false;
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const auto found = numbers.by_division.find(i);
    if (found == numbers.by_division.end()) {
      m_colors[i] = kFillNoData;
      m_hatched[i] = 1;
      continue;
    }
    ++told.valued_count;
    told.small_count += found->second ? 0u : 1u;
    has_zero = has_zero || found->second == 0.0;
    m_colors[i] = found->second ? color_of(*found->second) : kFillSmall;
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  m_legend = {m_legend.indicator, numbers.level, {}, std::move(told)};
  if (!numbers.is_share && has_zero) m_legend.entries.push_back({0, 0, kFillZero});
  for (std::size_t k = 0; k < kClassCount; ++k) {
    const bool is_last = k + 1 == kClassCount;
    const double lower =
        numbers.is_share ? 1 - static_cast<double>(kClassCount - 1 - k) * step : static_cast<double>(k) * step;
    const base::Color color = numbers.is_share ? kFillClasses[kClassCount - 1 - k] : kFillQuiet[k];
    // The lowest class of counts begins above those that are too small to tell.
    const double least = !numbers.is_share && m_legend.layer->small_count > 0 ? model::kSmallCellBelow - 1 : 0;
    const double above = k == 0 ? least : lower;
    m_legend.entries.push_back({above, is_last ? kInfinity : lower + step, color});
  }
}

}  // namespace gridwall::scene
