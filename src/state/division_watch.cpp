#include "state/division_watch.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/assert.hpp"

namespace gridwall::state {

using base::PeriodKind;
using model::AlertRule;

namespace {

std::int32_t day_number(base::LocalDays day) {
  return static_cast<std::int32_t>(day.time_since_epoch().count());
}

constexpr AlertRule kShareRules[] = {AlertRule::OvertimeShare, AlertRule::RecurrenceShare, AlertRule::MissingAddress};

// 0: another rule.
std::uint8_t share_bit(AlertRule rule) {
  for (std::size_t i = 0; i < std::size(kShareRules); ++i) {
    if (kShareRules[i] == rule) return static_cast<std::uint8_t>(1u << i);
  }
  return 0;
}

constexpr std::int32_t kNeverBusy = std::numeric_limits<std::int32_t>::min();

}  // namespace

// Everything doubled once (median) or twice (deviations), so that the middle of two numbers stays whole.
DayJudgement judge_day(std::int64_t reports, std::vector<std::int64_t> before, const model::AbnormalDayRule& rule) {
  ASSERT(!before.empty(), "a day is judged by others");
  const auto twice_middle = [&before] {
    std::sort(before.begin(), before.end());
    return before[(before.size() - 1) / 2] + before[before.size() / 2];
  };
  const std::int64_t median_twice = twice_middle();
  for (std::int64_t& day : before) day = std::abs(2 * day - median_twice);
  const std::int64_t mad_four_times = twice_middle();
  const std::int64_t difference_twice = std::abs(2 * reports - median_twice);
  const bool abnormal =
      2 * difference_twice > rule.mads * mad_four_times && difference_twice >= 2 * rule.difference_min;
  return {abnormal, median_twice / 2};
}

DivisionWatch::DivisionWatch(std::shared_ptr<const model::DivisionTree> tree, base::TimeZone zone,
                             const model::AlertRules& rules)
    : m_tree(std::move(tree)), m_zone(std::move(zone)), m_rules(rules) {
  for (const model::Division& division : m_tree->divisions()) m_parents.push_back(division.parent);
  clear();
}

void DivisionWatch::clear() {
  const std::size_t count = m_tree->divisions().size();
  m_content = {};
  m_content.last_report.resize(count);
  m_content.last_busy_day.resize(count, kNeverBusy);
  m_is_touched.assign(count, false);
  m_is_reported.assign(count, false);
  m_shares_active.assign(count, 0);
}

bool DivisionWatch::touch(model::DivisionIndex division) {
  const bool is_first = m_content.touched.empty();
  for (auto at = division; at.valid() && !m_is_touched[at.value]; at = m_parents[at.value]) {
    m_is_touched[at.value] = true;
    m_content.touched.push_back(at.value);
  }
  return is_first;
}

void DivisionWatch::report(model::DivisionIndex division, std::string_view class_code, base::UtcTime state_time) {
  ASSERT(m_content.begun_at.has_value(), "sweep to the report's time first");
  if (!division.valid()) return;
  touch(division);
  for (auto at = division; at.valid() && !m_is_reported[at.value]; at = m_parents[at.value]) {
    m_is_reported[at.value] = true;
    m_content.reported_in_day.push_back(at.value);
  }
  if (m_tree->at(division).children.size() == 0) {
    m_content.last_report[division.value] = state_time;
    if (is_active({AlertRule::SilentGrid, division})) m_content.woken.emplace_back(division.value, state_time);
  }
  const auto& codes = m_rules.storm.class_codes;
  const auto storm = std::find(codes.begin(), codes.end(), class_code);
  if (storm == codes.end() || !enabled(AlertRule::StormMode)) return;
  m_content.storm.push_back({static_cast<std::uint16_t>(storm - codes.begin()), state_time, division.value});
}

void DivisionWatch::begin(base::UtcTime state_time) {
  m_content.begun_at = state_time;
  m_next_day = {};
  come_to(state_time);
  std::fill(m_content.last_report.begin(), m_content.last_report.end(), state_time);
  if (!enabled(AlertRule::SilentGrid)) return;
  for (std::uint32_t i = 0; i < m_content.last_report.size(); ++i) {
    if (m_tree->divisions()[i].children.size() == 0) {
      put_silence_due({state_time + m_rules.silent_after, i});
    }
  }
}

void DivisionWatch::put_silence_due(SilenceDue due) {
  m_content.silence.push_back(due);
  std::push_heap(m_content.silence.begin(), m_content.silence.end(), std::greater<>());
}

std::vector<DivisionChange> DivisionWatch::sweep(base::UtcTime state_time, const FigureSource& figures) {
  Changes changes;
  if (!m_content.begun_at) begin(state_time);
  end_woken(changes);
  while (true) {
    const auto due = next_due();
    if (!due || *due > state_time) break;
    come_to_silence(*due, changes);
    const auto minute = next_minute();
    if (m_next_day == *due) come_to_day(*due, figures, changes);
    if (minute == due) come_to_minute(*due, figures, changes);
    come_to(*due);
  }
  come_to(std::max(*m_content.swept_to, state_time));
  return changes;
}

std::optional<base::UtcTime> DivisionWatch::next_due() const {
  if (!m_content.begun_at) return std::nullopt;
  if (!m_content.woken.empty()) return m_content.woken.front().second;
  base::UtcTime due = m_next_day;
  if (!m_content.silence.empty()) due = std::min(due, m_content.silence.front().due);
  if (const auto minute = next_minute()) due = std::min(due, *minute);
  return due;
}

// The next whole minute, when there is anything to look at by then.
std::optional<base::UtcTime> DivisionWatch::next_minute() const {
  const bool storm_turns =
      enabled(AlertRule::StormMode) &&
      (!m_content.storm.empty() || is_active({AlertRule::StormMode, m_tree->root()}) != m_content.outside_storm);
  if (m_content.touched.empty() && !storm_turns) return std::nullopt;
  return std::chrono::floor<std::chrono::minutes>(*m_content.swept_to) + std::chrono::minutes(1);
}

// The zone is asked once a day and not at each event.
void DivisionWatch::come_to(base::UtcTime time) {
  m_content.swept_to = time;
  if (time >= m_next_day) m_next_day = m_zone.day_begin(m_zone.day_of(time) + std::chrono::days(1));
}

// ---- silent grids ----

void DivisionWatch::end_woken(Changes& changes) {
  for (const auto& [division, reported_at] : m_content.woken) {
    const DivisionAlertKey key{AlertRule::SilentGrid, {division}};
    if (!is_active(key)) continue;  // a second report before this sweep
    set(key, false, {}, reported_at, changes);
    put_silence_due({m_content.last_report[division] + m_rules.silent_after, division});
  }
  m_content.woken.clear();
}

void DivisionWatch::come_to_silence(base::UtcTime until, Changes& changes) {
  auto& heap = m_content.silence;
  while (!heap.empty() && heap.front().due <= until) {
    std::pop_heap(heap.begin(), heap.end(), std::greater<>());
    const SilenceDue due = heap.back();
    heap.pop_back();
    const base::UtcTime silent_at = m_content.last_report[due.division] + m_rules.silent_after;
    if (silent_at > due.due) {
      put_silence_due({silent_at, due.division});  // it reported since
    } else {
      const std::int64_t days = m_rules.silent_after.count();
      set({AlertRule::SilentGrid, {due.division}}, true, {due.due, days, days}, due.due, changes);
    }
  }
}

// ---- whole minutes ----

void DivisionWatch::come_to_minute(base::UtcTime minute, const FigureSource& figures, Changes& changes) {
  std::vector<std::uint32_t> touched = std::exchange(m_content.touched, {});
  std::sort(touched.begin(), touched.end());
  const base::Period month = base::period_of(minute, PeriodKind::Month, m_zone);
  for (const std::uint32_t division : touched) {
    m_is_touched[division] = false;
    judge_shares({division}, minute, month, figures, changes);
  }
  judge_storm(minute, changes);
}

void DivisionWatch::judge_shares(model::DivisionIndex division, base::UtcTime minute, const base::Period& month_now,
                                 const FigureSource& figures, Changes& changes) {
  const ShareCounts month = figures.shares(division, month_now);
  judge_share({AlertRule::OvertimeShare, division}, m_rules.overtime, month.late, month.should_handle, minute, changes);
  judge_share({AlertRule::RecurrenceShare, division}, m_rules.recurrence_share, month.recurrent, month.reports, minute,
              changes);
  judge_share({AlertRule::MissingAddress, division}, m_rules.missing_address, month.unlocated, month.reports, minute,
              changes);
}

void DivisionWatch::judge_share(DivisionAlertKey key, const model::ShareRule& rule, std::int64_t numerator,
                                std::int64_t denominator, base::UtcTime minute, Changes& changes) {
  if (!enabled(key.rule)) return;
  const bool holds = denominator >= rule.cases_min && numerator * 1000 > rule.above_per_mille * denominator;
  std::uint8_t& active = m_shares_active[key.division.value];
  const std::uint8_t bit = share_bit(key.rule);
  if (holds == ((active & bit) != 0)) return;  // as it was: most divisions, most of the time
  active ^= bit;
  const std::int64_t share = holds ? numerator * 1000 / denominator : 0;
  set(key, holds, {minute, share, rule.above_per_mille}, minute, changes);
}

void DivisionWatch::judge_storm(base::UtcTime minute, Changes& changes) {
  auto& storm = m_content.storm;
  while (!storm.empty() && storm.front().heard_at < minute - m_rules.storm.window) storm.pop_front();
  if (!enabled(AlertRule::StormMode)) return;
  const std::int64_t count = storm_count();
  const bool holds = m_content.outside_storm || count >= m_rules.storm.cases_min;
  set({AlertRule::StormMode, m_tree->root()}, holds, {minute, count, m_rules.storm.cases_min}, minute, changes);
}

// Of the class that has most.
std::int64_t DivisionWatch::storm_count() const {
  std::vector<std::int64_t> counts(m_rules.storm.class_codes.size());
  for (const StormCase& one : m_content.storm) ++counts[one.class_place];
  return counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
}

// ---- days ----

void DivisionWatch::come_to_day(base::UtcTime day_begin, const FigureSource& figures, Changes& changes) {
  const base::LocalDays today = m_zone.day_of(day_begin), ended = today - std::chrono::days(1);
  const auto reports_on = [&](model::DivisionIndex division, base::LocalDays day) {
    return figures.reports(division, {PeriodKind::Day, day_number(day)});
  };
  for (const std::uint32_t division : std::exchange(m_content.reported_in_day, {})) {
    m_is_reported[division] = false;
    const bool busy = reports_on({division}, ended) >= m_rules.abnormal_day.difference_min;
    if (busy) m_content.last_busy_day[division] = day_number(ended);
  }
  // Yesterday's verdicts end, and a month that begins has its own shares.
  const base::Period month = base::period_of(day_begin, PeriodKind::Month, m_zone);
  const bool month_begins = month != base::period_of(day_begin - base::Duration(1), PeriodKind::Month, m_zone);
  std::vector<DivisionAlertKey> over;
  const auto collect = [&](AlertRule rule) {
    const auto& active = m_content.active;
    for (auto at = active.lower_bound({rule, {0}}); at != active.end() && at->first.rule == rule; ++at) {
      over.push_back(at->first);
    }
  };
  collect(AlertRule::AbnormalDay);
  for (const DivisionAlertKey& key : std::exchange(over, {})) set(key, false, {}, day_begin, changes);
  if (month_begins) {
    for (const AlertRule rule : kShareRules) collect(rule);
    for (const DivisionAlertKey& key : over) judge_shares(key.division, day_begin, month, figures, changes);
  }
  if (!enabled(AlertRule::AbnormalDay)) return;

  const base::UtcTime begun = *m_content.begun_at;
  base::LocalDays first = m_zone.day_of(begun);
  if (m_zone.day_begin(first) != begun) first += std::chrono::days(1);  // that day was not seen whole
  const auto history = std::min<std::int64_t>((ended - first).count(), m_rules.abnormal_day.days_max);
  if (history < m_rules.abnormal_day.days_min) return;
  for (std::uint32_t division = 0; division < m_content.last_busy_day.size(); ++division) {
    if (m_content.last_busy_day[division] < day_number(ended) - history) continue;
    std::vector<std::int64_t> before;
    for (std::int64_t back = 1; back <= history; ++back) {
      before.push_back(reports_on({division}, ended - std::chrono::days(back)));
    }
    const std::int64_t reports = reports_on({division}, ended);
    const DayJudgement judged = judge_day(reports, std::move(before), m_rules.abnormal_day);
    const DivisionEpisode day{m_zone.day_begin(ended), reports, judged.median};
    if (judged.abnormal) set({AlertRule::AbnormalDay, {division}}, true, day, day_begin, changes);
  }
}

void DivisionWatch::set(DivisionAlertKey key, bool holds, const DivisionEpisode& now, base::UtcTime at,
                        Changes& changes) {
  const auto found = m_content.active.find(key);
  if (holds == (found != m_content.active.end())) return;
  if (holds) {
    m_content.active.emplace(key, now);
    changes.push_back({key, true, at, now});
    return;
  }
  changes.push_back({key, false, at, found->second});
  m_content.active.erase(found);
}

void DivisionWatch::restore(Content content) {
  ASSERT(content.last_report.size() == m_tree->divisions().size(), "content of another tree");
  clear();
  m_content = std::move(content);
  m_next_day = {};
  if (m_content.swept_to) come_to(*m_content.swept_to);
  // A part of a district may have been restored without what is above it: what climbs to the root climbs all the way.
  const auto mark = [&](std::vector<std::uint32_t>& list, std::vector<bool>& is_marked) {
    for (const std::uint32_t division : std::exchange(list, {})) {
      for (model::DivisionIndex at{division}; at.valid() && !is_marked[at.value]; at = m_parents[at.value]) {
        is_marked[at.value] = true;
        list.push_back(at.value);
      }
    }
  };
  mark(m_content.touched, m_is_touched);
  mark(m_content.reported_in_day, m_is_reported);
  for (const auto& [key, episode] : m_content.active) m_shares_active[key.division.value] |= share_bit(key.rule);
  m_content.silence.clear();
  if (!enabled(AlertRule::SilentGrid) || !m_content.begun_at) return;
  for (std::uint32_t i = 0; i < m_content.last_report.size(); ++i) {
    const bool watched = m_tree->divisions()[i].children.size() == 0;
    if (watched && !is_active({AlertRule::SilentGrid, {i}})) {
      put_silence_due({m_content.last_report[i] + m_rules.silent_after, i});
    }
  }
}

}  // namespace gridwall::state
