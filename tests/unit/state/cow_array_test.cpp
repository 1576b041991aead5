#include "state/cow_array.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace gridwall::test {
namespace {

using Array = state::CowArray<std::uint32_t, 4>;  // 256 items to a chunk
constexpr std::size_t kChunkItems = 64 * 4;

std::vector<std::uint32_t> items_of(const Array::Frozen& frozen) {
  std::vector<std::uint32_t> items;
  for (std::size_t i = 0; i < frozen.size(); ++i) items.push_back(frozen.at(i));
  return items;
}

Array counting(std::size_t size) {
  Array array;
  for (std::uint32_t i = 0; i < size; ++i) array.push_back(i);
  return array;
}

TEST(CowArray, new_items_are_zero_and_what_is_written_reads_back) {
  Array array(10);
  EXPECT_EQ(array.size(), 10u);
  array.edit(3) = 7;
  array.resize(20);
  for (std::size_t i = 0; i < array.size(); ++i) EXPECT_EQ(array[i], i == 3 ? 7u : 0u) << i;
}

TEST(CowArray, pages_that_nobody_wrote_share_one_and_a_write_to_one_is_seen_in_no_other) {
  Array array(kChunkItems * 2 + 3);
  const Array::Frozen blank = array.freeze();
  EXPECT_EQ(&blank.page(0), &blank.page(blank.page_count() - 1));
  array.edit(5) = 7;
  array.push_back(8);
  const Array::Frozen written = array.freeze();
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(written.at(i), i == 5 ? 7u : i == kChunkItems * 2 + 3 ? 8u : 0u) << i;
  }
  std::size_t visited = 0;
  written.visit_changed(blank, [&](std::size_t, std::uint32_t) { ++visited; });
  EXPECT_EQ(visited, 8u) << "both pages that were written, no other";
  EXPECT_EQ(items_of(blank), std::vector<std::uint32_t>(kChunkItems * 2 + 3, 0));
}

TEST(CowArray, a_frozen_copy_never_changes_whatever_is_written_after_it) {
  Array array = counting(kChunkItems + 5);
  const Array::Frozen frozen = array.freeze();
  const std::vector<std::uint32_t> before = items_of(frozen);
  for (std::size_t i = 0; i < array.size(); ++i) array.edit(i) += 1000;
  for (std::uint32_t i = 0; i < 600; ++i) array.push_back(i);
  EXPECT_EQ(items_of(frozen), before);
  EXPECT_EQ(array[0], 1000u);
  array.clear();
  array.resize(3);
  array.edit(0) = 77;
  EXPECT_EQ(items_of(frozen), before);
}

TEST(CowArray, an_item_added_to_a_frozen_page_does_not_show_in_the_copy) {
  Array array = counting(6);  // the second page is half full
  const Array::Frozen frozen = array.freeze();
  array.push_back(99);
  EXPECT_EQ(frozen.size(), 6u);
  EXPECT_EQ(frozen.page(1)[2], 0u);
  EXPECT_EQ(array.freeze().page(1)[2], 99u);
}

TEST(CowArray, pages_that_nobody_wrote_are_the_same_memory_in_the_next_copy) {
  Array array = counting(3 * kChunkItems);
  const Array::Frozen first = array.freeze();
  const std::size_t touched = kChunkItems + 17;
  array.edit(touched) = 5;
  const Array::Frozen second = array.freeze();
  ASSERT_EQ(second.page_count(), first.page_count());
  for (std::size_t page = 0; page < first.page_count(); ++page) {
    EXPECT_EQ(&first.page(page) == &second.page(page), page != touched / 4) << page;
  }
  const Array::Frozen third = array.freeze();
  for (std::size_t page = 0; page < first.page_count(); ++page) EXPECT_EQ(&second.page(page), &third.page(page));
}

TEST(CowArray, a_page_is_copied_once_between_two_freezes) {
  Array array = counting(8);
  static_cast<void>(array.freeze());
  const std::uint32_t* const copied = &array.edit(4);
  EXPECT_EQ(&array.edit(5), copied + 1);
  array.push_back(8);  // a new page beside it
  EXPECT_EQ(&array.edit(4), copied);
}

TEST(CowArray, growth_across_the_edge_of_a_chunk_leaves_every_earlier_copy_as_it_was) {
  Array array = counting(kChunkItems - 2);
  std::vector<Array::Frozen> copies;
  for (std::uint32_t i = 0; i < 2 * kChunkItems; ++i) {
    copies.push_back(array.freeze());
    array.push_back(static_cast<std::uint32_t>(array.size()));
  }
  for (std::size_t c = 0; c < copies.size(); ++c) {
    ASSERT_EQ(copies[c].size(), kChunkItems - 2 + c);
    ASSERT_EQ(copies[c].at(copies[c].size() - 1), copies[c].size() - 1);
    ASSERT_EQ(copies[c].page_count(), (copies[c].size() + 3) / 4);
  }
  EXPECT_EQ(copies.back().at(kChunkItems), kChunkItems);
}

TEST(CowArray, random_writes_and_freezes_agree_with_plain_vectors) {
  base::Random random(11);
  Array array;
  std::vector<std::uint32_t> plain;
  std::vector<std::pair<Array::Frozen, std::vector<std::uint32_t>>> copies;
  for (std::uint32_t step = 0; step < 4000; ++step) {
    switch (random.next_below(8)) {
      case 0:
        copies.emplace_back(array.freeze(), plain);
        break;
      case 1:
      case 2:
        array.push_back(step), plain.push_back(step);
        break;
      case 3: {
        const std::size_t size = plain.size() + random.next_below(3);
        array.resize(size), plain.resize(size);
        break;
      }
      default: {
        if (plain.empty()) break;
        const std::size_t at = random.next_below(plain.size());
        array.edit(at) = plain[at] = step;
      }
    }
  }
  ASSERT_GT(plain.size(), 3 * kChunkItems);
  copies.emplace_back(array.freeze(), plain);
  for (const auto& [frozen, wanted] : copies) ASSERT_EQ(items_of(frozen), wanted);
}

}  // namespace
}  // namespace gridwall::test
