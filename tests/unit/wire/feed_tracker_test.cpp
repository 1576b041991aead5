// A subscriber's judgement, case by case. Times are steps of a hand-moved clock; the hub's is 5 s ahead of ours.
#include "wire/feed_tracker.hpp"

#include <gtest/gtest.h>

#include "wire/sequencer.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {
namespace {

using model::FeedState;
using std::chrono::milliseconds;

constexpr base::Duration kAhead = std::chrono::seconds(5);
constexpr std::uint64_t kTree = 42;

class FeedTrackerTest : public testing::Test {
 protected:
  explicit FeedTrackerTest(std::string path = "a/") : m_path(std::move(path)), m_tracker({m_path, kTree}) {
    m_tracker.on_clock_offset({kAhead, milliseconds(2), 1});
  }

  [[nodiscard]] Now now() const { return {base::MonoTime(m_time), base::UtcTime(std::chrono::hours(1) + m_time)}; }
  [[nodiscard]] base::Duration hub_mono() const { return m_time + kAhead; }
  void wait(base::Duration by) { m_time += by; }

  FeedHeader event(std::string_view topic) { return m_hub.next(topic, base::UtcTime{}, hub_mono()); }
  Heard hear(std::string_view topic) { return m_tracker.on_event(event(topic), topic, now()); }
  [[nodiscard]] Heartbeat heartbeat(const std::string& prefix) const {
    Heartbeat beat;
    beat.prefix = prefix;
    beat.epoch = m_hub.epoch();
    beat.last_sequence = m_hub.last_sequence(prefix);
    beat.tree_hash = kTree;
    beat.clock.sent_at = hub_mono();
    return beat;
  }
  void beat() {
    for (const std::string& prefix : m_tracker.prefixes()) m_tracker.on_heartbeat(heartbeat(prefix), now());
  }
  const model::FeedStatus& tick() { return m_tracker.tick(now()); }
  void restart_hub(std::uint64_t epoch) { m_hub = Sequencer({}, epoch); }

