// Publisher: sends a simulator's events to a hub, at the hub's own clock. A hub that is not there yet is waited for;
// one that restarts is given the day anew. Test: tests/unit/sim/publisher_test.cpp, over loopback.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/connect_security.hpp"
#include "sim/simulator.hpp"

namespace gridwall::sim {

struct PublisherOptions {
  std::string hub_endpoint;  // the hub's request socket: "tcp://127.0.0.1:5700"
  // Simulated seconds per real second. A hub whose clock runs at this rate is simply followed; at another rate (a live
  // hub: 1) the plan is pressed together, with stamps on the hub's clock. 0: the hub's own rate.
  double rate = 0;
  // A hub with keys: the seat's roles must be publisher, and viewer to hear when the hub's clock or epoch changes.
  feed::ConnectSecurity security{};
};

struct PublisherStats {
  bool hub_heard = false;
  std::uint64_t sent_count = 0;       // events
  std::uint64_t accepted_count = 0;
  std::uint64_t duplicate_count = 0;
  std::uint64_t refused_count = 0;
  std::uint64_t unanswered_count = 0;  // given up
  std::string first_problem;           // the first refusal's reason and detail, of an event or of ourselves
  base::UtcTime hub_time{};            // the hub's clock, last known
};

// Runs until `stop` says true; looks at it about ten times a second. Makes its sockets itself: call it on the thread
// that shall own them. `watch` is told the figures after each round. Errors: an endpoint that is none or not loopback.
base::Result<PublisherStats> publish(Simulator simulator, const PublisherOptions& options, const base::Clock& clock,
                                     const std::function<bool()>& stop,
                                     const std::function<void(const PublisherStats&)>& watch = {});

}  // namespace gridwall::sim
