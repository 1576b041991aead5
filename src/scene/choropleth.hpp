// Choropleth: an indicator of the divisions of one level as five classes: fixed, round steps, or by the profile's rule
// quantiles, natural breaks or edges of its own. A legend changes only when the figures outgrow it (never back) or on
// command, so that a colour keeps its meaning through a shift.
// Test: tests/unit/scene/choropleth_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/geometry.hpp"
#include "model/profile.hpp"
#include "model/view.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::scene {

inline constexpr std::size_t kClassCount = 5;

// The value of a division; counts, or open cases per km2.
double indicator_value(const state::WorldSnapshot& snapshot, model::Indicator indicator, model::DivisionIndex division);
bool indicator_is_count(model::Indicator indicator);

// Class k holds (k * step, (k + 1) * step], the last one everything above; zero stands alone.
std::size_t class_of(double value, double step);  // of a value above 0
// The smallest round step (1, 2, 5 times a power of ten) that is not below `wanted`.
double round_step(double wanted, bool whole);

struct LegendEntry {
  double above = 0;  // values above this ...
  double up_to = 0;  // ... up to this; infinity for the last class. Both 0: the class of zero.
  base::Color color;
  bool operator==(const LegendEntry&) const = default;
};

// What is painted when a layer's numbers stand in the place of the indicator (scene/layer_fill.hpp).
struct LayerNumbers {
  std::string layer_id;
  // Shares of a norm: a class holds what is not below `above` and below `up_to`, both parts of the norm.
  bool is_share = false;
  bool simulated = false, exercise = false;  // some of the numbers
  bool assumed = false;                      // the norm
  std::uint32_t valued_count = 0, division_count = 0;
  std::uint32_t small_count = 0;  // of valued_count: counts too small to tell, all in kFillSmall
  bool operator==(const LayerNumbers&) const = default;
};

struct Legend {
  model::Indicator indicator = model::Indicator::OpenCount;
  std::uint32_t level_index = 0;
  std::vector<LegendEntry> entries;     // lowest first: zero, where it has a class of its own
  std::optional<LayerNumbers> layer{};  // none: the indicator's legend
  bool operator==(const Legend&) const = default;
};

class Choropleth {
 public:
  // Colours of the divisions of `level_index` into `colors` (resized to the tree; other levels keep what they have).
  // Nothing is done when all is as the last time.
  void paint(const state::WorldSnapshot& snapshot, model::Indicator indicator, std::uint32_t level_index,
             const model::ColouringSpec& colouring, std::vector<base::Color>& colors);
  // Forgets all edges: the next paint chooses them from what is there.
  void recompute() {
    m_edges.clear();
    m_painted = {};
  }
  [[nodiscard]] const Legend& legend() const { return m_legend; }

 private:
  using Key = std::pair<model::Indicator, std::uint32_t>;
  // The upper ends of the classes but the last, and of the figures by which they were chosen.
  struct Edges {
    std::vector<double> upper;
    double top = 0;
  };
  // What the colours were made from last.
  struct Painted {
    std::shared_ptr<const model::DivisionTree> tree;
    std::shared_ptr<const state::FrozenCounts> counts;
    Key key;
    model::ColouringSpec colouring;
    bool operator==(const Painted&) const = default;
  };
  void choose_edges(Edges& edges, double top_wanted, const model::ColouringSpec& colouring, bool whole);

  std::map<Key, Edges> m_edges;
  Painted m_painted;
  std::vector<double> m_values;
  Legend m_legend;
};

}  // namespace gridwall::scene
