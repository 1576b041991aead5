#include "state/case_alerts.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace gridwall::state {

using base::UtcTime;
using model::AlertRule;
using model::DeadlineStatus;

namespace {

UtcTime running_again_since(const model::CaseRecord& record, UtcTime moment) {
  return record.pauses.empty() ? moment : std::max(moment, record.pauses.back().second);
}

// Whichever of the two bounds came first.
UtcTime suspension_over_at(const model::CaseRecord& record, const model::LimitRules& limits) {
  const base::Duration longest = std::chrono::days(limits.suspension_days_max);
  const UtcTime by_rule = record.paused_at < UtcTime::max() - longest ? record.paused_at + longest : UtcTime::max();
  return record.resume_due_at == UtcTime{} ? by_rule : std::min(by_rule, record.resume_due_at);
}

}  // namespace

void CaseAlerts::add(const CaseAlert& alert) {
  ASSERT(m_size < kMost, "more alerts than a case can have");
  m_items[m_size++] = alert;
}

bool CaseAlerts::contains(AlertRule rule, UtcTime since) const {
  return std::any_of(begin(), end(), [&](const CaseAlert& one) { return one.rule == rule && one.since == since; });
}

CaseAlerts case_alerts(const model::CaseRecord& record, const model::CaseStanding& standing,
                       const model::LimitRules& limits, const model::AlertRules& rules) {
  CaseAlerts alerts;
  const auto add = [&](bool holds, AlertRule rule, UtcTime since) {
    if (holds && rules.spec(rule).enabled) alerts.add({rule, since, 0});
  };
  if (standing.deadline == DeadlineStatus::Warn) {
    add(true, AlertRule::NearDeadline, running_again_since(record, record.warn_at));
  } else if (standing.deadline == DeadlineStatus::Overdue && rules.spec(AlertRule::Overdue).enabled) {
    alerts.add({AlertRule::Overdue, running_again_since(record, record.deadline_at), standing.overdue_age});
  }
  add(standing.accept_late, AlertRule::AcceptAgeing, record.stage_due_at);
  add(standing.dispatch_late, AlertRule::DispatchAgeing, record.stage_due_at);
  add(standing.verify_late, AlertRule::VerifyAgeing, record.stage_due_at);
  add(standing.check_late, AlertRule::CheckAgeing, record.stage_due_at);
  add(record.return_count >= rules.returns_min && !model::is_settled(record.state), AlertRule::ReturnedTwice,
      record.stamp(model::Stamp::Reported));
  if (standing.suspension_overrun) {
    add(true, AlertRule::SuspensionOverrun, suspension_over_at(record, limits));
  }
  add(standing.milestone_missed, AlertRule::MilestoneMissed, record.milestone_at);
  return alerts;
}

CaseAlertChanges case_alert_changes(const CaseAlerts& before, const CaseAlerts& after) {
  CaseAlertChanges changes;
  for (const CaseAlert& alert : before) {
    if (!after.contains(alert.rule, alert.since)) changes.ended.add(alert);
  }
  for (const CaseAlert& alert : after) {
    if (!before.contains(alert.rule, alert.since)) changes.begun.add(alert);
  }
  return changes;
}

}  // namespace gridwall::state
