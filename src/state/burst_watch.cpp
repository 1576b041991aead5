#include "state/burst_watch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.hpp"
#include "state/big_memory.hpp"

namespace gridwall::state {

namespace {

using std::chrono::minutes;

constexpr std::int64_t kWindowMinutes = BurstWatch::kWindowMinutes;

std::int64_t minute_of(base::UtcTime time) {
  return std::chrono::floor<minutes>(time.time_since_epoch()).count();
}
std::int32_t quarter_of(std::int64_t minute) {
  return static_cast<std::int32_t>((minute - (minute % kWindowMinutes + kWindowMinutes) % kWindowMinutes) /
                                   kWindowMinutes);
}
base::UtcTime time_of(std::int64_t minute) {
  return base::UtcTime(minutes(minute));
}

// The largest whole number whose square is at most `value`. The root of the library is only a first guess.
std::uint64_t whole_root(std::uint64_t value) {
  auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(value)));
  while (root > 0 && root > value / root) --root;
  while (root + 1 <= value / (root + 1)) ++root;
  return root;
}

}  // namespace

BurstWatch::BurstWatch(std::shared_ptr<const model::DivisionTree> tree, base::TimeZone zone,
                       const model::BurstRule& rule)
    : m_tree(std::move(tree)), m_zone(std::move(zone)), m_rule(rule) {
  for (const model::Division& division : m_tree->divisions()) m_parents.push_back(division.parent);
  clear();
}

void BurstWatch::clear() {
  m_content = {};
  m_content.quarters.resize(m_tree->divisions().size());
  m_windows.assign(m_tree->divisions().size(), {});
  m_busy.clear();
  m_active.clear();
}

template <typename Visit>
void BurstWatch::for_each_ancestor(model::DivisionIndex division, const Visit& visit) const {
  for (auto at = division; at.valid(); at = m_parents[at.value]) visit(at);
}

std::vector<BurstChange> BurstWatch::sweep(base::UtcTime state_time) {
  std::vector<BurstChange> changes;
  const std::int64_t target = minute_of(state_time);
  if (!m_content.begun_minute) {
    // The minute that has begun already is not seen whole.
    m_content.begun_minute = time_of(target) == state_time ? target : target + 1;
    m_content.swept_minute = target;
  }
  // Without a recent report and an episode every minute is like the one before.
  while (m_content.swept_minute < target && !(m_content.recent.empty() && m_active.empty())) {
    come_to(m_content.swept_minute + 1, changes);
  }
  m_content.swept_minute = std::max(m_content.swept_minute, target);
  return changes;
}

void BurstWatch::come_to(std::int64_t minute, std::vector<BurstChange>& changes) {
  m_content.swept_minute = minute;
  drop_recent(minute - kWindowMinutes);
  // Both in the order of keys; a key in both once.
  std::vector<BurstKey> keys;
  for (const std::uint32_t division : m_busy) {
    for (const Window& window : m_windows[division].by_class) {
      if (window.count >= m_rule.cases_min) keys.push_back({{division}, window.big_class});
    }
    keys.push_back({{division}, kAllBigClasses});
  }
  const auto busy_count = static_cast<std::ptrdiff_t>(keys.size());
  for (const auto& [key, episode] : m_active) {
    if (!std::binary_search(keys.begin(), keys.begin() + busy_count, key)) keys.push_back(key);
  }
  std::inplace_merge(keys.begin(), keys.begin() + busy_count, keys.end());
  for (const BurstKey& key : keys) judge(key, minute, changes);
}

void BurstWatch::judge(const BurstKey& key, std::int64_t minute, std::vector<BurstChange>& changes) {
  const auto [count, room] = look(key);
  bool is_burst = false;
  std::int64_t least = 0;
  if (count >= m_rule.cases_min) {
    // The window ends with the minute before: at 10:00 it is all of the hour from 9.
    const auto local = m_zone.to_local(time_of(minute) - base::Duration(1));
    const auto hour = std::chrono::floor<std::chrono::hours>(local);
    Threshold& threshold = *room;
    if (threshold.hour != hour.time_since_epoch().count()) {
      threshold = {hour.time_since_epoch().count(), least_burst(key, hour)};
    }
    least = threshold.least;
    is_burst = least > 0 && count >= least;
  }
  const auto episode = m_active.find(key);
  if (is_burst && episode != m_active.end()) {
    episode->second.count = std::max(episode->second.count, count);
  } else if (is_burst) {
    const BurstEpisode begun{time_of(minute), count, least};
    m_active.emplace(key, begun);
    changes.push_back({key, true, time_of(minute), begun});
  } else if (episode != m_active.end()) {
    changes.push_back({key, false, time_of(minute), episode->second});
    m_active.erase(episode);
  }
}

