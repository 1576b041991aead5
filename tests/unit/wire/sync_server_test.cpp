// The hub's side of sync, case by case.
#include "wire/sync_server.hpp"

#include <gtest/gtest.h>

#include "wire/sequencer.hpp"

namespace gridwall::wire {
namespace {

using std::chrono::seconds;

class SyncServerTest : public testing::Test {
 protected:
  explicit SyncServerTest(SyncServerOptions options = {}) : m_server(options) {
    m_server.start_epoch({}, 1, 0);
    m_server.set_prefix_check([](std::string_view prefix) { return !prefix.starts_with("z/"); });
  }

  std::uint64_t publish(std::string_view topic, std::string_view body = "body") {
    const FeedHeader header = m_hub.next(topic, {}, {});
    m_server.on_feed(header.sequence, {topic, encode_feed_header(header), body});
    return header.sequence;
  }
  static SyncRequest request(std::uint64_t ticket, std::uint64_t since = 0) {
    SyncRequest request;
    request.ticket = ticket;
    request.epoch = 1;
    request.prefixes = {"a/b/", "a/~"};
    request.since = since;
    request.credits = 8;
    return request;
  }
  void ask(const SyncAsk& ask, std::string_view client = "wall") {
    m_server.on_ask(client, encode_sync_ask(ask), m_now);
  }
  void give(std::string head = "head") {
    const auto wanted = m_server.wanted_snapshot();
    ASSERT_TRUE(wanted);
    auto snapshot = std::make_shared<SyncSnapshot>();
    snapshot->sequence = m_hub.last_sequence();
    snapshot->head = std::move(head);
    for (const std::string& prefix : *wanted) snapshot->parts.push_back({prefix, "part of " + prefix});
    m_server.give_snapshot(*wanted, std::move(snapshot), m_now);
  }
  std::vector<SyncAnswer> take(std::size_t messages_max = 64) {
    std::vector<SyncAnswer> answers;
    for (const auto& outgoing : m_server.take_outgoing(m_now, messages_max)) {
      auto answer = decode_sync_answer(outgoing.parts.head, outgoing.parts.payload);
      EXPECT_TRUE(answer.ok());
      m_clients.push_back(outgoing.client);
      answers.push_back(std::move(answer).value());
    }
    return answers;
  }
  std::string refusal() {
    const auto answers = take();
    const auto* refused = answers.size() == 1 ? std::get_if<SyncRefused>(&answers[0]) : nullptr;
    return refused == nullptr ? fmt::format("{} answers", answers.size()) : refused->reason;
  }
  static std::vector<std::string> topics(const SyncAnswer& answer) {
    std::vector<std::string> topics;
    const auto* piece = std::get_if<SyncPiece>(&answer);
    if (piece == nullptr || piece->kind != SyncPieceKind::Events) return topics;
    const auto messages = read_sync_events(piece->bytes);
    EXPECT_TRUE(messages.ok());
    for (const FeedMessageView& message : *messages) topics.emplace_back(message.topic);
    return topics;
  }

