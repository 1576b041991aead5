#include "scene/picking.hpp"

#include <gtest/gtest.h>

#include "scene/camera.hpp"
#include "support/small_tree.hpp"

namespace gridwall::scene {
namespace {

TEST(Picking, the_newest_of_the_cases_under_the_pointer_comes_first) {
  const std::vector<DrawnIncident> drawn{{3, {100, 100}, 12}, {9, {104, 100}, 12}, {5, {200, 100}, 12}};
  EXPECT_EQ(pick_incidents(drawn, {102, 100}), (std::vector<std::uint32_t>{9, 3}));
  EXPECT_EQ(pick_incidents(drawn, {200, 108}), (std::vector<std::uint32_t>{5}));
  EXPECT_TRUE(pick_incidents(drawn, {150, 100}).empty());
}

TEST(Picking, the_bubble_on_top_wins) {
  const std::vector<Bubble> bubbles{{model::DivisionIndex{1}, {50, 50}, 30, 7},
                                    {model::DivisionIndex{2}, {60, 50}, 30, 9}};
  EXPECT_EQ(pick_bubble(bubbles, {58, 50}), model::DivisionIndex{2});
  EXPECT_EQ(pick_bubble(bubbles, {38, 50}), model::DivisionIndex{1});
  EXPECT_FALSE(pick_bubble(bubbles, {90, 50}).valid());
}

TEST(Picking, each_divisions_anchor_picks_that_division_at_its_level) {
  const auto tree = test::small_tree();
  const model::Locator locator(tree);
  const Viewport viewport{{40, 30}, {900, 900}, {tree->at(tree->root()).anchor_world, 0.1}};
  for (std::uint32_t i = 0; i < tree->divisions().size(); ++i) {
    const model::Division& division = tree->divisions()[i];
    // A shared corner may belong to either neighbour: a little beside it.
    const base::Vec2d px = px_from_world(viewport, division.anchor_world + base::Vec2d{10, 10});
    EXPECT_EQ(pick_division(locator, viewport, px, division.level_index), model::DivisionIndex{i});
  }
  EXPECT_FALSE(pick_division(locator, viewport, {5, 5}, 1).valid());
}

}  // namespace
}  // namespace gridwall::scene
