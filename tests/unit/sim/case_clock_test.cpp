#include "sim/case_clock.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

sim::CaseClock clock_of(const char* limit) {
  return {loaded(model::parse_limit(limit)), &seven_stages().rules->calendar};
}

TEST(CaseClock, working_time_stands_still_at_night_and_urgent_time_does_not) {
  auto four_hours = clock_of("4h"), urgent = clock_of("4uh");
  four_hours.start(at("2026-03-03T17:00:00+08:00"));
  urgent.start(at("2026-03-03T17:00:00+08:00"));
  EXPECT_EQ(four_hours.deadline_at(), at("2026-03-04T11:00:00+08:00"));
  EXPECT_EQ(urgent.deadline_at(), at("2026-03-03T21:00:00+08:00"));
  EXPECT_FALSE(four_hours.runs_on());
  EXPECT_TRUE(urgent.runs_on());
  EXPECT_EQ(four_hours.when_used(at("2026-03-03T17:00:00+08:00"), 0.5), at("2026-03-04T09:00:00+08:00"));
}

TEST(CaseClock, an_extension_adds_the_limit_once_and_a_pause_keeps_what_was_left) {
  auto clock = clock_of("4h");
  clock.start(at("2026-03-03T08:00:00+08:00"));
  clock.extend();
  EXPECT_EQ(clock.deadline_at(), at("2026-03-03T18:00:00+08:00"));
  clock.pause(at("2026-03-03T15:00:00+08:00"));
  clock.resume(at("2026-03-05T08:00:00+08:00"));
  EXPECT_EQ(clock.deadline_at(), at("2026-03-05T11:00:00+08:00"));
}

TEST(CaseClock, after_the_deadline_nothing_is_left_and_a_pause_moves_nothing) {
  auto clock = clock_of("2uh");
  clock.start(at("2026-03-03T08:00:00+08:00"));
  const base::UtcTime late = at("2026-03-03T10:00:01+08:00");
  EXPECT_EQ(clock.left_at(late), base::Duration::zero());
  clock.pause(late);
  clock.resume(at("2026-03-05T08:00:00+08:00"));
  EXPECT_EQ(clock.deadline_at(), at("2026-03-03T10:00:00+08:00"));
}

TEST(CaseClock, without_a_limit_there_is_no_deadline_to_miss) {
  sim::CaseClock clock({}, nullptr);
  clock.start(at("2026-03-03T08:00:00+08:00"));
  EXPECT_FALSE(clock.limited());
  EXPECT_FALSE(clock.runs_on());
  EXPECT_GT(clock.when_used(at("2026-03-03T08:00:00+08:00"), 0.5), at("2026-03-03T08:00:00+08:00"));
}

}  // namespace
}  // namespace gridwall::test
