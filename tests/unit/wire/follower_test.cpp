// A wall's end of the feed, case by case, against a real sequencer and sync server. Times are steps of a hand-moved
// clock; the hub's is 5 s ahead of ours.
#include "wire/follower.hpp"

#include <gtest/gtest.h>

#include "wire/sequencer.hpp"
#include "wire/sync_server.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {
namespace {

using model::FeedState;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::Duration kAhead = seconds(5);

class FollowerTest : public testing::Test {
 protected:
  explicit FollowerTest(FollowerOptions options = {.path = "a/", .tree_hash = 42, .rules_hash = 43})
      : m_follower(options) {
    m_server.start_epoch({}, 1, 0);
    m_follower.on_clock_offset({kAhead, milliseconds(2), 1});
  }

  [[nodiscard]] Now now() const { return {base::MonoTime(m_time), base::UtcTime(std::chrono::hours(1) + m_time)}; }
  [[nodiscard]] base::UtcTime hub_time() const { return base::UtcTime(std::chrono::hours(9) + m_time); }
  void wait(base::Duration by) { m_time += by; }

  struct Message {
    FeedHeader header;
    std::string topic, bytes;
  };
  Message publish(const std::string& topic) {
    Message message{m_hub.next(topic, hub_time(), m_time + kAhead), topic, {}};
    message.bytes = encode_feed_header(message.header);
    m_server.on_feed(message.header.sequence, {topic, message.bytes, "body"});
    return message;
  }
  void hear(const Message& message) {
    const bool next = m_follower.on_event(message.header, {message.topic, message.bytes, "body"}, now());
    if (next) m_told.push_back(fmt::format("{}", message.header.sequence));
    collect();
  }
  [[nodiscard]] Heartbeat heartbeat(const std::string& prefix) {
    Heartbeat beat;
    beat.prefix = prefix;
    beat.epoch = m_hub.epoch();
    beat.last_sequence = m_hub.last_sequence(prefix);
    beat.feed_sequence = m_hub.last_sequence();
    if (m_has_digests) beat.digest = fmt::format("{:016x}", beat.feed_sequence);
    beat.tree_hash = 42;
    beat.rules_hash = 43;
    beat.clock.state_time = m_hub.advance_state_time(hub_time());
    beat.clock.sent_at = m_time + kAhead;
    return beat;
  }
  void beat() {
    for (const std::string& prefix : m_follower.prefixes()) m_follower.on_heartbeat(heartbeat(prefix), now());
    collect();
  }
  const model::FeedStatus& tick() {
    m_follower.tick(now());
    for (SyncAsk& ask : m_follower.take_requests()) m_asks.push_back(std::move(ask));
    collect();
    return m_follower.status();
  }
  // What the state was told, in words.
  void collect() {
    for (const FollowerItem& item : m_follower.take_items()) {
      if (std::holds_alternative<ClearItem>(item)) m_told.emplace_back("clear");
      if (const auto* restore = std::get_if<RestoreItem>(&item)) {
        m_told.push_back(fmt::format("restore {} {}", restore->sequence, restore->head));
      }
      if (const auto* event = std::get_if<EventItem>(&item)) {
        m_told.push_back(fmt::format("{}", event->decoded.sequence));
      }
      if (const auto* beat = std::get_if<BeatItem>(&item)) {
        const std::string& digest = beat->digests.front().digest;
        m_told.push_back("beat " + digest.substr(std::min<std::size_t>(digest.size(), 12)));
        m_beat = beat->beat;
      }
    }
  }
  std::vector<std::string> told() { return std::exchange(m_told, {}); }
  using Words = std::vector<std::string>;

