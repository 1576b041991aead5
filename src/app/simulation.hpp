// SimulationThread: the simulator that the demo runs beside its own hub, on a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/thread.hpp"
#include "sim/simulator.hpp"

namespace gridwall::app {

class SimulationThread {
 public:
  // Publishes once `may_begin` says true (asked on the thread), so that a wall which subscribes at the same time hears
  // the day from its beginning; after `kPatience` it begins in any case. `clock` must outlive the object.
  static base::Result<std::unique_ptr<SimulationThread>> start(sim::Simulator simulator, std::string hub_endpoint,
                                                               const base::Clock& clock,
                                                               std::function<bool()> may_begin);
  static constexpr base::Duration kPatience = std::chrono::seconds(20);

 private:
  SimulationThread() = default;
  base::Thread m_thread;
};

}  // namespace gridwall::app
