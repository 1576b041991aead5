#include "render/cell_cache.hpp"

#include <gtest/gtest.h>

namespace gridwall::render {
namespace {

TEST(CellCache, a_character_keeps_its_cell) {
  CellCache cache(4);
  cache.begin_frame();
  EXPECT_TRUE(cache.use(U'江')->fresh);
  const auto again = cache.use(U'江');
  EXPECT_FALSE(again->fresh);
  EXPECT_EQ(again->cell, 0u);
}

TEST(CellCache, when_full_the_one_unused_for_longest_gives_way) {
  CellCache cache(2);
  cache.begin_frame();
  cache.use(U'a');
  cache.use(U'b');
  cache.begin_frame();
  cache.use(U'a');
  cache.begin_frame();
  const auto c = cache.use(U'c');
  EXPECT_TRUE(c->fresh);
  EXPECT_EQ(c->cell, 1u);  // that of b
  EXPECT_FALSE(cache.use(U'a')->fresh);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(CellCache, a_cell_of_the_running_frame_is_never_taken) {
  CellCache cache(1);
  cache.begin_frame();
  cache.use(U'a');
  EXPECT_FALSE(cache.use(U'b').has_value());
  cache.begin_frame();
  EXPECT_TRUE(cache.use(U'b').has_value());
}

}  // namespace
}  // namespace gridwall::render
