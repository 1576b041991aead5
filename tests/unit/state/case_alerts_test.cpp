#include "state/case_alerts.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

using model::AlertRule;
using model::CaseRecord;
using model::DeadlineStatus;
using model::Stamp;
using state::CaseAlert;
using state::CaseAlerts;
using std::chrono::hours;

const base::UtcTime kReported = at("2026-03-02T10:00:00+08:00");

class CaseAlertsOf : public testing::Test {
 protected:
  CaseAlertsOf() {
    m_record.state = CaseState::Handling;
    m_record.stamps[static_cast<std::size_t>(Stamp::Reported)] = kReported;
    m_record.deadline_at = kReported + hours(8);
    m_record.warn_at = kReported + hours(6);
  }
  // As the product does it: the standing of the record at a moment, and its alerts.
  std::vector<CaseAlert> after(base::Duration time) {
    const model::CaseRules rules{&m_limits, nullptr};
    const CaseAlerts alerts =
        state::case_alerts(m_record, standing_at(m_record, kReported + time, rules), m_limits, m_rules);
    return {alerts.begin(), alerts.end()};
  }
  using Alerts = std::vector<CaseAlert>;
  CaseRecord m_record;
  model::LimitRules m_limits;
  model::AlertRules m_rules;
};

TEST_F(CaseAlertsOf, near_then_overdue_since_the_very_moments_then_older_under_the_same_name) {
  EXPECT_EQ(after(hours(6) - base::Duration(1)), Alerts{});
  EXPECT_EQ(after(hours(6)), (Alerts{{AlertRule::NearDeadline, kReported + hours(6), 0}}));
  EXPECT_EQ(after(hours(8)), (Alerts{{AlertRule::NearDeadline, kReported + hours(6), 0}}));
  EXPECT_EQ(after(hours(8) + base::Duration(1)), (Alerts{{AlertRule::Overdue, kReported + hours(8), 0}}));
  EXPECT_EQ(after(hours(13)), (Alerts{{AlertRule::Overdue, kReported + hours(8), 1}}));
  EXPECT_EQ(after(hours(33)), (Alerts{{AlertRule::Overdue, kReported + hours(8), 2}}));
}

TEST_F(CaseAlertsOf, a_case_that_comes_back_late_from_a_pause_is_so_since_its_end) {
  m_record.pauses = {{kReported + hours(5), kReported + hours(7)}};
  EXPECT_EQ(after(hours(7)), (Alerts{{AlertRule::NearDeadline, kReported + hours(7), 0}}));
  m_record.pauses = {{kReported + hours(5), kReported + hours(9)}};
  EXPECT_EQ(after(hours(10)), (Alerts{{AlertRule::Overdue, kReported + hours(9), 0}}));
  m_record.paused_at = kReported + hours(9);
  EXPECT_EQ(after(hours(10)), Alerts{});
}

TEST_F(CaseAlertsOf, each_stage_has_its_own_since_its_limit_ended) {
  m_record.deadline_at = {};
  m_record.stage_due_at = kReported + std::chrono::minutes(15);
  const std::pair<CaseState, AlertRule> stages[] = {{CaseState::Reported, AlertRule::AcceptAgeing},
                                                    {CaseState::Verifying, AlertRule::VerifyAgeing},
                                                    {CaseState::Filed, AlertRule::DispatchAgeing},
                                                    {CaseState::Checking, AlertRule::CheckAgeing}};
  for (const auto& [state, rule] : stages) {
    m_record.state = state;
    EXPECT_EQ(after(std::chrono::minutes(15)), Alerts{});
    EXPECT_EQ(after(std::chrono::minutes(16)), (Alerts{{rule, m_record.stage_due_at, 0}}));
  }
}

TEST_F(CaseAlertsOf, returns_count_until_the_case_is_settled) {
  m_record.return_count = 1;
  EXPECT_EQ(after(hours(1)), Alerts{});
  m_record.return_count = 2;
  EXPECT_EQ(after(hours(1)), (Alerts{{AlertRule::ReturnedTwice, kReported, 0}}));
  m_record.state = CaseState::Closed;
  EXPECT_EQ(after(hours(1)), Alerts{});
}

TEST_F(CaseAlertsOf, a_suspension_is_overrun_since_its_end_date_or_since_the_rules_end_it) {
  m_record.state = CaseState::Suspended;
  m_record.paused_at = kReported + hours(1);
  m_record.resume_due_at = kReported + hours(5);
  EXPECT_EQ(after(hours(6)), (Alerts{{AlertRule::SuspensionOverrun, kReported + hours(5), 0}}));
  m_record.resume_due_at = {};
  m_limits.suspension_days_max = 1;
  EXPECT_EQ(after(hours(26)), (Alerts{{AlertRule::SuspensionOverrun, kReported + hours(25), 0}}));
  m_record.resume_due_at = kReported + hours(300);
  EXPECT_EQ(after(hours(26)), (Alerts{{AlertRule::SuspensionOverrun, kReported + hours(25), 0}}));
}

TEST_F(CaseAlertsOf, several_stand_in_the_order_of_rules_and_disabled_ones_are_left_out) {
  m_record.return_count = 3;
  m_record.milestone_at = kReported + hours(3);
  const Alerts all{{AlertRule::Overdue, kReported + hours(8), 0},
                   {AlertRule::ReturnedTwice, kReported, 0},
                   {AlertRule::MilestoneMissed, kReported + hours(3), 0}};
  EXPECT_EQ(after(hours(9)), all);
  for (const AlertRule rule : {AlertRule::Overdue, AlertRule::ReturnedTwice, AlertRule::MilestoneMissed}) {
    m_rules.specs[model::alert_rule_index(rule)].enabled = false;
  }
  EXPECT_EQ(after(hours(9)), Alerts{});
}

TEST_F(CaseAlertsOf, changes_are_by_rule_and_begin_and_an_older_age_is_none) {
  CaseAlerts near, overdue, older;
  near.add({AlertRule::NearDeadline, kReported, 0});
  near.add({AlertRule::ReturnedTwice, kReported, 0});
  overdue.add({AlertRule::Overdue, kReported + hours(8), 0});
  overdue.add({AlertRule::ReturnedTwice, kReported, 0});
  older.add({AlertRule::Overdue, kReported + hours(8), 2});
  older.add({AlertRule::ReturnedTwice, kReported, 0});
  const auto changes = case_alert_changes(near, overdue);
  ASSERT_EQ(changes.ended.size(), 1u);
  EXPECT_EQ(changes.ended.begin()->rule, AlertRule::NearDeadline);
  ASSERT_EQ(changes.begun.size(), 1u);
  EXPECT_EQ(changes.begun.begin()->rule, AlertRule::Overdue);
  EXPECT_EQ(case_alert_changes(overdue, older).begun.size(), 0u);
  EXPECT_EQ(case_alert_changes(overdue, older).ended.size(), 0u);
}

}  // namespace
}  // namespace gridwall::test
