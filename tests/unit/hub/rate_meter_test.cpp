#include "hub/rate_meter.hpp"

#include <gtest/gtest.h>

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;

TEST(RateMeter, tells_the_rate_of_the_last_ten_seconds_with_its_period) {
  RateMeter meter;
  HubRates rates;
  std::uint64_t events = 0;
  for (int i = 0; i < 120; ++i) {
    rates = meter.take(base::MonoTime{std::chrono::milliseconds(250 * i)}, events, events / 10);
    events += i < 60 ? 1000 : 5;
  }
  EXPECT_NEAR(rates.period_s, 10, 0.3);
  EXPECT_NEAR(rates.events_per_s, 20, 0.1);
  EXPECT_NEAR(rates.requests_per_s, 2, 0.1);
}

TEST(RateMeter, a_jump_back_begins_anew_and_one_look_is_no_rate) {
  RateMeter meter;
  EXPECT_EQ(meter.take(base::MonoTime{1s}, 1000, 10).events_per_s, 0);
  EXPECT_EQ(meter.take(base::MonoTime{2s}, 2000, 10).events_per_s, 1000);
  EXPECT_EQ(meter.take(base::MonoTime{3s}, 500, 10).events_per_s, 0);
  EXPECT_EQ(meter.take(base::MonoTime{4s}, 600, 10).events_per_s, 100);
}

}  // namespace
}  // namespace gridwall::hub