  std::string m_path;
  base::Duration m_time = std::chrono::seconds(100);
  Sequencer m_hub{{}, 1};
  FeedTracker m_tracker;
};

class TownTrackerTest : public FeedTrackerTest {
 protected:
  TownTrackerTest() : FeedTrackerTest("a/b/") {}
};

TEST_F(FeedTrackerTest, is_live_once_a_heartbeat_and_an_offset_are_there) {
  EXPECT_EQ(tick().state, FeedState::Connecting);
  beat();
  EXPECT_EQ(tick().state, FeedState::Live);
  EXPECT_EQ(tick().heard_since, now().utc);
  EXPECT_EQ(tick().round_trip, milliseconds(2));
  FeedTracker without_offset({"a/", kTree});
  without_offset.on_heartbeat(heartbeat("a/"), now());
  EXPECT_EQ(without_offset.tick(now()).state, FeedState::Connecting);
}

TEST_F(FeedTrackerTest, is_complete_only_when_it_heard_the_hub_from_its_first_event_without_a_gap) {
  beat();
  EXPECT_TRUE(tick().is_complete) << "nothing was published before us";
  hear("a/b/");
  EXPECT_TRUE(tick().is_complete);
  event("a/b/");  // lost
  hear("a/b/");
  EXPECT_FALSE(tick().is_complete);

  restart_hub(2);
  m_tracker.on_clock_offset({kAhead, milliseconds(2), 2});
  hear("a/b/");
  EXPECT_TRUE(tick().is_complete) << "the first event of a new epoch";
}

TEST_F(FeedTrackerTest, is_not_complete_when_it_joined_after_the_first_event) {
  event("a/b/");
  beat();
  EXPECT_FALSE(tick().is_complete);
  FeedTracker by_event({"a/", kTree});
  by_event.on_event(event("a/c/"), "a/c/", now());
  EXPECT_FALSE(by_event.tick(now()).is_complete);
}

TEST_F(FeedTrackerTest, a_late_heartbeat_shows_how_far_behind_although_it_came_just_now) {
  const Heartbeat waited = heartbeat("a/");
  wait(std::chrono::seconds(5));
  m_tracker.on_heartbeat(waited, now());
  EXPECT_EQ(tick().state, FeedState::Behind);
  EXPECT_EQ(tick().behind, std::chrono::seconds(5));
}

TEST_F(FeedTrackerTest, heartbeats_that_stop_make_it_behind_and_then_stale_since_the_last) {
  beat();
  const base::UtcTime last = now().utc;
  wait(milliseconds(990));
  EXPECT_EQ(tick().state, FeedState::Live);
  wait(milliseconds(20));
  EXPECT_EQ(tick().state, FeedState::Behind);
  wait(milliseconds(600));
  EXPECT_EQ(tick().state, FeedState::Stale);
  EXPECT_EQ(tick().stale_since, last);
  EXPECT_FALSE(tick().figures_are_current());
  beat();
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(FeedTrackerTest, an_uncertain_offset_is_not_believed) {
  m_tracker.on_clock_offset({kAhead, std::chrono::seconds(3), 1});
  beat();
  EXPECT_EQ(tick().state, FeedState::Behind);
}

TEST_F(FeedTrackerTest, an_event_is_applied_once) {
  const FeedHeader header = event("a/b/");
  EXPECT_TRUE(m_tracker.on_event(header, "a/b/", now()).apply);
  EXPECT_FALSE(m_tracker.on_event(header, "a/b/", now()).apply);
  EXPECT_EQ(tick().received_count, 1u);
  EXPECT_EQ(tick().gap_count, 0u);
}

TEST_F(FeedTrackerTest, a_gap_is_counted_once_with_what_it_swallowed) {
  hear("a/b/");
  const base::UtcTime joined = tick().heard_since;
  event("a/b/");
  event("a/c/");
  wait(milliseconds(10));
  const Heard heard = hear("a/b/");
  EXPECT_TRUE(heard.gap);
  EXPECT_TRUE(heard.apply);
  beat();
  hear("a/b/");
  wait(std::chrono::seconds(1));
  EXPECT_EQ(tick().gap_count, 1u);
  EXPECT_EQ(tick().missed_count, 2u);
  EXPECT_GT(tick().heard_since, joined);
}

TEST_F(FeedTrackerTest, a_loss_at_the_end_is_found_by_the_next_heartbeat) {
  hear("a/b/");
  event("a/b/");
  beat();
  EXPECT_EQ(tick().gap_count, 0u) << "the event may still be overtaken";
  wait(milliseconds(500));
  EXPECT_EQ(tick().gap_count, 1u);
  EXPECT_EQ(tick().missed_count, 1u);
  EXPECT_TRUE(hear("a/b/").apply);
  EXPECT_EQ(tick().gap_count, 1u);
}

TEST_F(FeedTrackerTest, a_heartbeat_that_overtakes_its_event_is_no_gap) {
  beat();
  const FeedHeader overtaken = event("a/b/");
  beat();
  wait(milliseconds(100));
  EXPECT_TRUE(m_tracker.on_event(overtaken, "a/b/", now()).apply);
  wait(std::chrono::seconds(1));
  EXPECT_EQ(tick().gap_count, 0u);
}

TEST_F(FeedTrackerTest, what_was_there_before_joining_is_no_gap) {
  event("a/b/");
  event("a/b/");
  beat();
  EXPECT_TRUE(hear("a/b/").apply);
  EXPECT_EQ(tick().gap_count, 0u);
  EXPECT_EQ(tick().last_sequence, 3u);
}

TEST_F(TownTrackerTest, sees_its_own_gaps_and_none_of_its_neighbours) {
  hear("a/b/");
  event("a/c/");
  event("a/~");
  EXPECT_FALSE(hear("a/b/x/").gap);
  EXPECT_FALSE(hear("a/~").gap) << "the first of that own leaf sets where we join";
  event("a/~");
  EXPECT_TRUE(hear("a/~").gap);
  EXPECT_EQ(tick().gap_count, 1u);
  EXPECT_EQ(tick().missed_count, 0u) << "a town cannot tell how many numbers were its own";
}

TEST_F(TownTrackerTest, needs_the_heartbeat_of_every_prefix_it_follows) {
  m_tracker.on_heartbeat(heartbeat("a/b/"), now());
  EXPECT_EQ(tick().state, FeedState::Connecting);
  m_tracker.on_heartbeat(heartbeat("a/~"), now());
  EXPECT_EQ(tick().state, FeedState::Live);
  const base::UtcTime last_of_leaf = now().utc;
  wait(milliseconds(800));
  m_tracker.on_heartbeat(heartbeat("a/b/"), now());
  wait(milliseconds(800));
  EXPECT_EQ(tick().state, FeedState::Stale);
  EXPECT_EQ(tick().stale_since, last_of_leaf);
}

TEST_F(FeedTrackerTest, a_restarted_hub_clears_the_counts_and_says_so_once) {
  hear("a/b/");
  event("a/b/");
  const FeedHeader straggler = event("a/b/");
  hear("a/b/");
  restart_hub(2);
  const Heard heard = hear("a/b/");
  EXPECT_TRUE(heard.restarted);
  EXPECT_TRUE(heard.apply);
  EXPECT_FALSE(hear("a/b/").restarted);
  EXPECT_FALSE(m_tracker.on_event(straggler, "a/b/", now()).apply);
  EXPECT_EQ(tick().received_count, 2u);
  EXPECT_EQ(tick().gap_count, 0u);
  EXPECT_EQ(tick().epoch, 2u);
}

TEST_F(FeedTrackerTest, after_a_restart_the_old_offset_is_not_trusted) {
  beat();
  restart_hub(2);
  beat();
  EXPECT_EQ(tick().state, FeedState::Connecting);
  m_tracker.on_clock_offset({kAhead, milliseconds(2), 2});
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(FeedTrackerTest, other_layers_at_the_hub_are_a_mismatch_until_they_agree) {
  Heartbeat other = heartbeat("a/");
  other.tree_hash = 43;
  m_tracker.on_heartbeat(other, now());
  EXPECT_EQ(tick().state, FeedState::Mismatch);
  beat();
  EXPECT_EQ(tick().state, FeedState::Live);
}

// A network that sends things twice and late may make a joining wall hear the old epoch last.
TEST_F(FeedTrackerTest, an_epoch_that_it_took_to_be_over_is_followed_again_when_the_hub_answers_from_it) {
  const FeedHeader old_one = event("a/b/");
  restart_hub(2);
  beat();
  m_tracker.on_event(old_one, "a/b/", now());
  m_tracker.on_clock_offset({kAhead, milliseconds(2), 2});
  beat();
  EXPECT_EQ(tick().epoch, 1u);
  for (int i = 0; i < 10; ++i) {
    wait(milliseconds(250));
    tick();
    beat();
  }
  EXPECT_EQ(tick().epoch, 2u);
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(FeedTrackerTest, a_refusal_stands_until_it_is_taken_back) {
  beat();
  m_tracker.set_refused("protocol 2");
  EXPECT_EQ(tick().state, FeedState::Refused);
  EXPECT_EQ(tick().detail, "protocol 2");
  m_tracker.set_refused("");
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(FeedTrackerTest, messages_that_make_no_sense_are_counted_and_dropped) {
  FeedHeader header = event("a/b/");
  EXPECT_FALSE(m_tracker.on_event(header, "z/", now()).apply) << "not subscribed";
  EXPECT_FALSE(m_tracker.on_event(header, "a/b/c/", now()).apply) << "chain too short";
  EXPECT_FALSE(m_tracker.on_event(header, "a/b", now()).apply) << "no topic";
  header.previous = {9, 9, 9};
  EXPECT_FALSE(m_tracker.on_event(header, "a/b/", now()).apply) << "previous is not before it";
  EXPECT_FALSE(m_tracker.on_heartbeat(heartbeat("z/"), now()).apply);
  EXPECT_EQ(tick().bad_count, 5u);
  EXPECT_EQ(tick().received_count, 0u);
}

TEST_F(FeedTrackerTest, the_clocks_mode_and_rate_are_told) {
  beat();
  ClockBeacon beacon;
  beacon.epoch = 1;
  beacon.clock.mode = model::ClockMode::Simulated;
  beacon.clock.rate = 60;
  m_tracker.on_clock(beacon);
  EXPECT_EQ(tick().clock_mode, model::ClockMode::Simulated);
  EXPECT_EQ(tick().clock_rate, 60);
}

}  // namespace
}  // namespace gridwall::wire
