#include "wire/feed_times.hpp"

#include <charconv>

#include "base/time_text.hpp"
#include "wire/constants.hpp"

namespace gridwall::wire {

namespace {

using base::TimeZone;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The parts of a local reading, filled by a pattern.
struct Reading {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::int64_t nanosecond = 0;
  std::optional<bool> afternoon;
};

// Takes one to `digits` digits from the front; exactly `digits` when `exact`.
bool take_number(std::string_view& text, std::size_t digits, bool exact, int& out) {
  std::size_t count = 0;
  out = 0;
  while (count < digits && count < text.size() && is_digit(text[count])) out = out * 10 + (text[count++] - '0');
  if (count == 0 || (exact && count < digits)) return false;
  text.remove_prefix(count);
  return true;
}

bool take_fraction(std::string_view& text, std::int64_t& nanosecond) {
  std::size_t count = 0;
  nanosecond = 0;
  while (count < 9 && count < text.size() && is_digit(text[count]))
    nanosecond = nanosecond * 10 + (text[count++] - '0');
  if (count == 0) return false;
  text.remove_prefix(count);
  for (; count < 9; ++count) nanosecond *= 10;
  return true;
}

bool take_half_day(std::string_view& text, std::optional<bool>& afternoon) {
  if (text.size() < 2 || (text[1] != 'M' && text[1] != 'm')) return false;
  if (text[0] == 'A' || text[0] == 'a') afternoon = false;
  if (text[0] == 'P' || text[0] == 'p') afternoon = true;
  text.remove_prefix(2);
  return afternoon.has_value();
}

// One token of the pattern against the text; nothing: no token stands there.
std::optional<bool> take_token(std::string_view& pattern, std::string_view& text, Reading& reading) {
  struct Number {
    std::string_view token;
    int Reading::*part;
  };
  static constexpr Number kNumbers[] = {{"YYYY", &Reading::year}, {"MM", &Reading::month},  {"DD", &Reading::day},
                                        {"hh", &Reading::hour},   {"mm", &Reading::minute}, {"ss", &Reading::second}};
  for (const Number& number : kNumbers) {
    if (!pattern.starts_with(number.token)) continue;
    pattern.remove_prefix(number.token.size());
    const bool is_year = number.token.size() == 4;
    return take_number(text, number.token.size(), is_year, reading.*number.part);
  }
  if (pattern.starts_with("AM")) {
    pattern.remove_prefix(2);
    return take_half_day(text, reading.afternoon);
  }
  if (pattern.starts_with('f')) {
    pattern.remove_prefix(1);
    return take_fraction(text, reading.nanosecond);
  }
  return std::nullopt;
}

std::optional<base::LocalInstant> to_instant(Reading reading) {
  if (reading.afternoon) {
    if (reading.hour < 1 || reading.hour > 12) return std::nullopt;
    reading.hour = reading.hour % 12 + (*reading.afternoon ? 12 : 0);
  }
  const std::chrono::year_month_day date{std::chrono::year(reading.year),
                                         std::chrono::month(static_cast<unsigned>(reading.month)),
                                         std::chrono::day(static_cast<unsigned>(reading.day))};
  const bool in_years = reading.year >= 1970 && reading.year <= 2200;  // the duration's range is not much wider
  if (!in_years || !date.ok() || reading.hour > 23 || reading.minute > 59 || reading.second > 59) return std::nullopt;
  return base::LocalInstant(std::chrono::local_days(date)) + hours(reading.hour) + minutes(reading.minute) +
         seconds(reading.second) + base::Duration(reading.nanosecond);
}

std::optional<base::LocalInstant> read_pattern(std::string_view pattern, std::string_view text) {
  Reading reading;
  while (!pattern.empty()) {
    const auto taken = take_token(pattern, text, reading);
    if (taken.has_value()) {
      if (!*taken) return std::nullopt;
      continue;
    }
    if (text.empty() || text.front() != pattern.front()) return std::nullopt;
    pattern.remove_prefix(1);
    text.remove_prefix(1);
  }
  return text.empty() ? to_instant(reading) : std::nullopt;
}

FeedTime from_local(base::LocalInstant local, const TimeZone& zone) {
  const TimeZone::Instant instant = zone.from_local(local);
  FeedTime time{instant.utc, instant.reading, instant.utc};
  if (instant.reading == TimeZone::Reading::Twice) {
    // Half a day later the clocks have surely been set back, and no zone changes twice in a day.
    const auto change = zone.offset_at(instant.utc) - zone.offset_at(instant.utc + hours(12));
    time.utc_again = instant.utc + change;
  }
  return time;
}

std::optional<base::UtcTime> from_epoch(std::string_view text, base::Duration unit) {
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stopped != end) return std::nullopt;
  if (count < 0 || count >= kTimeMax.time_since_epoch() / unit) return std::nullopt;
  return base::UtcTime(unit * count);
}

}  // namespace

base::Result<FeedTimeForm> FeedTimeForm::parse(std::string_view text) {
  FeedTimeForm form;
  form.m_text = text;
  if (text == "rfc3339") return form;
  if (text == "epoch_ms" || text == "epoch_s") {
    form.m_kind = text == "epoch_ms" ? Kind::EpochMs : Kind::EpochSeconds;
    return form;
  }
  form.m_kind = Kind::Pattern;
  for (const std::string_view part : {"YYYY", "MM", "DD"}) {
    if (text.find(part) == std::string_view::npos) {
      return base::Error{base::ErrorCode::InvalidArgument,
                         "rfc3339, epoch_ms, epoch_s or a pattern with YYYY, MM and DD, such as YYYY-MM-DD hh:mm:ss"};
    }
  }
  return form;
}

std::optional<FeedTime> FeedTimeForm::read(std::string_view text, const TimeZone& zone) const {
  FeedTime time;
  switch (m_kind) {
    case Kind::Rfc3339: {
      const auto read = base::parse_rfc3339(text);
      if (!read) return std::nullopt;
      time.utc = *read;
      time.utc_letter = text.ends_with('Z') || text.ends_with('z');
      break;
    }
    case Kind::EpochMs:
    case Kind::EpochSeconds: {
      const base::Duration unit = m_kind == Kind::EpochMs ? base::Duration(std::chrono::milliseconds(1))
                                                          : base::Duration(std::chrono::seconds(1));
      const auto read = from_epoch(text, unit);
      if (!read) return std::nullopt;
      time.utc = *read;
      break;
    }
    case Kind::Pattern: {
      const auto local = read_pattern(m_text, text);
      if (!local) return std::nullopt;
      time = from_local(*local, zone);
      break;
    }
  }
  if (time.utc < kTimeMin || time.utc >= kTimeMax) return std::nullopt;
  if (time.reading != TimeZone::Reading::Twice) time.utc_again = time.utc;
  return time;
}

std::optional<FeedTime> read_feed_time(std::string_view text, const std::vector<FeedTimeForm>& forms,
                                       const TimeZone& zone) {
  for (const FeedTimeForm& form : forms) {
    if (const auto time = form.read(text, zone)) return time;
  }
  return std::nullopt;
}

}  // namespace gridwall::wire
