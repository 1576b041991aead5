#include "model/work_calendar.hpp"

#include <gtest/gtest.h>

#include "support/working_time.hpp"

namespace gridwall::model {
namespace {

using base::LocalDays;
using base::UtcTime;
using std::chrono::hours;
using std::chrono::minutes;
using support::local;
using support::local_text;
using support::shipped_calendar;

LocalDays day(int year, int month, int of_month) {
  return LocalDays(std::chrono::year(year) / month / of_month);
}

// A calendar on New York's clock with one window.
WorkCalendar new_york(hours begin, hours end) {
  WorkCalendarSpec spec;
  spec.windows = {{begin, end}};
  spec.weekend = {};
  return {spec, base::TimeZone::find("America/New_York").value()};
}

TEST(WorkCalendar, ships_the_holidays_and_make_up_days_of_three_years) {
  const LocalDays kFree[] = {day(2024, 2, 10), day(2024, 2, 17), day(2024, 6, 10), day(2024, 10, 7), day(2025, 1, 1),
                             day(2025, 1, 28), day(2025, 2, 4),  day(2025, 10, 8), day(2026, 1, 2),  day(2026, 2, 23),
                             day(2026, 6, 19), day(2026, 9, 25), day(2026, 10, 7)};
  for (const LocalDays free : kFree)
    EXPECT_FALSE(shipped_calendar().is_workday(free)) << free.time_since_epoch().count();
  const LocalDays kMadeUp[] = {day(2024, 2, 4),   day(2024, 2, 18), day(2024, 4, 7),  day(2024, 4, 28),
                               day(2024, 5, 11),  day(2024, 9, 14), day(2024, 9, 29), day(2024, 10, 12),
                               day(2025, 1, 26),  day(2025, 2, 8),  day(2025, 4, 27), day(2025, 9, 28),
                               day(2025, 10, 11), day(2026, 1, 4),  day(2026, 2, 14), day(2026, 2, 28),
                               day(2026, 5, 9),   day(2026, 9, 20), day(2026, 10, 10)};
  for (const LocalDays made_up : kMadeUp) {
    EXPECT_TRUE(shipped_calendar().is_workday(made_up)) << made_up.time_since_epoch().count();
    const auto weekday = std::chrono::weekday(made_up).c_encoding();
    EXPECT_TRUE(weekday == 0 || weekday == 6) << "a make-up day is a day of a weekend";
  }
}

TEST(WorkCalendar, holds_as_many_workdays_as_the_years_have) {
  // 366 and 365 days, less weekends, less holidays on weekdays, and the make-up days.
  const std::tuple<int, int> kYears[] = {{2024, 251}, {2025, 248}, {2026, 248}};
  for (const auto& [year, expected] : kYears) {
    int count = 0;
    for (LocalDays d = day(year, 1, 1); d < day(year + 1, 1, 1); d += std::chrono::days(1)) {
      count += shipped_calendar().is_workday(d) ? 1 : 0;
    }
    EXPECT_EQ(count, expected) << year;
  }
}

TEST(WorkCalendar, knows_weekends_only_of_a_year_without_entries) {
  EXPECT_TRUE(shipped_calendar().is_workday(day(2031, 10, 1)));
  EXPECT_FALSE(shipped_calendar().is_workday(day(2031, 10, 4)));
  EXPECT_TRUE(shipped_calendar().is_workday(day(1999, 12, 31)));
  EXPECT_FALSE(shipped_calendar().is_workday(day(2101, 1, 1)));  // a Saturday
}

TEST(WorkCalendar, nothing_is_worked_before_2000_and_the_last_instant_known_is_the_end_of_2100) {
  const UtcTime end = local("2101-01-01 00:00");
  EXPECT_EQ(local_text(shipped_calendar().add_working(local("1990-05-05 10:00"), hours(1))), "2000-01-03 09:00");
  EXPECT_EQ(shipped_calendar().working_between(local("1980-01-01 00:00"), local("2000-01-01 00:00")), hours(0));
  EXPECT_EQ(shipped_calendar().add_working(local("2100-12-31 17:00"), hours(1)), local("2100-12-31 18:00"));
  EXPECT_EQ(shipped_calendar().add_working(local("2100-12-31 17:00"), hours(2)), end);
  EXPECT_EQ(shipped_calendar().add_working(local("2024-09-24 10:00"), hours(24 * 365 * 200)), end);
  EXPECT_EQ(shipped_calendar().add_working(local("2150-01-01 00:00"), hours(2)), local("2150-01-01 00:00"));
  EXPECT_EQ(shipped_calendar().working_between(local("2101-01-01 00:00"), local("2140-01-01 00:00")), hours(0));
}

TEST(WorkCalendar, by_default_works_around_the_clock) {
  const WorkCalendar calendar;
  const UtcTime start = base::parse_rfc3339("2024-10-05T23:30:00Z").value();
  EXPECT_EQ(calendar.add_working(start, hours(30)), start + hours(30));
  EXPECT_EQ(calendar.working_between(start, start + hours(500)), hours(500));
}

TEST(WorkCalendar, a_window_over_a_change_of_the_clock_is_as_long_as_it_was) {
  const WorkCalendar calendar = new_york(hours(0), hours(4));
  const auto& zone = calendar.zone();
  const auto worked = [&](const char* from, const char* to) {
    return calendar.working_between(local(from, zone), local(to, zone));
  };
  EXPECT_EQ(worked("2024-03-10 00:00", "2024-03-11 00:00"), hours(3));
  EXPECT_EQ(worked("2024-11-03 00:00", "2024-11-04 00:00"), hours(5));
  EXPECT_EQ(worked("2024-11-04 00:00", "2024-11-05 00:00"), hours(4));
  EXPECT_EQ(local_text(calendar.add_working(local("2024-03-10 00:00", zone), hours(2)), zone), "2024-03-10 03:00");
  EXPECT_EQ(local_text(calendar.add_working(local("2024-11-03 00:00", zone), hours(4)), zone), "2024-11-03 03:00");
}

TEST(WorkCalendar, a_window_that_clocks_skip_is_no_working_time) {
  const WorkCalendar calendar = new_york(hours(2), hours(3));
  EXPECT_EQ(local_text(calendar.add_working(local("2024-03-10 00:00", calendar.zone()), minutes(30)), calendar.zone()),
            "2024-03-11 02:30");
}

constexpr const char* kHead = "windows = ['08:00-12:00', '14:00-18:00']\nweekend = ['sunday']\n";

TEST(WorkCalendar, a_file_may_have_one_window_and_a_workday_that_is_said) {
  const auto calendar = parse_work_calendar(
      "windows = ['00:00-24:00']\nweekend = []\nworkday_minutes = 480\n"
      "[[holiday]]\ndays = ['2024-02-28..2024-03-01', '2023-12-31']\n",
      "t.toml", base::TimeZone{});
  ASSERT_TRUE(calendar.ok()) << calendar.error().message;
  EXPECT_EQ(calendar->workday(), hours(8));
  EXPECT_FALSE(calendar->is_workday(day(2024, 2, 29)));
  EXPECT_FALSE(calendar->is_workday(day(2023, 12, 31)));
  EXPECT_TRUE(calendar->is_workday(day(2024, 3, 2)));
  const auto plain = parse_work_calendar(kHead, "t.toml", base::TimeZone{});
  ASSERT_TRUE(plain.ok()) << plain.error().message;
  EXPECT_EQ(plain->workday(), hours(8));  // what the windows hold
}

TEST(WorkCalendar, names_the_line_and_what_is_wrong_with_it) {
  const std::string head = kHead;
  const std::pair<std::string, const char*> kMistakes[] = {
      {"windows = ['08:00-12:00', '11:00-18:00']\nweekend = []\n", "t.toml:1: windows: expected windows in order"},
      {"windows = ['14:00-18:00', '08:00-12:00']\nweekend = []\n", "t.toml:1: windows: expected windows in order"},
      {"windows = ['12:00-12:00']\nweekend = []\n", "t.toml:1: windows: expected an end after the begin"},
      {"windows = ['22:00-06:00']\nweekend = []\n", "t.toml:1: windows: expected an end after the begin"},
      {"windows = ['8-12']\nweekend = []\n", "t.toml:1: windows: expected windows such as"},
      {"windows = ['08:00-24:01']\nweekend = []\n", "t.toml:1: windows: expected windows such as"},
      {"windows = []\nweekend = []\n", "t.toml:1: windows: expected at least one window"},
      {"windows = ['08:00-12:00']\nweekend = ['Sat']\n", "t.toml:2: weekend: expected weekdays by name"},
      {head + "workday = 8\n", "t.toml:3: workday: unknown key"},
      {head + "workday_minutes = 0\n", "t.toml:3: workday_minutes: expected a whole number from 1"},
      {head + "[[holiday]]\ndays = ['2024-02-30']\n", "t.toml:4: holiday[1].days: expected dates such as"},
      {head + "[[holiday]]\ndays = ['2024-2-1']\n", "t.toml:4: holiday[1].days: expected dates such as"},
      {head + "[[holiday]]\ndays = ['2024-02-01..']\n", "t.toml:4: holiday[1].days: expected dates such as"},
      {head + "[[holiday]]\ndays = ['2024-02-03..2024-02-01']\n",
       "t.toml:4: holiday[1].days: expected a range that runs"},
      {head + "[[holiday]]\ndays = ['1999-12-31']\n", "t.toml:4: holiday[1].days: expected dates from 2000 to 2100"},
      {head + "[[holiday]]\ndays = ['2100-12-31..2101-01-01']\n",
       "t.toml:4: holiday[1].days: expected dates from 2000"},
      {head + "[[holiday]]\ndays = ['2024-02-01']\nmakeup = ['2024-02-01']\n",
       "t.toml:5: holiday[1].makeup: expected days that are not given as holidays too, as 2024-02-01 is"},
      {head + "[[holiday]]\nmakeup = ['2024-02-04']\n[[holiday]]\ndays = ['2024-02-01..2024-02-07']\n",
       "t.toml:6: holiday[2].days: expected days that are not given as make-up days too, as 2024-02-04 is"},
      {head + "[[holiday]]\ndays = ['2024-02-01', '2024-02-01']\n",
       "t.toml:4: holiday[1].days: expected each day once"},
  };
  for (const auto& [text, expected] : kMistakes) {
    const auto calendar = parse_work_calendar(text, "t.toml", base::TimeZone{});
    ASSERT_FALSE(calendar.ok()) << text;
    EXPECT_NE(calendar.error().message.find(expected), std::string::npos) << calendar.error().message;
  }
}

}  // namespace
}  // namespace gridwall::model
