#include "ui/timeline_panel.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace gridwall::ui {
namespace {

const std::filesystem::path kRoot = GRIDWALL_SOURCE_DIR;

model::Words words() {
  return std::move(model::Words::load(kRoot / "assets" / "words", model::Language::English)).value();
}

TEST(Timeline, rates_go_up_and_down_one_at_a_time_and_stay_at_the_ends) {
  EXPECT_EQ(next_replay_rate(1, true), 2);
  EXPECT_EQ(next_replay_rate(1, false), 0.5);
  EXPECT_EQ(next_replay_rate(120, true), 300) << "from between two of them";
  EXPECT_EQ(next_replay_rate(120, false), 60);
  EXPECT_EQ(next_replay_rate(3600, true), 3600);
  EXPECT_EQ(next_replay_rate(0.1, false), 0.1);
}

TEST(Timeline, bars_hold_equally_many_counts_and_lose_none) {
  std::vector<std::uint64_t> counts(480);
  std::iota(counts.begin(), counts.end(), 1);
  for (const std::size_t most : {1u, 7u, 100u, 430u, 479u, 480u, 2000u}) {
    const auto bars = density_bars(counts, most);
    EXPECT_LE(bars.size(), most);
    EXPECT_EQ(std::accumulate(bars.begin(), bars.end(), std::uint64_t{0}), 480u * 481 / 2) << most;
  }
  const std::vector<std::uint64_t> even(480, 1);
  const auto bars = density_bars(even, 430);
  for (const std::uint64_t bar : bars) EXPECT_EQ(bar, 2u) << "no pattern that is not in the recording";
  EXPECT_TRUE(density_bars({}, 10).empty());
}

TEST(Timeline, a_full_bar_is_the_most_unless_a_few_stand_far_above_all_others) {
  EXPECT_EQ(full_bar({0, 3, 9, 5}), 9u);
  EXPECT_EQ(full_bar({}), 0u);
  EXPECT_EQ(full_bar({0, 0}), 0u);
  std::vector<std::uint64_t> bars(240, 20);
  bars[100] = 39;
  EXPECT_EQ(full_bar(bars), 39u) << "less than twice the others";
  bars[0] = 1'029;
  EXPECT_EQ(full_bar(bars), 20u) << "a history that was read in at once hides nothing";
}

TEST(Timeline, a_name_stands_beside_its_mark_or_not_at_all) {
  const auto places = place_names({{100, 50}, {140, 30}, {300, 60}, {375, 40}, {590, 80}}, 0, 600, 10);
  EXPECT_FALSE(places[0]) << "it would cover the second mark";
  EXPECT_EQ(places[1], 144.5);
  EXPECT_EQ(places[2], 304.5);
  EXPECT_EQ(places[3], 379.5);
  EXPECT_EQ(places[4], 600 - 80 - 1) << "moved in from the end";
  const auto crowded = place_names({{100, 10}, {118, 10}, {121, 10}}, 0, 600, 10);
  EXPECT_FALSE(crowded[1]) << "the third mark is there";
  EXPECT_TRUE(crowded[2]);
}

TEST(Timeline, keys_play_pause_step_change_the_rate_and_set_bookmarks) {
  const auto texts = words();
  const auto zone = base::TimeZone::fixed(std::chrono::hours(8));
  const base::UtcTime at{std::chrono::hours(1)};
  model::ReplayStatus replay;
  replay.rate = 8;
  const auto key = [&](char c) { return replay_order_of_key(c, replay, at, texts, zone); };
  EXPECT_EQ(key(' ')->action, model::ReplayAction::Play);
  replay.playing = true;
  EXPECT_EQ(key(' ')->action, model::ReplayAction::Pause);
  EXPECT_EQ(key(',')->events, -1);
  EXPECT_EQ(key('.')->events, 1);
  EXPECT_EQ(key('[')->rate, 4);
  EXPECT_EQ(key(']')->rate, 16);
  EXPECT_EQ(key('B')->name, "Mark 09:00:00") << "the district's own time";
  EXPECT_FALSE(key('H')) << "another panel's";
}

}  // namespace
}  // namespace gridwall::ui
