#include "state/division_watch.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

using model::AlertRule;
using model::Count;
using state::DivisionAlertKey;
using state::DivisionChange;
using state::DivisionWatch;
using state::judge_day;
using state::Figures;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Divisions of small_tree(): 0 the district, 1 to 4 below it, 5 to 8 below 1.
constexpr model::DivisionIndex kRoot{0}, kTown{1}, kGrid{5};
const base::UtcTime kBegin = at("2026-03-02T00:00:00+08:00");
const base::TimeZone kLocal = base::TimeZone::fixed(minutes(480));

class MadeUpFigures final : public state::FigureSource {
 public:
  const Figures* find(model::DivisionIndex division, const base::Period& period) const override {
    const auto found = m_figures.find({division.value, static_cast<int>(period.kind), period.index});
    return found == m_figures.end() ? nullptr : &found->second;
  }
  std::uint32_t& count(model::DivisionIndex division, base::UtcTime time, base::PeriodKind kind, Count which) {
    const base::Period period = period_of(time, kind, kLocal);
    Figures& figures = m_figures[{division.value, static_cast<int>(kind), period.index}];
    return figures.counts[static_cast<std::size_t>(which)];
  }

 private:
  std::map<std::tuple<std::uint32_t, int, std::int32_t>, Figures> m_figures;
};

class DivisionAlerts : public testing::Test {
 protected:
  std::uint32_t& of_month(model::DivisionIndex division, Count which, base::UtcTime time = kBegin) {
    return m_figures.count(division, time, base::PeriodKind::Month, which);
  }
  std::vector<DivisionChange> sweep(base::UtcTime time) { return m_watch.sweep(time, m_figures); }
  // Without the silent grids, which come and go in every quiet test.
  std::vector<DivisionChange> sweep_others(base::UtcTime time) {
    auto changes = sweep(time);
    std::erase_if(changes, [](const DivisionChange& change) { return change.key.rule == AlertRule::SilentGrid; });
    return changes;
  }
  void watch_with(const model::AlertRules& rules) { m_watch = DivisionWatch(small_tree(), kLocal, rules); }

  MadeUpFigures m_figures;
  DivisionWatch m_watch{small_tree(), kLocal, model::AlertRules{}};
};

TEST_F(DivisionAlerts, a_share_above_its_bound_begins_and_ends_at_whole_minutes_after_a_touch) {
  sweep(kBegin);
  of_month(kTown, Count::ShouldHandle) = 100;
  of_month(kTown, Count::OvertimeDispose) = 1;
  of_month(kTown, Count::ToDisposeOverdue) = 1;
  m_watch.touch(kGrid);
  EXPECT_TRUE(sweep(kBegin + minutes(1)).empty());  // two of a hundred are not more than 2 %
  of_month(kTown, Count::OvertimeDispose) = 2;
  EXPECT_TRUE(sweep(kBegin + minutes(2)).empty());  // not touched, not looked at
  m_watch.touch(kGrid);
  EXPECT_EQ(m_watch.next_due(), kBegin + minutes(3));
  const DivisionAlertKey key{AlertRule::OvertimeShare, kTown};
  const state::DivisionEpisode episode{kBegin + minutes(3), 30, 20};
  EXPECT_EQ(sweep(kBegin + minutes(3) + seconds(7)),
            (std::vector<DivisionChange>{{key, true, kBegin + minutes(3), episode}}));
  EXPECT_TRUE(m_watch.active().contains(key));
  of_month(kTown, Count::OvertimeDispose) = 1;
  m_watch.touch(kTown);
  EXPECT_EQ(sweep(kBegin + hours(5)), (std::vector<DivisionChange>{{key, false, kBegin + minutes(4), episode}}));
}

TEST_F(DivisionAlerts, few_cases_make_no_share_and_each_share_has_its_own_figures) {
  sweep(kBegin);
  of_month(kGrid, Count::Report) = 19;
  of_month(kGrid, Count::Unlocated) = 19;
  of_month(kTown, Count::Report) = 20;
  of_month(kTown, Count::Unlocated) = 3;
  of_month(kRoot, Count::Report) = 40;
  of_month(kRoot, Count::Recurrent) = 11;
  of_month(kRoot, Count::Unlocated) = 4;
  m_watch.touch(kGrid);
  const auto changes = sweep(kBegin + minutes(1));
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].key, (DivisionAlertKey{AlertRule::RecurrenceShare, kRoot}));
  EXPECT_EQ(changes[0].episode.value, 275);
  EXPECT_EQ(changes[1].key, (DivisionAlertKey{AlertRule::MissingAddress, kTown}));
  EXPECT_EQ(changes[1].episode.threshold, 100);
}

