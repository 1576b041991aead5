#include "hub/rate_limiter.hpp"

#include <algorithm>

namespace gridwall::hub {

bool RateLimiter::admit(const std::string& client, double units, base::MonoTime now) {
  if (m_limit.units_per_second <= 0) return true;
  if (m_buckets.size() >= m_clients_max && !m_buckets.contains(client)) forget_full_buckets(now);
  const auto [found, is_new] = m_buckets.try_emplace(client, Bucket{m_limit.burst_units, now});
  Bucket& bucket = found->second;
  const double elapsed_s = std::chrono::duration<double>(now - bucket.filled_at).count();
  bucket.units = std::min(m_limit.burst_units, bucket.units + elapsed_s * m_limit.units_per_second);
  bucket.filled_at = now;
  if (units > bucket.units) return false;
  bucket.units -= units;
  return true;
}

void RateLimiter::forget_full_buckets(base::MonoTime now) {
  // A bucket that has filled up again by now says nothing that a new one would not.
  std::erase_if(m_buckets, [&](const auto& entry) {
    const double elapsed_s = std::chrono::duration<double>(now - entry.second.filled_at).count();
    return entry.second.units + elapsed_s * m_limit.units_per_second >= m_limit.burst_units;
  });
  // All are busy: that many busy clients are an attack or a mistake, and starting anew is the mild answer to both.
  if (m_buckets.size() >= m_clients_max) m_buckets.clear();
}

}  // namespace gridwall::hub
