// WallPanels: the ImGui host, its fonts and all panels of one output, put at the rectangles of the wall's layout.
// Main thread only.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/live_world.hpp"
#include "app/stage.hpp"
#include "app/wall_data.hpp"
#include "model/hub_view.hpp"
#include "model/view.hpp"
#include "scene/choropleth.hpp"
#include "scene/register_layers.hpp"
#include "wall/layout.hpp"

namespace gridwall::app {

// What is known of the hub and of the wall itself beside the feed.
struct HubSight {
  std::shared_ptr<const model::HubView> hub;  // null: nothing
  model::WallHealth health;
};

// What a picture's panels show beside the snapshot.
struct PanelContext {
  const Live& live;
  const HubSight& sight;
  const scene::Legend& legend;
  double px_per_m = 0.01;  // a true metre in the middle of the map
  model::DivisionIndex hovered, selected;
  std::string_view selected_incident;
  bool health_shown = false;
  std::uint32_t view_index = 0;  // of the profile's views
  std::span<const scene::LayerLegend> layers{};
  base::Box2d layers_px;  // where their legend lies
};

class WallPanels {
 public:
  // `data` outlives the panels.
  static base::Result<std::unique_ptr<WallPanels>> create(Stage& stage, const WallData& data,
                                                          const wall::Layout& layout, std::string data_source);
  ~WallPanels();
  WallPanels(const WallPanels&) = delete;
  WallPanels& operator=(const WallPanels&) = delete;

  // Another output size: fonts are built anew where the type size changed.
  base::Status resize(const wall::Layout& layout);
  // Draws over the picture that has been begun; the caller forgets cached GL state afterwards.
  base::Result<std::vector<model::Command>> draw(const PanelContext& context, base::UtcTime now_utc,
                                                 base::MonoTime now_mono, base::Duration delta);

  [[nodiscard]] bool wants_mouse() const;
  [[nodiscard]] bool wants_keys() const;

 private:
  struct Parts;  // ImGui and the panels stay in wall_panels.cpp
  explicit WallPanels(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> m_parts;
};

}  // namespace gridwall::app
