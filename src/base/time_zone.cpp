#include "base/time_zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace gridwall::base {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr auto kFirst = std::chrono::sys_days(std::chrono::year(1970) / 1 / 1);
constexpr auto kLast = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);
// Monday 1969-12-29, in days before the epoch.
constexpr int kFirstMonday = -3;

std::chrono::year_month_day date_of(LocalDays day) {
  return std::chrono::year_month_day(day);
}

std::int32_t month_index(std::chrono::year_month_day date) {
  return (static_cast<int>(date.year()) - 1970) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

int floor_div(int a, int b) {
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}

std::chrono::year_month month_of(std::int32_t index) {
  const int year = floor_div(index, 12);
  return std::chrono::year(1970 + year) / std::chrono::month(static_cast<unsigned>(index - year * 12 + 1));
}

// The local clock's reading when the period begins.
LocalInstant local_begin(const Period& period) {
  switch (period.kind) {
    case PeriodKind::Hour:
      return LocalInstant(std::chrono::hours(period.index));
    case PeriodKind::Day:
      return LocalInstant(days(period.index));
    case PeriodKind::Week:
      return LocalInstant(days(kFirstMonday + 7 * period.index));
    case PeriodKind::Month:
      return LocalInstant(LocalDays(month_of(period.index) / 1));
    case PeriodKind::Year:
      break;
  }
  return LocalInstant(LocalDays(std::chrono::year(1970 + period.index) / 1 / 1));
}

}  // namespace

TimeZone TimeZone::fixed(std::chrono::minutes utc_offset) {
  TimeZone zone{Empty{}};
  const auto minutes = utc_offset.count();
  zone.m_name = fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
  zone.m_spans = std::make_shared<const std::vector<Span>>(std::vector<Span>{{UtcTime::min(), utc_offset}});
  return zone;
}

Result<TimeZone> TimeZone::find(std::string_view name) {
  if (!name.empty() && (name.front() == '+' || name.front() == '-')) {
    TRY_ASSIGN(const auto offset, parse_utc_offset(name));
    return fixed(offset);
  }
  auto spans = std::make_shared<std::vector<Span>>();
  try {
    const date::time_zone* found = date::locate_zone(std::string(name));
    for (std::chrono::sys_seconds at = kFirst; at < kLast;) {
      const date::sys_info info = found->get_info(at);
      if (spans->empty() || spans->back().offset != info.offset) {
        spans->push_back({spans->empty() ? UtcTime::min() : UtcTime(at), info.offset});
      }
      if (info.end <= at) break;
      at = info.end;
    }
  } catch (const std::exception&) {
    return Error{ErrorCode::NotFound,
                 fmt::format("'{}' is no time zone that this system knows; expected an IANA name such as "
                             "Asia/Shanghai (Debian package tzdata) or an offset such as +08:00",
                             name)};
  }
  TimeZone zone{Empty{}};
  zone.m_name = name;
  zone.m_spans = std::move(spans);
  return zone;
}

seconds TimeZone::offset_at(UtcTime time) const {
  const auto& spans = *m_spans;
  // The rules that hold today are the last ones of most zones.
  if (time >= spans.back().begin) return spans.back().offset;
  const auto after =
      std::upper_bound(spans.begin(), spans.end(), time, [](UtcTime at, const Span& span) { return at < span.begin; });
  return std::prev(after)->offset;
}

