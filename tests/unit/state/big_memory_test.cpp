// Goal: blocks keep every item where it is while the array grows over their edges, and give all of it back. Method:
// items that count themselves, pointers kept from the begin, sizes around the edges of plain and of huge memory.
#include "state/big_memory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <utility>

namespace gridwall::test {
namespace {

struct Counted {
  static inline int s_alive = 0;
  Counted() { ++s_alive; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --s_alive; }
  std::uint64_t number = 0;
  char padding[20'000]{};  // some hundred to a block
};

TEST(BigMemory, items_stay_where_they_are_while_the_array_grows_and_die_once) {
  constexpr std::size_t kCount = 1000;
  {
    state::BlockArray<Counted> items;
    std::vector<Counted*> places;
    for (std::size_t i = 0; i < kCount; ++i) {
      Counted& item = items.emplace_back();
      item.number = i;
      places.push_back(&item);
    }
    EXPECT_EQ(items.size(), kCount);
    EXPECT_EQ(Counted::s_alive, static_cast<int>(kCount));
    for (std::size_t i = 0; i < kCount; ++i) {
      ASSERT_EQ(&items[i], places[i]);
      ASSERT_EQ(items[i].number, i);
    }
    state::BlockArray<Counted> moved = std::move(items);
    EXPECT_EQ(moved.size(), kCount);
    EXPECT_EQ(&moved[kCount - 1], places.back());
    moved.clear();
    EXPECT_EQ(Counted::s_alive, 0);
    moved.emplace_back();
    EXPECT_EQ(moved.size(), 1u);
    EXPECT_EQ(moved[0].number, 0u);
  }
  EXPECT_EQ(Counted::s_alive, 0);
}

TEST(BigMemory, memory_of_any_size_can_be_written_to_its_last_byte_and_large_one_begins_at_a_huge_page) {
  for (const std::size_t bytes :
       {std::size_t{1}, state::kHugePageBytes, state::kHugeFrom - 1, state::kHugeFrom, state::kHugeFrom + 4097}) {
    auto* memory = static_cast<char*>(state::take_memory(bytes));
    memory[0] = 1;
    memory[bytes - 1] = 2;
    if (bytes >= state::kHugeFrom) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % state::kHugePageBytes, 0u);
    }
    state::return_memory(memory, bytes);
  }
}

TEST(BigMemory, a_vector_of_it_grows_over_the_edge_of_huge_memory_and_keeps_what_it_holds) {
  state::BigVector<std::uint32_t> numbers;
  constexpr std::uint32_t kCount = 3 * state::kHugeFrom / sizeof(std::uint32_t);
  for (std::uint32_t i = 0; i < kCount; ++i) numbers.push_back(i);
  for (std::uint32_t i = 0; i < kCount; i += 997) ASSERT_EQ(numbers[i], i);
}

TEST(BigMemory, a_zeroed_array_is_zero_at_every_size_and_is_given_back_once_when_moved) {
  struct alignas(state::kLineBytes) Line {
    std::array<std::uint32_t, 16> numbers;
  };
  const std::array<Line, 1> zero{};
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{640}, state::kHugeFrom - 64, state::kHugeFrom + 4160}) {
    state::ZeroedArray<Line> lines(bytes / sizeof(Line));
    ASSERT_EQ(lines.size(), bytes / sizeof(Line));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(&lines[i]) % state::kLineBytes, 0u);
      ASSERT_EQ(lines[i].numbers, zero[0].numbers);
    }
    if (lines.size() == 0) continue;
    lines[lines.size() - 1].numbers[15] = 7;
    state::ZeroedArray<Line> moved = std::move(lines);
    lines = state::ZeroedArray<Line>(3);
    std::swap(lines, moved);
    EXPECT_EQ(lines[bytes / sizeof(Line) - 1].numbers[15], 7u);
    EXPECT_EQ(moved.size(), 3u);
  }
}

}  // namespace
}  // namespace gridwall::test
