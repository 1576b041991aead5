// The offset to the hub's clock.
#include "wire/clock_offset.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

using std::chrono::milliseconds;
base::MonoTime mono_ms(int ms) { return base::MonoTime(milliseconds(ms)); }

TEST(ClockOffset, knows_nothing_before_the_first_answer) { EXPECT_FALSE(ClockOffset().best()); }

TEST(ClockOffset, takes_the_answer_to_be_written_half_way) {
  ClockOffset offset;
  offset.on_pong(mono_ms(100), mono_ms(120), milliseconds(5110), 1);
  EXPECT_EQ(offset.best(), (OffsetMeasurement{milliseconds(5000), milliseconds(20), 1}));
}

TEST(ClockOffset, the_quickest_of_the_last_eight_counts) {
  ClockOffset offset;
  offset.on_pong(mono_ms(0), mono_ms(10), milliseconds(1005), 1);
  for (int ms = 1000; ms < 8000; ms += 1000) offset.on_pong(mono_ms(ms), mono_ms(ms + 400), milliseconds(ms + 1400), 1);
  EXPECT_EQ(offset.best()->round_trip, milliseconds(10));
  offset.on_pong(mono_ms(9000), mono_ms(9300), milliseconds(10200), 1);
  EXPECT_EQ(offset.best()->round_trip, milliseconds(300));
  EXPECT_EQ(offset.best()->offset, milliseconds(1050));
}

TEST(ClockOffset, another_epoch_may_be_another_machine_so_old_answers_go) {
  ClockOffset offset;
  offset.on_pong(mono_ms(0), mono_ms(1), milliseconds(1000), 1);
  offset.on_pong(mono_ms(1000), mono_ms(1100), milliseconds(50), 2);
  EXPECT_EQ(offset.best(), (OffsetMeasurement{milliseconds(-1000), milliseconds(100), 2}));
}

TEST(ClockOffset, an_answer_from_before_its_question_is_ignored) {
  ClockOffset offset;
  offset.on_pong(mono_ms(100), mono_ms(99), milliseconds(0), 1);
  EXPECT_FALSE(offset.best());
}

}  // namespace
}  // namespace gridwall::wire
