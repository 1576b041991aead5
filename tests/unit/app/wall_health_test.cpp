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
