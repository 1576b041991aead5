// TimeZone: a district's own clock, by its IANA name ("Asia/Shanghai"), never the machine's. Days, weeks and hours of
// figures, and the stamps of feeds that write local times, go through it. The zone database is the system's; its
// changes of offset from 1970 on are read once at find(), so a value is small, immutable and free for any thread. They
// are those that its files list: a zone that still changes each year stays at its winter offset after 2037.
// Test: tests/unit/base/time_zone_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/time_text.hpp"

namespace gridwall::base {

// Days since 1970-01-01 on a local calendar.
using LocalDays = std::chrono::local_days;
// A reading of a local clock; no instant until a zone says which.
using LocalInstant = std::chrono::local_time<Duration>;

class TimeZone {
 public:
  // An IANA name, or a fixed offset such as "+08:00". Error: neither, or no zone database on this system.
  static Result<TimeZone> find(std::string_view name);
  static TimeZone fixed(std::chrono::minutes utc_offset);
  TimeZone() : TimeZone(fixed(std::chrono::minutes(0))) {}

  [[nodiscard]] const std::string& name() const { return m_name; }
  [[nodiscard]] std::chrono::seconds offset_at(UtcTime time) const;
  [[nodiscard]] LocalInstant to_local(UtcTime time) const {
    return LocalInstant((time + offset_at(time)).time_since_epoch());
  }

  enum class Reading : std::uint8_t { Unique, Twice, Never };  // clocks were set back, or forward over it
  struct Instant {
    UtcTime utc{};  // Twice: the first of the two. Never: the moment of the change.
    Reading reading = Reading::Unique;
  };
  [[nodiscard]] Instant from_local(LocalInstant local) const;

  [[nodiscard]] LocalDays day_of(UtcTime time) const { return std::chrono::floor<std::chrono::days>(to_local(time)); }
  // The first instant of the day.
  [[nodiscard]] UtcTime day_begin(LocalDays day) const { return from_local(LocalInstant(day)).utc; }

 private:
  struct Empty {};
  explicit TimeZone(Empty) {}
  struct Span {
    UtcTime begin{};
    std::chrono::seconds offset{};
  };
  std::string m_name;
  std::shared_ptr<const std::vector<Span>> m_spans;  // ordered; the first reaches back without end
};

// Periods of figures on a local calendar. A week begins on Monday.
enum class PeriodKind : std::uint8_t { Hour, Day, Week, Month, Year };
inline constexpr std::size_t kPeriodKindCount = 5;
struct Period {
  PeriodKind kind = PeriodKind::Day;
  // Hours since 1970-01-01T00 on the local clock, days since 1970-01-01, Mondays since 1969-12-29, months since
  // 1970-01, years since 1970.
  std::int32_t index = 0;
  bool operator==(const Period&) const = default;
};
Period period_of(UtcTime time, PeriodKind kind, const TimeZone& zone);
UtcTime period_begin(const Period& period, const TimeZone& zone);
UtcTime period_end(const Period& period, const TimeZone& zone);  // the begin of the next
Period previous_period(const Period& period);
// The same period last year: a month's and a year's is the calendar's; a day's and an hour's has the same date (29
// February: 28 February); a week's is 52 weeks before.
Period period_last_year(const Period& period);
// "2026-11-22 14", "2026-11-22", "2026-W47", "2026-11", "2026"
std::string period_text(const Period& period);

}  // namespace gridwall::base