// n * count > sum + sigmas * sqrt(n * sumsq - sum^2) says the same of whole numbers as
// count >= (sum + floor(sqrt(sigmas^2 * (n * sumsq - sum^2))) + 1) / n, rounded up.
std::int64_t BurstWatch::least_burst(const BurstKey& key, base::LocalInstant hour) const {
  const std::vector<Quarter>& quarters = m_content.quarters[key.division.value];
  const base::UtcTime begun = time_of(*m_content.begun_minute);
  std::uint64_t days = 0, sum = 0, sum_of_squares = 0;
  for (int back = 1; back <= m_rule.days_max; ++back) {
    const auto begin = m_zone.from_local(hour - std::chrono::days(back));
    if (begin.reading == base::TimeZone::Reading::Never) continue;  // clocks were set forward over it
    if (begin.utc < begun) break;
    ++days;
    const auto first = quarter_of(minute_of(begin.utc));
    auto at = std::lower_bound(quarters.begin(), quarters.end(), first,
                               [](const Quarter& quarter, std::int32_t index) { return quarter.index < index; });
    for (std::int32_t quarter = first; quarter < first + 4; ++quarter) {
      std::uint64_t count = 0;
      for (; at != quarters.end() && at->index == quarter; ++at) {
        if (key.big_class == kAllBigClasses || key.big_class == at->big_class) count += at->count;
      }
      sum += count;
      sum_of_squares += count * count;
    }
  }
  if (days < static_cast<std::uint64_t>(m_rule.days_min)) return 0;
  const std::uint64_t n = days * 4;
  const auto sigmas = static_cast<std::uint64_t>(m_rule.sigmas);
  const std::uint64_t spread = whole_root(sigmas * sigmas * (n * sum_of_squares - sum * sum));
  const std::uint64_t least = (sum + spread + 1 + n - 1) / n;
  return std::max(m_rule.cases_min, static_cast<std::int64_t>(least));
}

void BurstWatch::report(model::DivisionIndex division, std::uint16_t big_class, base::UtcTime state_time) {
  const std::int64_t minute = minute_of(state_time);
  ASSERT(m_content.begun_minute && minute == m_content.swept_minute, "sweep to the report's time first");
  ASSERT(big_class != kAllBigClasses, "a report has one big class");
  const Recent recent{minute, {division, big_class}};
  m_content.recent.push_back(recent);
  count_in(recent.key);
  const auto quarter = quarter_of(minute);
  for_each_ancestor(division, [&](model::DivisionIndex at) { remember(at, big_class, quarter); });
}

void BurstWatch::prefetch(model::DivisionIndex division, int step) const {
  for (auto at = division; at.valid() && m_parents[at.value].valid(); at = m_parents[at.value]) {
    const Windows& windows = m_windows[at.value];
    const std::vector<Quarter>& quarters = m_content.quarters[at.value];
    if (step == 0) {
      prefetch_bytes(&windows, sizeof(Windows));
      prefetch_line(&quarters);
    } else {
      if (!windows.by_class.empty()) prefetch_line(windows.by_class.data());
      if (!quarters.empty()) prefetch_line(&quarters.back());
    }
  }
}

void BurstWatch::remember(model::DivisionIndex division, std::uint16_t big_class, std::int32_t quarter) {
  std::vector<Quarter>& quarters = m_content.quarters[division.value];
  if (quarters.empty() || quarters.back().index != quarter) drop_old(quarters, quarter);
  add_quarter(quarters, {quarter, big_class, 1});
}

