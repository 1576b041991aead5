// WallHealthMeter: how a wall does, from what it takes off its own threads: rate, percentiles of lag, its queue.
// Main thread only. Test: tests/unit/app/wall_health_test.cpp.
#pragma once

#include <deque>
#include <optional>

#include "base/bounded_channel.hpp"
#include "base/clock.hpp"
#include "gfx/stats.hpp"
#include "model/feed_status.hpp"
#include "model/hub_view.hpp"

namespace gridwall::app {

class WallHealthMeter {
 public:
  static constexpr std::size_t kSamplesMax = 600;  // a minute of ten a second
  static constexpr base::Duration kRatePeriod = std::chrono::seconds(10);

  // After each picture: what the main thread needed for it and what the card needed for earlier ones.
  void observe_picture(base::Duration took, std::optional<double> gpu_ms, const gfx::FrameStats& work,
                       std::uint64_t memory_bytes);
  // With each new status; one that is not heard (stale, connecting) has no lag.
  void observe(const model::FeedStatus& status, const base::ChannelStats& queue, base::MonoTime now);
  [[nodiscard]] const model::WallHealth& health() const { return m_health; }

 private:
  struct Received {
    base::MonoTime at{};
    std::uint64_t count = 0;
  };
  std::deque<Received> m_received;
  std::deque<double> m_lags_ms;
  std::deque<double> m_frames_ms, m_gpu_ms;
  base::MonoTime m_measured_at{};
  model::WallHealth m_health;
};

}  // namespace gridwall::app
