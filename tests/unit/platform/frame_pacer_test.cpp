#include "platform/frame_pacer.hpp"

#include <gtest/gtest.h>

namespace gridwall::platform {
namespace {

using std::chrono::milliseconds;

const base::MonoTime kStart{std::chrono::seconds(100)};
const FramePacer::Rates kRates{milliseconds(16), milliseconds(1000)};

TEST(FramePacer, the_first_frame_is_due_at_once) {
  EXPECT_EQ(FramePacer(kRates).wait_for(kStart), milliseconds(0));
}

TEST(FramePacer, an_unchanged_wall_sleeps_until_the_slow_tick) {
  FramePacer pacer(kRates);
  pacer.frame_drawn(kStart);
  EXPECT_EQ(pacer.wait_for(kStart + milliseconds(100)), milliseconds(900));
  EXPECT_EQ(pacer.wait_for(kStart + milliseconds(1500)), milliseconds(0));
}

TEST(FramePacer, a_requested_frame_comes_at_the_full_rate_and_only_once) {
  FramePacer pacer(kRates);
  pacer.frame_drawn(kStart);
  pacer.request_frame();
  EXPECT_EQ(pacer.wait_for(kStart + milliseconds(10)), milliseconds(6));
  EXPECT_EQ(pacer.wait_for(kStart + milliseconds(20)), milliseconds(0));
  pacer.frame_drawn(kStart + milliseconds(20));
  EXPECT_EQ(pacer.wait_for(kStart + milliseconds(20)), milliseconds(1000));
}

}  // namespace
}  // namespace gridwall::platform
