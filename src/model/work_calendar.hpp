// WorkCalendar: which hours of which days are worked: windows of the day, weekends, public holidays and make-up days
// (调休), from config/calendars/<id>.toml, on a district's own clock. A day costs nothing at run time: working time up to
// each day of 2000 to 2100 is summed once. Test: tests/unit/model/work_calendar_test.cpp (domain vectors).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time_zone.hpp"

namespace gridwall::model {

struct WorkCalendarSpec {
  struct Window {
    std::chrono::minutes begin{}, end{};  // of the local day
  };
  std::vector<Window> windows{{std::chrono::hours(8), std::chrono::hours(12)},
                              {std::chrono::hours(14), std::chrono::hours(18)}};
  std::vector<int> weekend{0, 6};  // 0 is Sunday
  std::vector<base::LocalDays> holidays, makeup_days;
  std::chrono::minutes workday{std::chrono::hours(8)};  // what one `d` of a limit is
};

class WorkCalendar {
 public:
  WorkCalendar(WorkCalendarSpec spec, base::TimeZone zone);
  // Around the clock, every day, in UTC.
  WorkCalendar() : WorkCalendar(WorkCalendarSpec{}, base::TimeZone{}) {}

  [[nodiscard]] bool is_workday(base::LocalDays day) const;
  // Working time within [begin, end); 0 when end <= begin.
  [[nodiscard]] base::Duration working_between(base::UtcTime begin, base::UtcTime end) const;
  // The earliest instant by which `amount` has been worked since `begin`: an amount used up at the end of a window ends
  // there (12:00, not 14:00). Beyond 2100: the last instant known.
  [[nodiscard]] base::UtcTime add_working(base::UtcTime begin, base::Duration amount) const;
  [[nodiscard]] std::chrono::minutes workday() const { return m_spec.workday; }
  [[nodiscard]] const base::TimeZone& zone() const { return m_zone; }

 private:
  [[nodiscard]] base::Duration worked_until(base::UtcTime time) const;  // since 2000-01-01
  WorkCalendarSpec m_spec;
  base::TimeZone m_zone;
  std::vector<base::Duration> m_worked_before;  // by day since 2000-01-01
};

base::Result<WorkCalendar> load_work_calendar(const std::filesystem::path& file, base::TimeZone zone);

}  // namespace gridwall::model
