#include "state/text_arena.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gridwall::test {
namespace {

TEST(TextArena, a_view_given_out_holds_while_a_hundred_thousand_more_texts_come) {
  state::TextArena arena;
  std::vector<std::string_view> views;
  for (int i = 0; i < 100'000; ++i) views.push_back(arena.add("case-" + std::to_string(i)));
  const char* const first = views.front().data();
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_EQ(views[static_cast<std::size_t>(i)], "case-" + std::to_string(i));
  }
  EXPECT_EQ(views.front().data(), first);
  EXPECT_GT(arena.bytes(), 900'000u);
  EXPECT_LT(arena.bytes(), 1'300'000u) << "texts lie end to end";
}

TEST(TextArena, a_text_of_a_whole_block_fits_and_the_next_one_does_not_touch_it) {
  state::TextArena arena;
  const std::string whole(64 * 1024, 'x');
  const std::string_view kept = arena.add(whole);
  EXPECT_EQ(arena.bytes(), whole.size());
  EXPECT_EQ(arena.add("y"), "y");
  EXPECT_EQ(arena.bytes(), 2 * whole.size());
  EXPECT_EQ(kept, whole);
}

TEST(TextArena, a_text_that_does_not_fit_the_rest_of_a_block_begins_a_new_one) {
  state::TextArena arena;
  const std::string most(64 * 1024 - 3, 'a');
  const std::string_view first = arena.add(most);
  const std::string_view fits = arena.add("bcd");
  EXPECT_EQ(fits.data(), first.data() + first.size());
  const std::string_view next = arena.add("e");
  EXPECT_EQ(arena.bytes(), 2u * 64 * 1024);
  EXPECT_EQ(first, most);
  EXPECT_EQ(fits, "bcd");
  EXPECT_EQ(next, "e");
}

TEST(TextArena, an_empty_text_costs_nothing) {
  state::TextArena arena;
  EXPECT_TRUE(arena.add("").empty());
  EXPECT_EQ(arena.bytes(), 0u);
}

}  // namespace
}  // namespace gridwall::test
