// What points at the map is answered as by a locator made beforehand; a large one keeps nobody waiting who will ask
// again.
#include "app/lazy_locator.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "support/mesh_tree.hpp"
#include "support/small_tree.hpp"

namespace gridwall::app {
namespace {

void expect_same(const model::Locator& locator, const std::shared_ptr<const model::DivisionTree>& tree) {
  const model::Locator beforehand(tree);
  const model::Range leaves = tree->levels().back().divisions;
  for (std::uint32_t d = leaves.begin; d < leaves.end; d += 1 + leaves.size() / 100) {
    const base::Vec2d point_world = tree->divisions()[d].extent_world.center();
    ASSERT_TRUE(locator.locate(point_world).valid());
    ASSERT_EQ(locator.locate(point_world), beforehand.locate(point_world));
  }
}

TEST(LazyLocator, of_a_small_tree_is_there_at_the_first_question) {
  const auto tree = test::small_tree();
  LazyLocator lazy(tree);
  const model::Locator* locator = lazy.if_ready();
  ASSERT_NE(locator, nullptr);
  expect_same(*locator, tree);
  EXPECT_EQ(&lazy.get(), locator);
}

TEST(LazyLocator, of_a_large_tree_is_made_beside_and_a_click_waits_for_it) {
  const auto tree = test::MeshTree({.level_counts = {1, 100, 22'000}, .segments_per_side = 2}).build();
  LazyLocator lazy(tree);
  expect_same(lazy.get(), tree);
  LazyLocator asked_often(tree);
  while (asked_often.if_ready() == nullptr) std::this_thread::yield();
  expect_same(*asked_often.if_ready(), tree);
  LazyLocator left_alone(tree);
  LazyLocator ended_early(tree);
  ended_early.if_ready();
}

}  // namespace
}  // namespace gridwall::app