void BurstWatch::add_quarter(std::vector<Quarter>& quarters, const Quarter& quarter) {
  constexpr std::uint32_t kFull = 0xffff;
  std::uint32_t left = quarter.count;
  for (auto at = quarters.rbegin(); at != quarters.rend() && at->index == quarter.index && left > 0; ++at) {
    if (at->big_class != quarter.big_class) continue;
    const std::uint32_t more = std::min(left, kFull - at->count);
    at->count = static_cast<std::uint16_t>(at->count + more);
    left -= more;
  }
  if (left > 0) quarters.push_back({quarter.index, quarter.big_class, static_cast<std::uint16_t>(left)});
}

std::int32_t BurstWatch::oldest_quarter(base::UtcTime state_time) const {
  return quarter_of(minute_of(state_time)) - (m_rule.days_max + 1) * 96 - 8;  // a day may have 25 hours
}

// Only at sizes that are powers of two and when a quarter of it goes, so that each is moved a bounded number of times.
void BurstWatch::drop_old(std::vector<Quarter>& quarters, std::int32_t now) const {
  constexpr std::size_t kLeast = 16;
  const std::size_t size = quarters.size();
  if (size < kLeast || (size & (size - 1)) != 0) return;
  const std::int32_t oldest = now - (m_rule.days_max + 1) * 96 - 8;  // a day may have 25 hours
  if (quarters[size / 4].index >= oldest) return;
  quarters.erase(quarters.begin(), std::find_if(quarters.begin(), quarters.end(),
                                                [&](const Quarter& one) { return one.index >= oldest; }));
}

std::vector<BurstWatch::Window>::iterator BurstWatch::place_of(Windows& windows, std::uint16_t big_class) {
  return std::find_if(windows.by_class.begin(), windows.by_class.end(),
                      [&](const Window& window) { return window.big_class >= big_class; });
}

std::pair<std::int64_t, BurstWatch::Threshold*> BurstWatch::look(const BurstKey& key) {
  Windows& windows = m_windows[key.division.value];
  if (key.big_class == kAllBigClasses) return {windows.count, &windows.threshold};
  const auto place = place_of(windows, key.big_class);
  if (place == windows.by_class.end() || place->big_class != key.big_class) return {0, nullptr};
  return {place->count, &place->threshold};
}

void BurstWatch::count_in(const BurstKey& report) {
  for_each_ancestor(report.division, [&](model::DivisionIndex at) {
    Windows& windows = m_windows[at.value];
    if (++windows.count == m_rule.cases_min) m_busy.insert(at.value);
    const auto place = place_of(windows, report.big_class);
    if (place != windows.by_class.end() && place->big_class == report.big_class) {
      ++place->count;
    } else {
      windows.by_class.insert(place, {report.big_class, 1});
    }
  });
}

void BurstWatch::count_out(const BurstKey& report) {
  for_each_ancestor(report.division, [&](model::DivisionIndex at) {
    Windows& windows = m_windows[at.value];
    if (windows.count-- == m_rule.cases_min) m_busy.erase(at.value);
    const auto place = place_of(windows, report.big_class);
    if (--place->count == 0) windows.by_class.erase(place);
  });
}

// Keeps the minutes from `minute` on.
void BurstWatch::drop_recent(std::int64_t minute) {
  while (!m_content.recent.empty() && m_content.recent.front().minute < minute) {
    count_out(m_content.recent.front().key);
    m_content.recent.pop_front();
  }
}

std::optional<base::UtcTime> BurstWatch::next_due() const {
  if (m_content.recent.empty() && m_active.empty()) return std::nullopt;
  return time_of(m_content.swept_minute + 1);
}

void BurstWatch::restore(Content content, std::map<BurstKey, BurstEpisode> active) {
  ASSERT(content.quarters.size() == m_tree->divisions().size(), "content of another tree");
  clear();
  m_content = std::move(content);
  m_active = std::move(active);
  // One after the other, as they came.
  std::deque<Recent> recent = std::exchange(m_content.recent, {});
  for (const Recent& one : recent) {
    m_content.recent.push_back(one);
    count_in(one.key);
  }
}

}  // namespace gridwall::state