  // The hub answers all that was asked.
  std::vector<SyncAnswer> answers() {
    for (const SyncAsk& ask : std::exchange(m_asks, {})) m_server.on_ask("wall", encode_sync_ask(ask), now().mono);
    if (const auto wanted = m_server.wanted_snapshot()) {
      auto snapshot = std::make_shared<SyncSnapshot>();
      snapshot->sequence = m_hub.last_sequence();
      snapshot->state_time = m_hub.advance_state_time(hub_time());
      snapshot->head = "state";
      m_server.give_snapshot(*wanted, std::move(snapshot), now().mono);
    }
    std::vector<SyncAnswer> answers;
    for (const auto& outgoing : m_server.take_outgoing(now().mono)) {
      answers.push_back(std::move(decode_sync_answer(outgoing.parts.head, outgoing.parts.payload)).value());
    }
    return answers;
  }
  void serve() {
    tick();
    for (const SyncAnswer& answer : answers()) m_follower.on_sync(answer, now());
    collect();
  }
  void join() {
    beat();
    serve();
    ASSERT_EQ(told().front().substr(0, 7), "restore");
  }
  void prove() {
    wait(milliseconds(250));
    beat();
    m_follower.on_digests(m_beat, true, now());
    m_told.clear();
  }
  [[nodiscard]] const SyncRequest* asked() const {
    const SyncRequest* newest = nullptr;
    for (const SyncAsk& ask : m_asks) {
      if (const auto* request = std::get_if<SyncRequest>(&ask)) newest = request;
    }
    return newest;
  }

