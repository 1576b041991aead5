// What `wall` and `demo` share: from options and endpoints to a running loop.
#pragma once

#include <optional>
#include <string>

#include "app/output_options.hpp"
#include "app/stop_signal.hpp"
#include "app/wall_data.hpp"
#include "feed/connect_security.hpp"

namespace gridwall::app {

struct WallSession {
  const WallData& data;
  const OutputOptions& output;
  std::string request_endpoint;
  std::optional<std::string> feed_endpoint;
  std::string prefix;
  feed::ConnectSecurity security{};
};

base::Status run_wall_session(const WallSession& session, const StopSignal& stop);

}  // namespace gridwall::app
