// RateMeter: how many events and requests a second, over the last ten seconds. One thread.
// Test: tests/unit/hub/rate_meter_test.cpp.
#pragma once

#include <cstdint>
#include <deque>

#include "base/clock.hpp"

namespace gridwall::hub {

struct HubRates {
  double period_s = 0;  // what they are taken over
  double events_per_s = 0, requests_per_s = 0;
};

class RateMeter {
 public:
  static constexpr base::Duration kPeriod = std::chrono::seconds(10);

  // Counts as they are now; they may have gone back (a jump of a replay), which is a rate of 0.
  HubRates take(base::MonoTime now, std::uint64_t event_count, std::uint64_t request_count) {
    if (!m_samples.empty() && event_count < m_samples.back().event_count) m_samples.clear();
    m_samples.push_back({now, event_count, request_count});
    while (m_samples.size() > 2 && now - m_samples[1].at >= kPeriod) m_samples.pop_front();
    const Sample& oldest = m_samples.front();
    const double period_s = std::chrono::duration<double>(now - oldest.at).count();
    if (period_s <= 0) return {};
    return {period_s, static_cast<double>(event_count - oldest.event_count) / period_s,
            static_cast<double>(request_count - oldest.request_count) / period_s};
  }

 private:
  struct Sample {
    base::MonoTime at{};
    std::uint64_t event_count = 0, request_count = 0;
  };
  std::deque<Sample> m_samples;
};

}  // namespace gridwall::hub
