// What `wall` and `demo` share: from options and endpoints to a running loop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/first_picture.hpp"
#include "app/output_options.hpp"
#include "app/stop_signal.hpp"
#include "app/wall_data.hpp"
#include "feed/connect_security.hpp"
#include "model/hub_view.hpp"

namespace gridwall::app {

struct WallSession {
  const WallData& data;
  const OutputOptions& output;
  std::string request_endpoint;
  std::optional<std::string> feed_endpoint;
  std::string prefix;
  feed::ConnectSecurity security{};
  std::vector<model::ReplayOrder> first_orders{};  // to a replay that was started for this wall
};

// `start`: what stands on the screen already.
base::Status run_wall_session(const WallSession& session, const StopSignal& stop, WallStart start = {});

}  // namespace gridwall::app
