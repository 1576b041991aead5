// Run under three machine zones: nothing here may depend on which.
#include "base/time_zone.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace gridwall::base {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TimeZone zone(std::string_view name) {
  return TimeZone::find(name).value();
}
UtcTime at(std::string_view text) {
  return parse_rfc3339(text).value();
}
// A reading of a local clock, written as if it were UTC.
LocalInstant reading(std::string_view text) {
  return LocalInstant(at(text).time_since_epoch());
}
LocalDays day(int year, unsigned month, unsigned of_month) {
  return LocalDays(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(of_month));
}
std::string begin_text(const Period& period, const TimeZone& where) {
  return format_rfc3339(period_begin(period, where));
}

TEST(TimeZone, shanghai_had_daylight_saving_from_1986_to_1991_and_never_since) {
  const TimeZone shanghai = zone("Asia/Shanghai");
  const std::pair<const char*, int> kOffsets[] = {
      {"1970-07-01T00:00:00Z", 8},  // and before: the first one known reaches back
      {"1950-07-01T00:00:00Z", 8}, {"1986-05-03T17:59:59Z", 8}, {"1986-05-03T18:00:00Z", 9},
      {"1986-09-13T16:59:59Z", 9}, {"1986-09-13T17:00:00Z", 8}, {"1991-04-13T18:00:00Z", 9},
      {"1991-09-14T16:59:59Z", 9}, {"1991-09-14T17:00:00Z", 8}, {"1992-07-01T00:00:00Z", 8},
      {"2026-07-01T00:00:00Z", 8}, {"2100-07-01T00:00:00Z", 8}};
  for (const auto& [text, offset_h] : kOffsets) EXPECT_EQ(shanghai.offset_at(at(text)), hours(offset_h)) << text;
}

TEST(TimeZone, a_reading_is_an_instant_of_the_zone) {
  const auto instant = zone("Asia/Shanghai").from_local(reading("2024-09-24T10:00:00Z"));
  EXPECT_EQ(format_rfc3339(instant.utc), "2024-09-24T02:00:00Z");
  EXPECT_EQ(instant.reading, TimeZone::Reading::Unique);
}

TEST(TimeZone, a_reading_that_clocks_skip_is_the_moment_of_the_change) {
  const TimeZone new_york = zone("America/New_York");
  for (const char* text : {"2024-03-10T02:00:00Z", "2024-03-10T02:30:00Z", "2024-03-10T02:59:59Z"}) {
    const auto skipped = new_york.from_local(reading(text));
    EXPECT_EQ(skipped.reading, TimeZone::Reading::Never) << text;
    EXPECT_EQ(format_rfc3339(skipped.utc), "2024-03-10T07:00:00Z") << text;
  }
  EXPECT_EQ(new_york.from_local(reading("2024-03-10T01:59:59Z")).reading, TimeZone::Reading::Unique);
  const auto after = new_york.from_local(reading("2024-03-10T03:00:00Z"));
  EXPECT_EQ(after.reading, TimeZone::Reading::Unique);
  EXPECT_EQ(format_rfc3339(after.utc), "2024-03-10T07:00:00Z");
}

TEST(TimeZone, a_reading_that_clocks_show_twice_is_the_first_of_the_two) {
  const TimeZone new_york = zone("America/New_York");
  for (const auto& [text, utc] : {std::pair("2024-11-03T01:00:00Z", "2024-11-03T05:00:00Z"),
                                  std::pair("2024-11-03T01:59:59Z", "2024-11-03T05:59:59Z")}) {
    const auto twice = new_york.from_local(reading(text));
    EXPECT_EQ(twice.reading, TimeZone::Reading::Twice) << text;
    EXPECT_EQ(format_rfc3339(twice.utc), utc);
  }
  EXPECT_EQ(new_york.from_local(reading("2024-11-03T00:59:59Z")).reading, TimeZone::Reading::Unique);
  const auto after = new_york.from_local(reading("2024-11-03T02:00:00Z"));
  EXPECT_EQ(after.reading, TimeZone::Reading::Unique);
  EXPECT_EQ(format_rfc3339(after.utc), "2024-11-03T07:00:00Z");
}

