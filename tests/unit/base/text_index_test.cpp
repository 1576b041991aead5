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

TEST(TextIndex, what_was_moved_keeps_its_texts_where_they_were) {
  TextIndex index;
  index.add("a");
  const std::string_view text = index.at(0);
  const TextIndex moved = std::move(index);
  EXPECT_EQ(moved.at(0).data(), text.data());
}

TEST(TextTable, is_made_again_of_its_parts_and_of_nothing_that_would_lead_out_of_them) {
  TextIndex index;
  index.reserve(700);
  for (int i = 0; i < 1000; ++i) index.add("320281/" + std::to_string(i) + "/");
  const TextTable::Parts parts = index.table().parts();
  const auto again = TextTable::from(parts);
  ASSERT_TRUE(again);
  for (std::uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(again->find(index.at(i)), i);
  EXPECT_FALSE(again->find("320281/1000/"));
  EXPECT_EQ(TextTable::from(TextIndex().table().parts())->count(), 0u);
  EXPECT_FALSE(TextTable().find(""));

  std::vector<TextTable::Slot> slots(parts.slots.begin(), parts.slots.end());
  const auto refused = [&](std::size_t at, TextTable::Slot slot) {
    const TextTable::Slot old = slots[at];
    slots[at] = slot;
    const bool is_refused = !TextTable::from({slots, parts.texts, parts.ends});
    slots[at] = old;
    return is_refused;
  };
  std::size_t used = 0, unused = 0;
  while (slots[used].number == TextTable::kEmpty) ++used;
  while (slots[unused].number != TextTable::kEmpty) ++unused;
  EXPECT_TRUE(refused(used, {0, 1000, 0, 1})) << "a number beyond the last";
  EXPECT_TRUE(refused(used, {0, 1, 1, static_cast<std::uint32_t>(parts.texts.size())})) << "a text beyond the end";
  EXPECT_TRUE(refused(used, {})) << "one too few";
  EXPECT_TRUE(refused(unused, slots[used])) << "one too many";
  EXPECT_FALSE(TextTable::from({parts.slots.first(1000), parts.texts, parts.ends})) << "no power of two";
  EXPECT_FALSE(TextTable::from({parts.slots.first(1024), parts.texts, parts.ends})) << "too full";
  EXPECT_FALSE(TextTable::from({parts.slots, parts.texts.substr(1), parts.ends})) << "texts that end too early";
}

}  // namespace
}  // namespace gridwall::base