TEST_F(DivisionAlerts, a_new_month_has_its_own_shares) {
  sweep(kBegin);
  of_month(kRoot, Count::Report) = 40;
  of_month(kRoot, Count::Unlocated) = 40;
  m_watch.touch(kRoot);
  EXPECT_EQ(sweep(kBegin + minutes(1)).size(), 1u);
  const auto changes = sweep_others(kBegin + days(40));
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_FALSE(changes[0].begun);
  EXPECT_EQ(changes[0].at, at("2026-04-01T00:00:00+08:00"));
}

TEST_F(DivisionAlerts, a_grid_is_silent_after_its_days_until_it_reports) {
  sweep(kBegin);
  sweep(kBegin + days(2));
  m_watch.report(kGrid, "E01.10", kBegin + days(2));
  EXPECT_EQ(sweep_others(kBegin + days(7) - base::Duration(1)).size(), 0u);
  const auto silent = sweep(kBegin + days(7));
  ASSERT_EQ(silent.size(), 15u);  // of sixteen grids; towns and the district are never silent
  EXPECT_EQ(silent[0].key, (DivisionAlertKey{AlertRule::SilentGrid, {6}}));
  EXPECT_EQ(silent[0].episode, (state::DivisionEpisode{kBegin + days(7), 7, 7}));
  const auto later = sweep(kBegin + days(10));
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].key.division, kGrid);
  EXPECT_EQ(later[0].at, kBegin + days(9));

  m_watch.report(kGrid, "E01.10", kBegin + days(10));
  m_watch.report(kGrid, "E01.10", kBegin + days(10));
  const auto woken = sweep(kBegin + days(10) + hours(1));
  ASSERT_EQ(woken.size(), 1u);
  EXPECT_FALSE(woken[0].begun);
  EXPECT_EQ(woken[0].at, kBegin + days(10));
  EXPECT_EQ(sweep(kBegin + days(30)).at(0).at, kBegin + days(17));
}

TEST_F(DivisionAlerts, three_of_one_storm_class_within_an_hour_make_a_storm) {
  sweep(kBegin);
  const auto report = [&](int minute, const char* code) {
    const base::UtcTime time = kBegin + minutes(minute) + seconds(30);
    auto changes = sweep(time);
    m_watch.report(kGrid, code, time);
    return changes;
  };
  EXPECT_TRUE(report(0, "E05.06").empty());
  EXPECT_TRUE(report(10, "E05.06").empty());
  EXPECT_TRUE(report(20, "E05.05").empty());
  EXPECT_TRUE(report(30, "E05.06").empty());
  const auto begun = sweep(kBegin + minutes(31));
  const DivisionAlertKey key{AlertRule::StormMode, kRoot};
  const state::DivisionEpisode storm{kBegin + minutes(31), 3, 3};
  EXPECT_EQ(begun, (std::vector<DivisionChange>{{key, true, kBegin + minutes(31), storm}}));
  // The first of them leaves the hour at 01:01.
  EXPECT_EQ(sweep(kBegin + hours(9)), (std::vector<DivisionChange>{{key, false, kBegin + minutes(61), storm}}));
}

TEST_F(DivisionAlerts, an_outside_alert_makes_a_storm_by_itself) {
  sweep(kBegin);
  m_watch.set_outside_storm(true);
  EXPECT_EQ(sweep(kBegin + minutes(1)).size(), 1u);
  EXPECT_TRUE(sweep(kBegin + hours(3)).empty());
  m_watch.set_outside_storm(false);
  EXPECT_EQ(sweep(kBegin + hours(4)).at(0).at, kBegin + hours(3) + minutes(1));
}