TEST(TimeZone, a_day_whose_midnight_is_skipped_begins_at_the_change) {
  // Brazil set its clocks forward at midnight.
  const TimeZone sao_paulo = zone("America/Sao_Paulo");
  EXPECT_EQ(format_rfc3339(sao_paulo.day_begin(day(2018, 11, 4))), "2018-11-04T03:00:00Z");
  EXPECT_EQ(sao_paulo.day_of(at("2018-11-04T02:59:59Z")), day(2018, 11, 3));
  EXPECT_EQ(sao_paulo.day_of(at("2018-11-04T03:00:00Z")), day(2018, 11, 4));
}

TEST(TimeZone, a_whole_day_may_be_skipped) {
  const TimeZone apia = zone("Pacific/Apia");  // no 30 December 2011
  EXPECT_EQ(apia.from_local(reading("2011-12-30T12:00:00Z")).reading, TimeZone::Reading::Never);
  EXPECT_EQ(apia.day_begin(day(2011, 12, 30)), apia.day_begin(day(2011, 12, 31)));
}

TEST(TimeZone, a_fixed_offset_is_a_zone_too) {
  EXPECT_EQ(zone("+08:00").name(), "+08:00");
  EXPECT_EQ(zone("-05:30").offset_at(UtcTime{}), -(hours(5) + minutes(30)));
  EXPECT_EQ(TimeZone::fixed(minutes(-30)).name(), "-00:30");
  EXPECT_EQ(TimeZone().offset_at(UtcTime{}), seconds(0));
  EXPECT_EQ(format_rfc3339(zone("+08:00").day_begin(day(2024, 2, 29))), "2024-02-28T16:00:00Z");
}

TEST(TimeZone, refuses_what_is_no_zone_and_says_what_is_one) {
  for (const char* name : {"", "Asia/Nowhere", "+8", "+25:00", "Asia/Shanghai ", "../../etc/passwd", "asia/shanghai"}) {
    const auto found = TimeZone::find(name);
    ASSERT_FALSE(found.ok()) << name;
    EXPECT_NE(found.error().message.find("+08:00"), std::string::npos) << found.error().message;
  }
}

