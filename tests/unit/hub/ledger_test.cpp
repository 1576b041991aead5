// A ledger that stopped and was restored says the same as one that never did: sequences, chains, digests, moves.
#include "hub/ledger.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "intake_support.hpp"
#include "model/path.hpp"
#include "state/keyframe.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;

class LedgerTest : public testing::Test {
 protected:
  static Ledger make(std::uint64_t epoch = 7) {
    return std::move(Ledger::create({test::small_tree(), test::small_vocabulary(), test::plain_rules(true), {}, epoch}))
        .value();
  }

  // Reports, steps and moves all over the tree.
  static FeedBatch walk(Ledger& ledger, base::Random& random, int count, int& number) {
    static constexpr const char* kTypes[] = {"incident.reported", "incident.filed", "incident.closed"};
    const auto& divisions = ledger.tree().divisions();
    FeedBatch batch;
    for (int i = 0; i < count; ++i) {
      const auto& division = divisions[random.next_below(divisions.size())];
      model::Event event = test::event(fmt::format("e{}", ++number), fmt::format("i{}", random.next_below(40)),
                                       kTypes[random.next_below(3)]);
      const bool is_leaf = division.children.size() == 0;
      event.division_path = model::leaf_of(division);
      if (is_leaf) event.point_units = ledger.tree().to_units(division.anchor_world);
      const base::UtcTime now = test::kHubNow + number * 1min;
      ledger.advance(now);
      ledger.publish(event, {now, base::Duration(number)}, batch);
    }
    return batch;
  }

  static void expect_equal(const Ledger& a, const Ledger& b) {
    EXPECT_EQ(a.sequencer().last_sequence(), b.sequencer().last_sequence());
    EXPECT_EQ(a.sequencer().state_time(), b.sequencer().state_time());
    for (const auto& division : a.tree().divisions()) {
      for (const std::string& prefix : {std::string(division.path), model::own_leaf(division.path)}) {
        EXPECT_EQ(a.digest_text(prefix), b.digest_text(prefix)) << prefix;
        EXPECT_EQ(a.sequencer().last_sequence(prefix), b.sequencer().last_sequence(prefix)) << prefix;
      }
    }
  }

  static base::Status restore(Ledger& ledger, const Ledger& from) {
    const state::Keyframe keyframe = state::encode_keyframe(from.world());
    std::vector<std::string_view> parts;
    for (const auto& part : keyframe.parts) parts.push_back(part.bytes);
    return ledger.restore(keyframe.head, parts, from.encode_memory());
  }
};

TEST_F(LedgerTest, one_that_repeats_the_messages_is_the_same) {
  Ledger ledger = make(), follower = make();
  base::Random random(1);
  int number = 0;
  const FeedBatch batch = walk(ledger, random, 400, number);
  EXPECT_GT(ledger.moved_count(), 10u);
  std::optional<FeedBatch> none;
  for (const FeedMessage& message : batch.messages) ASSERT_TRUE(follower.repeat(message, none).ok());
  follower.advance(ledger.sequencer().state_time());
  expect_equal(ledger, follower);
}

TEST_F(LedgerTest, one_restored_from_a_keyframe_goes_on_as_if_it_had_never_stopped) {
  Ledger ledger = make();
  base::Random random(2);
  int number = 0;
  walk(ledger, random, 300, number);
  Ledger restored = make();
  ASSERT_TRUE(restore(restored, ledger).ok());
  expect_equal(ledger, restored);
  base::Random twin = random;
  int twin_number = number;
  const FeedBatch first = walk(ledger, random, 300, number), second = walk(restored, twin, 300, twin_number);
  expect_equal(ledger, restored);
  ASSERT_EQ(first.messages.size(), second.messages.size());
  for (std::size_t i = 0; i < first.messages.size(); ++i) {
    EXPECT_EQ(first.messages[i].header, second.messages[i].header) << i;
    EXPECT_EQ(first.messages[i].body, second.messages[i].body) << i;
  }
}

TEST_F(LedgerTest, a_message_that_does_not_follow_is_refused_and_changes_nothing) {
  Ledger ledger = make(), follower = make();
  base::Random random(3);
  int number = 0;
  const FeedBatch batch = walk(ledger, random, 5, number);
  std::optional<FeedBatch> none;
  ASSERT_TRUE(follower.repeat(batch.messages[0], none).ok());
  const std::string digest = follower.digest_text("R/");
  EXPECT_FALSE(follower.repeat(batch.messages[0], none).ok()) << "twice";
  EXPECT_FALSE(follower.repeat(batch.messages[2], none).ok()) << "one is missing";
  EXPECT_EQ(follower.digest_text("R/"), digest);
  EXPECT_TRUE(follower.repeat(batch.messages[1], none).ok());
}

TEST_F(LedgerTest, a_memory_that_was_cut_is_refused) {
  Ledger ledger = make(), restored = make();
  base::Random random(4);
  int number = 0;
  walk(ledger, random, 50, number);
  const state::Keyframe keyframe = state::encode_keyframe(ledger.world());
  std::vector<std::string_view> parts;
  for (const auto& part : keyframe.parts) parts.push_back(part.bytes);
  const std::string memory = ledger.encode_memory();
  for (std::size_t size = 0; size < memory.size(); ++size) {
    EXPECT_FALSE(restored.restore(keyframe.head, parts, std::string_view(memory).substr(0, size)).ok()) << size;
  }
  EXPECT_TRUE(restored.restore(keyframe.head, parts, memory).ok());
}

}  // namespace
}  // namespace gridwall::hub
