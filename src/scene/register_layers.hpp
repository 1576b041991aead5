// RegisterLayers: what a profile's layers put on the map from the register: sites as small hollow marks, circles about
// them, arcs from a department to its community, discs for counts by division, outlines of chosen divisions, heat of
// reports; what they are filled with is LayerFill's. Calm: all of it is slate, and a site is saturated only while its
// state is abnormal. What a profile marks counts_only is never a point. Everything lies below the markers of cases.
// Invariant (tests/unit/scene/register_layers_test.cpp): no mark stands for a site of a counts_only kind.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/profile_tables.hpp"
#include "scene/density_bins.hpp"
#include "scene/frame_scene.hpp"
#include "scene/layer_fill.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::scene {

// Of a site: what wants somebody. Unknown words are calm.
bool is_abnormal_state(std::string_view state);

// The mark in front of a layer's name.
enum class LayerMark : std::uint8_t { Site, Circle, Arc, Disc, Outline, Fill, Heat, None };

// Of heat: a bin's colour by the least count that has it.
struct HeatStep {
  std::uint32_t count = 0;
  base::Color color;
};
inline constexpr std::array kHeatSteps{HeatStep{kDensityLeast, {92, 78, 132, 120}}, HeatStep{10, {126, 98, 160, 140}},
                                       HeatStep{20, {164, 122, 188, 160}}, HeatStep{50, {212, 164, 216, 185}}};

struct LayerLegend {
  std::string id;
  LayerMark mark = LayerMark::None;
  model::MarkerShape shape = model::MarkerShape::Circle;
  // Entries that lie on the map; of a fill, divisions with a number; of heat, cases in its bins.
  std::uint32_t shown = 0;
  std::uint32_t counted = 0;  // entries there are; of a fill, divisions of its level; of heat, cases of its window
  std::uint32_t abnormal = 0;
  std::optional<std::uint32_t> stated;  // what the profile's material says
  bool assumed = false;                 // the material gives no number
  bool painted = true;                  // false: a fill in whose place another one stands
  bool operator==(const LayerLegend&) const = default;
};

class RegisterLayers {
 public:
  // Appends to `scene.lines` and `scene.markers`; `ui_scale` as in SceneOptions.
  void build(const state::WorldSnapshot& snapshot, const model::ProfileTables& tables,
             std::span<const std::string> layers, double ui_scale, FrameScene& scene);
  // What choropleths among the layers of the last build show.
  void tell_fills(std::span<const LayerFill::Cover> covers);
  void clear() { m_legend.clear(); }
  [[nodiscard]] const std::vector<LayerLegend>& legend() const { return m_legend; }

 private:
  struct Part;
  static void count_site(const Part& part, const state::RegisterEntry& entry, LayerLegend& legend);
  void add_sites(const Part& part, LayerLegend& legend);
  void add_circles(const Part& part, LayerLegend& legend);
  void add_arcs(const Part& part, LayerLegend& legend);
  void add_discs(const Part& part, LayerLegend& legend);
  void add_outlines(const Part& part, LayerLegend& legend);
  void add_heat(const Part& part, LayerLegend& legend);

  DensityBins m_density;
  std::vector<LayerLegend> m_legend;
};

}  // namespace gridwall::scene
