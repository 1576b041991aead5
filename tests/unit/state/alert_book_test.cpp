#include "state/alert_book.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "fixtures.hpp"

namespace gridwall::test {
namespace {

using model::AlertFacts;
using model::AlertRule;
using model::AlertStatus;
using state::Alert;
using state::AlertBook;
using state::AlertCounts;
using state::AlertLife;
using std::chrono::hours;

const base::UtcTime kNow = at("2026-03-02T10:00:00+08:00");

model::AlertRules rules_for(std::size_t listed_max) {
  model::AlertRules rules;
  rules.listed_max = listed_max;
  rules.specs[model::alert_rule_index(AlertRule::Overdue)].severity = Severity::Major;
  return rules;
}

AlertFacts rain(std::string id) {
  AlertFacts facts;
  facts.alert_id = std::move(id);
  facts.category = "Met";
  facts.name = "rainstorm";
  facts.severity = Severity::Major;
  facts.area.codes = {"R01"};
  facts.area.circles = {{{120.3, 31.9}, 5}};
  return facts;
}

class Book : public testing::Test {
 protected:
  const Alert& only() {
    const auto listed = m_book.list();
    EXPECT_EQ(listed.size(), 1u);
    return *listed.at(0);
  }
  void raise(AlertRule rule, const std::string& subject, base::Duration after = {}) {
    m_book.raise(rule, {5}, subject, kNow + after);
  }
  std::vector<std::string> subjects() {
    std::vector<std::string> found;
    for (const Alert* alert : m_book.list()) found.push_back(alert->subject);
    return found;
  }
  using Subjects = std::vector<std::string>;
  AlertBook m_book{rules_for(4)};
};

TEST_F(Book, a_derived_alert_lives_from_new_by_acknowledged_to_resolved_and_stays_listed) {
  m_book.raise(AlertRule::Overdue, {5}, "case-1", kNow, 7, 3);
  EXPECT_EQ(only().life, AlertLife::New);
  EXPECT_EQ(only().id, model::alert_id(AlertRule::Overdue, "case-1", kNow));
  EXPECT_EQ(m_book.counts(), (AlertCounts{1, 1, 0}));
  EXPECT_TRUE(m_book.acknowledge(alert_key(only()), {"desk-3", kNow + hours(1)}));
  EXPECT_TRUE(m_book.acknowledge(alert_key(only()), {"desk-4", kNow + hours(2)}));
  EXPECT_EQ(only().acknowledged->seat, "desk-3");  // the first
  EXPECT_EQ(m_book.counts(AlertRule::Overdue), (AlertCounts{1, 0, 0}));
  m_book.resolve(AlertRule::Overdue, "case-1", kNow, kNow + hours(3));
  EXPECT_EQ(only().life, AlertLife::Resolved);
  EXPECT_EQ(only().ended_at, kNow + hours(3));
  EXPECT_EQ(only().acknowledged->seat, "desk-3");
  EXPECT_EQ(m_book.counts(), AlertCounts{});
  EXPECT_FALSE(m_book.acknowledge(alert_key(only()), {"desk-3", kNow}));
  EXPECT_EQ(m_book.unknown_count(), 1u);
}

TEST_F(Book, the_same_alert_again_is_one_with_a_count_and_lives_again_after_its_end) {
  raise(AlertRule::Overdue, "case-1");
  raise(AlertRule::Overdue, "case-1");
  EXPECT_EQ(only().count, 2u);
  EXPECT_EQ(m_book.counts().live, 1u);
  m_book.acknowledge(alert_key(only()), {"desk-3", kNow});
  m_book.resolve(AlertRule::Overdue, "case-1", kNow, kNow);
  raise(AlertRule::Overdue, "case-1");
  EXPECT_EQ(only().count, 3u);
  EXPECT_EQ(only().life, AlertLife::New);
  EXPECT_FALSE(only().acknowledged || only().ended_at);
}

TEST_F(Book, shelved_alerts_stay_live_and_are_counted_apart) {
  raise(AlertRule::Overdue, "case-1");
  EXPECT_TRUE(m_book.shelve(alert_key(only()), {"desk-3", kNow}));
  EXPECT_EQ(m_book.counts(), (AlertCounts{1, 1, 1}));
  EXPECT_TRUE(m_book.unshelve(alert_key(only())));
  EXPECT_EQ(m_book.counts(), (AlertCounts{1, 1, 0}));
  EXPECT_FALSE(m_book.shelve("0123456789abcdef", {"desk-3", kNow}));
  EXPECT_FALSE(m_book.shelve("not an alert's k", {"desk-3", kNow}));
}

TEST_F(Book, stands_in_the_order_of_severity_and_begin) {
  raise(AlertRule::SilentGrid, "R0101");
  raise(AlertRule::Overdue, "case-2", hours(2));
  raise(AlertRule::Overdue, "case-1", hours(1));
  EXPECT_EQ(subjects(), (Subjects{"case-1", "case-2", "R0101"}));
}

TEST_F(Book, an_outside_alert_keeps_its_id_through_updates_and_expires_at_its_own_time) {
  AlertFacts facts = rain("urn:1");
  facts.expires_at = kNow + hours(2);
  m_book.raise_outside(facts, {1}, kNow);
  const auto id = only().id;
  facts.severity = Severity::Critical;
  facts.expires_at = kNow + hours(3);
  m_book.raise_outside(facts, {1}, kNow + hours(1));
  EXPECT_EQ(only().id, id);
  EXPECT_EQ(only().count, 1u);
  EXPECT_TRUE(m_book.outside_live("Met", Severity::Critical));
  m_book.advance_to(kNow + hours(3) - base::Duration(1));
  EXPECT_TRUE(only().live());
  EXPECT_EQ(m_book.next_due(), kNow + hours(3));
  m_book.advance_to(kNow + hours(30));
  EXPECT_EQ(only().life, AlertLife::Expired);
  EXPECT_EQ(only().ended_at, kNow + hours(3));
  EXPECT_FALSE(m_book.outside_live("Met", Severity::Minor));
  // A longer one brings it back; one that is over already does not.
  facts.expires_at = kNow + hours(40);
  m_book.raise_outside(facts, {1}, kNow + hours(31));
  EXPECT_EQ(only().life, AlertLife::New);
  facts.expires_at = kNow + hours(20);
  m_book.raise_outside(facts, {1}, kNow + hours(32));
  EXPECT_EQ(only().life, AlertLife::Expired);
}

TEST_F(Book, copies_under_other_ids_fold_and_are_resolved_when_all_are_cleared) {
  m_book.raise_outside(rain("urn:1"), {1}, kNow);
  m_book.raise_outside(rain("urn:2"), {1}, kNow);
  EXPECT_EQ(only().count, 2u);
  AlertFacts elsewhere = rain("urn:3");
  elsewhere.area.circles[0].radius_km = 6;
  m_book.raise_outside(elsewhere, {2}, kNow);
  EXPECT_EQ(m_book.list().size(), 2u);
  m_book.clear_outside("urn:3", kNow + hours(1));
  m_book.clear_outside("urn:1", kNow + hours(1));
  EXPECT_EQ(m_book.counts().live, 1u);
  EXPECT_TRUE(m_book.acknowledge("urn:2", {"desk-3", kNow}));
  m_book.clear_outside("urn:2", kNow + hours(2));
  EXPECT_EQ(m_book.counts().live, 0u);
  m_book.clear_outside("urn:2", kNow + hours(2));
  EXPECT_EQ(m_book.unknown_count(), 1u);
  m_book.raise_outside(rain("urn:1"), {1}, kNow + hours(4));
  EXPECT_EQ(m_book.list().size(), 2u);  // the cleared one lives again
  EXPECT_EQ(m_book.counts().live, 1u);
}

TEST_F(Book, exercises_are_apart_and_in_no_count) {
  AlertFacts drill = rain("urn:drill");
  drill.status = AlertStatus::Exercise;
  m_book.raise_outside(drill, {1}, kNow);
  m_book.raise_outside(rain("urn:1"), {1}, kNow);
  EXPECT_EQ(subjects(), (Subjects{"urn:1"}));
  ASSERT_EQ(m_book.exercises().size(), 1u);
  EXPECT_EQ(m_book.exercises()[0]->subject, "urn:drill");
  EXPECT_EQ(m_book.counts().live, 1u);
  m_book.clear_outside("urn:1", kNow);
  EXPECT_FALSE(m_book.outside_live("Met", Severity::Minor));
  drill.status = AlertStatus::Actual;  // an update that makes it serious
  m_book.raise_outside(drill, {1}, kNow);
  EXPECT_EQ(m_book.exercises().size(), 0u);
  EXPECT_TRUE(m_book.outside_live("Met", Severity::Minor));
}

TEST_F(Book, room_is_made_by_what_ended_first_and_that_is_counted) {
  for (const char* subject : {"1", "2", "3", "4"}) raise(AlertRule::Overdue, subject);
  m_book.resolve(AlertRule::Overdue, "3", kNow, kNow + hours(1));
  m_book.resolve(AlertRule::Overdue, "2", kNow, kNow + hours(2));
  raise(AlertRule::SilentGrid, "R0101");
  EXPECT_EQ(m_book.list().size(), 4u);
  EXPECT_EQ(m_book.find(model::alert_id(AlertRule::Overdue, "3", kNow)), nullptr);
  EXPECT_NE(m_book.find(model::alert_id(AlertRule::Overdue, "2", kNow)), nullptr);
  EXPECT_EQ(m_book.dropped_count(), 1u);
  m_book.resolve(AlertRule::Overdue, "3", kNow, kNow + hours(5));  // over and gone
  EXPECT_EQ(m_book.counts(AlertRule::Overdue).live, 2u);
}

TEST_F(Book, live_ones_without_room_stay_in_the_counts_and_those_of_others_in_the_list) {
  for (const char* subject : {"1", "2", "3", "4"}) raise(AlertRule::SilentGrid, subject);
  m_book.acknowledge(alert_key(*m_book.list()[3]), {"desk-3", kNow});
  raise(AlertRule::SilentGrid, "5", hours(1));
  raise(AlertRule::Overdue, "case-1");
  m_book.raise_outside(rain("urn:1"), {1}, kNow);
  EXPECT_EQ(m_book.list().size(), 4u);
  EXPECT_EQ(m_book.counts(AlertRule::SilentGrid).live, 5u);
  EXPECT_EQ(m_book.unlisted_count(), 3u);
  for (const char* subject : {"1", "2", "3", "4"})
    m_book.resolve(AlertRule::SilentGrid, subject, kNow, kNow + hours(2));
  m_book.resolve(AlertRule::SilentGrid, "5", kNow + hours(1), kNow + hours(2));
  EXPECT_EQ(m_book.counts(AlertRule::SilentGrid), AlertCounts{});
  EXPECT_EQ(m_book.counts().live, 2u);
}

// Any course of things: the counts are those of the list and of what had no room; the content makes the same book.
TEST(BookProperty, counts_agree_with_the_list_and_a_restored_book_goes_on_the_same) {
  base::Random random(3);
  AlertBook book(rules_for(12));
  for (int step = 0; step < 4000; ++step) {
    const base::UtcTime now = kNow + std::chrono::minutes(step);
    const std::string name = std::to_string(random.next_below(10));
    const auto act = [&](AlertBook& on, std::uint64_t which, std::uint64_t shade) {
      AlertFacts facts = rain("urn:" + name);
      facts.status = static_cast<AlertStatus>(shade % 3);
      facts.severity = static_cast<Severity>(1 + shade % 4);
      if (shade > 3) facts.expires_at = now + std::chrono::minutes(shade * 5);
      const auto listed = on.list();
      const std::string key = listed.empty() ? "none" : alert_key(*listed[shade % listed.size()]);
      switch (which) {
        case 0:
        case 1:
          on.raise_outside(facts, {1}, now);
          break;
        case 2:
          on.clear_outside("urn:" + name, now);
          break;
        case 3:
        case 4:
          on.raise(AlertRule::Overdue, {5}, name, kNow);
          break;
        case 5:
          on.resolve(AlertRule::Overdue, name, kNow, now);
          break;
        case 6:
          on.acknowledge(key, {"desk", now});
          break;
        case 7:
          on.shelve(key, {"desk", now});
          break;
        default:
          on.advance_to(now);
          break;
      }
    };
    const std::uint64_t which = random.next_below(9), shade = random.next_below(9);
    AlertBook other(rules_for(12));
    other.restore(book.content());
    act(book, which, shade);
    act(other, which, shade);
    ASSERT_EQ(book.content(), other.content()) << "step " << step;
    ASSERT_EQ(book.next_due(), other.next_due()) << "step " << step;
    std::array<AlertCounts, 2> found{};
    for (const Alert* alert : book.list()) {
      AlertCounts& counts = found[alert->rule == AlertRule::Outside ? 1 : 0];
      if (!alert->live()) continue;
      ++counts.live;
      counts.unacknowledged += alert->life == AlertLife::New ? 1 : 0;
      counts.shelved += alert->shelved ? 1 : 0;
    }
    const auto unlisted = book.content().unlisted_live[model::alert_rule_index(AlertRule::Overdue)];
    found[0].live += unlisted;
    found[0].unacknowledged += unlisted;
    ASSERT_EQ(book.counts(AlertRule::Overdue), found[0]) << "step " << step;
    ASSERT_EQ(book.counts(AlertRule::Outside), found[1]) << "step " << step;
    ASSERT_LE(book.list().size() + book.exercises().size(), 12u);
  }
}

}  // namespace
}  // namespace gridwall::test
