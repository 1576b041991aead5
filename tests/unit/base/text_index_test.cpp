#include "base/text_index.hpp"

#include <gtest/gtest.h>

namespace gridwall::base {
namespace {

TEST(TextIndex, numbers_texts_in_the_order_in_which_they_were_added_and_finds_each_again) {
  TextIndex index;
  EXPECT_FALSE(index.find("320281/"));
  for (std::uint32_t i = 0; i < 5000; ++i) EXPECT_EQ(index.add("320281/" + std::to_string(i) + "/"), i);
  EXPECT_EQ(index.count(), 5000u);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const std::string text = "320281/" + std::to_string(i) + "/";
    EXPECT_EQ(index.find(text), i);
    EXPECT_EQ(index.at(i), text);
  }
  EXPECT_FALSE(index.find("320281/5000/"));
  EXPECT_FALSE(index.find(""));
}

TEST(TextIndex, the_empty_text_is_a_text_and_a_copy_stands_by_itself) {
  TextIndex index;
  EXPECT_EQ(index.add(""), 0u);
  TextIndex copy = index;
  EXPECT_EQ(copy.add("a"), 1u);
  EXPECT_EQ(copy.find(""), 0u);
  EXPECT_FALSE(index.find("a"));
}

}  // namespace
}  // namespace gridwall::base
