#include "app/wall_health.hpp"

#include <algorithm>
#include <vector>

#include "base/percentile.hpp"

namespace gridwall::app {

namespace {

constexpr base::Duration kMeasureInterval = std::chrono::seconds(1);

}  // namespace

void WallHealthMeter::observe_picture(base::Duration took, std::optional<double> gpu_ms, const gfx::FrameStats& work,
                                      std::uint64_t memory_bytes) {
  const auto keep = [](std::deque<double>& samples, double sample) {
    samples.push_back(sample);
    if (samples.size() > kSamplesMax) samples.pop_front();
  };
  keep(m_frames_ms, std::chrono::duration<double, std::milli>(took).count());
  if (gpu_ms) keep(m_gpu_ms, *gpu_ms);
  model::PictureHealth& picture = m_health.picture;
  picture.draw_count = work.draws;
  picture.triangle_count = work.triangles;
  picture.uploaded_bytes = work.bytes_uploaded;
  picture.memory_bytes = memory_bytes;
  const auto percentiles = [](const std::deque<double>& samples, std::size_t& count, double& p50, double& p99) {
    const std::vector<double> values(samples.begin(), samples.end());
    count = values.size();
    p50 = base::percentile(values, 0.5);
    p99 = base::percentile(values, 0.99);
  };
  percentiles(m_frames_ms, picture.frame_count, picture.frame_p50_ms, picture.frame_p99_ms);
  percentiles(m_gpu_ms, picture.gpu_frame_count, picture.gpu_p50_ms, picture.gpu_p99_ms);
}

void WallHealthMeter::observe(const model::FeedStatus& status, const base::ChannelStats& queue, base::MonoTime now) {
  const bool is_heard = status.state == model::FeedState::Live || status.state == model::FeedState::Behind;
  if (is_heard) m_lags_ms.push_back(std::chrono::duration<double, std::milli>(status.behind).count());
  if (m_lags_ms.size() > kSamplesMax) m_lags_ms.pop_front();
  m_received.push_back({now, status.received_count});
  while (m_received.size() > 2 && now - m_received[1].at >= kRatePeriod) m_received.pop_front();
  m_health.queue_length = queue.length;
  m_health.queue_length_max = queue.length_max;
  m_health.queue_dropped_count = queue.dropped_count;
  if (m_health.lag_sample_count > 0 && now - m_measured_at < kMeasureInterval) return;
  m_measured_at = now;
  const Received& oldest = m_received.front();
  const double elapsed_s = std::chrono::duration<double>(now - oldest.at).count();
  m_health.events_per_s =
      elapsed_s > 0
          ? static_cast<double>(status.received_count - std::min(status.received_count, oldest.count)) / elapsed_s
          : 0;
  const std::vector<double> lags_ms(m_lags_ms.begin(), m_lags_ms.end());
  m_health.lag_sample_count = lags_ms.size();
  m_health.lag_p50_ms = base::percentile(lags_ms, 0.5);
  m_health.lag_p99_ms = base::percentile(lags_ms, 0.99);
}

}  // namespace gridwall::app
