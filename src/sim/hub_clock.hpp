// HubClock: what the hub's clock shows now, from what the hub last told of it and our own monotonic clock in between.
// Pure. SimulatedPace maps the hub's time to the plan's, so that a plan keeps its pace whatever the hub's rate is.
// Test: tests/unit/sim/hub_clock_test.cpp.
#pragma once

#include <optional>

#include "base/clock.hpp"
#include "wire/heartbeat.hpp"

namespace gridwall::sim {

// One thread.
class HubClock {
 public:
  // `heard_at`: our monotonic clock. The way here (milliseconds) is not taken out: it makes us late, never early.
  void tell(const wire::ClockState& state, base::MonoTime heard_at);
  // Never back, but when the hub itself went back. nullopt before anything was told.
  [[nodiscard]] std::optional<base::UtcTime> now(base::MonoTime mono) const;
  [[nodiscard]] const wire::ClockState& told() const { return m_told; }

 private:
  bool m_known = false;
  wire::ClockState m_told;
  base::MonoTime m_heard_at{};
};

// The plan runs `speed` times as fast as the hub's clock from `start` on. Speed 1: stamps are the plan's own. Otherwise
// they are pressed together, so that they never lie in the hub's future.
struct SimulatedPace {
  base::UtcTime start{};
  double speed = 1;

  [[nodiscard]] base::UtcTime plan_time(base::UtcTime hub_time) const;
  // Of what happens at `plan_time`; what lies before `start` keeps its stamp.
  [[nodiscard]] base::UtcTime hub_time(base::UtcTime plan_time) const;
};

}  // namespace gridwall::sim
