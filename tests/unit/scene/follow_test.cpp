#include "scene/follow.hpp"

#include <gtest/gtest.h>

#include "support/small_world.hpp"

namespace gridwall::scene {
namespace {

using std::chrono::seconds;

constexpr base::UtcTime kStart{std::chrono::hours(1000)};

// A hand-moved clock, and cases that become critical one after the other.
struct Fixture {
  Follow follow;
  test::SmallWorld world{test::small_tree()};
  std::vector<std::uint32_t> critical;
  int count = 0;
  base::MonoTime now{seconds(100)};
  bool is_current = true;

  void add_critical() {
    test::SmallWorld::Case one;
    one.id = "case-" + std::to_string(count);
    one.division = "R0101";
    one.severity = model::Severity::Critical;
    one.first_seen_at = kStart + seconds(count);
    world.add(one);
    critical.push_back(static_cast<std::uint32_t>(count++));
  }
  Follow::Wish update(base::UtcTime state_time = kStart) {
    return follow.update(world.snapshot(state_time), critical, is_current, now);
  }
};

TEST(Follow, what_was_critical_before_is_not_news_and_what_becomes_so_is) {
  Fixture f;
  f.add_critical();
  EXPECT_FALSE(f.update().incident) << "it is off";
  f.follow.toggle();
  EXPECT_FALSE(f.update().incident);
  f.add_critical();
  EXPECT_EQ(f.update().incident, 1u);
  EXPECT_FALSE(f.update().incident) << "once";
}

TEST(Follow, in_a_flood_it_flies_every_five_seconds_to_the_newest_and_goes_home_at_last) {
  Fixture f;
  f.follow.toggle();
  f.update();
  for (int i = 0; i < 3; ++i) f.add_critical();
  EXPECT_EQ(f.update().incident, 2u);
  f.now += seconds(4);
  EXPECT_FALSE(f.update().incident);
  f.now += seconds(1);
  EXPECT_EQ(f.update().incident, 1u);
  f.now += seconds(5);
  EXPECT_EQ(f.update().incident, 0u);
  f.now += seconds(19);
  EXPECT_FALSE(f.update().home);
  f.now += seconds(1);
  EXPECT_TRUE(f.update().home);
  EXPECT_FALSE(f.update().home) << "once";
}

TEST(Follow, a_hand_on_the_map_pauses_it_and_what_waits_comes_after) {
  Fixture f;
  f.follow.toggle();
  f.update();
  f.follow.hand_moved(f.now);
  EXPECT_TRUE(f.follow.is_paused(f.now));
  f.add_critical();
  EXPECT_FALSE(f.update().incident);
  f.now += Follow::kPause;
  EXPECT_FALSE(f.follow.is_paused(f.now));
  EXPECT_EQ(f.update().incident, 0u);
}

TEST(Follow, what_is_settled_while_it_waits_is_not_shown_and_news_when_it_comes_back) {
  Fixture f;
  f.follow.toggle();
  f.update();
  f.add_critical();
  f.add_critical();
  EXPECT_EQ(f.update().incident, 1u);
  f.critical = {1};  // the other one was closed
  f.now += Follow::kApart;
  EXPECT_FALSE(f.update().incident);
  f.critical = {0, 1};
  EXPECT_EQ(f.update().incident, 0u);
}

TEST(Follow, nothing_is_followed_that_cannot_be_believed_and_a_jump_back_is_no_news) {
  Fixture f;
  f.follow.toggle();
  f.update(kStart + seconds(60));
  f.add_critical();
  f.is_current = false;
  EXPECT_FALSE(f.update(kStart + seconds(60)).incident);
  f.is_current = true;
  EXPECT_FALSE(f.update(kStart + seconds(10)).incident) << "a replay was set back: that is all there";
  f.add_critical();
  EXPECT_EQ(f.update(kStart + seconds(11)).incident, 1u);
}

}  // namespace
}  // namespace gridwall::scene
