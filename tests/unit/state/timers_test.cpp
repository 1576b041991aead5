#include "state/timers.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/random.hpp"

namespace gridwall::test {
namespace {

using state::Timer;

base::UtcTime at_s(std::int64_t seconds) {
  return base::UtcTime(std::chrono::seconds(seconds));
}

// Cases whose own timer is in `own`; ids run against the numbers, so that the order of ids shows.
struct Cases {
  state::Timers timers;
  std::vector<base::UtcTime> own = std::vector<base::UtcTime>(100);
  std::vector<std::pair<std::int64_t, std::uint32_t>> fired;  // seconds, number

  static std::string id(std::uint32_t number) { return "case-" + std::to_string(999 - number); }
  void set(std::uint32_t number, std::int64_t due_s) {
    own[number] = at_s(due_s);
    timers.set({at_s(due_s), number});
  }
  [[nodiscard]] auto still() const {
    return [this](const Timer& timer) { return own[timer.number] == timer.due; };
  }
  template <typename Then>
  void fire_until(std::int64_t until_s, const Then& then) {
    timers.fire_until(
        at_s(until_s), still(), [](std::uint32_t number) { return id(number); },
        [&](const Timer& timer) {
          own[timer.number] = {};
          fired.emplace_back(std::chrono::floor<std::chrono::seconds>(timer.due).time_since_epoch().count(),
                             timer.number);
          then(timer);
        });
  }
  void fire_until(std::int64_t until_s) {
    fire_until(until_s, [](const Timer&) {});
  }
};

using Fired = std::vector<std::pair<std::int64_t, std::uint32_t>>;

TEST(Timers, they_fire_in_the_order_of_due_and_then_of_the_cases_id) {
  Cases cases;
  cases.set(1, 61), cases.set(2, 500), cases.set(3, 59), cases.set(4, 61), cases.set(5, 60), cases.set(6, 61);
  cases.fire_until(1000);
  EXPECT_EQ(cases.fired, (Fired{{59, 3}, {60, 5}, {61, 6}, {61, 4}, {61, 1}, {500, 2}}));
  EXPECT_EQ(cases.timers.count(), 0u);
}

TEST(Timers, what_is_due_at_the_very_moment_fires_and_what_is_due_later_waits) {
  Cases cases;
  cases.set(1, 130), cases.set(2, 131), cases.set(3, 400);
  EXPECT_FALSE(cases.timers.any_until(at_s(130) - base::Duration(1)));
  EXPECT_TRUE(cases.timers.any_until(at_s(130)));
  cases.fire_until(129);
  EXPECT_TRUE(cases.fired.empty());
  cases.fire_until(130);
  EXPECT_EQ(cases.fired, (Fired{{130, 1}}));
  EXPECT_FALSE(cases.timers.any_until(at_s(130)));
  EXPECT_TRUE(cases.timers.any_until(at_s(131)));
  cases.fire_until(131);
  EXPECT_EQ(cases.fired, (Fired{{130, 1}, {131, 2}}));
  EXPECT_FALSE(cases.timers.any_until(at_s(399)));
  EXPECT_EQ(cases.timers.count(), 1u);
}

TEST(Timers, a_replaced_timer_is_passed_over_and_its_successor_fires_once) {
  Cases cases;
  cases.set(1, 100), cases.set(1, 300), cases.set(1, 200);
  cases.set(2, 100), cases.set(2, 500), cases.set(2, 100);  // back to what lies there already
  cases.set(3, 100);
  cases.own[3] = {};  // taken back
  EXPECT_EQ(cases.timers.count(), 7u);
  cases.fire_until(1000);
  EXPECT_EQ(cases.fired, (Fired{{100, 2}, {200, 1}}));
  EXPECT_EQ(cases.timers.count(), 0u);
}

TEST(Timers, one_that_is_replaced_by_what_fires_in_its_own_minute_is_passed_over) {
  Cases cases;
  cases.set(1, 10), cases.set(2, 20), cases.set(3, 30);
  cases.fire_until(100, [&](const Timer& timer) {
    if (timer.number == 1) cases.set(2, 90);
    if (timer.number == 3) cases.own[2] = {};
  });
  EXPECT_EQ(cases.fired, (Fired{{10, 1}, {30, 3}}));
  EXPECT_EQ(cases.timers.count(), 0u);
}

TEST(Timers, what_is_set_while_firing_takes_its_place_in_the_order) {
  Cases cases;
  cases.set(1, 70), cases.set(2, 80), cases.set(3, 130);
  cases.fire_until(200, [&](const Timer& timer) {
    if (timer.number != 1) return;
    cases.set(11, 75);   // the same minute, before the next
    cases.set(12, 80);   // ties with what waits there
    cases.set(13, 5);    // past: at once
    cases.set(14, 125);  // a later minute that has one
    cases.set(15, 185);  // a later minute that has none
    cases.set(16, 201);  // after the end
  });
  EXPECT_EQ(cases.fired, (Fired{{70, 1}, {5, 13}, {75, 11}, {80, 12}, {80, 2}, {125, 14}, {130, 3}, {185, 15}}));
  EXPECT_EQ(cases.timers.count(), 1u);
  EXPECT_FALSE(cases.timers.any_until(at_s(200)));
  cases.fire_until(201);
  EXPECT_EQ(cases.fired.back(), (std::pair<std::int64_t, std::uint32_t>{201, 16}));
}

TEST(Timers, one_set_while_firing_for_later_in_the_minute_than_the_end_waits) {
  Cases cases;
  cases.set(1, 61);
  cases.fire_until(70, [&](const Timer&) { cases.set(2, 100); });
  EXPECT_EQ(cases.fired.size(), 1u);
  cases.set(3, 90);  // joins the minute that was put back
  EXPECT_TRUE(cases.timers.any_until(at_s(90)));
  cases.fire_until(110);
  EXPECT_EQ(cases.fired, (Fired{{61, 1}, {90, 3}, {100, 2}}));
}

TEST(Timers, a_case_whose_timer_sets_the_next_one_fires_through_a_jump_over_days) {
  Cases cases;
  constexpr std::int64_t kDay = 86'400;
  cases.set(1, 3600), cases.set(2, 3600 + kDay / 2);
  const auto daily = [&](const Timer& timer) { cases.set(timer.number, cases.fired.back().first + kDay); };
  cases.fire_until(5 * kDay, daily);
  ASSERT_EQ(cases.fired.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(cases.fired[i],
              (std::pair{3600 + static_cast<std::int64_t>(i) * kDay / 2, static_cast<std::uint32_t>(1 + i % 2)}));
  }
  EXPECT_EQ(cases.timers.count(), 2u);
}

TEST(Timers, times_before_1970_have_minutes_too) {
  Cases cases;
  cases.set(1, -1), cases.set(2, -61), cases.set(3, 1), cases.set(4, -60);
  cases.fire_until(10);
  EXPECT_EQ(cases.fired, (Fired{{-61, 2}, {-60, 4}, {-1, 1}, {1, 3}}));
}

TEST(Timers, compacting_drops_what_was_replaced_and_nothing_else) {
  Cases cases;
  for (std::uint32_t number = 0; number < 50; ++number) {
    for (std::int64_t change = 0; change < 20; ++change) cases.set(number, 1000 - 7 * change + number);
  }
  cases.own[7] = {};
  const std::size_t bytes = cases.timers.bytes();
  EXPECT_TRUE(cases.timers.any_until(at_s(1000 - 7 * 19)));
  cases.timers.compact(cases.still());
  EXPECT_EQ(cases.timers.count(), 49u);
  EXPECT_LT(cases.timers.bytes(), bytes / 10);
  cases.own[0] = {};
  cases.timers.compact(cases.still());
  EXPECT_FALSE(cases.timers.any_until(at_s(1000 - 7 * 19))) << "the first of all was dropped";
  EXPECT_TRUE(cases.timers.any_until(at_s(1001 - 7 * 19)));
  cases.fire_until(2000);
  EXPECT_EQ(cases.fired.size(), 48u);
  EXPECT_TRUE(std::is_sorted(cases.fired.begin(), cases.fired.end()));
  EXPECT_EQ(cases.timers.count(), 0u);
}

TEST(Timers, after_clear_nothing_fires) {
  Cases cases;
  cases.set(1, 10);
  cases.timers.clear();
  EXPECT_FALSE(cases.timers.any_until(at_s(1'000'000)));
  EXPECT_EQ(cases.timers.count(), 0u);
  cases.fire_until(100);
  EXPECT_TRUE(cases.fired.empty());
}

TEST(Timers, random_setting_and_firing_agrees_with_an_ordered_set_whatever_the_steps) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    base::Random random(seed);
    Cases cases;
    Fired wanted;
    std::set<std::tuple<std::int64_t, std::string, std::uint32_t>> waiting;
    std::vector<std::int64_t> own_s(100, -1);
    const auto wait = [&](std::uint32_t number, std::int64_t due_s) {
      waiting.erase({own_s[number], Cases::id(number), number});
      own_s[number] = due_s;
      waiting.emplace(due_s, Cases::id(number), number);
    };
    // A further one for some, by rule: due in the same minute, before or later.
    const auto next_of = [](std::int64_t due_s, std::uint32_t number) {
      return number % 4 == 0 && due_s % 3 != 0 ? due_s + 1 + (number % 7) * 13 : -1;
    };
    std::int64_t now_s = 0;
    for (int step = 0; step < 300; ++step) {
      const auto number = static_cast<std::uint32_t>(random.next_below(100));
      const auto due_s = now_s + 1 + static_cast<std::int64_t>(random.next_below(400));
      cases.set(number, due_s), wait(number, due_s);
      if (random.next_below(4) != 0) continue;
      now_s += static_cast<std::int64_t>(random.next_below(90));
      if (random.next_below(10) == 0) cases.timers.compact(cases.still());
      cases.fire_until(now_s, [&](const Timer& timer) {
        const std::int64_t next = next_of(cases.fired.back().first, timer.number);
        if (next >= 0) cases.set(timer.number, next);
      });
      while (!waiting.empty() && std::get<0>(*waiting.begin()) <= now_s) {
        const auto [due, id, who] = *waiting.begin();
        waiting.erase(waiting.begin());
        own_s[who] = -1;
        wanted.emplace_back(due, who);
        if (const std::int64_t next = next_of(due, who); next >= 0) wait(who, next);
      }
      ASSERT_EQ(cases.fired, wanted) << "seed " << seed << " at " << now_s;
      if (!waiting.empty()) {
        ASSERT_FALSE(cases.timers.any_until(at_s(now_s)) && cases.timers.count() == 0);
        ASSERT_TRUE(cases.timers.any_until(at_s(std::get<0>(*waiting.begin()))));
      }
    }
    EXPECT_GT(wanted.size(), 50u);
  }
}

}  // namespace
}  // namespace gridwall::test
