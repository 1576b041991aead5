// SceneBuilder: snapshot + viewport -> FrameScene. The only place where facts become a picture of the map; buffers are
// reused, and colors_version changes only when a colour does, so that render uploads nothing else.
// Main thread. Test: tests/unit/scene/scene_builder_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "model/feed_status.hpp"
#include "model/glyph_metrics.hpp"
#include "model/vocabulary.hpp"
#include "scene/choropleth.hpp"
#include "scene/frame_scene.hpp"
#include "scene/label_placement.hpp"
#include "scene/layer_fill.hpp"
#include "scene/level_choice.hpp"
#include "scene/marker_layout.hpp"
#include "scene/measure_sketch.hpp"
#include "scene/register_layers.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::scene {

struct SceneOptions {
  model::Indicator indicator = model::Indicator::OpenCount;
  model::DivisionIndex hovered;
  model::DivisionIndex selected;
  std::string selected_incident;
  std::string fan_of;        // an incident: the stack that it lies in is fanned out; empty: none
  std::size_t fan_page = 0;  // of its members, kFanPage a page
  model::FeedState feed_state = model::FeedState::Static;
  base::UtcTime now_utc{};        // our own clock: pulses
  double ui_scale = 1;            // Layout::ui_scale; 1 is a desk
  // Endings that a label does without, separated by '|' (words key "map.name_suffixes"): the first that fits is cut.
  std::string name_suffixes;
  model::ColouringSpec colouring;  // of the indicator's classes
  // What else lies on the map: layers of the profile, in their order; null: none. The finest level that is filled and
  // bordered, where the view says one.
  const model::ProfileTables* tables = nullptr;
  std::vector<std::string> layers;
  std::optional<std::uint32_t> finest_level;
  const Basemap* basemap = nullptr;  // what lies below the divisions; null: nothing
  float fill_opacity = 1;            // of their fills
  std::string basemap_credit;        // whose map it is: a small line in the map's corner; empty: none
  std::string notice;                // what has to be known of the map as a whole: a line at its top; empty: none
  const MapSketch* sketch = nullptr;  // over all of it; null: nothing
  base::Box2d covered_px;  // of the output: what lies over the map there, so that no label does; empty: nothing
};

// `name` without the first of the endings that it has, unless nothing would be left.
std::string_view short_name(std::string_view name, std::string_view suffixes);

// How grey the map is: 0 as it is, 1 nothing on it may be believed.
float stale_strength(model::FeedState state);

class SceneBuilder {
 public:
  // `metrics` outlives the builder.
  explicit SceneBuilder(const model::GlyphMetrics& metrics) : m_metrics(metrics) {}

  // The reference holds until the next build.
  const FrameScene& build(const state::WorldSnapshot& snapshot, const model::Vocabulary& vocabulary,
                          const Viewport& viewport, const SceneOptions& options);

  // Of what fills the divisions: a layer's numbers, or the indicator.
  [[nodiscard]] const Legend& legend() const {
    return m_is_layer_painted ? m_layer_fill.legend() : m_choropleth.legend();
  }
  // The layers of the picture last built, with what they show.
  [[nodiscard]] const std::vector<LayerLegend>& layer_legend() const { return m_layers.legend(); }
  [[nodiscard]] const LevelChoice& levels() const { return m_level_choice; }
  // What a pointer can hit in the picture last built.
  [[nodiscard]] const std::vector<DrawnIncident>& drawn_incidents() const { return m_markers.drawn(); }
  [[nodiscard]] const std::vector<Bubble>& bubbles() const { return m_markers.bubbles(); }
  [[nodiscard]] const std::vector<MarkerStack>& stacks() const { return m_markers.stacks(); }
  // As far as one is open and its stack is in sight.
  [[nodiscard]] const OpenFan& fan() const { return m_markers.fan(); }
  [[nodiscard]] std::span<const std::uint32_t> critical() const { return m_markers.critical(); }
  // Something pulses: draw the next frame too.
  [[nodiscard]] bool animates() const { return m_markers.animates(); }
  // Chooses the choropleth's steps anew.
  void recompute_legend() {
    m_choropleth.recompute();
    m_layer_fill.recompute();
  }

 private:
  void keep_to_level(std::uint32_t level);
  void build_fills(const state::WorldSnapshot& snapshot, const SceneOptions& options);
  void build_borders(const SceneOptions& options);
  void build_credit(const SceneOptions& options);
  void build_notice(const SceneOptions& options);
  void keep_clear_of(const MapSketch& sketch);
  void add_sketch(const MapSketch& sketch);
  void build_counts(const SceneOptions& options);
  void build_fan(const SceneOptions& options);
  void build_labels(const state::WorldSnapshot& snapshot, const SceneOptions& options);
  void offer_level(const state::WorldSnapshot& snapshot, std::uint32_t level, std::uint32_t rank,
                   const SceneOptions& options);

  const model::GlyphMetrics& m_metrics;
  LevelChooser m_chooser;
  LevelChoice m_level_choice;
  Choropleth m_choropleth;
  LayerFill m_layer_fill;
  bool m_is_layer_painted = false;
  MarkerLayout m_markers;
  RegisterLayers m_layers;
  LabelPlacer m_placer;
  std::vector<base::Color> m_colors;
  std::vector<const Bubble*> m_bubble_of;  // by division; null: none
  std::vector<std::uint32_t> m_bubbled;    // divisions that have one
  std::vector<base::Box2d> m_sketch_texts_px;
  FrameScene m_scene;
};

}  // namespace gridwall::scene