TEST(TimeZone, every_instant_reads_back_as_itself_or_as_the_first_of_two) {
  for (const char* name : {"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "+05:45"}) {
    const TimeZone where = zone(name);
    Random random(7);
    for (int i = 0; i < 20'000; ++i) {
      const UtcTime utc = at("1975-01-01T00:00:00Z") + seconds(random.next_below(62ULL * 366 * 86'400));
      const auto back = where.from_local(where.to_local(utc));
      ASSERT_NE(back.reading, TimeZone::Reading::Never) << name << ' ' << format_rfc3339(utc);
      if (back.utc == utc) continue;
      ASSERT_EQ(back.reading, TimeZone::Reading::Twice) << name << ' ' << format_rfc3339(utc);
      ASSERT_LT(back.utc, utc);
      ASSERT_EQ(where.to_local(back.utc), where.to_local(utc));
    }
  }
}

TEST(Period, begins_and_ends_on_the_districts_clock) {
  const TimeZone shanghai = zone("Asia/Shanghai");
  const UtcTime time = at("2026-11-22T17:30:00+08:00");  // a Sunday
  const std::tuple<PeriodKind, const char*, const char*, const char*> kExpected[] = {
      {PeriodKind::Hour, "2026-11-22 17", "2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z"},
      {PeriodKind::Day, "2026-11-22", "2026-11-21T16:00:00Z", "2026-11-22T16:00:00Z"},
      {PeriodKind::Week, "2026-W47", "2026-11-15T16:00:00Z", "2026-11-22T16:00:00Z"},
      {PeriodKind::Month, "2026-11", "2026-10-31T16:00:00Z", "2026-11-30T16:00:00Z"},
      {PeriodKind::Year, "2026", "2025-12-31T16:00:00Z", "2026-12-31T16:00:00Z"}};
  for (const auto& [kind, text, begin, end] : kExpected) {
    const Period period = period_of(time, kind, shanghai);
    EXPECT_EQ(period_text(period), text);
    EXPECT_EQ(begin_text(period, shanghai), begin);
    EXPECT_EQ(format_rfc3339(period_end(period, shanghai)), end);
  }
}

TEST(Period, a_week_is_of_the_year_that_has_its_thursday) {
  const std::pair<const char*, const char*> kWeeks[] = {
      {"2024-12-29T12:00:00Z", "2024-W52"}, {"2024-12-30T12:00:00Z", "2025-W01"}, {"2026-12-31T12:00:00Z", "2026-W53"},
      {"2027-01-03T12:00:00Z", "2026-W53"}, {"2027-01-04T12:00:00Z", "2027-W01"}, {"2021-01-03T12:00:00Z", "2020-W53"},
      {"1970-01-01T12:00:00Z", "1970-W01"}, {"1969-12-28T12:00:00Z", "1969-W52"}};
  for (const auto& [time, text] : kWeeks) {
    EXPECT_EQ(period_text(period_of(at(time), PeriodKind::Week, TimeZone())), text) << time;
  }
}

TEST(Period, last_year_of_29_february_is_28_february) {
  const auto text_last_year = [](const char* time, PeriodKind kind) {
    return period_text(period_last_year(period_of(at(time), kind, TimeZone())));
  };
  EXPECT_EQ(text_last_year("2024-02-29T13:00:00Z", PeriodKind::Day), "2023-02-28");
  EXPECT_EQ(text_last_year("2024-02-29T13:00:00Z", PeriodKind::Hour), "2023-02-28 13");
  EXPECT_EQ(text_last_year("2024-03-01T13:00:00Z", PeriodKind::Day), "2023-03-01");
  EXPECT_EQ(text_last_year("2025-02-28T13:00:00Z", PeriodKind::Day), "2024-02-28");
  EXPECT_EQ(text_last_year("2024-02-29T13:00:00Z", PeriodKind::Month), "2023-02");
  EXPECT_EQ(text_last_year("2024-02-29T13:00:00Z", PeriodKind::Year), "2023");
  EXPECT_EQ(text_last_year("2026-11-22T13:00:00Z", PeriodKind::Week), "2025-W47");
}

TEST(Period, the_hour_that_clocks_show_twice_is_two_hours_long_and_the_skipped_one_empty) {
  const TimeZone new_york = zone("America/New_York");
  const Period twice = period_of(at("2024-11-03T06:30:00Z"), PeriodKind::Hour, new_york);
  EXPECT_EQ(twice, period_of(at("2024-11-03T05:30:00Z"), PeriodKind::Hour, new_york));
  EXPECT_EQ(period_end(twice, new_york) - period_begin(twice, new_york), hours(2));
  const Period before = period_of(at("2024-03-10T06:30:00Z"), PeriodKind::Hour, new_york);
  const Period skipped{PeriodKind::Hour, before.index + 1};
  EXPECT_EQ(period_begin(skipped, new_york), period_end(skipped, new_york));
}

TEST(Period, holds_its_begin_and_not_its_end_and_follows_the_one_before) {
  for (const char* name : {"Asia/Shanghai", "America/New_York", "-03:30"}) {
    const TimeZone where = zone(name);
    Random random(11);
    for (int i = 0; i < 5'000; ++i) {
      const UtcTime time = at("1960-01-01T00:00:00Z") + seconds(random.next_below(77ULL * 366 * 86'400));
      for (std::size_t k = 0; k < kPeriodKindCount; ++k) {
        const auto kind = static_cast<PeriodKind>(k);
        const Period period = period_of(time, kind, where);
        ASSERT_LE(period_begin(period, where), time) << name << ' ' << format_rfc3339(time);
        ASSERT_GT(period_end(period, where), time) << name << ' ' << format_rfc3339(time);
        ASSERT_EQ(period_of(period_begin(period, where), kind, where), period);
        ASSERT_EQ(period_end(previous_period(period), where), period_begin(period, where));
      }
    }
  }
}

}  // namespace
}  // namespace gridwall::base
