// A replay's clock by hand: where it stands after so much real time, and what its owner is told to do.
#include "hub/replay_clock.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;
using base::MonoTime;
using base::UtcTime;

constexpr UtcTime kFirst{std::chrono::hours(490'000)};
constexpr UtcTime kLast = kFirst + 24h;
constexpr MonoTime kStart{1000h};

class ReplayClockTest : public testing::Test {
 protected:
  // An owner that keeps up: everything due is played, and jumps lead where they should.
  ReplayMove at(base::Duration since_start, std::optional<UtcTime> next_event = std::nullopt) {
    const MonoTime now = kStart + since_start;
    ReplayMove move = clock.advance(now, next_event ? next_event : std::optional(clock.position() + 1ns));
    if (move.jump || move.step_events != 0) {
      if (move.jump) jumps.push_back(*move.jump);
      const bool to_time = move.jump && std::holds_alternative<UtcTime>(*move.jump);
      clock.arrived(to_time ? std::get<UtcTime>(*move.jump) : clock.position(), now);
    }
    return move;
  }
  ReplayClock clock{kFirst, kLast, kStart};
  std::vector<ReplayTarget> jumps;
};

TEST_F(ReplayClockTest, stands_at_the_first_event_until_it_plays) {
  EXPECT_FALSE(clock.playing());
  EXPECT_FALSE(at(10s).play_to.has_value());
  EXPECT_EQ(clock.position(), kFirst);
  clock.play(kStart + 10s);
  EXPECT_EQ(at(12s).play_to, kFirst + 2s);
  clock.pause(kStart + 13s);
  EXPECT_FALSE(at(20s).play_to.has_value());
  EXPECT_EQ(clock.position(), kFirst + 3s);
  EXPECT_EQ(clock.told_rate(), 0);
}

TEST_F(ReplayClockTest, does_not_drift_by_a_nanosecond_over_hours_of_small_looks) {
  clock.play(kStart);
  ASSERT_TRUE(clock.set_rate(0.1, kStart).ok());
  base::Random random(1);
  base::Duration elapsed{};
  while (elapsed < 10h) {
    elapsed += base::Duration(random.next_below(7'000'000'000));
    (void)at(elapsed);
  }
  EXPECT_EQ(clock.position(), kFirst + elapsed / 10);
  EXPECT_DOUBLE_EQ(clock.told_rate(), 0.1);
}

TEST_F(ReplayClockTest, a_new_rate_counts_from_where_it_was_given) {
  clock.play(kStart);
  ASSERT_TRUE(clock.set_rate(3600, kStart + 2s).ok());
  EXPECT_EQ(at(4s).play_to, kFirst + 2s + 7200s);
  ASSERT_TRUE(clock.set_rate(8, kStart + 4s).ok());
  EXPECT_EQ(at(5s).play_to, kFirst + 2s + 7200s + 8s);
  for (const double rate : {0.0, 0.09, 3601.0, -1.0, std::nan("")}) {
    EXPECT_FALSE(clock.set_rate(rate, kStart + 5s).ok()) << rate;
  }
  EXPECT_EQ(clock.rate(), 8);
}

TEST_F(ReplayClockTest, pauses_at_the_end_says_so_once_and_plays_again_from_the_beginning) {
  clock.play(kStart);
  ASSERT_TRUE(clock.set_rate(3600, kStart).ok());
  ReplayMove move = at(1h, kLast);
  EXPECT_EQ(move.play_to, kLast);
  EXPECT_FALSE(move.ended) << "its last event was not played yet";
  move = clock.advance(kStart + 1h, std::nullopt);
  EXPECT_TRUE(move.ended);
  EXPECT_TRUE(clock.ended());
  EXPECT_FALSE(clock.playing());
  EXPECT_FALSE(clock.advance(kStart + 2h, std::nullopt).ended);
  clock.play(kStart + 2h);
  (void)at(2h);
  ASSERT_EQ(jumps.size(), 1u);
  EXPECT_EQ(std::get<UtcTime>(jumps[0]), kFirst);
  EXPECT_EQ(at(2h + 1s).play_to, kFirst + 3600s);
}

TEST_F(ReplayClockTest, seeks_coalesce_the_newest_wins_and_come_four_times_a_second) {
  for (int i = 0; i < 1000; ++i) {
    clock.seek(kFirst + i * 1min);
    (void)at(i * 10ms);
    EXPECT_EQ(clock.position(), kFirst + i * 1min) << "shown at once";
  }
  (void)at(20s);
  EXPECT_LE(jumps.size(), 42u);
  EXPECT_GE(jumps.size(), 38u);
  EXPECT_EQ(std::get<UtcTime>(jumps.back()), kFirst + 999min);
}

TEST_F(ReplayClockTest, plays_nothing_on_the_way_to_a_place_that_was_asked_for) {
  clock.play(kStart);
  clock.seek(kFirst + 1h);
  EXPECT_TRUE(at(1s).jump.has_value());
  clock.seek(kFirst + 2h);
  EXPECT_FALSE(at(1s + 1ms).play_to.has_value()) << "it must wait for its turn";
  EXPECT_TRUE(at(2s).jump.has_value());
  EXPECT_EQ(at(3s).play_to, kFirst + 2h + 1s);
}

TEST_F(ReplayClockTest, a_seek_during_a_jump_is_the_next_jump) {
  clock.seek(kFirst + 1h);
  EXPECT_TRUE(clock.advance(kStart, kFirst).jump.has_value());
  clock.seek(std::uint64_t{77});
  EXPECT_FALSE(clock.advance(kStart + 1s, kFirst).jump.has_value()) << "still under way";
  clock.arrived(kFirst + 1h, kStart + 1s);
  const ReplayMove move = clock.advance(kStart + 1s, kFirst);
  ASSERT_TRUE(move.jump.has_value());
  EXPECT_EQ(std::get<std::uint64_t>(*move.jump), 77u);
  clock.arrived(kFirst + 3h, kStart + 1s);
  EXPECT_EQ(clock.position(), kFirst + 3h);
}

TEST_F(ReplayClockTest, steps_pause_and_add_up_and_begin_at_the_place_sought) {
  clock.play(kStart);
  clock.step(1, kStart + 1s);
  clock.step(1, kStart + 1s);
  EXPECT_FALSE(clock.playing());
  ReplayMove move = at(1s);
  EXPECT_EQ(move.step_events, 2);
  EXPECT_FALSE(move.jump || move.play_to);
  clock.seek(std::uint64_t{5});
  clock.step(-3, kStart + 2s);
  move = at(2s);
  EXPECT_EQ(move.step_events, -3);
  EXPECT_TRUE(move.jump.has_value());
  clock.step(2, kStart + 3s);
  clock.seek(kFirst);
  EXPECT_EQ(at(3s).step_events, 0) << "the seek is newer";
}

TEST_F(ReplayClockTest, a_loop_wraps_at_its_end_and_tells_no_more_than_four_jumps_a_second) {
  ASSERT_TRUE(clock.loop(wire::TimeSpan{kFirst + 1h, kFirst + 2h}, kStart).ok());
  (void)at(0s);
  ASSERT_EQ(jumps.size(), 1u) << "it is entered at its begin";
  clock.play(kStart);
  ASSERT_TRUE(clock.set_rate(3600, kStart).ok());
  const ReplayMove move = at(2s, kFirst + 2h);
  EXPECT_EQ(move.play_to, kFirst + 2h - 1ns);
  EXPECT_EQ(std::get<UtcTime>(move.jump.value()), kFirst + 1h);
  ASSERT_TRUE(clock.loop(wire::TimeSpan{kFirst + 1h, kFirst + 1h + 1s}, kStart + 2s).ok());
  jumps.clear();
  for (int i = 0; i < 10'000; ++i) (void)at(2s + i * 1ms, kFirst + 2h);
  EXPECT_LE(jumps.size(), 41u);
  EXPECT_GE(jumps.size(), 30u);
  ASSERT_TRUE(clock.loop(std::nullopt, kStart + 20s).ok());
  (void)at(20s);
  EXPECT_GT(at(30s).play_to, kFirst + 2h);
}

TEST_F(ReplayClockTest, a_loop_ends_before_its_last_moment_but_for_the_recordings_own_end) {
  ASSERT_TRUE(clock.loop(wire::TimeSpan{kLast - 10s, kLast + 99h}, kStart).ok());
  EXPECT_EQ(clock.loop()->to, kLast + 1ns);
  (void)at(0s);
  clock.play(kStart);
  EXPECT_EQ(at(20s, kLast).play_to, kLast);
  EXPECT_FALSE(clock.loop(wire::TimeSpan{kLast + 1h, kLast + 2h}, kStart).ok());
  EXPECT_FALSE(clock.loop(wire::TimeSpan{kFirst, kFirst + 999ms}, kStart).ok());
  EXPECT_TRUE(clock.loop().has_value()) << "a wrong one changes nothing";
}

TEST_F(ReplayClockTest, who_seeks_behind_a_loop_has_left_it_and_before_it_plays_into_it) {
  ASSERT_TRUE(clock.loop(wire::TimeSpan{kFirst + 1h, kFirst + 2h}, kStart).ok());
  (void)at(0s);
  clock.play(kStart);
  clock.seek(kFirst + 3h);
  (void)at(1s);
  EXPECT_EQ(at(2s).play_to, kFirst + 3h + 1s);
  clock.seek(kFirst);
  (void)at(3s);
  ASSERT_TRUE(clock.set_rate(3600, kStart + 3s).ok());
  EXPECT_EQ(at(6s).play_to, kFirst + 2h - 1ns);
}

TEST_F(ReplayClockTest, idle_spans_longer_than_a_minute_are_skipped_when_asked) {
  clock.play(kStart);
  EXPECT_EQ(at(1s, kFirst + 5h).play_to, kFirst + 1s);
  clock.skip_idle(true);
  EXPECT_EQ(at(2s, kFirst + 62s).play_to, kFirst + 2s) << "a minute is none";
  EXPECT_EQ(at(3s, kFirst + 5h).play_to, kFirst + 5h);
  EXPECT_EQ(at(4s, kFirst + 5h + 10s).play_to, kFirst + 5h + 1s);
  EXPECT_TRUE(clock.advance(kStart + 5s, std::nullopt).ended) << "nothing comes any more";
}

TEST_F(ReplayClockTest, waits_for_an_owner_who_cannot_keep_up) {
  clock.play(kStart);
  EXPECT_EQ(at(10s, kFirst + 1s).play_to, kFirst + 10s);
  EXPECT_EQ(at(20s, kFirst + 2s).play_to, kFirst + 10s) << "it owes what is due";
  EXPECT_EQ(at(21s, kFirst + 3h).play_to, kFirst + 11s) << "and goes on from there";
}

TEST_F(ReplayClockTest, as_fast_as_possible_follows_what_was_reached) {
  clock.play(kStart);
  clock.as_fast_as_possible(kStart);
  EXPECT_EQ(at(1s, kFirst).play_to, kLast);
  EXPECT_EQ(clock.position(), kFirst);
  clock.reached(kFirst + 2h);
  EXPECT_EQ(clock.position(), kFirst + 2h);
  clock.reached(kFirst + 1h);
  EXPECT_EQ(clock.position(), kFirst + 2h) << "never back";
  ASSERT_TRUE(clock.set_rate(1, kStart + 2s).ok());
  EXPECT_EQ(at(3s).play_to, kFirst + 2h + 1s);
  clock.as_fast_as_possible(kStart + 3s);
  clock.reached(kLast);
  EXPECT_FALSE(clock.advance(kStart + 3s, kLast).ended);
  EXPECT_TRUE(clock.advance(kStart + 3s, std::nullopt).ended);
}

TEST_F(ReplayClockTest, never_leaves_the_recording_whatever_is_commanded) {
  base::Random random(7);
  base::Duration elapsed{};
  for (int i = 0; i < 200'000; ++i) {
    elapsed += base::Duration(random.next_below(500'000'000));
    wire::ControlRequest request;
    request.action = static_cast<wire::ControlAction>(random.next_below(9));
    request.rate = static_cast<double>(random.next_below(40'000)) / 10;
    if (random.next_below(2) == 0) {
      request.time = UtcTime(base::Duration(static_cast<std::int64_t>(random.next_below(UINT64_MAX))));
    }
    request.events = static_cast<std::int64_t>(random.next_below(100)) - 50;
    const UtcTime from = kFirst + base::Duration(random.next_below(100'000'000'000'000));
    if (random.next_below(3) > 0) request.loop = {from, from + base::Duration(1 + random.next_below(90'000'000'000))};
    request.skip = random.next_below(2) == 0;
    if (random.next_below(4) == 0) (void)clock.apply(request, kStart + elapsed);
    const bool has_next = random.next_below(10) > 0;
    const auto next =
        has_next ? std::optional(clock.position() + base::Duration(random.next_below(200'000'000'000))) : std::nullopt;
    const ReplayMove move = clock.advance(kStart + elapsed, next);
    ASSERT_TRUE(!move.play_to || (*move.play_to >= kFirst && *move.play_to <= kLast));
    ASSERT_TRUE(clock.position() >= kFirst && clock.position() <= kLast);
    if ((move.jump || move.step_events != 0) && random.next_below(3) > 0) clock.arrived(from, kStart + elapsed);
  }
}

}  // namespace
}  // namespace gridwall::hub
