// Putting an exchange together, and what makes it break.
#include "wire/sync_exchange.hpp"

#include <gtest/gtest.h>

#include "wire/sequencer.hpp"

namespace gridwall::wire {
namespace {

using Outcome = SyncExchange::Outcome;

class SyncExchangeTest : public testing::Test {
 protected:
  SyncExchange exchange(std::uint64_t since = 0, std::size_t bytes_max = 1000) {
    SyncRequest request;
    request.ticket = 7;
    request.epoch = 1;
    request.prefixes = {"a/"};
    request.since = since;
    request.at_least = 3;
    return {request, bytes_max, {}};
  }
  static SyncBegin begin(bool is_snapshot = true, std::uint64_t sequence = 2) {
    return {7, {}, 1, is_snapshot, sequence, {}};
  }
  static SyncPiece piece(std::uint64_t index, SyncPieceKind kind, std::string bytes, bool last = true) {
    return {7, index, kind, kind == SyncPieceKind::Part ? "a/" : "", last, std::move(bytes)};
  }
  static std::string event(std::uint64_t sequence, std::string_view topic = "a/b/", std::uint64_t epoch = 1) {
    FeedHeader header;
    header.epoch = epoch;
    header.sequence = sequence;
    header.previous = {0, 0, 0};
    std::string bytes;
    append_sync_event(bytes, {topic, encode_feed_header(header), "body"});
    return bytes;
  }
  // The outcome of the last.
  static Outcome hear(SyncExchange& exchange, const std::vector<SyncAnswer>& answers) {
    Outcome outcome = Outcome::Ignored;
    for (const SyncAnswer& answer : answers) outcome = exchange.on_answer(answer, {});
    return outcome;
  }
};

TEST_F(SyncExchangeTest, puts_heads_parts_and_events_together) {
  SyncExchange open = exchange();
  const std::string events = event(3) + event(5);
  EXPECT_EQ(hear(open, {begin(), piece(0, SyncPieceKind::Head, "he", false), piece(1, SyncPieceKind::Head, "ad"),
                        piece(2, SyncPieceKind::Part, "one"), piece(3, SyncPieceKind::Part, "tw", false),
                        piece(4, SyncPieceKind::Part, "o"), piece(5, SyncPieceKind::Events, events.substr(0, 9), false),
                        piece(6, SyncPieceKind::Events, events.substr(9)), SyncEnd{7, 7, 6}}),
            Outcome::Done);
  EXPECT_EQ(open.take_credits(), 7u);
  EXPECT_EQ(open.take_credits(), 0u);
  const auto fetched = open.take();
  EXPECT_EQ(fetched.head, "head");
  EXPECT_EQ(fetched.parts, (std::vector<std::string>{"one", "two"}));
  ASSERT_EQ(fetched.events.size(), 2u);
  EXPECT_EQ(fetched.events[1].decoded.sequence, 5u);
  EXPECT_EQ(fetched.events[1].body, "body");
  EXPECT_EQ(fetched.through, 6u);
}

TEST_F(SyncExchangeTest, ignores_what_came_before_and_what_is_not_its_own) {
  SyncExchange open = exchange();
  EXPECT_EQ(hear(open, {begin(), begin()}), Outcome::Ignored);
  EXPECT_EQ(hear(open, {piece(0, SyncPieceKind::Head, "x"), piece(0, SyncPieceKind::Head, "x")}), Outcome::Ignored);
  EXPECT_EQ(hear(open, {SyncEnd{8, 1, 3}}), Outcome::Ignored);
  EXPECT_EQ(hear(open, {SyncEnd{7, 1, 3}}), Outcome::Done);
}

TEST_F(SyncExchangeTest, breaks_on_what_cannot_end_well) {
  const SyncPiece head = piece(0, SyncPieceKind::Head, "head");
  const auto events = [](std::string bytes) { return piece(1, SyncPieceKind::Events, std::move(bytes)); };
  const std::vector<std::pair<std::string, std::vector<SyncAnswer>>> cases{
      {"a piece before the begin", {head}},
      {"a missing piece", {begin(), piece(1, SyncPieceKind::Head, "x")}},
      {"another epoch", {SyncBegin{7, {}, 2, true, 2, {}}}},
      {"events only for who has nothing", {begin(false, 0)}},
      {"a head after the parts", {begin(), piece(0, SyncPieceKind::Part, "x"), piece(1, SyncPieceKind::Head, "x")}},
      {"a head that is not finished", {begin(), piece(0, SyncPieceKind::Head, "x", false), SyncEnd{7, 1, 3}}},
      {"more than is taken", {begin(), piece(0, SyncPieceKind::Head, std::string(1000, 'x'))}},
      {"an end that counts otherwise", {begin(), head, SyncEnd{7, 2, 3}}},
      {"an end too early", {begin(), head, SyncEnd{7, 1, 2}}},
      {"an end before its newest event", {begin(), head, events(event(9)), SyncEnd{7, 2, 8}}},
      {"events that are none", {begin(), head, events("nonsense")}},
      {"an event that the snapshot has", {begin(), head, events(event(2))}},
      {"events out of order", {begin(), head, events(event(5) + event(4))}},
      {"an event from elsewhere", {begin(), head, events(event(5, "z/"))}},
      {"an event of another epoch", {begin(), head, events(event(5, "a/b/", 2))}},
  };
  for (const auto& [name, answers] : cases) {
    SyncExchange open = exchange();
    EXPECT_EQ(hear(open, answers), Outcome::Broken) << name;
  }
  SyncExchange since_two = exchange(2);
  EXPECT_EQ(hear(since_two, {begin(false, 3)}), Outcome::Broken) << "a hole between";
}

TEST_F(SyncExchangeTest, tells_why_it_was_refused) {
  SyncExchange open = exchange();
  EXPECT_EQ(hear(open, {SyncRefused{7, "busy", "later"}}), Outcome::Refused);
  EXPECT_EQ(open.refusal().reason, "busy");
}

}  // namespace
}  // namespace gridwall::wire
