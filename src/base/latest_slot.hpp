// LatestSlot: one slot, the newest wins. A frozen snapshot crosses threads behind a shared pointer.
// A mutex around a pointer swap: std::atomic<std::shared_ptr> makes ThreadSanitizer warn under g++ 12 and clang 14.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace gridwall::base {

template <typename T>
class LatestSlot {
 public:
  void publish(std::shared_ptr<const T> value) {
    const std::scoped_lock lock(m_mutex);
    m_value = std::move(value);
    ++m_version;
  }

  // Null before the first publish.
  [[nodiscard]] std::shared_ptr<const T> take() const {
    const std::scoped_lock lock(m_mutex);
    return m_value;
  }

  [[nodiscard]] std::uint64_t version() const {
    const std::scoped_lock lock(m_mutex);
    return m_version;
  }

 private:
  mutable std::mutex m_mutex;
  std::shared_ptr<const T> m_value;
  std::uint64_t m_version = 0;
};

}  // namespace gridwall::base
