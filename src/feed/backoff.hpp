// Backoff: how long to wait before the next try: 100 ms, then twice as long each time up to 10 s, each drawn from 20 %
// below to 20 % above, so that a hundred walls do not knock at once. Pure. Test:
// tests/unit/feed/connection_watch_test.cpp.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace gridwall::feed {

inline constexpr base::Duration kBackoffFirst = std::chrono::milliseconds(100);
inline constexpr base::Duration kBackoffMax = std::chrono::seconds(10);
inline constexpr double kBackoffJitter = 0.2;

class Backoff {
 public:
  explicit Backoff(std::uint64_t seed) : m_random(seed) {}

  [[nodiscard]] base::Duration next() {
    const double factor = m_random.next_between(1 - kBackoffJitter, 1 + kBackoffJitter);
    const auto drawn = std::chrono::duration_cast<base::Duration>(m_next * factor);
    m_next = std::min(m_next * 2, kBackoffMax);
    return drawn;
  }
  void reset() { m_next = kBackoffFirst; }

 private:
  base::Random m_random;
  base::Duration m_next = kBackoffFirst;
};

}  // namespace gridwall::feed
