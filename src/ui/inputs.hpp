// What a panel reads and what it may do: it draws from one frozen snapshot and emits Commands, nothing else.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "model/feed_status.hpp"
#include "model/hub_view.hpp"
#include "model/profile.hpp"
#include "model/view.hpp"
#include "model/vocabulary.hpp"
#include "model/words.hpp"
#include "scene/choropleth.hpp"
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
  double px_per_m = 0.01;             // of the map: the scale bar
  model::DivisionIndex hovered;
  model::DivisionIndex selected;
  std::string_view selected_incident;
  std::string_view data_source;       // where events and layers come from, for a person
  std::string_view version;
  const model::HubView* hub = nullptr;  // null: nothing is known of it
  model::WallHealth health{};
  base::Duration hub_answer_age{};  // since hub->answered_at
  bool health_shown = false;
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
};

}  // namespace gridwall::ui