  SyncServer m_server;
  Sequencer m_hub{{}, 1};
  base::MonoTime m_now{seconds(100)};
  std::vector<std::string> m_clients;
};

TEST_F(SyncServerTest, a_joiner_gets_a_snapshot_and_the_events_after_it_under_his_prefixes) {
  publish("a/b/");
  ask(request(7));
  EXPECT_TRUE(take().empty()) << "a snapshot is wanted first";
  give();
  EXPECT_FALSE(m_server.wanted_snapshot());
  publish("a/b/c/");
  publish("a/c/");
  publish("a/~");
  publish("a/b/~");
  const auto answers = take();
  ASSERT_EQ(answers.size(), 6u);
  const auto& begin = std::get<SyncBegin>(answers[0]);
  EXPECT_TRUE(begin.is_snapshot);
  EXPECT_EQ(begin.sequence, 1u);
  EXPECT_EQ(std::get<SyncPiece>(answers[1]).bytes, "head");
  EXPECT_EQ(std::get<SyncPiece>(answers[2]).bytes, "part of a/b/");
  EXPECT_EQ(std::get<SyncPiece>(answers[3]).prefix, "a/~");
  EXPECT_EQ(topics(answers[4]), (std::vector<std::string>{"a/b/c/", "a/~", "a/b/~"}));
  EXPECT_EQ(std::get<SyncEnd>(answers[5]), (SyncEnd{7, 4, 5}));
  EXPECT_TRUE(take().empty());
  EXPECT_EQ(m_server.counters().open_count, 0u);
  EXPECT_EQ(m_server.counters().finished_count, 1u);
}

TEST_F(SyncServerTest, who_missed_little_gets_the_events_since_then_and_no_snapshot) {
  for (int i = 0; i < 10; ++i) publish(i % 2 == 0 ? "a/b/" : "a/c/");
  ask(request(7, 6));
  EXPECT_FALSE(m_server.wanted_snapshot());
  const auto answers = take();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_FALSE(std::get<SyncBegin>(answers[0]).is_snapshot);
  EXPECT_EQ(std::get<SyncBegin>(answers[0]).sequence, 6u);
  EXPECT_EQ(topics(answers[1]).size(), 2u);
  EXPECT_EQ(std::get<SyncEnd>(answers[2]).through, 10u);
}

TEST_F(SyncServerTest, does_not_end_before_it_has_what_the_heartbeats_named) {
  publish("a/b/");
  SyncRequest early = request(7, 1);
  early.at_least = 3;
  ask(early);
  EXPECT_EQ(take().size(), 1u) << "the begin";
  publish("a/c/");
  EXPECT_TRUE(take().empty());
  publish("a/c/");
  const auto answers = take();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(std::get<SyncEnd>(answers[0]).through, 3u);
}

TEST_F(SyncServerTest, sends_pieces_only_against_credits) {
  publish("a/b/");
  SyncRequest poor = request(7);
  poor.credits = 1;
  ask(poor);
  give();
  EXPECT_EQ(take().size(), 2u) << "begin and one piece";
  EXPECT_TRUE(take().empty());
  ask(SyncCredit{7, 1});
  EXPECT_EQ(take().size(), 1u);
  publish("a/b/");
  ask(SyncCredit{7, 1});
  EXPECT_EQ(take().size(), 1u);
  EXPECT_TRUE(take().empty()) << "the event needs a credit";
  ask(SyncCredit{7, 1});
  EXPECT_EQ(take().size(), 2u) << "the event, and the end costs none";
}

TEST_F(SyncServerTest, joiners_of_the_same_prefixes_share_a_snapshot) {
  publish("a/b/");
  ask(request(1), "first");
  SyncRequest turned = request(1);
  std::swap(turned.prefixes[0], turned.prefixes[1]);
  ask(turned, "second");
  SyncRequest other = request(1);
  other.prefixes = {"a/c/"};
  ask(other, "third");
  give();
  EXPECT_EQ(m_server.wanted_snapshot(), (std::vector<std::string>{"a/c/"}));
  EXPECT_EQ(take().size(), 10u);
  ask(request(1), "late");
  EXPECT_EQ(take().size(), 5u);
  EXPECT_EQ(m_server.counters().snapshot_count, 1u);
  EXPECT_EQ(m_server.counters().shared_snapshot_count, 2u);
}

TEST_F(SyncServerTest, says_why_it_refuses) {
  publish("a/b/");
  SyncRequest other_epoch = request(11);
  other_epoch.epoch = 2;
  ask(other_epoch);
  EXPECT_EQ(refusal(), "epoch");
  SyncRequest other_journal = request(12);
  other_journal.journal[0] = 1;
  ask(other_journal);
  EXPECT_EQ(refusal(), "epoch");
  SyncRequest unknown = request(13);
  unknown.prefixes.emplace_back("z/");
  ask(unknown);
  EXPECT_EQ(refusal(), "prefix");
  m_server.on_ask("wall", "dance", m_now);
  EXPECT_EQ(refusal(), "malformed");
  for (std::uint64_t ticket = 1; ticket <= 8; ++ticket) ask(request(ticket));
  ask(request(9));
  EXPECT_EQ(refusal(), "busy");
  m_server.drop_client("wall");
  EXPECT_EQ(m_server.counters().open_count, 0u);
}

TEST_F(SyncServerTest, a_new_epoch_ends_every_exchange) {
  publish("a/b/");
  ask(request(7, 1));
  m_server.start_epoch({}, 2, 1);
  EXPECT_EQ(refusal(), "epoch");
  EXPECT_EQ(m_server.counters().ring_message_count, 0u);
}

TEST_F(SyncServerTest, forgets_who_is_silent_stops_or_asks_twice_the_same) {
  publish("a/b/");
  ask(request(1));
  ask(request(1));
  EXPECT_EQ(m_server.counters().open_count, 1u);
  ask(SyncStop{1});
  EXPECT_EQ(m_server.counters().open_count, 0u);
  ask(request(1));
  EXPECT_EQ(m_server.counters().open_count, 0u) << "it came late, and nobody waits for it";
  ask(request(2));
  m_now += seconds(31);
  EXPECT_TRUE(take().empty());
  EXPECT_EQ(m_server.counters().expired_count, 1u);
  EXPECT_FALSE(m_server.wanted_snapshot());
}

SyncServerOptions small() {
  SyncServerOptions options;
  options.ring_bytes_max = 20'000;
  options.snapshot_bytes_max = 10'000;
  options.one_snapshot_bytes_max = 100'000;
  options.tickets_max = 3;
  return options;
}

class SmallSyncServerTest : public SyncServerTest {
 protected:
  SmallSyncServerTest() : SyncServerTest(small()) {}
};

TEST_F(SmallSyncServerTest, the_ring_is_bounded_and_who_needs_what_left_it_is_too_slow) {
  for (int i = 0; i < 10; ++i) publish("a/b/");
  SyncRequest poor = request(1, 5);
  poor.credits = 0;
  ask(poor);
  EXPECT_EQ(take().size(), 1u);
  for (int i = 0; i < 1000; ++i) publish("a/b/");
  EXPECT_LE(m_server.counters().ring_bytes, 20'000u);
  EXPECT_EQ(refusal(), "too_slow");
  ask(request(2, 5));
  EXPECT_TRUE(m_server.wanted_snapshot()) << "so long ago that only a snapshot helps";
}

TEST_F(SmallSyncServerTest, a_snapshot_that_the_ring_has_left_behind_is_not_shared) {
  publish("a/b/");
  ask(request(1));
  give();
  EXPECT_EQ(take().size(), 5u);
  for (int i = 0; i < 1000; ++i) publish("a/b/");
  ask(request(2));
  EXPECT_TRUE(take().empty());
  EXPECT_TRUE(m_server.wanted_snapshot());
  give();
  EXPECT_EQ(take().size(), 5u);
  EXPECT_EQ(m_server.counters().snapshot_count, 2u);
  EXPECT_LE(m_server.counters().snapshot_bytes, 100u);
}

TEST_F(SmallSyncServerTest, refuses_what_would_take_too_much_memory) {
  publish("a/b/");
  ask(request(1));
  give(std::string(101'000, 'x'));
  EXPECT_EQ(refusal(), "busy");
  for (std::uint64_t ticket = 1; ticket <= 3; ++ticket) ask(request(ticket), fmt::format("wall {}", ticket));
  ask(request(4), "wall 4");
  EXPECT_EQ(refusal(), "busy");
  EXPECT_EQ(m_server.counters().snapshot_bytes, 0u);
}

TEST_F(SmallSyncServerTest, one_snapshot_alone_may_be_larger_than_the_room_for_several) {
  publish("a/b/");
  SyncRequest slow = request(1);
  slow.credits = 0;
  ask(slow, "wall 1");
  give(std::string(60'000, 'x'));
  EXPECT_EQ(take().size(), 1u) << "its begin";
  EXPECT_GT(m_server.counters().snapshot_bytes, 60'000u);
  EXPECT_EQ(m_server.counters().ring_limit_bytes, 20'000u) << "or a quarter of the snapshot";
  SyncRequest other = request(2);
  other.prefixes = {"a/c/"};
  ask(other, "wall 2");
  EXPECT_EQ(refusal(), "busy") << "until the first one has gone";
  ask(SyncStop{1}, "wall 1");
  ask(request(3), "wall 3");
  EXPECT_EQ(m_server.counters().shared_snapshot_count, 1u) << "and it is still there for the next";
}

TEST_F(SmallSyncServerTest, who_fell_silent_makes_place_for_others_when_there_is_none) {
  for (std::uint64_t ticket = 1; ticket <= 3; ++ticket) ask(request(ticket), fmt::format("wall {}", ticket));
  m_now += seconds(2);
  ask(SyncCredit{3, 1}, "wall 3");
  m_now += seconds(2);
  ask(request(4), "wall 4");
  EXPECT_TRUE(take().empty()) << "no refusal";
  EXPECT_EQ(m_server.counters().open_count, 2u) << "3 and 4";
}

TEST_F(SmallSyncServerTest, an_owner_that_cannot_make_a_snapshot_leaves_nobody_waiting) {
  ask(request(1));
  m_server.give_snapshot(*m_server.wanted_snapshot(), nullptr, m_now);
  EXPECT_EQ(refusal(), "busy");
}

TEST_F(SyncServerTest, what_is_larger_than_a_piece_comes_in_several) {
  const std::string large(5 * kSyncPieceBytesMax / 2, 'e');
  publish("a/b/", "first");
  ask(request(7));
  give(std::string(kSyncPieceBytesMax + 1, 'h'));
  publish("a/b/", large);
  publish("a/b/", "last");
  std::string head, events;
  std::uint64_t index = 0;
  for (const SyncAnswer& answer : take()) {
    const auto* piece = std::get_if<SyncPiece>(&answer);
    if (piece == nullptr) continue;
    EXPECT_EQ(piece->index, index++);
    if (piece->kind == SyncPieceKind::Head) head += piece->bytes;
    if (piece->kind == SyncPieceKind::Events) events += piece->bytes;
  }
  EXPECT_EQ(head.size(), kSyncPieceBytesMax + 1);
  const auto messages = read_sync_events(events);
  ASSERT_TRUE(messages.ok());
  ASSERT_EQ(messages->size(), 2u);
  EXPECT_EQ((*messages)[0].body, large);
}

TEST_F(SyncServerTest, serves_its_askers_in_turn) {
  for (int i = 0; i < 4; ++i) publish("a/b/");
  ask(request(1, 1), "first");
  ask(request(1, 1), "second");
  take(2);
  EXPECT_EQ(m_clients, (std::vector<std::string>{"first", "second"}));
  take(2);
  EXPECT_EQ(m_clients, (std::vector<std::string>{"first", "second", "first", "second"}));
}

}  // namespace
}  // namespace gridwall::wire
