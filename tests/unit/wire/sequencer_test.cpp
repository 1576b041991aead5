// The hub's order: sequences, chains, state time.
#include "wire/sequencer.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

base::UtcTime at_s(int seconds) { return base::UtcTime(std::chrono::seconds(seconds)); }
using Chain = std::vector<std::uint64_t>;

TEST(Sequencer, chains_name_the_message_before_under_each_prefix) {
  Sequencer sequencer({}, 5);
  EXPECT_EQ(sequencer.next("a/b/", at_s(1), {}).previous, (Chain{0, 0, 0}));
  EXPECT_EQ(sequencer.next("a/c/", at_s(1), {}).previous, (Chain{1, 1, 0}));
  EXPECT_EQ(sequencer.next("a/b/~", at_s(1), {}).previous, (Chain{2, 2, 1, 0}));
  const FeedHeader fourth = sequencer.next("a/b/~", at_s(1), {});
  EXPECT_EQ(fourth.previous, (Chain{3, 3, 3, 3}));
  EXPECT_EQ(fourth.sequence, 4u);
  EXPECT_EQ(fourth.epoch, 5u);
  EXPECT_EQ(sequencer.last_sequence(), 4u);
  EXPECT_EQ(sequencer.last_sequence("a/c/"), 2u);
  EXPECT_EQ(sequencer.last_sequence("a/b/~"), 4u);
  EXPECT_EQ(sequencer.last_sequence("a/~"), 0u);
}

TEST(Sequencer, goes_on_from_a_journals_last_sequence) {
  Sequencer sequencer({}, 1, 1000);
  sequencer.restore("a/", 998);
  const FeedHeader header = sequencer.next("a/", at_s(1), {});
  EXPECT_EQ(header.sequence, 1001u);
  EXPECT_EQ(header.previous, (Chain{1000, 998}));
}

TEST(Sequencer, state_time_never_goes_down_within_an_epoch) {
  Sequencer sequencer({}, 1);
  EXPECT_EQ(sequencer.next("a/", at_s(10), {}).state_time, at_s(10));
  EXPECT_EQ(sequencer.next("a/", at_s(9), {}).state_time, at_s(10));
  EXPECT_EQ(sequencer.advance_state_time(at_s(12)), at_s(12));
  EXPECT_EQ(sequencer.next("a/", at_s(11), {}).state_time, at_s(12));
  sequencer.start_epoch(2, at_s(3));
  const FeedHeader after = sequencer.next("a/", at_s(4), {});
  EXPECT_EQ(after.state_time, at_s(4));
  EXPECT_EQ(after.epoch, 2u);
  EXPECT_EQ(after.sequence, 4u);
}

}  // namespace
}  // namespace gridwall::wire
