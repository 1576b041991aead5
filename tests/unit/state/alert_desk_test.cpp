// Alerts as the fold leads them: what the events of a feed make of the shipped rules.
#include <gtest/gtest.h>

#include "random_feed.hpp"
#include "state/alert_desk.hpp"

namespace gridwall::test {
namespace {

using model::AlertRule;

struct NoFigures : state::FigureSource {
  [[nodiscard]] const state::Figures* find(model::DivisionIndex, const base::Period&) const override { return nullptr; }
};

class AlertDeskTest : public testing::Test {
 protected:
  void report(const char* class_code, const char* when, std::uint32_t division) {
    auto item = event("incident.reported", std::to_string(++m_count)).in(division).point({500000, 3500000});
    item.time(at(when)).of_class(class_code);
    item.sequence = m_count;
    const model::SequencedEvent& sequenced = item;
    m_world.apply({&sequenced, 1});
  }
  [[nodiscard]] std::vector<AlertRule> live() {
    std::vector<AlertRule> rules;
    for (const state::Alert& alert : *m_world.freeze()->alerts) rules.push_back(alert.rule);
    return rules;
  }

  state::World m_world = shipped_world();
  std::uint64_t m_count = 0;
};

TEST_F(AlertDeskTest, three_floods_within_an_hour_are_a_storm_until_the_hour_is_over) {
  for (const char* when : {"2026-07-02T10:00:10+08:00", "2026-07-02T10:20:10+08:00", "2026-07-02T10:40:10+08:00"}) {
    report("E05.06", when, 5);
    m_world.advance_to(at(when) + std::chrono::seconds(5));
  }
  m_world.advance_to(at("2026-07-02T10:41:00+08:00"));
  ASSERT_EQ(live(), std::vector{AlertRule::StormMode});
  EXPECT_EQ((*m_world.freeze()->alerts)[0].value, 3);
  EXPECT_EQ((*m_world.freeze()->alerts)[0].since, at("2026-07-02T10:41:00+08:00"));
  m_world.advance_to(at("2026-07-02T11:02:00+08:00"));
  EXPECT_TRUE(live().empty());
}

TEST_F(AlertDeskTest, an_alert_of_others_stands_in_the_list_until_it_is_over_and_an_exercise_never_does) {
  model::SequencedEvent raised;
  raised.event.type = "alert.raised";
  raised.event.source = "/met";
  raised.state_time = raised.event.occurred_at = at("2026-07-02T10:00:00+08:00");
  raised.event.incident.incident_id = "cap-1";
  model::AlertFacts facts;
  facts.alert_id = "cap-1";
  facts.category = "Met";
  facts.severity = Severity::Major;
  facts.expires_at = at("2026-07-02T12:00:00+08:00");
  raised.event.alert = facts;
  m_world.apply({&raised, 1});
  facts.alert_id = raised.event.incident.incident_id = "cap-2";
  facts.status = model::AlertStatus::Exercise;
  raised.event.alert = facts;
  m_world.apply({&raised, 1});
  EXPECT_EQ(m_world.freeze()->alert_count, 1u);
  m_world.advance_to(at("2026-07-02T10:01:00+08:00"));
  const auto rules = live();
  ASSERT_EQ(rules.size(), 2u) << "a severe warning of weather is a storm too";
  m_world.advance_to(at("2026-07-02T12:01:00+08:00"));
  EXPECT_TRUE(live().empty());
}

TEST_F(AlertDeskTest, a_grid_without_reports_is_silent_after_a_week_and_not_in_the_book) {
  report("E01.10", "2026-07-02T10:00:00+08:00", 5);
  m_world.advance_to(at("2026-07-09T10:01:00+08:00"));
  EXPECT_EQ(m_world.alerts().silent().size(), 16u);
  report("E01.10", "2026-07-09T11:00:00+08:00", 7);
  m_world.advance_to(at("2026-07-09T11:01:00+08:00"));
  EXPECT_EQ(m_world.alerts().silent().size(), 15u);
  EXPECT_TRUE(live().empty());
}

TEST_F(AlertDeskTest,
       what_is_due_next_is_the_next_minute_as_soon_as_a_figure_changes_and_no_more_when_it_was_looked_at) {
  state::AlertDesk desk(small_tree(), shipped_district().rules->zone, shipped_district().rules->alerts);
  const NoFigures figures;
  const auto now = at("2026-07-02T10:00:10+08:00"), minute = at("2026-07-02T10:01:00+08:00");
  desk.sweep(now, figures);
  ASSERT_TRUE(desk.next_due().has_value());
  ASSERT_GT(*desk.next_due(), minute);
  desk.touch(model::DivisionIndex{5});
  EXPECT_EQ(desk.next_due(), minute);
  desk.sweep(minute, figures);
  EXPECT_GT(*desk.next_due(), minute + std::chrono::minutes(1));
}

TEST_F(AlertDeskTest, a_snapshot_without_a_change_of_alerts_shares_the_list) {
  report("E01.10", "2026-07-02T10:00:00+08:00", 5);
  const auto before = m_world.freeze();
  m_world.advance_to(at("2026-07-02T10:05:00+08:00"));
  EXPECT_EQ(m_world.freeze()->alerts, before->alerts);
}

}  // namespace
}  // namespace gridwall::test
