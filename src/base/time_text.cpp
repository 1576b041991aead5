#include "base/time_text.hpp"

#include "base/time_zone.hpp"

namespace gridwall::base {

namespace {

using std::chrono::days;
using std::chrono::floor;

// Reads exactly `width` digits at `position` and steps over them; -1 when they are not digits.
int take_digits(std::string_view text, std::size_t& position, std::size_t width) {
  if (position + width > text.size()) return -1;
  int number = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = text[position + i];
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  position += width;
  return number;
}

bool take(std::string_view text, std::size_t& position, char expected) {
  if (position >= text.size() || text[position] != expected) return false;
  ++position;
  return true;
}

Error malformed(std::string_view text) {
  return {ErrorCode::Malformed, fmt::format("'{}' is no RFC 3339 time with offset; expected for example "
                                            "2026-11-22T09:30:00+08:00",
                                            text.substr(0, 40))};
}

// Nanoseconds of ".123"; false when the dot is not followed by a digit.
bool take_fraction(std::string_view text, std::size_t& position, std::int64_t& fraction_ns) {
  fraction_ns = 0;
  if (!take(text, position, '.')) return true;
  std::int64_t scale = 100'000'000;
  bool any = false;
  while (position < text.size() && text[position] >= '0' && text[position] <= '9') {
    fraction_ns += (text[position] - '0') * scale;
    scale /= 10;
    ++position;
    any = true;
  }
  return any;
}

// Minutes of "Z", "z", "+08:00"; false when there is none.
bool take_offset(std::string_view text, std::size_t& position, int& offset_minutes) {
  offset_minutes = 0;
  if (position >= text.size()) return false;
  const char sign = text[position++];
  if (sign == 'Z' || sign == 'z') return true;
  if (sign != '+' && sign != '-') return false;
  const int hours = take_digits(text, position, 2);
  if (hours < 0 || hours > 23 || !take(text, position, ':')) return false;
  const int minutes = take_digits(text, position, 2);
  if (minutes < 0 || minutes > 59) return false;
  offset_minutes = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

}  // namespace

Result<UtcTime> parse_rfc3339(std::string_view text) {
  std::size_t at = 0;
  const int year = take_digits(text, at, 4);
  const bool dash1 = take(text, at, '-');
  const int month = take_digits(text, at, 2);
  const bool dash2 = take(text, at, '-');
  const int day = take_digits(text, at, 2);
  const bool date_ok = year >= 0 && dash1 && month > 0 && dash2 && day > 0;
  if (!date_ok || at >= text.size()) return malformed(text);
  if (text[at] != 'T' && text[at] != 't' && text[at] != ' ') return malformed(text);
  ++at;
  const int hour = take_digits(text, at, 2);
  const bool colon1 = take(text, at, ':');
  const int minute = take_digits(text, at, 2);
  const bool colon2 = take(text, at, ':');
  const int second = take_digits(text, at, 2);
  const bool clock_ok = hour >= 0 && colon1 && minute >= 0 && colon2 && second >= 0;
  if (!clock_ok || hour > 23 || minute > 59 || second > 60) return malformed(text);
  std::int64_t fraction_ns = 0;
  int offset_minutes = 0;
  if (!take_fraction(text, at, fraction_ns) || !take_offset(text, at, offset_minutes) || at != text.size()) {
    return malformed(text);
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  // int64 nanoseconds reach from 1677 to 2262.
  if (!date.ok() || year < 1678 || year > 2261) return malformed(text);
  const auto local = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                     std::chrono::seconds(second);
  return UtcTime(local - std::chrono::minutes(offset_minutes)) + Duration(fraction_ns);
}

LocalTime to_local(UtcTime time, std::chrono::seconds utc_offset) {
  const auto shifted = time + utc_offset;
  const auto day = floor<days>(shifted);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{floor<std::chrono::seconds>(shifted - day)};
  LocalTime local;
  local.year = static_cast<int>(date.year());
  local.month = static_cast<int>(static_cast<unsigned>(date.month()));
  local.day = static_cast<int>(static_cast<unsigned>(date.day()));
  local.hour = static_cast<int>(clock.hours().count());
  local.minute = static_cast<int>(clock.minutes().count());
  local.second = static_cast<int>(clock.seconds().count());
  local.weekday = static_cast<int>(std::chrono::weekday(day).c_encoding());
  return local;
}

LocalTime to_local(UtcTime time, const TimeZone& zone) {
  return to_local(time, zone.offset_at(time));
}

UtcTime start_of_local_day(UtcTime time, std::chrono::seconds utc_offset) {
  return UtcTime(floor<days>(time + utc_offset)) - utc_offset;
}

UtcTime start_of_local_day(UtcTime time, const TimeZone& zone) {
  return zone.day_begin(zone.day_of(time));
}

std::string format_rfc3339(UtcTime time) {
  const LocalTime t = to_local(time, std::chrono::minutes(0));
  const auto within = time - floor<std::chrono::seconds>(time);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(within).count();
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.year, t.month, t.day, t.hour, t.minute, t.second);
  if (ms != 0) text += fmt::format(".{:03}", ms);
  return text + "Z";
}

std::string format_hms(UtcTime time, const TimeZone& zone) {
  const LocalTime t = to_local(time, zone);
  return fmt::format("{:02}:{:02}:{:02}", t.hour, t.minute, t.second);
}

std::string format_date(UtcTime time, const TimeZone& zone) {
  const LocalTime t = to_local(time, zone);
  return fmt::format("{:04}-{:02}-{:02}", t.year, t.month, t.day);
}

Result<std::chrono::minutes> parse_utc_offset(std::string_view text) {
  std::size_t at = 0;
  int minutes = 0;
  if (!take_offset(text, at, minutes) || at != text.size()) {
    return Error{ErrorCode::Malformed, fmt::format("'{}' is no offset from UTC; expected for example +08:00", text)};
  }
  return std::chrono::minutes(minutes);
}

}  // namespace gridwall::base
