#include "app/tile_desk.hpp"

#include <gtest/gtest.h>

namespace gridwall::app {
namespace {

using model::TileKey;
using Act = TileDesk::Act;
using std::chrono::seconds;

constexpr TileKey kA{10, 1, 1}, kB{10, 2, 1}, kC{10, 3, 1}, kD{10, 4, 1};

class TileDeskTest : public testing::Test {
 protected:
  void pass(base::Duration time) { now += time; }
  TileDesk desk;
  base::MonoTime now{seconds(1000)};
};

TEST_F(TileDeskTest, opens_first_and_reads_in_the_order_of_the_wishes) {
  desk.want({{kA, kB}, 0});
  EXPECT_EQ(desk.next(now).act, Act::Open);
  desk.opened(true, now);
  EXPECT_EQ(desk.next(now).key, kA);
  desk.was_read(kA, true, now);
  EXPECT_EQ(desk.next(now).key, kB);
  desk.was_read(kB, true, now);
  EXPECT_EQ(desk.next(now).act, Act::Rest);
}

TEST_F(TileDeskTest, a_tile_on_its_way_is_not_read_twice_and_one_that_was_let_go_is) {
  desk.opened(true, now);
  desk.want({{kA, kB}, 0});
  desk.was_read(kA, true, now);
  desk.want({{kA, kB}, 0});  // said before A arrived
  EXPECT_EQ(desk.next(now).key, kB);
  desk.was_read(kB, true, now);
  desk.want({{kB}, 1});
  EXPECT_EQ(desk.next(now).act, Act::Rest);
  desk.want({{kA}, 2});  // both arrived, and A is wanted again
  EXPECT_EQ(desk.next(now).key, kA);
}

TEST_F(TileDeskTest, a_source_that_does_not_open_is_tried_again_later_each_time_up_to_a_minute) {
  base::Duration before{};
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(desk.next(now).act, Act::Open);
    desk.opened(false, now);
    EXPECT_TRUE(desk.in_trouble());
    const auto rest = desk.next(now);
    ASSERT_EQ(rest.act, Act::Rest);
    EXPECT_GE(rest.patience, before);
    EXPECT_LE(rest.patience, seconds(60));
    before = rest.patience;
    pass(rest.patience);
  }
  EXPECT_EQ(before, seconds(60));
  desk.opened(true, now);
  EXPECT_FALSE(desk.in_trouble());
}

TEST_F(TileDeskTest, a_tile_that_fails_lets_the_others_pass_and_is_tried_again) {
  desk.opened(true, now);
  desk.want({{kA, kB}, 0});
  desk.was_read(kA, false, now);
  EXPECT_EQ(desk.next(now).key, kB);
  desk.was_read(kB, true, now);
  const auto rest = desk.next(now);
  EXPECT_EQ(rest.act, Act::Rest);
  EXPECT_EQ(rest.patience, seconds(1));
  pass(seconds(1));
  EXPECT_EQ(desk.next(now).key, kA);
  desk.was_read(kA, false, now);
  EXPECT_EQ(desk.next(now).patience, seconds(2));
}

TEST_F(TileDeskTest, failures_in_a_row_are_the_sources_and_stop_the_asking_for_a_while) {
  desk.opened(true, now);
  desk.want({{kA, kB, kC, kD}, 0});
  for (const TileKey& key : {kA, kB, kC}) {
    EXPECT_EQ(desk.next(now).key, key);
    desk.was_read(key, false, now);
  }
  EXPECT_EQ(desk.next(now).act, Act::Rest) << "D is not even tried";
  pass(seconds(1));
  EXPECT_EQ(desk.next(now).act, Act::Read);
  desk.was_read(kD, true, now);
  EXPECT_TRUE(desk.in_trouble()) << "the others are still wanted";
  EXPECT_EQ(desk.next(now).act, Act::Read) << "the pause is over as soon as something came";
}

TEST_F(TileDeskTest, what_is_not_wanted_any_more_is_forgotten) {
  desk.opened(true, now);
  desk.want({{kA}, 0});
  desk.was_read(kA, false, now);
  desk.want({{kB}, 0});
  desk.want({{kA}, 0});
  EXPECT_EQ(desk.next(now).key, kA) << "its waiting time went with it";
  desk.was_read(kA, true, now);
  EXPECT_FALSE(desk.in_trouble());
}

}  // namespace
}  // namespace gridwall::app
