// Timers: which case's standing changes when, in the order of the feed's promise: (due, incident id). Each case has one
// timer at most, its next change; what was set before is left where it lies and passed over when its time comes
// (`still` says which is the case's own). Buckets of a minute keep setting one O(1); only the minute that is being
// fired is sorted. One thread. Test: tests/unit/state/timers_test.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace gridwall::state {

struct Timer {
  base::UtcTime due{};
  std::uint32_t number = 0;  // of the case
};

class Timers {
 public:
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
  template <typename Still, typename IdOf, typename Fire>
  void fire_until(base::UtcTime until, const Still& still, const IdOf& id, const Fire& fire);

  // Drops entries that were replaced; the owner calls it when there are many more than cases.
  template <typename Still>
  void compact(const Still& still);

 private:
  using Minute = std::int64_t;
  static Minute minute_of(base::UtcTime time) {
    return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count();
  }
  void note_earliest();
  // Takes the next bucket for the heap when it begins at or before `until`.
  template <typename Still, typename Later>
  bool open_bucket(Minute until, const Still& still, const Later& later);

  std::map<Minute, std::vector<Timer>> m_buckets;  // of minutes behind the heap's
  std::vector<Timer> m_heap;   // what is left of the minute that was opened last, and of those before it
  std::vector<Timer> m_fresh;  // set for these minutes since; not in the heap yet
  Minute m_heap_minute = std::numeric_limits<Minute>::min();
  base::UtcTime m_earliest = base::UtcTime::max();  // no entry is due before it
  // The first bucket's earliest, so that it is looked through once.
  Minute m_scanned_minute = std::numeric_limits<Minute>::min();
  base::UtcTime m_scanned_due{};
  std::size_t m_count = 0;
};

template <typename Still, typename Later>
bool Timers::open_bucket(Minute until, const Still& still, const Later& later) {
  if (m_buckets.empty() || m_buckets.begin()->first > until) return false;
  m_heap_minute = m_buckets.begin()->first;
  m_heap = std::move(m_buckets.begin()->second);
  m_buckets.erase(m_buckets.begin());
  m_count -= std::erase_if(m_heap, [&](const Timer& timer) { return !still(timer); });
  std::make_heap(m_heap.begin(), m_heap.end(), later);
  return true;
}

template <typename Still, typename IdOf, typename Fire>
void Timers::fire_until(base::UtcTime until, const Still& still, const IdOf& id, const Fire& fire) {
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
  take_fresh();
  do {
    while (!m_heap.empty() && m_heap.front().due <= until) {
      std::pop_heap(m_heap.begin(), m_heap.end(), later);
      const Timer timer = m_heap.back();
      m_heap.pop_back();
      --m_count;
      if (still(timer)) fire(timer);
      take_fresh();
    }
  } while (m_heap.empty() && open_bucket(minute_of(until), still, later));
  note_earliest();
}

template <typename Still>
void Timers::compact(const Still& still) {
  // The heap has to stay one: what is left of it is looked through when it is opened or fired.
  std::erase_if(m_fresh, [&](const Timer& timer) { return !still(timer); });
  m_scanned_minute = std::numeric_limits<Minute>::min();
  m_count = m_heap.size() + m_fresh.size();
  for (auto bucket = m_buckets.begin(); bucket != m_buckets.end();) {
    std::erase_if(bucket->second, [&](const Timer& timer) { return !still(timer); });
    m_count += bucket->second.size();
    bucket = bucket->second.empty() ? m_buckets.erase(bucket) : std::next(bucket);
  }
  note_earliest();
}

}  // namespace gridwall::state
