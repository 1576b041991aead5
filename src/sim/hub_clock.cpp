#include "sim/hub_clock.hpp"

#include <cmath>

namespace gridwall::sim {

namespace {

base::Duration scaled(base::Duration span, double factor) {
  return base::Duration(std::llround(static_cast<double>(span.count()) * factor));
}

}  // namespace

void HubClock::tell(const wire::ClockState& state, base::MonoTime heard_at) {
  if (m_known && state == m_told) return;  // the same news again: the first hearing is the better anchor
  m_known = true;
  m_told = state;
  m_heard_at = heard_at;
}

std::optional<base::UtcTime> HubClock::now(base::MonoTime mono) const {
  if (!m_known) return std::nullopt;
  const auto elapsed = std::chrono::duration_cast<base::Duration>(mono - m_heard_at);
  return m_told.state_time + scaled(elapsed, m_told.rate);
}

base::UtcTime SimulatedPace::plan_time(base::UtcTime hub_time) const {
  if (speed == 1) return hub_time;
  return start + scaled(hub_time - start, speed);
}

base::UtcTime SimulatedPace::hub_time(base::UtcTime plan_time) const {
  if (speed == 1 || plan_time < start) return plan_time;
  return start + scaled(plan_time - start, 1 / speed);
}

}  // namespace gridwall::sim