TEST(DayJudgement, is_by_median_and_deviation_with_halves_kept) {
  const model::AbnormalDayRule rule{3, 5, 1, 28};
  const std::vector<std::int64_t> before{10, 11, 12, 13};  // median 11.5, MAD 1
  EXPECT_FALSE(judge_day(14, before, rule).abnormal);      // 2.5 off
  EXPECT_FALSE(judge_day(16, before, rule).abnormal);      // 4.5 off: more than three, fewer than five cases
  EXPECT_TRUE(judge_day(17, before, rule).abnormal);
  EXPECT_TRUE(judge_day(6, before, rule).abnormal);
  EXPECT_EQ(judge_day(6, before, rule).median, 11);
  const std::vector<std::int64_t> wild{0, 10, 20, 30};  // median 15, MAD 10
  EXPECT_FALSE(judge_day(45, wild, rule).abnormal);     // exactly three
  EXPECT_TRUE(judge_day(46, wild, rule).abnormal);
}

class AbnormalDays : public DivisionAlerts {
 protected:
  // Folds one day with that many reports of the grid, and says what its end brings.
  std::vector<DivisionChange> day(int number, std::uint32_t reports) {
    const base::UtcTime noon = kBegin + days(number) + hours(12);
    auto changes = sweep_others(noon);
    for (const auto division : {kGrid, kTown, kRoot}) {
      m_figures.count(division, noon, base::PeriodKind::Day, Count::Report) = reports;
    }
    if (reports > 0) m_watch.report(kGrid, "E01.10", noon);
    const auto rest = sweep_others(kBegin + days(number + 1));
    changes.insert(changes.end(), rest.begin(), rest.end());
    return changes;
  }
};

TEST_F(AbnormalDays, a_day_off_the_usual_is_abnormal_for_the_day_after_it) {
  sweep(kBegin);
  for (int i = 0; i < 14; ++i) EXPECT_TRUE(day(i, i == 3 ? 90 : 20).empty()) << i;  // too few days to know
  const auto rain = day(14, 50);
  ASSERT_EQ(rain.size(), 3u);
  EXPECT_EQ(rain[2].key, (DivisionAlertKey{AlertRule::AbnormalDay, kGrid}));
  EXPECT_EQ(rain[2].at, kBegin + days(15));
  EXPECT_EQ(rain[2].episode, (state::DivisionEpisode{kBegin + days(14), 50, 20}));
  const auto outage = day(15, 0);  // yesterday's verdict ends, and the outage has its own
  ASSERT_EQ(outage.size(), 6u);
  EXPECT_FALSE(outage[0].begun);
  EXPECT_TRUE(outage[5].begun);
  EXPECT_EQ(outage[5].episode.value, 0);
  const auto normal = day(16, 20);
  ASSERT_EQ(normal.size(), 3u);
  EXPECT_FALSE(normal[0].begun);
}

TEST_F(AbnormalDays, where_little_is_reported_nothing_is_abnormal) {
  sweep(kBegin);
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(day(i, i % 9 == 0 ? 4 : 0).empty()) << i;
}

TEST_F(AbnormalDays, goes_on_the_same_from_its_content) {
  sweep(kBegin);
  for (int i = 0; i < 14; ++i) day(i, 20);
  day(14, 50);
  m_watch.report(kGrid, "E05.05", kBegin + days(15));
  DivisionWatch other(small_tree(), kLocal, model::AlertRules{});
  other.restore(m_watch.content());
  EXPECT_EQ(other.next_due(), m_watch.next_due());
  EXPECT_EQ(other.sweep(kBegin + days(40), m_figures), sweep(kBegin + days(40)));
  EXPECT_EQ(other.content(), m_watch.content());
}

TEST_F(DivisionAlerts, disabled_rules_say_nothing) {
  model::AlertRules rules;
  for (auto& spec : rules.specs) spec.enabled = false;
  watch_with(rules);
  sweep(kBegin);
  of_month(kRoot, Count::Report) = of_month(kRoot, Count::Unlocated) = 100;
  for (int i = 0; i < 5; ++i) m_watch.report(kGrid, "E05.05", kBegin);
  m_watch.set_outside_storm(true);
  EXPECT_TRUE(sweep(kBegin + days(60)).empty());
}

}  // namespace
}  // namespace gridwall::test
