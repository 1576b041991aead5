#include "scene/picking.hpp"

#include <gtest/gtest.h>

#include "scene/camera.hpp"
#include "support/small_tree.hpp"

namespace gridwall::scene {
namespace {

TEST(Picking, the_case_drawn_last_wins_and_one_that_holds_the_pixel_wins_over_one_that_is_near) {
  const std::vector<DrawnIncident> drawn{
      {3, {100, 100}, 12}, {9, {104, 100}, 12}, {5, {200, 100}, 12}, {7, {215, 100}, 12}};
  EXPECT_EQ(pick_top_incident(drawn, {102, 100}), 9u);
  EXPECT_EQ(pick_top_incident(drawn, {200, 108}), 5u) << "within the slack";
  EXPECT_EQ(pick_top_incident(drawn, {206, 100}), 5u) << "though the slack of the one above reaches it";
  EXPECT_FALSE(pick_top_incident(drawn, {150, 100}));
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
