// Times as text: RFC 3339 in and out, and clock faces in a district's own zone. A zone is a fixed offset from UTC
// here: the six districts' zone has had no daylight saving since 1991.
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

LocalTime to_local(UtcTime time, std::chrono::minutes utc_offset);

// Midnight of the local day that holds `time`.
UtcTime start_of_local_day(UtcTime time, std::chrono::minutes utc_offset);

std::string format_hms(UtcTime time, std::chrono::minutes utc_offset);   // 03:05:27
std::string format_date(UtcTime time, std::chrono::minutes utc_offset);  // 2026-11-22

// "+08:00" or "-05:30" to minutes.
Result<std::chrono::minutes> parse_utc_offset(std::string_view text);

}  // namespace gridwall::base
