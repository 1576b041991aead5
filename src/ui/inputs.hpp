// What a panel reads and what it may do: it draws from one frozen snapshot and emits Commands, nothing else.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "model/departments.hpp"
#include "model/feed_status.hpp"
#include "model/hub_view.hpp"
#include "model/lifecycle.hpp"
#include "model/profile.hpp"
#include "model/view.hpp"
#include "model/vocabulary.hpp"
#include "model/words.hpp"
#include "scene/choropleth.hpp"
#include "scene/register_layers.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::ui {

struct Inputs {
  const state::WorldSnapshot& snapshot;
  const model::FeedStatus& feed;
  const model::Profile& profile;
  const model::Vocabulary& vocabulary;
  const model::Words& words;
  const scene::Legend& legend;
  base::UtcTime now_utc{};            // our own clock: the liveness tick
  double px_per_m = 0.01;             // a true metre in the middle of the map: the scale bar
  model::DivisionIndex hovered;
  model::DivisionIndex selected;
  std::string_view selected_incident;
  std::string_view data_source;       // where events and layers come from, for a person
  std::string_view version;
  const model::HubView* hub = nullptr;  // null: nothing is known of it
  model::WallHealth health{};
  base::Duration hub_answer_age{};  // since hub->answered_at
  bool health_shown = false;
  const model::Departments* departments = nullptr;  // names of departments; null: ids are shown
  const model::StageSet* stages = nullptr;          // of cases; null: workflows of cases show no counts
  std::uint32_t view_index = 0;                     // of profile.tables.views; the chosen one
  std::span<const scene::LayerLegend> layers{};     // what lies on the map beside cases
};

class CommandSink {
 public:
  void emit(model::Command command);
  [[nodiscard]] std::vector<model::Command> take() { return std::exchange(m_commands, {}); }

 private:
  std::vector<model::Command> m_commands;
};

// Rectangles of the panels in output pixels, from the wall's layout.
struct PanelBoxes {
  base::Box2d header, figures, incidents, detail, legend, footer;
  base::Box2d timeline;  // empty: no replay
  base::Box2d health;    // over the map, while it is shown
  base::Box2d tabs;      // of the profile's views; empty: it has none
  base::Box2d layers;    // in a corner of the map: its layers; empty: none
  base::Box2d boards;    // what the view shows beside the map; empty: nothing, or no room
};

}  // namespace gridwall::ui
