#include "sim/case_clock.hpp"

namespace gridwall::sim {

namespace {

constexpr base::Duration kUnlimitedAmount = std::chrono::hours(16);

base::Duration share_of(base::Duration span, double share) {
  // Whole milliseconds, as all stamps of the plan.
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(ms) * share));
}

}  // namespace

CaseClock::CaseClock(model::Limit limit, const model::WorkCalendar* calendar)
    : m_limit(limit),
      m_calendar(calendar),
      m_amount(calendar != nullptr && limit.given() ? model::amount_of(limit, *calendar) : kUnlimitedAmount) {}

void CaseClock::start(base::UtcTime dispatched_at) {
  m_started = true;
  m_deadline_at = when_worked(dispatched_at, m_amount);
}

void CaseClock::extend() {
  m_deadline_at = when_worked(m_deadline_at, m_amount);
}

void CaseClock::pause(base::UtcTime at) {
  m_left_at_pause = left_at(at);
}

void CaseClock::resume(base::UtcTime at) {
  if (m_left_at_pause <= base::Duration::zero()) return;
  m_deadline_at = when_worked(at, m_left_at_pause);
}

base::UtcTime CaseClock::when_worked(base::UtcTime from, base::Duration work) const {
  return limited() ? model::add_on_clock(from, work, m_limit.unit, *m_calendar) : from + work;
}

base::Duration CaseClock::left_at(base::UtcTime at) const {
  if (at >= m_deadline_at) return base::Duration::zero();
  return limited() ? model::used_on_clock(at, m_deadline_at, m_limit.unit, *m_calendar) : m_deadline_at - at;
}

base::UtcTime CaseClock::when_used(base::UtcTime at, double share) const {
  return when_worked(at, share_of(left_at(at), share));
}

}  // namespace gridwall::sim
