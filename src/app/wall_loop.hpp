// The main loop of a live wall: input, newest Live value, picture. A frame in which nothing changed is not drawn; a
// picture comes at least once a second, so that calm and frozen can be told apart. Main thread only.
#pragma once

#include "app/live_world.hpp"
#include "app/output_options.hpp"
#include "app/stage.hpp"
#include "app/stop_signal.hpp"
#include "app/wall_view.hpp"
#include "feed/hub_remote.hpp"

namespace gridwall::app {

struct WallLoop {
  Stage& stage;
  WallView& view;
  const LiveWorld& world;
  const feed::HubRemote& remote;
  const OutputOptions& output;
  const base::Clock& clock;
  const StopSignal& stop;
  // Headless runs that count frames wait this long for the first events, so that a screenshot shows a working wall.
  base::Duration first_events_patience = std::chrono::seconds(20);
};

// Until the window is closed, the frames are drawn or a signal comes; then writes the screenshot and the metrics.
base::Status run_wall_loop(const WallLoop& loop);

}  // namespace gridwall::app
