#include "scene/level_choice.hpp"

#include <gtest/gtest.h>

#include "support/small_tree.hpp"

namespace gridwall::scene {
namespace {

// Sides of the levels: 32 km, 8 km, 2 km, 500 m.
std::shared_ptr<const model::DivisionTree> city() { return test::small_tree({{4, 4, 4}, 32000, "EPSG:4549"}); }

TEST(LevelChooser, closer_views_fill_deeper_levels) {
  LevelChooser chooser;
  const auto tree = city();
  EXPECT_EQ(chooser.choose(tree, 0.005, 1).fill_level, 1u);
  EXPECT_EQ(chooser.choose(tree, 0.02, 1).fill_level, 2u);
  EXPECT_EQ(chooser.choose(tree, 0.2, 1).fill_level, 3u);
}

TEST(LevelChooser, the_first_level_below_the_root_is_filled_however_far_away) {
  LevelChooser chooser;
  EXPECT_EQ(chooser.choose(city(), 1e-6, 1).fill_level, 1u);
  EXPECT_EQ(chooser.choose(test::small_tree({{}, 8000, "EPSG:4549"}), 1e-6, 1).fill_level, 0u);
}

TEST(LevelChooser, a_level_that_came_stays_through_a_small_step_back) {
  LevelChooser chooser;
  const auto tree = city();
  const double threshold = 26.0 / 2000;
  EXPECT_EQ(chooser.choose(tree, threshold * 0.97, 1).fill_level, 1u);
  EXPECT_EQ(chooser.choose(tree, threshold * 1.01, 1).fill_level, 2u);
  EXPECT_EQ(chooser.choose(tree, threshold * 0.97, 1).fill_level, 2u);
  EXPECT_EQ(chooser.choose(tree, threshold * 0.7, 1).fill_level, 1u);
}

TEST(LevelChooser, a_wall_read_from_afar_asks_for_larger_cells) {
  LevelChooser desk, wall;
  const auto tree = city();
  EXPECT_GT(desk.choose(tree, 0.02, 1).fill_level, wall.choose(tree, 0.02, 3).fill_level);
}

TEST(LevelChooser, lines_about_cells_of_a_few_pixels_are_a_haze_and_left_out) {
  LevelChooser chooser;
  const auto tree = city();
  EXPECT_EQ(chooser.choose(tree, 0.0004, 1).border_levels, std::vector<std::uint32_t>{0}) << "cells of 3 pixels";
  EXPECT_EQ(chooser.choose(tree, 0.0008, 1).border_levels, (std::vector<std::uint32_t>{0, 1}));
}

TEST(LevelChooser, borders_and_labels_never_skip_a_level_and_gathering_is_never_below_the_fill) {
  LevelChooser chooser;
  const auto tree = city();
  for (double px_per_m = 0.001; px_per_m < 20; px_per_m *= 1.3) {
    const LevelChoice& choice = chooser.choose(tree, px_per_m, 1);
    EXPECT_LE(choice.gather_level, choice.fill_level);
    EXPECT_GE(choice.border_levels.size(), choice.fill_level + 1);
    for (std::size_t i = 0; i < choice.border_levels.size(); ++i) EXPECT_EQ(choice.border_levels[i], i);
    for (std::size_t i = 0; i < choice.label_levels.size(); ++i) EXPECT_EQ(choice.label_levels[i], i + 1);
  }
}

}  // namespace
}  // namespace gridwall::scene
