// Times as text: RFC 3339 in and out, and clock faces in a district's own zone (base/time_zone.hpp), never the
// machine's. Test: tests/unit/base/time_text_test.cpp.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace gridwall::base {

// RFC 3339 section 5.6 with a compulsory offset ("Z" or "+08:00"); fractions beyond nanoseconds are cut.
Result<UtcTime> parse_rfc3339(std::string_view text);

// "2026-11-22T03:05:27.123Z"; three digits of fraction, none when zero.
std::string format_rfc3339(UtcTime time);

struct LocalTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int weekday = 0;  // 0 is Sunday
};

class TimeZone;

LocalTime to_local(UtcTime time, const TimeZone& zone);

// The first instant of the local day that holds `time`.
UtcTime start_of_local_day(UtcTime time, const TimeZone& zone);

std::string format_hms(UtcTime time, const TimeZone& zone);   // 03:05:27
std::string format_date(UtcTime time, const TimeZone& zone);  // 2026-11-22

// The same at a fixed distance from UTC.
LocalTime to_local(UtcTime time, std::chrono::seconds utc_offset);
UtcTime start_of_local_day(UtcTime time, std::chrono::seconds utc_offset);

// "+08:00" or "-05:30" to minutes.
Result<std::chrono::minutes> parse_utc_offset(std::string_view text);

}  // namespace gridwall::base
