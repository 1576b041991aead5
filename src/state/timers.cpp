#include "state/timers.hpp"

namespace gridwall::state {

void Timers::set(Timer timer) {
  ++m_count;
  m_earliest = std::min(m_earliest, timer.due);
  const Minute minute = minute_of(timer.due);
  if (minute <= m_heap_minute) {
    m_fresh.push_back(timer);
  } else {
    std::vector<Timer>& bucket = m_buckets[minute];
    if (bucket.empty()) {
      m_minutes.push_back(minute);
      std::push_heap(m_minutes.begin(), m_minutes.end(), std::greater<>());
    }
    bucket.push_back(timer);
    if (minute == m_scanned_minute) m_scanned_due = std::min(m_scanned_due, timer.due);
  }
}

void Timers::clear() {
  m_buckets.clear();
  m_minutes.clear();
  m_queue.clear();
  m_heap.clear();
  m_fresh.clear();
  m_heap_minute = m_scanned_minute = std::numeric_limits<Minute>::min();
  m_count = 0;
  m_earliest = base::UtcTime::max();
}

void Timers::note_earliest() {
  m_earliest = base::UtcTime::max();
  if (!m_queue.empty() || !m_heap.empty()) {
    if (!m_queue.empty()) m_earliest = m_queue.back().due;
    if (!m_heap.empty()) m_earliest = std::min(m_earliest, m_heap.front().due);
  } else if (!m_minutes.empty()) {
    const Minute minute = m_minutes.front();
    const std::vector<Timer>& timers = m_buckets.find(minute)->second;
    if (minute != m_scanned_minute) {
      m_scanned_minute = minute;
      m_scanned_due = base::UtcTime::max();
      for (const Timer& timer : timers) m_scanned_due = std::min(m_scanned_due, timer.due);
    }
    m_earliest = m_scanned_due;
  }
}

}  // namespace gridwall::state
