#include "model/limit.hpp"

#include <charconv>

namespace gridwall::model {

using base::Duration;
using base::UtcTime;

namespace {

constexpr std::uint32_t kCountMax = 100'000;
// Sums of bad stamps and long limits end here and not beyond what a UtcTime holds, with room for any zone's offset.
constexpr UtcTime kEndOfTime = std::chrono::sys_days(std::chrono::year(2261) / 1 / 1);

struct UnitWord {
  std::string_view word;
  LimitUnit unit;
};
constexpr UnitWord kUnitWords[] = {{"um", LimitUnit::UrgentMinute},
                                   {"uh", LimitUnit::UrgentHour},
                                   {"ud", LimitUnit::UrgentDay},
                                   {"h", LimitUnit::WorkHour},
                                   {"d", LimitUnit::WorkDay}};

}  // namespace

base::Result<Limit> parse_limit(std::string_view text) {
  Limit limit;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), limit.count);
  const std::string_view word = text.substr(static_cast<std::size_t>(rest - text.data()));
  if (error == std::errc{} && limit.count >= 1 && limit.count <= kCountMax) {
    for (const UnitWord& known : kUnitWords) {
      if (known.word != word) continue;
      limit.unit = known.unit;
      return limit;
    }
  }
  return base::Error{
      base::ErrorCode::Malformed,
      fmt::format("'{}' is no limit; expected a whole number from 1 to {} and a unit: um, uh, ud (run on), "
                  "h, d (working time), for example 2uh",
                  text.substr(0, 40), kCountMax)};
}

std::string limit_text(Limit limit) {
  return fmt::format("{}{}", limit.count, kUnitWords[static_cast<std::size_t>(limit.unit)].word);
}

Duration amount_of(Limit limit, const WorkCalendar& calendar) {
  const Duration unit = [&]() -> Duration {
    switch (limit.unit) {
      case LimitUnit::UrgentMinute:
        return std::chrono::minutes(1);
      case LimitUnit::UrgentHour:
      case LimitUnit::WorkHour:
        return std::chrono::hours(1);
      case LimitUnit::UrgentDay:
        return std::chrono::hours(24);
      case LimitUnit::WorkDay:
        break;
    }
    return calendar.workday();
  }();
  return unit * static_cast<std::int64_t>(limit.count);
}

UtcTime add_on_clock(UtcTime start, Duration amount, LimitUnit unit, const WorkCalendar& calendar) {
  if (!runs_on(unit)) return calendar.add_working(start, amount);
  if (amount <= Duration(0)) return start;
  // Seconds reach further than nanoseconds: the check itself cannot overflow.
  const auto room =
      std::chrono::floor<std::chrono::seconds>(kEndOfTime) - std::chrono::floor<std::chrono::seconds>(start);
  return std::chrono::ceil<std::chrono::seconds>(amount) > room ? std::max(start, kEndOfTime) : start + amount;
}

Duration used_on_clock(UtcTime start, UtcTime end, LimitUnit unit, const WorkCalendar& calendar) {
  if (end <= start) return Duration(0);
  if (!runs_on(unit)) return calendar.working_between(start, end);
  const auto span = std::chrono::ceil<std::chrono::seconds>(end) - std::chrono::floor<std::chrono::seconds>(start);
  // A bad stamp's centuries do not fit: as long as can be said.
  return span > std::chrono::floor<std::chrono::seconds>(Duration::max()) ? Duration::max() : end - start;
}

}  // namespace gridwall::model
