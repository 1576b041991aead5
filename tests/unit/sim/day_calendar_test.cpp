#include "sim/day_calendar.hpp"

#include <gtest/gtest.h>

#include <array>

#include "fixtures.hpp"
#include "model/day_kinds.hpp"

namespace gridwall::sim {
namespace {

using model::DayKind;

const base::LocalDays kNewYear = test::day_of("2026-01-01T12:00:00+08:00");

model::DayKinds shipped_kinds() {
  return test::loaded(model::load_day_kinds(GRIDWALL_SOURCE_DIR "/config/days.toml"));
}

DayCalendar shipped(std::uint64_t seed = 1) {
  return {shipped_kinds(), &test::seven_stages().rules->calendar, seed};
}

TEST(DayCalendar, without_kinds_every_day_is_a_normal_one) {
  for (int i = 0; i < 400; ++i) EXPECT_EQ(DayCalendar().kind_of(kNewYear + std::chrono::days(i)), DayKind::Normal);
}

TEST(DayCalendar, a_year_has_its_holidays_some_quiet_days_and_storms_in_the_rainy_months) {
  const DayCalendar calendar = shipped();
  std::array<int, model::kDayKindCount> count{};
  for (int i = 0; i < 365; ++i) {
    const base::LocalDays day = kNewYear + std::chrono::days(i);
    const DayKind kind = calendar.kind_of(day);
    ++count[static_cast<std::size_t>(kind)];
    if (kind == DayKind::Storm) {
      const auto month = static_cast<unsigned>(std::chrono::year_month_day(day).month());
      EXPECT_TRUE(month >= 5 && month <= 9) << month;
    }
    EXPECT_EQ(kind == DayKind::Holiday, test::seven_stages().rules->calendar.is_holiday(day));
  }
  EXPECT_GT(count[static_cast<std::size_t>(DayKind::Quiet)], 10);
  EXPECT_GE(count[static_cast<std::size_t>(DayKind::Storm)], 1);
  EXPECT_GT(count[static_cast<std::size_t>(DayKind::Normal)], 250);
}

TEST(DayCalendar, a_seed_draws_its_own_year_and_a_forced_day_is_what_it_is_told) {
  int differ = 0;
  for (int i = 0; i < 365; ++i) {
    const base::LocalDays day = kNewYear + std::chrono::days(i);
    EXPECT_EQ(shipped(4).kind_of(day), shipped(4).kind_of(day));
    differ += shipped(4).kind_of(day) != shipped(5).kind_of(day) ? 1 : 0;
  }
  EXPECT_GT(differ, 5);
  DayCalendar forced = shipped();
  forced.force(kNewYear, DayKind::Storm);
  EXPECT_EQ(forced.kind_of(kNewYear), DayKind::Storm);
}

TEST(DayCalendar, a_plan_has_fewer_cases_on_a_quiet_day_and_the_public_reports_on_holidays) {
  constexpr double kCasesPerDay = 4000;
  const auto day_of_kind = [&](DayKind kind) {
    DayPlanInput input = test::plan_input(3, kCasesPerDay);
    input.days = shipped();
    input.days.force(kNewYear, kind);
    return test::planner(input).plan(kNewYear);
  };
  const auto public_share = [](const std::vector<PlannedCase>& cases) {
    double count = 0;
    for (const PlannedCase& one : cases) {
      count += test::shipped_vocabulary()->channels[one.channel_index].is_public ? 1 : 0;
    }
    return count / static_cast<double>(cases.size());
  };
  const auto normal = day_of_kind(DayKind::Normal), quiet = day_of_kind(DayKind::Quiet),
             holiday = day_of_kind(DayKind::Holiday);
  const auto share = [&](const std::vector<PlannedCase>& cases) {
    return static_cast<double>(cases.size()) / static_cast<double>(normal.size());
  };
  EXPECT_NEAR(share(quiet), shipped_kinds().quiet_cases, 0.05);
  EXPECT_NEAR(share(holiday), shipped_kinds().holiday_cases, 0.05);
  EXPECT_GT(public_share(holiday), 1.25 * public_share(normal));
}

}  // namespace
}  // namespace gridwall::sim
