// WorkCalendar: which hours of which days are worked: windows of the day, weekends, public holidays and make-up days
// (调休), from config/calendars/<id>.toml, on a district's own clock. A day costs nothing at run time: working time up to
// each day of 2000 to 2100 is summed once; before and after those years nothing is worked.
// Tests: tests/unit/model/work_calendar_test.cpp, limit_test.cpp (domain vectors).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
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
  static constexpr int kFirstYear = 2000, kLastYear = 2100;

  // The spec is in order: windows one after another within 0:00 to 24:00, weekdays 0 to 6. A make-up day wins over a
  // holiday; load_work_calendar() does not let both through.
  WorkCalendar(WorkCalendarSpec spec, base::TimeZone zone);
  // Around the clock, every day, in UTC.
  WorkCalendar()
      : WorkCalendar({{{std::chrono::hours(0), std::chrono::hours(24)}}, {}, {}, {}, std::chrono::hours(24)}, {}) {}

  [[nodiscard]] bool is_workday(base::LocalDays day) const;
  [[nodiscard]] bool is_holiday(base::LocalDays day) const;  // of the list: a weekend is none
  // Working time within [begin, end); 0 when end <= begin.
  [[nodiscard]] base::Duration working_between(base::UtcTime begin, base::UtcTime end) const;
  // The earliest instant by which `amount` has been worked since `begin`: an amount used up at the end of a window ends
  // there (12:00, not 14:00). Beyond 2100: the last instant known.
  [[nodiscard]] base::UtcTime add_working(base::UtcTime begin, base::Duration amount) const;
  [[nodiscard]] std::chrono::minutes workday() const { return m_spec.workday; }
  [[nodiscard]] const base::TimeZone& zone() const { return m_zone; }

 private:
  struct Day {
    base::UtcTime begin{};
    base::Duration worked_before{};  // since the first day
  };
  struct Span {
    base::UtcTime begin{}, end{};
  };
  // A window of the day; empty where clocks are set forward over it.
  [[nodiscard]] Span span_of(std::size_t day, const WorkCalendarSpec::Window& window) const;
  [[nodiscard]] std::size_t day_at(base::UtcTime time) const;           // the first or last one for times beyond
  [[nodiscard]] base::Duration worked_until(base::UtcTime time) const;  // since the first day

  WorkCalendarSpec m_spec;
  base::TimeZone m_zone;
  std::vector<bool> m_is_workday;  // by day since 2000-01-01
  std::vector<Day> m_days;         // by the same; one more, which is the end
};

base::Result<WorkCalendar> load_work_calendar(const std::filesystem::path& file, base::TimeZone zone);
// `name` stands for the file in messages.
base::Result<WorkCalendar> parse_work_calendar(std::string_view text, const std::string& name, base::TimeZone zone);

}  // namespace gridwall::model
