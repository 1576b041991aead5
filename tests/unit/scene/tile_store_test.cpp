#include "scene/tile_store.hpp"

#include <gtest/gtest.h>

namespace gridwall::scene {
namespace {

std::shared_ptr<const model::TilePixels> some_pixels() {
  return std::make_shared<model::TilePixels>();
}

TEST(TileStore, when_full_the_tile_unused_for_longest_goes) {
  TileStore store(2);
  store.add({1, 0, 0}, some_pixels());
  store.add({1, 1, 0}, some_pixels());
  EXPECT_NE(store.find({1, 0, 0}), nullptr);
  store.add({1, 2, 0}, some_pixels());
  EXPECT_TRUE(store.holds({1, 0, 0}));
  EXPECT_FALSE(store.holds({1, 1, 0}));
  EXPECT_EQ(store.find({1, 1, 0}), nullptr);
  EXPECT_EQ(store.size(), 2u);
}

TEST(TileStore, a_tile_that_comes_again_replaces_itself) {
  TileStore store(2);
  store.add({1, 0, 0}, some_pixels());
  const auto newer = some_pixels();
  store.add({1, 0, 0}, newer);
  EXPECT_EQ(store.size(), 1u);
  EXPECT_EQ(store.find({1, 0, 0}), newer);
}

TEST(TileStore, a_smaller_limit_lets_go_at_once) {
  TileStore store(8);
  for (std::int32_t x = 0; x < 8; ++x) store.add({1, x, 0}, some_pixels());
  store.set_count_max(3);
  EXPECT_EQ(store.size(), 3u);
  EXPECT_TRUE(store.holds({1, 7, 0}));
}

}  // namespace
}  // namespace gridwall::scene
