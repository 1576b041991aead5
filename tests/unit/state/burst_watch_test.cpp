#include "state/burst_watch.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "fixtures.hpp"

namespace gridwall::test {
namespace {

using state::BurstChange;
using state::BurstKey;
using state::BurstWatch;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// Divisions of small_tree(): 0 the district, 1 to 4 below it, 5 to 8 below 1.
constexpr model::DivisionIndex kRoot{0}, kTown{1}, kGrid{5};
const base::UtcTime kBegin = at("2026-03-02T00:00:00+08:00");

class Burst : public testing::Test {
 protected:
  std::vector<BurstChange> report(base::UtcTime time, int count = 1, std::uint16_t big_class = 1) {
    auto changes = m_watch.sweep(time);
    for (int i = 0; i < count; ++i) m_watch.report(kGrid, big_class, time);
    return changes;
  }
  // Two cases at ten past and forty past ten on each day.
  void ordinary_days(int count) {
    m_watch.sweep(kBegin);
    for (int day = 0; day < count; ++day) {
      report(kBegin + days(day) + hours(10) + minutes(10), 2);
      report(kBegin + days(day) + hours(10) + minutes(40), 2);
    }
  }
  BurstWatch m_watch{small_tree(), base::TimeZone::fixed(minutes(480)), model::BurstRule{}};
};

TEST_F(Burst, begins_at_the_first_minute_above_the_hours_own_history_and_ends_at_the_first_below) {
  ordinary_days(8);
  const base::UtcTime time = kBegin + days(8) + hours(10) + minutes(20) + std::chrono::seconds(5);
  report(time, 5);
  const auto begun = m_watch.sweep(time + minutes(2));
  // Grid, town and district; of the class, and of all.
  ASSERT_EQ(begun.size(), 6u);
  EXPECT_EQ(begun[0].key, (BurstKey{kRoot, 1}));
  EXPECT_EQ(begun[1].key, (BurstKey{kRoot, state::kAllBigClasses}));
  EXPECT_EQ(begun[5].key, (BurstKey{kGrid, state::kAllBigClasses}));
  const base::UtcTime minute = kBegin + days(8) + hours(10) + minutes(21);
  for (const BurstChange& change : begun) {
    EXPECT_TRUE(change.begun);
    EXPECT_EQ(change.at, minute);
    // Mean 1, deviation 1: five are more than four, four are not.
    EXPECT_EQ(change.episode, (state::BurstEpisode{minute, 5, 5}));
  }
  EXPECT_EQ(m_watch.active().size(), 6u);
  // However long nothing is heard, the end is at its own minute.
  const auto ended = m_watch.sweep(time + days(3));
  ASSERT_EQ(ended.size(), 6u);
  EXPECT_FALSE(ended[0].begun);
  EXPECT_EQ(ended[0].at, kBegin + days(8) + hours(10) + minutes(36));
  EXPECT_EQ(m_watch.next_due(), std::nullopt);
}

TEST_F(Burst, four_cases_or_six_days_of_history_are_too_few) {
  ordinary_days(6);
  report(kBegin + days(6) + hours(10) + minutes(20), 50);
  EXPECT_TRUE(m_watch.sweep(kBegin + days(6) + hours(11)).empty());
  report(kBegin + days(7) + hours(4), 4);  // this hour never had any
  EXPECT_TRUE(m_watch.sweep(kBegin + days(7) + hours(5)).empty());
  report(kBegin + days(8) + hours(4), 5);
  EXPECT_FALSE(m_watch.sweep(kBegin + days(8) + hours(5)).empty());
}

TEST_F(Burst, what_is_usual_at_an_hour_is_none) {
  m_watch.sweep(kBegin);
  for (int day = 0; day < 9; ++day) {
    for (int quarter = 0; quarter < 4; ++quarter) {
      EXPECT_TRUE(report(kBegin + days(day) + hours(9) + minutes(15 * quarter), 40).empty()) << day;
    }
    EXPECT_TRUE(m_watch.sweep(kBegin + days(day) + hours(9) + minutes(59)).empty()) << day;
  }
}

TEST_F(Burst, a_window_takes_whole_minutes_and_nothing_of_the_sixteenth) {
  ordinary_days(8);
  const base::UtcTime ten = kBegin + days(8) + hours(20);
  report(ten, 2);
  report(ten + minutes(14) + std::chrono::seconds(59), 2);
  EXPECT_TRUE(report(ten + minutes(15), 1).empty());  // the window of 20:15 has four; that of 20:16 has lost two
  EXPECT_TRUE(m_watch.sweep(ten + hours(1)).empty());
}

TEST_F(Burst, forgets_history_beyond_its_days) {
  m_watch.sweep(kBegin);
  for (int day = 0; day < 200; ++day) report(kBegin + days(day) + hours(day % 24), 1);
  EXPECT_LE(m_watch.content().quarters[0].size(), 64u);
}

TEST_F(Burst, goes_on_the_same_from_its_content) {
  ordinary_days(8);
  report(kBegin + days(8) + hours(10), 7);
  m_watch.sweep(kBegin + days(8) + hours(10) + minutes(5));
  BurstWatch other(small_tree(), base::TimeZone::fixed(minutes(480)), model::BurstRule{});
  other.restore(m_watch.content(), m_watch.active());
  EXPECT_EQ(other.next_due(), m_watch.next_due());
  const auto ended = m_watch.sweep(kBegin + days(9));
  EXPECT_EQ(ended.size(), 6u);
  EXPECT_EQ(other.sweep(kBegin + days(9)), ended);
}

// Every key at every minute, counted anew from all reports, with the rule as it is written (in floating point).
TEST(BurstProperty, agrees_with_a_recount) {
  const model::BurstRule rule{3, 1, 2, 3};
  BurstWatch watch(small_tree(), base::TimeZone::fixed(minutes(480)), rule);
  base::Random random(5);
  constexpr std::int64_t kEnd = 12 * 24 * 60;
  std::map<std::uint16_t, std::vector<int>> per_minute;
  for (const std::uint16_t big_class : {std::uint16_t{0}, std::uint16_t{1}, state::kAllBigClasses}) {
    per_minute[big_class].resize(kEnd + 60);
  }
  std::vector<BurstChange> found;
  const auto take = [&](std::int64_t minute) {
    const auto changes = watch.sweep(kBegin + minutes(minute));
    found.insert(found.end(), changes.begin(), changes.end());
  };
  take(0);
  for (std::int64_t minute = 0; minute < kEnd;) {
    take(minute);
    const auto big_class = static_cast<std::uint16_t>(random.next_below(2));
    watch.report(kGrid, big_class, kBegin + minutes(minute));
    ++per_minute[big_class][static_cast<std::size_t>(minute)];
    ++per_minute[state::kAllBigClasses][static_cast<std::size_t>(minute)];
    minute += static_cast<std::int64_t>(random.next_below(random.next_below(40) == 0 ? 150 : 6));
  }
  take(kEnd + 60);

  std::vector<BurstChange> wanted;
  std::map<BurstKey, bool> active;
  for (std::int64_t now = 1; now <= kEnd + 60; ++now) {
    for (const auto& [big_class, cases_at] : per_minute) {
      const auto count = [&, &at = cases_at](std::int64_t from, std::int64_t to) {
        int sum = 0;
        for (std::int64_t i = std::max<std::int64_t>(from, 0); i < to; ++i) sum += at[static_cast<std::size_t>(i)];
        return sum;
      };
      const std::int64_t hour = (now - 1) / 60 * 60;
      double n = 0, sum = 0, squares = 0;
      for (std::int64_t day = 1; day <= 3 && hour - day * 1440 >= 0; ++day) {
        for (std::int64_t quarter = 0; quarter < 4; ++quarter) {
          const std::int64_t from = hour - day * 1440 + quarter * 15;
          const double cases = count(from, from + 15);
          n += 1, sum += cases, squares += cases * cases;
        }
      }
      const int cases = count(now - 15, now);
      const double mean = sum / n, deviation = std::sqrt(squares / n - mean * mean);
      const bool burst = cases >= 3 && n >= 8 && cases > mean + deviation + 1e-9;
      const BurstKey key{kGrid, big_class};
      if (burst == active[key]) continue;
      active[key] = burst;
      wanted.push_back({key, burst, kBegin + minutes(now), {}});
    }
  }
  std::erase_if(found, [](const BurstChange& change) { return change.key.division != kGrid; });
  ASSERT_GT(wanted.size(), 500u);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].key, wanted[i].key) << i;
    EXPECT_EQ(found[i].begun, wanted[i].begun) << i;
    EXPECT_EQ(found[i].at, wanted[i].at) << i;
  }
}

}  // namespace
}  // namespace gridwall::test
