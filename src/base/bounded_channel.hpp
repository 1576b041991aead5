// BoundedChannel: batches move from one thread to another through it, and nothing else crosses. It has a name, a
// capacity and a policy for when it is full, and counts what happened, so that the health panel can show it.
// Test: tests/unit/base/bounded_channel_test.cpp.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace gridwall::base {

enum class WhenFull {
  Block,       // the sender waits
  DropOldest,  // the oldest goes; `dropped_count` tells, and the reader must resynchronise
};

struct ChannelStats {
  std::size_t length = 0;
  std::size_t length_max = 0;
  std::uint64_t sent_count = 0;
  std::uint64_t dropped_count = 0;
  std::uint64_t full_count = 0;
};

template <typename T>
class BoundedChannel {
 public:
  BoundedChannel(std::string name, std::size_t capacity, WhenFull when_full)
      : m_name(std::move(name)), m_capacity(capacity), m_when_full(when_full) {}

  // False when the channel is closed. Any thread.
  bool send(T item) {
    std::unique_lock lock(m_mutex);
    if (m_items.size() >= m_capacity) {
      ++m_stats.full_count;
      if (m_when_full == WhenFull::Block) {
        m_not_full.wait(lock, [&] { return m_closed || m_items.size() < m_capacity; });
      } else {
        m_items.pop_front();
        ++m_stats.dropped_count;
      }
    }
    if (m_closed) return false;
    m_items.push_back(std::move(item));
    ++m_stats.sent_count;
    m_stats.length_max = std::max(m_stats.length_max, m_items.size());
    lock.unlock();
    m_not_empty.notify_one();
    return true;
  }

  // Takes at most `max_count` items; waits up to `patience` for the first. Empty: nothing came.
  std::vector<T> receive(std::size_t max_count, Duration patience = Duration::zero()) {
    std::vector<T> batch;
    std::unique_lock lock(m_mutex);
    if (m_items.empty() && patience > Duration::zero()) {
      m_not_empty.wait_for(lock, patience, [&] { return m_closed || !m_items.empty(); });
    }
    while (!m_items.empty() && batch.size() < max_count) {
      batch.push_back(std::move(m_items.front()));
      m_items.pop_front();
    }
    lock.unlock();
    if (!batch.empty()) m_not_full.notify_all();
    return batch;
  }

  void close() {
    {
      const std::scoped_lock lock(m_mutex);
      m_closed = true;
    }
    m_not_empty.notify_all();
    m_not_full.notify_all();
  }

  [[nodiscard]] ChannelStats stats() const {
    const std::scoped_lock lock(m_mutex);
    ChannelStats stats = m_stats;
    stats.length = m_items.size();
    return stats;
  }

  [[nodiscard]] const std::string& name() const { return m_name; }
  [[nodiscard]] std::size_t capacity() const { return m_capacity; }

 private:
  const std::string m_name;
  const std::size_t m_capacity;
  const WhenFull m_when_full;
  mutable std::mutex m_mutex;
  std::condition_variable m_not_empty;
  std::condition_variable m_not_full;
  std::deque<T> m_items;
  ChannelStats m_stats;
  bool m_closed = false;
};

}  // namespace gridwall::base
