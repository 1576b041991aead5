#include "base/time_text.hpp"

#include <gtest/gtest.h>

#include "base/time_zone.hpp"

namespace gridwall::base {
namespace {

using std::chrono::minutes;

TEST(TimeText, reads_offsets_and_fractions) {
  const auto a = parse_rfc3339("2026-11-22T09:30:00+08:00");
  const auto b = parse_rfc3339("2026-11-22t01:30:00.000Z");
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(*a, *b);
  const auto c = parse_rfc3339("2026-11-22T01:30:00.1234567891Z");
  EXPECT_EQ((*c - *a).count(), 123'456'789);
}

TEST(TimeText, refuses_what_is_no_time_with_offset) {
  for (const char* text : {"", "2026", "2026-11-22", "2026-11-22T09:30:00", "2026-13-01T00:00:00Z",
                           "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T09:30:00+0800",
                           "2026-11-22T09:30:00Zx", "2026-11-22T09:30:00.Z", "9999-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text).ok()) << text;
  }
}

TEST(TimeText, writes_what_it_reads) {
  for (const char* text : {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59.999Z", "1969-12-31T23:59:59Z"}) {
    EXPECT_EQ(format_rfc3339(*parse_rfc3339(text)), text);
  }
}

TEST(TimeText, starts_the_day_at_the_districts_midnight_not_the_machines) {
  const TimeZone shanghai = TimeZone::find("Asia/Shanghai").value();
  const UtcTime late_evening_utc = *parse_rfc3339("2026-11-21T17:00:00Z");
  EXPECT_EQ(format_rfc3339(start_of_local_day(late_evening_utc, shanghai)), "2026-11-21T16:00:00Z");
  EXPECT_EQ(format_date(late_evening_utc, shanghai), "2026-11-22");
  EXPECT_EQ(format_hms(late_evening_utc, shanghai), "01:00:00");
  EXPECT_EQ(to_local(late_evening_utc, shanghai).weekday, 0);
  EXPECT_EQ(start_of_local_day(late_evening_utc, minutes(480)), start_of_local_day(late_evening_utc, shanghai));
}

TEST(TimeText, starts_a_day_of_23_hours_at_its_own_midnight) {
  const TimeZone new_york = TimeZone::find("America/New_York").value();
  const UtcTime evening = *parse_rfc3339("2024-03-10T20:00:00-04:00");
  EXPECT_EQ(format_rfc3339(start_of_local_day(evening, new_york)), "2024-03-10T05:00:00Z");
  EXPECT_EQ(format_hms(evening, new_york), "20:00:00");
}

TEST(TimeText, reads_offsets_of_profiles) {
  EXPECT_EQ(*parse_utc_offset("+08:00"), minutes(480));
  EXPECT_EQ(*parse_utc_offset("-05:30"), minutes(-330));
  EXPECT_FALSE(parse_utc_offset("8").ok());
}

TEST(ScaledClock, runs_at_its_rate_from_its_start) {
  ManualClock machine(UtcTime{});
  const UtcTime start = *parse_rfc3339("2026-11-22T08:00:00+08:00");
  const ScaledClock clock(machine, start, 60.0);
  machine.advance(std::chrono::seconds(2));
  EXPECT_EQ(clock.now_utc() - start, std::chrono::minutes(2));
}

}  // namespace
}  // namespace gridwall::base
