// Limits (时限): five units of time, three that run on without end and two that run in working time only; what they
// make of a start. Tests: tests/unit/model/limit_test.cpp has the vectors of section 2.4 of the field's research,
// limit_property_test.cpp what holds of all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/work_calendar.hpp"

namespace gridwall::model {

enum class LimitUnit : std::uint8_t {
  UrgentMinute,  // um 紧急工作分钟: runs on
  UrgentHour,    // uh 紧急工作时: runs on, nights and holidays too
  UrgentDay,     // ud 紧急工作日, 自然日: 24 h
  WorkHour,      // h 工作时: working time
  WorkDay,       // d 工作日: the calendar's workday (8 h) of working time
};
constexpr bool runs_on(LimitUnit unit) { return unit <= LimitUnit::UrgentDay; }

struct Limit {
  LimitUnit unit = LimitUnit::UrgentHour;
  std::uint32_t count = 0;  // 0: no limit
  [[nodiscard]] bool given() const { return count > 0; }
  bool operator==(const Limit&) const = default;
};

// "15um", "2uh", "1ud", "4h", "1d"; 1 to 100,000.
base::Result<Limit> parse_limit(std::string_view text);
std::string limit_text(Limit limit);

// On the limit's own clock.
base::Duration amount_of(Limit limit, const WorkCalendar& calendar);
base::UtcTime add_on_clock(base::UtcTime start, base::Duration amount, LimitUnit unit, const WorkCalendar& calendar);
// Time used between two instants; 0 when end <= start. Pauses are the caller's to subtract, measured with this too.
base::Duration used_on_clock(base::UtcTime start, base::UtcTime end, LimitUnit unit, const WorkCalendar& calendar);
inline base::UtcTime deadline(base::UtcTime start, Limit limit, const WorkCalendar& calendar) {
  return add_on_clock(start, amount_of(limit, calendar), limit.unit, calendar);
}

}  // namespace gridwall::model
