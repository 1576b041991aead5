// Timers: which case's standing changes when, in the order of the feed's promise: (due, incident id). Each case has one
// timer at most, its next change; what was set before is left where it lies and passed over when its time comes
// (`still` says which is the case's own). Buckets of a minute keep setting one O(1); only the minute that is being
// fired is sorted. One thread. Test: tests/unit/state/timers_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"

namespace gridwall::state {

struct Timer {
  base::UtcTime due{};
  std::uint32_t number = 0;  // of the case
};

class Timers {
 public:
  static constexpr std::array<std::size_t, 3> kNearAhead{8, 5, 2};

  void set(Timer timer);
  [[nodiscard]] bool any_until(base::UtcTime time) const { return time >= m_earliest; }
  // Nothing is due before it.
  [[nodiscard]] base::UtcTime earliest() const { return m_earliest; }
  void clear();
  [[nodiscard]] std::size_t bytes() const { return m_count * sizeof(Timer); }
  // Entries, with those that were replaced.
  [[nodiscard]] std::size_t count() const { return m_count; }

  // Fires what is due at or before `until`, in order; `still(timer)` says whether it is the case's own yet,
  // `id(number)` breaks ties, `fire(timer)` may set further ones, also due ones.
  // `near(number, ahead)` is told so many timers before its turn (kNearAhead), to ask for the case's memory step by
  // step.
  template <typename Still, typename IdOf, typename Fire, typename Near>
  void fire_until(base::UtcTime until, const Still& still, const IdOf& id, const Fire& fire, const Near& near);
  template <typename Still, typename IdOf, typename Fire>
  void fire_until(base::UtcTime until, const Still& still, const IdOf& id, const Fire& fire) {
    fire_until(until, still, id, fire, [](std::uint32_t, std::size_t) {});
  }

  // Drops entries that were replaced; the owner calls it when there are many more than cases.
  template <typename Still>
  void compact(const Still& still);

 private:
  using Minute = std::int64_t;
  static Minute minute_of(base::UtcTime time) {
    return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count();
  }
  void note_earliest();
  // Takes the next bucket for the queue when it begins at or before `until`.
  template <typename Still, typename Later, typename Near>
  bool open_bucket(Minute until, const Still& still, const Later& later, const Near& near);

  // Of minutes behind the opened one. By hash, since setting one is what happens most; their order stands beside it.
  std::unordered_map<Minute, std::vector<Timer>> m_buckets;
  std::vector<Minute> m_minutes;  // a heap of theirs, the earliest first
  std::vector<Timer> m_queue;     // what is left of the minute that was opened last, latest first
  std::vector<Timer> m_heap;      // what was set since for that minute or one before it
  std::vector<Timer> m_fresh;     // such ones that are not in the heap yet
  Minute m_heap_minute = std::numeric_limits<Minute>::min();
  base::UtcTime m_earliest = base::UtcTime::max();  // no entry is due before it
  // The first bucket's earliest, so that it is looked through once.
  Minute m_scanned_minute = std::numeric_limits<Minute>::min();
  base::UtcTime m_scanned_due{};
  std::size_t m_count = 0;
};

template <typename Still, typename Later, typename Near>
bool Timers::open_bucket(Minute until, const Still& still, const Later& later, const Near& near) {
  if (m_minutes.empty() || m_minutes.front() > until) return false;
  m_heap_minute = m_minutes.front();
  std::pop_heap(m_minutes.begin(), m_minutes.end(), std::greater<>());
  m_minutes.pop_back();
  const auto bucket = m_buckets.find(m_heap_minute);
  m_queue = std::move(bucket->second);
  m_buckets.erase(bucket);
  std::size_t place = 0;
  m_count -= std::erase_if(m_queue, [&](const Timer& timer) {
    if (place + kNearAhead[0] < m_queue.size()) near((&timer)[kNearAhead[0]].number, kNearAhead[0]);
    ++place;
    return !still(timer);
  });
  std::sort(m_queue.begin(), m_queue.end(), later);
  return true;
}

template <typename Still, typename IdOf, typename Fire, typename Near>
void Timers::fire_until(base::UtcTime until, const Still& still, const IdOf& id, const Fire& fire, const Near& near) {
  const auto later = [&](const Timer& a, const Timer& b) {
    if (a.due != b.due) return a.due > b.due;
    return a.number != b.number && id(a.number) > id(b.number);
  };
  const auto take_fresh = [&] {
    for (const Timer& fresh : m_fresh) {
      m_heap.push_back(fresh);
      std::push_heap(m_heap.begin(), m_heap.end(), later);
    }
    m_fresh.clear();
  };
  const auto take_first = [&] {
    const bool from_queue = m_heap.empty() || (!m_queue.empty() && later(m_heap.front(), m_queue.back()));
    if (!from_queue) std::pop_heap(m_heap.begin(), m_heap.end(), later);
    std::vector<Timer>& from = from_queue ? m_queue : m_heap;
    const Timer timer = from.back();
    from.pop_back();
    for (const std::size_t ahead : kNearAhead) {
      if (from_queue && m_queue.size() >= ahead) near(m_queue[m_queue.size() - ahead].number, ahead);
    }
    return timer;
  };
  const auto any_due = [&] {
    return (!m_queue.empty() && m_queue.back().due <= until) || (!m_heap.empty() && m_heap.front().due <= until);
  };
  take_fresh();
  do {
    while (any_due()) {
      const Timer timer = take_first();
      --m_count;
      if (still(timer)) fire(timer);
      take_fresh();
    }
  } while (m_queue.empty() && m_heap.empty() && open_bucket(minute_of(until), still, later, near));
  note_earliest();
}

template <typename Still>
void Timers::compact(const Still& still) {
  // Queue and heap have to stay in order: what is left of them is looked through when it is fired.
  std::erase_if(m_fresh, [&](const Timer& timer) { return !still(timer); });
  m_scanned_minute = std::numeric_limits<Minute>::min();
  m_count = m_queue.size() + m_heap.size() + m_fresh.size();
  m_minutes.clear();
  for (auto bucket = m_buckets.begin(); bucket != m_buckets.end();) {
    std::erase_if(bucket->second, [&](const Timer& timer) { return !still(timer); });
    m_count += bucket->second.size();
    if (!bucket->second.empty()) m_minutes.push_back(bucket->first);
    bucket = bucket->second.empty() ? m_buckets.erase(bucket) : std::next(bucket);
  }
  std::make_heap(m_minutes.begin(), m_minutes.end(), std::greater<>());
  note_earliest();
}

}  // namespace gridwall::state
