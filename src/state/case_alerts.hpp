// Alerts of one case: a pure function of its record and how it stands, like the standing itself; nothing is remembered,
// so nothing has to be rebuilt. What began and ended is the difference of two calls (case_alert_changes).
// `since` is the exact moment from which on it holds: that of the deadline, say, not the timer's a nanosecond later.
// Of a case that was suspended meanwhile it is the end of the pause. Returns have no stamp: theirs is the report's.
// Test: tests/unit/state/case_alerts_test.cpp.
#pragma once

#include <array>
#include <span>

#include "model/alert_rules.hpp"
#include "model/case_record.hpp"

namespace gridwall::state {

struct CaseAlert {
  model::AlertRule rule = model::AlertRule::NearDeadline;
  base::UtcTime since{};
  std::uint8_t overdue_age = 0;  // of Overdue: 0 up to 4 h, 1 up to 24 h, 2 more; no part of the alert's id
  bool operator==(const CaseAlert&) const = default;
};

// In the order of rules, each at most once. Near and overdue exclude each other, and so do the four stages.
class CaseAlerts {
 public:
  static constexpr std::size_t kMost = 5;
  void add(const CaseAlert& alert);
  [[nodiscard]] const CaseAlert* begin() const { return m_items.data(); }
  [[nodiscard]] const CaseAlert* end() const { return m_items.data() + m_size; }
  [[nodiscard]] std::size_t size() const { return m_size; }
  [[nodiscard]] bool contains(model::AlertRule rule, base::UtcTime since) const;
  bool operator==(const CaseAlerts&) const = default;

 private:
  std::array<CaseAlert, kMost> m_items{};
  std::size_t m_size = 0;
};

// Disabled rules give none. `standing` is standing_at() of the record at some moment; `limits` the district's.
CaseAlerts case_alerts(const model::CaseRecord& record, const model::CaseStanding& standing,
                       const model::LimitRules& limits, const model::AlertRules& rules);

// What changed between two moments or events: ended ones are in `before` and not in `after`, begun ones the other way.
struct CaseAlertChanges {
  CaseAlerts ended, begun;
};
CaseAlertChanges case_alert_changes(const CaseAlerts& before, const CaseAlerts& after);

}  // namespace gridwall::state
