#include "app/wall_health.hpp"

#include <gtest/gtest.h>

namespace gridwall::app {
namespace {

using namespace std::chrono_literals;

TEST(WallHealth, lags_are_percentiles_of_what_was_heard_and_silence_is_no_lag) {
  WallHealthMeter meter;
  model::FeedStatus status;
  base::MonoTime now{1s};
  for (int i = 1; i <= 100; ++i) {
    status.state = model::FeedState::Live;
    status.behind = std::chrono::milliseconds(i);
    meter.observe(status, {}, now += 100ms);
    status.state = model::FeedState::Stale;
    status.behind = 1h;
    meter.observe(status, {}, now);
  }
  status.state = model::FeedState::Stale;
  meter.observe(status, {}, now += 2s);
  EXPECT_EQ(meter.health().lag_sample_count, 100u);
  EXPECT_EQ(meter.health().lag_p50_ms, 50);
  EXPECT_EQ(meter.health().lag_p99_ms, 99);
}

TEST(WallHealth, the_rate_is_of_the_last_ten_seconds) {
  WallHealthMeter meter;
  model::FeedStatus status;
  base::MonoTime now{1s};
  for (int second = 0; second < 60; ++second) {
    status.received_count += second < 30 ? 1000 : 20;
    meter.observe(status, {}, now += 1s);
  }
  EXPECT_NEAR(meter.health().events_per_s, 20, 0.5);
}

TEST(WallHealth, pictures_are_told_by_percentiles_and_by_the_last_ones_work) {
  WallHealthMeter meter;
  for (int i = 1; i <= 700; ++i) {
    const auto gpu_ms = i % 2 == 0 ? std::optional<double>(i / 10.0) : std::nullopt;
    meter.observe_picture(std::chrono::milliseconds(i), gpu_ms, {7, 1000, 64, 2}, 5'000'000);
  }
  const model::PictureHealth& picture = meter.health().picture;
  EXPECT_EQ(picture.frame_count, WallHealthMeter::kSamplesMax) << "the last ones only";
  EXPECT_NEAR(picture.frame_p50_ms, 400, 1);
  EXPECT_NEAR(picture.frame_p99_ms, 694, 1);
  EXPECT_EQ(picture.gpu_frame_count, 350u);
  EXPECT_NEAR(picture.gpu_p50_ms, 35, 0.2);
  EXPECT_EQ(picture.draw_count, 7u);
  EXPECT_EQ(picture.triangle_count, 1000u);
  EXPECT_EQ(picture.uploaded_bytes, 64u);
  EXPECT_EQ(picture.memory_bytes, 5'000'000u);
}

TEST(WallHealth, the_queue_is_told_as_it_is) {
  WallHealthMeter meter;
  base::ChannelStats queue;
  queue.length = 3;
  queue.length_max = 9;
  queue.dropped_count = 1;
  meter.observe({}, queue, base::MonoTime{1s});
  EXPECT_EQ(meter.health().queue_length, 3u);
  EXPECT_EQ(meter.health().queue_length_max, 9u);
  EXPECT_EQ(meter.health().queue_dropped_count, 1u);
}

}  // namespace
}  // namespace gridwall::app
