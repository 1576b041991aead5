// A district's rules that ask for nothing: Shanghai's time, no holidays, no limits, no alerts; recurrences if wanted.
#pragma once

#include <limits>
#include <memory>

#include "model/district_rules.hpp"

namespace gridwall::test {

inline std::shared_ptr<const model::DistrictRules> plain_rules(bool with_recurrence = false) {
  model::DistrictRules rules;
  rules.zone = base::TimeZone::find("Asia/Shanghai").value();
  rules.calendar = model::WorkCalendar(model::WorkCalendarSpec{}, rules.zone);
  if (!with_recurrence) {
    rules.alerts.recurrence.earlier_min = std::numeric_limits<int>::max();
    rules.alerts.recurrence.duplicate_window = std::chrono::hours(-1);
  }
  return std::make_shared<const model::DistrictRules>(std::move(rules));
}

}  // namespace gridwall::test
