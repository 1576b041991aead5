// CaseClock: the deadline of one simulated case as its handlers see it: set at dispatch, moved by extensions, standing
// still while the case is suspended. Without a limit there is none, and shares of it are shares of two working days.
// Test: tests/unit/sim/case_clock_test.cpp.
#pragma once

#include "base/clock.hpp"
#include "model/limit.hpp"

namespace gridwall::sim {

class CaseClock {
 public:
  // `calendar` may be null when no limit is given.
  CaseClock(model::Limit limit, const model::WorkCalendar* calendar);

  void start(base::UtcTime dispatched_at);
  void extend();  // by one original limit
  void pause(base::UtcTime at);
  void resume(base::UtcTime at);

  [[nodiscard]] bool started() const { return m_started; }
  // Whether there is a deadline; at_deadline() is then known from start() on.
  [[nodiscard]] bool limited() const { return m_calendar != nullptr && m_limit.given(); }
  [[nodiscard]] bool runs_on() const { return limited() && model::runs_on(m_limit.unit); }
  [[nodiscard]] base::UtcTime deadline_at() const { return m_deadline_at; }
  [[nodiscard]] base::Duration amount() const { return m_amount; }
  // What is left on the case's own clock.
  [[nodiscard]] base::Duration left_at(base::UtcTime at) const;
  // The moment at which so much has been worked since `from`.
  [[nodiscard]] base::UtcTime when_worked(base::UtcTime from, base::Duration work) const;
  // The moment at which `share` of what is left at `at` will be used up.
  [[nodiscard]] base::UtcTime when_used(base::UtcTime at, double share) const;

 private:
  model::Limit m_limit;
  const model::WorkCalendar* m_calendar;
  base::Duration m_amount, m_left_at_pause{};
  base::UtcTime m_deadline_at{};
  bool m_started = false;
};

}  // namespace gridwall::sim
