#include "base/bounded_channel.hpp"

#include <gtest/gtest.h>

#include "base/latest_slot.hpp"
#include "base/thread.hpp"

namespace gridwall::base {
namespace {

TEST(BoundedChannel, keeps_order_and_counts_what_was_sent) {
  BoundedChannel<int> channel("numbers", 8, WhenFull::Block);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(channel.send(i));
  EXPECT_EQ(channel.receive(3), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(channel.receive(8), (std::vector<int>{3, 4}));
  EXPECT_EQ(channel.stats().sent_count, 5u);
  EXPECT_EQ(channel.stats().length_max, 5u);
}

TEST(BoundedChannel, drops_the_oldest_when_full_and_says_how_many) {
  BoundedChannel<int> channel("numbers", 2, WhenFull::DropOldest);
  for (int i = 0; i < 5; ++i) channel.send(i);
  EXPECT_EQ(channel.receive(8), (std::vector<int>{3, 4}));
  EXPECT_EQ(channel.stats().dropped_count, 3u);
}

TEST(BoundedChannel, loses_nothing_between_two_threads_when_it_blocks) {
  BoundedChannel<int> channel("numbers", 4, WhenFull::Block);
  constexpr int kCount = 2000;
  Thread sender("sender", [&](std::stop_token) {
    for (int i = 0; i < kCount; ++i) channel.send(i);
  });
  int next = 0;
  while (next < kCount) {
    for (const int number : channel.receive(16, std::chrono::seconds(1))) ASSERT_EQ(number, next++);
  }
}

TEST(BoundedChannel, lets_a_waiting_sender_go_when_it_is_closed) {
  BoundedChannel<int> channel("numbers", 1, WhenFull::Block);
  channel.send(1);
  Thread closer("closer", [&](std::stop_token) { channel.close(); });
  EXPECT_FALSE(channel.send(2));
}

TEST(LatestSlot, gives_the_newest_and_keeps_the_older_alive_for_its_readers) {
  LatestSlot<int> slot;
  EXPECT_EQ(slot.take(), nullptr);
  slot.publish(std::make_shared<const int>(1));
  const auto first = slot.take();
  slot.publish(std::make_shared<const int>(2));
  EXPECT_EQ(*first, 1);
  EXPECT_EQ(*slot.take(), 2);
  EXPECT_EQ(slot.version(), 2u);
}

}  // namespace
}  // namespace gridwall::base
