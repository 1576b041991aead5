#include "sim/day_calendar.hpp"

#include <algorithm>

#include "base/random.hpp"

namespace gridwall::sim {

using model::DayKind;

DayKind DayCalendar::kind_of(base::LocalDays day) const {
  if (const auto forced = m_forced.find(day); forced != m_forced.end()) return forced->second;
  if (!m_draws) return DayKind::Normal;
  if (m_calendar != nullptr && m_calendar->is_holiday(day)) return DayKind::Holiday;
  constexpr std::uint64_t kFork = 41;
  base::Random random =
      base::Random(m_seed).fork(kFork).fork(static_cast<std::uint64_t>(day.time_since_epoch().count()));
  const auto month = static_cast<int>(static_cast<unsigned>(std::chrono::year_month_day(day).month()));
  const auto& stormy = m_kinds.storm_months;
  const bool may_storm = std::find(stormy.begin(), stormy.end(), month) != stormy.end();
  if (random.next_below(static_cast<std::uint64_t>(m_kinds.storm_one_in)) == 0 && may_storm) return DayKind::Storm;
  return random.next_below(static_cast<std::uint64_t>(m_kinds.quiet_one_in)) == 0 ? DayKind::Quiet : DayKind::Normal;
}

double DayCalendar::case_share(DayKind kind) const {
  if (kind == DayKind::Quiet) return m_kinds.quiet_cases;
  return kind == DayKind::Holiday ? m_kinds.holiday_cases : 1;
}

std::vector<double> DayCalendar::channel_cumulative(DayKind kind, const model::Vocabulary& vocabulary) const {
  std::vector<double> sums;
  double sum = 0;
  for (const model::Channel& channel : vocabulary.channels) {
    double factor = 1;
    if (kind == DayKind::Holiday) {
      if (channel.is_public) factor = m_kinds.holiday_public;
      for (const auto& own : m_kinds.holiday_channels) {
        if (own.id == channel.id) factor = own.factor;
      }
    }
    sums.push_back(sum += channel.weight * factor);
  }
  return sums;
}

}  // namespace gridwall::sim
