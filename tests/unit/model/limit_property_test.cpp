// What holds of working time whatever the calendar, zone, start and amount: the deadline is the first moment by which
// the amount is used, longer limits and later starts never end earlier, and parts add up to the whole.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.hpp"
#include "base/time_text.hpp"
#include "model/work_calendar.hpp"

namespace gridwall::model {
namespace {

using base::Duration;
using base::UtcTime;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Rules {
  WorkCalendarSpec spec;
  const char* zone;
};

const std::vector<Rules>& rules() {
  static const std::vector<Rules> kRules = [] {
    std::vector<Rules> all(4);
    all[0].zone = "Asia/Shanghai";
    all[0].spec.holidays = {base::LocalDays(std::chrono::year(2026) / 10 / 1)};
    all[0].spec.makeup_days = {base::LocalDays(std::chrono::year(2026) / 10 / 10)};
    // Across both hours of change, and up to the end of the day.
    all[1].zone = "America/New_York";
    all[1].spec.windows = {{minutes(0), minutes(90)}, {minutes(90), minutes(170)}, {hours(23), hours(24)}};
    all[1].spec.weekend = {3};
    // Clocks that changed at midnight, and stood an hour later in January than they do now.
    all[2].zone = "America/Sao_Paulo";
    all[2].spec.windows = {{hours(0), hours(4)}, {hours(20), hours(24)}};
    all[2].spec.weekend = {0};
    all[3].zone = "UTC";
    all[3].spec.windows = {{hours(0), hours(24)}};
    all[3].spec.weekend = {};
    return all;
  }();
  return kRules;
}

struct Draw {
  base::Random random;
  UtcTime start() {
    const auto begin = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
    auto time = UtcTime(begin) + seconds(random.next_below(60ULL * 365 * 86'400));
    // Half of them on the full hour, where windows begin and end; and some off the second.
    if (random.next_below(2) == 0) time = std::chrono::floor<hours>(time);
    if (random.next_below(4) == 0) time += Duration(random.next_below(1'000'000'000));
    return time;
  }
  Duration amount() {
    const std::uint64_t kMost[] = {60, 3'600, 8 * 3'600, 15 * 8 * 3'600, 400 * 8 * 3'600};
    const Duration amount = seconds(1 + random.next_below(kMost[random.next_below(5)]));
    return random.next_below(2) == 0 ? std::chrono::ceil<hours>(amount) : amount;
  }
};

class WorkingTime : public testing::TestWithParam<int> {
 protected:
  static const Rules& rule() { return rules()[static_cast<std::size_t>(GetParam())]; }
  static const WorkCalendar& calendar() {
    static std::vector<WorkCalendar> calendars;
    if (calendars.empty()) {
      for (const Rules& each : rules()) calendars.emplace_back(each.spec, base::TimeZone::find(each.zone).value());
    }
    return calendars[static_cast<std::size_t>(GetParam())];
  }
  static Duration used(UtcTime begin, UtcTime end) { return calendar().working_between(begin, end); }
  Draw m_draw{base::Random(2024)};
};

TEST_P(WorkingTime, the_deadline_is_the_first_moment_by_which_the_amount_is_used) {
  for (int i = 0; i < 20'000; ++i) {
    const UtcTime start = m_draw.start();
    const Duration amount = m_draw.amount();
    const UtcTime at = calendar().add_working(start, amount);
    ASSERT_EQ(used(start, at), amount) << base::format_rfc3339(start) << " + " << amount.count();
    ASSERT_EQ(used(start, at - Duration(1)), amount - Duration(1)) << base::format_rfc3339(start);
  }
}

TEST_P(WorkingTime, longer_limits_and_later_starts_never_end_earlier) {
  for (int i = 0; i < 20'000; ++i) {
    const UtcTime start = m_draw.start();
    const Duration amount = m_draw.amount(), more = m_draw.amount(), later = m_draw.amount();
    const UtcTime at = calendar().add_working(start, amount);
    ASSERT_LT(at, calendar().add_working(start, amount + more)) << base::format_rfc3339(start);
    ASSERT_LE(at, calendar().add_working(start + later, amount)) << base::format_rfc3339(start);
  }
}

TEST_P(WorkingTime, parts_add_up_to_the_whole) {
  for (int i = 0; i < 20'000; ++i) {
    const UtcTime start = m_draw.start();
    const Duration first = m_draw.amount(), second = m_draw.amount();
    ASSERT_EQ(calendar().add_working(calendar().add_working(start, first), second),
              calendar().add_working(start, first + second))
        << base::format_rfc3339(start);
    const UtcTime middle = start + first, end = middle + second;
    ASSERT_EQ(used(start, middle) + used(middle, end), used(start, end)) << base::format_rfc3339(start);
    ASSERT_LE(used(start, end), end - start);
  }
}

// The same sums by going over every minute, as a person would: offsets, windows and steps are whole minutes.
TEST_P(WorkingTime, is_what_the_windows_of_each_day_hold) {
  const auto is_worked = [&](UtcTime minute) {
    const auto local = calendar().zone().to_local(minute);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto of_day = std::chrono::floor<minutes>(local - day);
    return calendar().is_workday(day) &&
           std::any_of(rule().spec.windows.begin(), rule().spec.windows.end(),
                       [&](const auto& window) { return of_day >= window.begin && of_day < window.end; });
  };
  for (int i = 0; i < 300; ++i) {
    const UtcTime start = std::chrono::ceil<minutes>(m_draw.start());
    const UtcTime end = start + minutes(m_draw.random.next_below(30ULL * 24 * 60));
    Duration by_minute{0};
    for (UtcTime t = start; t < end; t += minutes(1)) by_minute += minutes(is_worked(t) ? 1 : 0);
    ASSERT_EQ(used(start, end), by_minute) << base::format_rfc3339(start) << " to " << base::format_rfc3339(end);
  }
}

INSTANTIATE_TEST_SUITE_P(Calendars, WorkingTime, testing::Range(0, 4));

}  // namespace
}  // namespace gridwall::model