  base::Duration m_time = seconds(100);
  bool m_has_digests = true;
  Sequencer m_hub{{}, 1};
  SyncServer m_server;
  Follower m_follower;
  std::vector<SyncAsk> m_asks;
  Words m_told;
  std::uint64_t m_beat = 0;
};

class TownFollowerTest : public FollowerTest {
 protected:
  TownFollowerTest() : FollowerTest({.path = "a/b/"}) {}
};

TEST_F(FollowerTest, joins_by_a_snapshot_and_is_live_once_its_state_was_found_equal) {
  EXPECT_EQ(tick().state, FeedState::Connecting);
  publish("a/b/");
  publish("a/b/");
  beat();
  EXPECT_EQ(tick().state, FeedState::Recovering);
  ASSERT_NE(asked(), nullptr);
  EXPECT_EQ(asked()->since, 0u);
  EXPECT_EQ(asked()->at_least, 2u);
  serve();
  EXPECT_EQ(told(), (Words{"restore 2 state", "beat 0002"}));
  hear(publish("a/c/"));
  EXPECT_EQ(told(), Words{"3"});
  EXPECT_EQ(tick().state, FeedState::Recovering) << "nothing is proven yet";
  wait(milliseconds(10));
  beat();
  EXPECT_EQ(told(), Words{"beat 0003"});
  EXPECT_EQ(tick().state, FeedState::Recovering);
  m_follower.on_digests(m_beat, true, now());
  EXPECT_EQ(tick().state, FeedState::Live);
  EXPECT_TRUE(tick().is_complete);
  EXPECT_EQ(tick().resync_count, 1u);
  EXPECT_EQ(tick().digest_count, 1u);
  EXPECT_EQ(tick().last_sequence, 3u);
}

TEST_F(FollowerTest, a_hub_without_digests_needs_no_answer) {
  m_has_digests = false;
  join();
  beat();
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(TownFollowerTest, asks_only_when_it_has_heard_a_heartbeat_of_every_prefix) {
  m_follower.on_heartbeat(heartbeat("a/b/"), now());
  tick();
  EXPECT_EQ(asked(), nullptr);
  m_follower.on_heartbeat(heartbeat("a/~"), now());
  tick();
  ASSERT_NE(asked(), nullptr);
  EXPECT_EQ(asked()->prefixes, (std::vector<std::string>{"a/b/", "a/~"}));
}

TEST_F(FollowerTest, events_that_come_during_the_sync_are_told_after_it_and_once) {
  publish("a/b/");
  beat();
  tick();
  const Message second = publish("a/b/");
  hear(second);
  const auto first_answers = answers();  // of a state that has the second already
  const Message third = publish("a/b/");
  hear(third);
  hear(third);
  EXPECT_TRUE(told().empty());
  for (const SyncAnswer& answer : first_answers) m_follower.on_sync(answer, now());
  collect();
  EXPECT_EQ(told(), (Words{"restore 2 state", "3"}));
}

TEST_F(FollowerTest, a_gap_stops_it_until_the_missing_events_are_fetched) {
  join();
  prove();
  hear(publish("a/b/"));
  publish("a/c/");
  hear(publish("a/b/"));
  EXPECT_EQ(told(), Words{"1"});
  EXPECT_EQ(tick().state, FeedState::Recovering);
  EXPECT_FALSE(tick().is_complete);
  ASSERT_NE(asked(), nullptr);
  EXPECT_EQ(asked()->since, 1u);
  hear(publish("a/b/"));
  beat();
  EXPECT_TRUE(told().empty()) << "no beat before all is told";
  serve();
  EXPECT_EQ(told(), (Words{"2", "3", "4", "beat 0004"}));
  EXPECT_EQ(tick().gap_count, 1u);
  wait(milliseconds(250));
  prove();
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(FollowerTest, a_promise_that_is_not_kept_is_a_gap_after_its_grace) {
  publish("a/b/");
  join();
  prove();
  publish("a/b/");
  beat();
  EXPECT_TRUE(told().empty());
  EXPECT_EQ(tick().state, FeedState::Live);
  wait(milliseconds(500));
  EXPECT_EQ(tick().state, FeedState::Recovering);
  serve();
  EXPECT_EQ(told(), (Words{"2", "beat 0002"}));
}

TEST_F(FollowerTest, a_state_that_differs_is_replaced) {
  join();
  prove();
  wait(milliseconds(250));
  beat();
  m_follower.on_digests(m_beat, false, now());
  EXPECT_EQ(tick().state, FeedState::Recovering);
  EXPECT_EQ(tick().digest_differs_count, 1u);
  m_told.clear();
  wait(seconds(1));
  beat();
  serve();
  EXPECT_EQ(told(), (Words{"restore 0 state", "beat 0000"}));
  prove();
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(FollowerTest, answers_about_a_state_that_was_replaced_count_for_nothing) {
  join();
  beat();
  const std::uint64_t old_beat = m_beat;
  hear(publish("a/b/"));
  publish("a/b/");
  hear(publish("a/b/"));
  wait(milliseconds(300));
  serve();
  m_follower.on_digests(old_beat, true, now());
  beat();
  m_follower.on_digests(m_beat + 1, true, now());
  EXPECT_EQ(tick().state, FeedState::Recovering);
  EXPECT_EQ(tick().digest_count, 0u);
  m_follower.on_digests(m_beat, true, now());
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(FollowerTest, a_state_that_was_proven_long_ago_is_behind_however_quickly_heartbeats_come) {
  join();
  prove();
  for (int i = 0; i < 5; ++i) {
    wait(milliseconds(250));
    beat();  // never answered
  }
  EXPECT_EQ(tick().state, FeedState::Behind);
  EXPECT_GT(tick().behind, seconds(1));
}

TEST_F(FollowerTest, an_ask_without_progress_is_stopped_and_made_anew_later_each_time) {
  beat();
  tick();
  std::vector<base::Duration> asked_at;
  std::vector<std::uint64_t> tickets;
  while (asked_at.size() < 9) {
    for (const SyncAsk& ask : std::exchange(m_asks, {})) {
      if (const auto* request = std::get_if<SyncRequest>(&ask)) {
        asked_at.push_back(m_time);
        tickets.push_back(request->ticket);
      } else {
        EXPECT_EQ(std::get<SyncStop>(ask).ticket, tickets.back());
      }
    }
    wait(milliseconds(50));
    beat();
    tick();
  }
  for (std::size_t i = 2; i < asked_at.size(); ++i) EXPECT_NE(tickets[i], tickets[i - 1]);
  EXPECT_LE(asked_at[1] - asked_at[0], milliseconds(1400));
  EXPECT_GE(asked_at[8] - asked_at[7], milliseconds(4750));
  EXPECT_LE(asked_at[8] - asked_at[7], milliseconds(7400));
  for (int i = 0; i < 200 && m_told.empty(); ++i) {
    wait(milliseconds(50));
    beat();
    serve();
  }
  EXPECT_FALSE(told().empty()) << "it never tires";
}

TEST_F(FollowerTest, a_piece_that_is_missing_ends_the_exchange) {
  publish("a/b/");
  beat();
  tick();
  auto first = answers();
  first.erase(first.begin() + 1);
  for (const SyncAnswer& answer : first) m_follower.on_sync(answer, now());
  EXPECT_TRUE(told().empty());
  wait(milliseconds(300));
  serve();
  EXPECT_EQ(told(), (Words{"restore 1 state", "beat 0001"}));
}

TEST_F(FollowerTest, gives_a_credit_back_for_each_piece) {
  beat();
  tick();
  for (const SyncAnswer& answer : answers()) m_follower.on_sync(answer, now());
  tick();
  ASSERT_EQ(m_asks.size(), 1u) << "one piece, the head";
  EXPECT_EQ(std::get<SyncCredit>(m_asks[0]).credits, 1u);
}

TEST_F(FollowerTest, a_restarted_hub_is_recovered_from_by_a_snapshot_and_nothing_of_the_old_epoch_stays) {
  join();
  hear(publish("a/b/"));
  prove();
  const Message straggler = publish("a/b/");
  m_hub = Sequencer({}, 2);
  m_server.start_epoch({}, 2, 0);
  hear(publish("a/b/"));
  EXPECT_EQ(tick().state, FeedState::Recovering) << "what is shown is of the epoch that is over";
  EXPECT_EQ(asked(), nullptr) << "no heartbeat yet";
  beat();
  tick();
  ASSERT_NE(asked(), nullptr);
  EXPECT_EQ(asked()->since, 0u);
  EXPECT_EQ(asked()->epoch, 2u);
  hear(straggler);
  serve();
  EXPECT_EQ(told(), (Words{"restore 1 state", "beat 0001"}));
  m_follower.on_clock_offset({kAhead, milliseconds(2), 2});
  prove();
  EXPECT_EQ(tick().state, FeedState::Live);
}

TEST_F(TownFollowerTest, a_beat_is_told_when_all_prefixes_have_the_same_moment_and_all_of_it_was_told) {
  join();
  m_follower.on_heartbeat(heartbeat("a/b/"), now());
  collect();
  EXPECT_TRUE(told().empty());
  wait(milliseconds(250));
  m_follower.on_heartbeat(heartbeat("a/~"), now());
  collect();
  EXPECT_TRUE(told().empty()) << "of two moments";
  const Message late = publish("a/~");
  beat();
  EXPECT_TRUE(told().empty()) << "an event is still to come";
  hear(late);
  EXPECT_EQ(told(), (Words{"1", "beat 0001"}));
}

TEST_F(TownFollowerTest, a_beat_that_an_event_has_overtaken_is_not_told) {
  join();
  const Heartbeat town = heartbeat("a/b/"), leaf = heartbeat("a/~");
  hear(publish("a/b/"));
  m_follower.on_heartbeat(town, now());
  m_follower.on_heartbeat(leaf, now());
  collect();
  EXPECT_EQ(told(), Words{"1"});
}

TEST_F(TownFollowerTest, what_belongs_before_something_told_already_is_fetched_with_a_snapshot) {
  publish("a/b/");
  join();
  prove();
  publish("a/b/");       // lost
  hear(publish("a/~"));  // its own chain has no hole
  publish("a/b/");       // lost too
  hear(publish("a/b/"));
  EXPECT_EQ(told(), Words{"3"});
  serve();
  EXPECT_TRUE(told().empty()) << "the first would come after the second";
  wait(milliseconds(200));
  serve();
  EXPECT_EQ(told(), (Words{"restore 1 state", "2", "3", "4", "5"}));
}

TEST_F(FollowerTest, an_unknown_prefix_is_a_refusal_that_is_shown) {
  m_server.set_prefix_check([](std::string_view) { return false; });
  beat();
  serve();
  EXPECT_EQ(tick().state, FeedState::Refused);
  EXPECT_NE(tick().detail.find("a/"), std::string::npos);
  m_server.set_prefix_check({});
  wait(milliseconds(400));
  beat();
  serve();
  EXPECT_EQ(told(), (Words{"restore 0 state", "beat 0000"}));
  EXPECT_NE(tick().state, FeedState::Refused);
}

TEST_F(FollowerTest, other_rules_or_layers_are_told_and_not_synced) {
  Heartbeat other = heartbeat("a/");
  other.rules_hash = 44;
  m_follower.on_heartbeat(other, now());
  EXPECT_EQ(tick().state, FeedState::Mismatch);
  EXPECT_EQ(tick().detail, "rules");
  EXPECT_EQ(asked(), nullptr);
  other.tree_hash = 44;
  m_follower.on_heartbeat(other, now());
  EXPECT_EQ(tick().detail, "tree");
  other = heartbeat("a/");
  other.rules_hash = 0;
  m_follower.on_heartbeat(other, now());
  EXPECT_EQ(tick().state, FeedState::Recovering) << "a hub that does not say";
}

TEST_F(FollowerTest, bytes_that_could_not_be_restored_are_asked_for_anew_and_the_reason_is_shown) {
  join();
  m_follower.on_restore_failed("another tree's", now());
  EXPECT_EQ(tick().state, FeedState::Recovering);
  EXPECT_EQ(tick().detail, "another tree's");
  EXPECT_EQ(asked(), nullptr);
  wait(milliseconds(300));
  beat();
  serve();
  EXPECT_EQ(told(), (Words{"restore 0 state", "beat 0000"}));
}

TEST_F(FollowerTest, answers_that_nobody_waits_for_are_stopped) {
  join();
  tick();
  m_asks.clear();
  m_follower.on_sync(SyncBegin{777, {}, 1, true, 0, {}}, now());
  tick();
  ASSERT_EQ(m_asks.size(), 1u);
  EXPECT_EQ(std::get<SyncStop>(m_asks[0]).ticket, 777u);
}

class NarrowFollowerTest : public FollowerTest {
 protected:
  NarrowFollowerTest() : FollowerTest({.path = "a/", .buffer_bytes_max = 10'000}) {}
};

TEST_F(NarrowFollowerTest, live_events_that_wait_are_bounded) {
  beat();
  tick();
  EXPECT_EQ(m_asks.size(), 1u);
  m_asks.clear();
  for (int i = 0; i < 1000 && m_asks.empty(); ++i) {
    hear(publish("a/b/"));
    tick();
  }
  ASSERT_EQ(m_asks.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<SyncStop>(m_asks[0]));
  wait(milliseconds(300));
  serve();
  EXPECT_EQ(told().size(), 1u);
}

class ListenerTest : public FollowerTest {
 protected:
  ListenerTest() : FollowerTest({.path = "a/", .has_state = false}) {}
};

TEST_F(ListenerTest, without_a_state_hears_what_comes_counts_gaps_and_asks_for_nothing) {
  publish("a/b/");
  beat();
  EXPECT_EQ(tick().state, FeedState::Live);
  hear(publish("a/b/"));
  publish("a/b/");
  hear(publish("a/b/"));
  EXPECT_EQ(told(), (Words{"beat 0001", "2", "4"}));
  EXPECT_EQ(tick().gap_count, 1u);
  m_hub = Sequencer({}, 2);
  m_server.start_epoch({}, 2, 0);
  hear(publish("a/b/"));
  EXPECT_EQ(told(), (Words{"clear", "1"}));
  tick();
  EXPECT_TRUE(m_asks.empty());
}

}  // namespace
}  // namespace gridwall::wire
