// DayCalendar: which kind each day of the simulator is, and what that does to it: holidays by the district's calendar,
// storms and quiet days by the seed. Pure. Test: tests/unit/sim/day_calendar_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/time_zone.hpp"
#include "model/day_kinds.hpp"
#include "model/vocabulary.hpp"
#include "model/work_calendar.hpp"

namespace gridwall::sim {

class DayCalendar {
 public:
  // Every day is a normal one.
  DayCalendar() = default;
  // `calendar` may be null: there are no holidays; it must outlive the object.
  DayCalendar(model::DayKinds kinds, const model::WorkCalendar* calendar, std::uint64_t seed)
      : m_kinds(std::move(kinds)), m_calendar(calendar), m_seed(seed), m_draws(true) {}

  // Whatever the calendar and the seed say.
  void force(base::LocalDays day, model::DayKind kind) { m_forced[day] = kind; }

  [[nodiscard]] model::DayKind kind_of(base::LocalDays day) const;
  // Of a normal day's cases.
  [[nodiscard]] double case_share(model::DayKind kind) const;
  // Running sums of the channels' weights on such a day, beside Vocabulary::channels.
  [[nodiscard]] std::vector<double> channel_cumulative(model::DayKind kind, const model::Vocabulary& vocabulary) const;

 private:
  model::DayKinds m_kinds;
  const model::WorkCalendar* m_calendar = nullptr;
  std::uint64_t m_seed = 1;
  bool m_draws = false;
  std::map<base::LocalDays, model::DayKind> m_forced;
};

}  // namespace gridwall::sim
