// RateLimiter: a token bucket for each client, in any unit (events, bytes), so that one publisher cannot starve the
// others. The number of clients remembered is bounded: idle ones start anew. One thread; the caller brings the time.
// Test: tests/unit/hub/rate_limiter_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace gridwall::hub {

struct RateLimit {
  double units_per_second = 0;  // 0: no limit
  double burst_units = 0;       // what may come at once
};

class RateLimiter {
 public:
  RateLimiter(RateLimit limit, std::size_t clients_max) : m_limit(limit), m_clients_max(clients_max) {}

  // Takes `units` from the client's bucket; false: it has not so many, nothing is taken.
  bool admit(const std::string& client, double units, base::MonoTime now);

  [[nodiscard]] std::size_t client_count() const { return m_buckets.size(); }

 private:
  struct Bucket {
    double units = 0;
    base::MonoTime filled_at{};
  };
  void forget_full_buckets(base::MonoTime now);

  RateLimit m_limit;
  std::size_t m_clients_max;
  std::unordered_map<std::string, Bucket> m_buckets;
};

}  // namespace gridwall::hub