TimeZone::Instant TimeZone::from_local(LocalInstant local) const {
  const auto& spans = *m_spans;
  const auto as_if_utc = UtcTime(local.time_since_epoch());
  // No offset reaches a day: spans that begin more than one away are out of the question.
  constexpr auto kReach = std::chrono::hours(26);
  if (spans.size() == 1 || spans.back().begin <= as_if_utc - kReach) {
    return {as_if_utc - spans.back().offset, Reading::Unique};
  }
  const auto after = std::upper_bound(spans.begin() + 1, spans.end(), as_if_utc - kReach,
                                      [](UtcTime at, const Span& span) { return at < span.begin; });
  const auto first = static_cast<std::size_t>(after - spans.begin()) - 1;
  Instant found;
  bool any = false;
  for (std::size_t i = first; i < spans.size() && (i == 0 || spans[i].begin <= as_if_utc + kReach); ++i) {
    const UtcTime utc = as_if_utc - spans[i].offset;
    const bool begun = i == 0 || utc >= spans[i].begin;
    const bool ended = i + 1 < spans.size() && utc >= spans[i + 1].begin;
    if (begun && !ended) {
      if (any) found.reading = Reading::Twice;
      if (!any) found.utc = utc;
      any = true;
    } else if (!begun && !any) {
      // Read before this span begins, and after the one before had ended: the clock was set forward over it.
      return {spans[i].begin, Reading::Never};
    }
  }
  return found;
}

Period period_of(UtcTime time, PeriodKind kind, const TimeZone& zone) {
  const LocalInstant local = zone.to_local(time);
  const LocalDays day = floor<days>(local);
  const int day_number = static_cast<int>(day.time_since_epoch().count());
  switch (kind) {
    case PeriodKind::Hour:
      return {kind, static_cast<std::int32_t>(floor<std::chrono::hours>(local).time_since_epoch().count())};
    case PeriodKind::Day:
      return {kind, day_number};
    case PeriodKind::Week:
      return {kind, floor_div(day_number - kFirstMonday, 7)};
    case PeriodKind::Month:
      return {kind, month_index(date_of(day))};
    case PeriodKind::Year:
      break;
  }
  return {PeriodKind::Year, static_cast<int>(date_of(day).year()) - 1970};
}

UtcTime period_begin(const Period& period, const TimeZone& zone) {
  return zone.from_local(local_begin(period)).utc;
}

UtcTime period_end(const Period& period, const TimeZone& zone) {
  return zone.from_local(local_begin({period.kind, period.index + 1})).utc;
}

Period previous_period(const Period& period) {
  return {period.kind, period.index - 1};
}

Period period_last_year(const Period& period) {
  switch (period.kind) {
    case PeriodKind::Year:
      return {period.kind, period.index - 1};
    case PeriodKind::Month:
      return {period.kind, period.index - 12};
    case PeriodKind::Week:
      return {period.kind, period.index - 52};
    case PeriodKind::Day:
    case PeriodKind::Hour:
      break;
  }
  const int hour_count = period.kind == PeriodKind::Hour ? 24 : 1;
  const int day_number = floor_div(period.index, hour_count);
  auto date = date_of(LocalDays(days(day_number))) - std::chrono::years(1);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;  // 29 February
  const auto last_year = static_cast<int>(LocalDays(date).time_since_epoch().count());
  return {period.kind, last_year * hour_count + (period.index - day_number * hour_count)};
}

std::string period_text(const Period& period) {
  const LocalInstant local = local_begin(period);
  const auto date = date_of(floor<days>(local));
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month()), day = static_cast<unsigned>(date.day());
  switch (period.kind) {
    case PeriodKind::Hour:
      return fmt::format("{:04}-{:02}-{:02} {:02}", year, month, day, period.index - floor_div(period.index, 24) * 24);
    case PeriodKind::Day:
      return fmt::format("{:04}-{:02}-{:02}", year, month, day);
    case PeriodKind::Month:
      return fmt::format("{:04}-{:02}", year, month);
    case PeriodKind::Year:
      return fmt::format("{:04}", year);
    case PeriodKind::Week:
      break;
  }
  // ISO 8601: a week belongs to the year of its Thursday.
  const auto thursday = LocalDays(days(kFirstMonday + 7 * period.index + 3));
  const auto iso_year = date_of(thursday).year();
  const auto first_day = LocalDays(iso_year / std::chrono::January / 1);
  const auto week = (thursday - first_day).count() / 7 + 1;
  return fmt::format("{:04}-W{:02}", static_cast<int>(iso_year), week);
}

}  // namespace gridwall::base
