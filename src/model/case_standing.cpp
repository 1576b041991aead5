#include <algorithm>

#include "model/case_record.hpp"

namespace gridwall::model {

using base::Duration;
using base::UtcTime;

namespace {

constexpr UtcTime kNone{};
constexpr Duration kInstant{1};
constexpr Duration kAgeEdges[] = {std::chrono::hours(4), std::chrono::hours(24)};

bool passed(UtcTime due, UtcTime at) {
  return due != kNone && at > due;
}

bool turned_away(CaseState state) {
  return state == CaseState::Rejected || state == CaseState::Cancelled;
}

// Nobody works on it: what follows is looking, closing, evaluating.
bool work_is_done(CaseState state) {
  switch (state) {
    case CaseState::Handled:
    case CaseState::PendingCheck:
    case CaseState::Checking:
    case CaseState::CheckPassed:
      return true;
    default:
      return is_settled(state);
  }
}

// Epoch: not done.
UtcTime done_at(const CaseRecord& record) {
  if (!work_is_done(record.state)) return kNone;
  if (record.has(Stamp::Handled)) return record.stamp(Stamp::Handled);
  return is_settled(record.state) ? record.stamp(Stamp::Closed) : kNone;
}

bool is_exempt(const CaseRecord& record) {
  return record.has(Mark::Exempt) || record.has(Mark::AppealAccepted);
}

// Whether its deadline still lies ahead of it or has passed it by, and may change with time alone.
bool deadline_runs(const CaseRecord& record) {
  return record.deadline_at != kNone && record.paused_at == kNone && !is_settled(record.state) && !is_exempt(record) &&
         done_at(record) == kNone;
}

DeadlineStatus deadline_status(const CaseRecord& record, UtcTime at) {
  if (record.deadline_at == kNone || turned_away(record.state)) return DeadlineStatus::None;
  if (is_exempt(record)) return DeadlineStatus::Exempt;
  if (const UtcTime done = done_at(record); done != kNone) {
    return done > record.deadline_at ? DeadlineStatus::DoneLate : DeadlineStatus::DoneOnTime;
  }
  if (is_settled(record.state)) return DeadlineStatus::None;  // evaluated, say, without ever being closed
  if (record.paused_at != kNone) return DeadlineStatus::Paused;
  if (at > record.deadline_at) return DeadlineStatus::Overdue;
  return at >= record.warn_at ? DeadlineStatus::Warn : DeadlineStatus::Ok;
}

bool milestone_counts(const CaseRecord& record) {
  return record.milestone_at != kNone && !record.has(Stamp::Handled) && !is_settled(record.state);
}

UtcTime longest_suspension_end(const CaseRecord& record, const CaseRules& rules) {
  const Duration longest = std::chrono::days(rules.limits->suspension_days_max);
  return record.paused_at < UtcTime::max() - longest ? record.paused_at + longest : UtcTime::max();
}

bool is_suspended(const CaseRecord& record) {
  return record.state == CaseState::Suspended && record.paused_at != kNone;
}

// The earliest of the moments offered that lie after `at`.
class Earliest {
 public:
  explicit Earliest(UtcTime at) : m_at(at) {}
  void offer(UtcTime moment) {
    if (moment > m_at && (!m_found || moment < *m_found)) m_found = moment;
  }
  // The first instant after it.
  void offer_after(UtcTime last) {
    if (last < UtcTime::max()) offer(last + kInstant);
  }
  [[nodiscard]] std::optional<UtcTime> found() const { return m_found; }

 private:
  UtcTime m_at;
  std::optional<UtcTime> m_found;
};

}  // namespace

CaseStanding standing_at(const CaseRecord& record, UtcTime at, const CaseRules& rules) {
  CaseStanding standing;
  standing.deadline = deadline_status(record, at);
  if (standing.deadline == DeadlineStatus::Overdue) {
    for (const Duration edge : kAgeEdges) {
      if (at - record.deadline_at > edge) ++standing.overdue_age;
    }
  }
  if (passed(record.stage_due_at, at)) {
    standing.accept_late = record.state == CaseState::Reported;
    standing.verify_late = record.state == CaseState::Verifying;
    standing.check_late = record.state == CaseState::Checking;
    standing.dispatch_late = !standing.accept_late && !standing.verify_late && !standing.check_late;
  }
  standing.milestone_missed = milestone_counts(record) && at > record.milestone_at;
  if (is_suspended(record)) {
    standing.suspension_overrun = passed(record.resume_due_at, at) || at > longest_suspension_end(record, rules);
  }
  return standing;
}

std::optional<UtcTime> next_change(const CaseRecord& record, UtcTime at, const CaseRules& rules) {
  if (is_settled(record.state)) return std::nullopt;
  Earliest next(at);
  if (deadline_runs(record)) {
    next.offer(record.warn_at);
    next.offer_after(record.deadline_at);
    for (const Duration edge : kAgeEdges) {
      if (record.deadline_at < UtcTime::max() - edge) next.offer_after(record.deadline_at + edge);
    }
  }
  if (record.stage_due_at != kNone) next.offer_after(record.stage_due_at);
  if (milestone_counts(record)) next.offer_after(record.milestone_at);
  if (is_suspended(record)) {
    next.offer_after(longest_suspension_end(record, rules));
    if (record.resume_due_at != kNone) next.offer(std::max(record.resume_due_at, at + kInstant));
  }
  return next.found();
}

}  // namespace gridwall::model
