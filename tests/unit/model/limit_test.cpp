// The domain's vectors of deadlines and used time. Run under three machine zones: none of it may depend on which.
#include "model/limit.hpp"

#include <gtest/gtest.h>

#include "support/working_time.hpp"

namespace gridwall::model {
namespace {

using base::Duration;
using base::UtcTime;
using std::chrono::hours;
using std::chrono::minutes;
using support::local;
using support::local_text;
using support::shipped_calendar;

Limit limit(std::string_view text) {
  return parse_limit(text).value();
}

TEST(Limit, gives_the_domains_deadlines) {
  const std::tuple<const char*, const char*, const char*> kVectors[] = {
      {"2024-09-24 10:00", "4h", "2024-09-24 16:00"}, {"2024-09-24 10:00", "1d", "2024-09-25 10:00"},
      {"2024-09-24 12:30", "2h", "2024-09-24 16:00"}, {"2024-09-24 17:30", "2h", "2024-09-25 09:30"},
      {"2024-09-24 08:00", "4h", "2024-09-24 12:00"},  // at the end of the window, not at 14:00
      {"2024-09-24 08:00", "1d", "2024-09-24 18:00"}, {"2024-09-24 18:00", "1h", "2024-09-25 09:00"},
      {"2024-09-27 17:00", "1d", "2024-09-29 17:00"},  // Friday to the Sunday that is made up
      {"2024-09-28 09:00", "2h", "2024-09-29 10:00"}, {"2024-09-30 16:00", "1d", "2024-10-08 16:00"},
      {"2024-09-30 16:00", "3d", "2024-10-10 16:00"}, {"2024-09-30 17:59", "2uh", "2024-09-30 19:59"},
      {"2024-10-11 15:00", "2d", "2024-10-14 15:00"},  // over a made-up Saturday and a free Sunday
  };
  for (const auto& [start, text, expected] : kVectors) {
    EXPECT_EQ(local_text(deadline(local(start), limit(text), shipped_calendar())), expected) << start << " + " << text;
  }
}

TEST(Limit, gives_the_domains_used_times) {
  const std::tuple<const char*, const char*, minutes> kVectors[] = {
      {"2024-09-30 16:00", "2024-10-08 09:30", minutes(210)},
      {"2024-09-24 11:00", "2024-09-24 15:00", minutes(120)},
      {"2024-09-27 17:00", "2024-09-29 09:00", minutes(120)}};
  for (const auto& [start, end, expected] : kVectors) {
    EXPECT_EQ(used_on_clock(local(start), local(end), LimitUnit::WorkHour, shipped_calendar()), expected) << start;
    EXPECT_EQ(used_on_clock(local(start), local(end), LimitUnit::WorkDay, shipped_calendar()), expected) << start;
    EXPECT_EQ(used_on_clock(local(start), local(end), LimitUnit::UrgentHour, shipped_calendar()),
              local(end) - local(start));
  }
}

TEST(Limit, urgent_units_run_through_nights_and_holidays) {
  const std::pair<const char*, const char*> kVectors[] = {
      {"15um", "2024-10-02 03:15"}, {"1uh", "2024-10-02 04:00"}, {"2ud", "2024-10-04 03:00"}};
  for (const auto& [text, expected] : kVectors) {
    EXPECT_EQ(local_text(deadline(local("2024-10-02 03:00"), limit(text), shipped_calendar())), expected) << text;
  }
}

TEST(Limit, a_time_that_runs_backward_uses_nothing) {
  for (const auto unit : {LimitUnit::UrgentMinute, LimitUnit::WorkDay}) {
    EXPECT_EQ(used_on_clock(local("2024-09-24 11:00"), local("2024-09-24 10:00"), unit, shipped_calendar()), hours(0));
  }
}

TEST(Limit, is_written_as_it_is_read) {
  for (const char* text : {"15um", "2uh", "1ud", "4h", "1d", "100000d"}) EXPECT_EQ(limit_text(limit(text)), text);
  EXPECT_EQ(limit("2uh"), (Limit{LimitUnit::UrgentHour, 2}));
  EXPECT_TRUE(limit("1d").given());
  EXPECT_FALSE(Limit{}.given());
}

TEST(Limit, refuses_other_words_and_says_what_it_takes) {
  for (const char* text : {"", "d", "1", "0d", "-1d", "+1d", "1.5h", "100001d", "99999999999d", "1 d", "1D", "1w",
                           "1uhh", " 1d", "1m", "0x1d"}) {
    const auto refused = parse_limit(text);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_NE(refused.error().message.find("for example 2uh"), std::string::npos) << refused.error().message;
  }
}

TEST(Limit, a_workday_is_as_long_as_the_calendar_says) {
  WorkCalendarSpec spec;
  spec.workday = minutes(450);
  const WorkCalendar calendar(spec, base::TimeZone{});
  EXPECT_EQ(amount_of(limit("2d"), calendar), hours(15));
  EXPECT_EQ(amount_of(limit("2h"), calendar), hours(2));
  EXPECT_EQ(amount_of(limit("2ud"), calendar), hours(48));
}

TEST(Limit, the_longest_limits_and_the_worst_stamps_stay_within_what_a_time_can_hold) {
  const UtcTime worst[] = {base::parse_rfc3339("1678-01-01T00:00:00Z").value(), local("2024-09-24 10:00"),
                           base::parse_rfc3339("2261-12-31T23:59:59Z").value()};
  for (const UtcTime start : worst) {
    for (const char* text : {"100000um", "100000uh", "100000ud", "100000h", "100000d"}) {
      const UtcTime at = deadline(start, limit(text), shipped_calendar());
      EXPECT_GE(at, start) << text;
      EXPECT_LE(at, worst[2]) << text;
    }
    for (const UtcTime end : worst) {
      EXPECT_GE(used_on_clock(start, end, LimitUnit::UrgentDay, shipped_calendar()), Duration(0));
      EXPECT_GE(used_on_clock(start, end, LimitUnit::WorkDay, shipped_calendar()), Duration(0));
    }
  }
  EXPECT_EQ(used_on_clock(worst[0], worst[2], LimitUnit::UrgentHour, shipped_calendar()), Duration::max());
}

}  // namespace
}  // namespace gridwall::model
