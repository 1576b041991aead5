#include "state/id_table.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace gridwall::test {
namespace {

// Ids are numbers here, and their hash is what `make` says; the id of a place stands in `ids`.
struct Table {
  explicit Table(std::uint64_t (*make)(std::uint64_t id)) : hash(make) {}

  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t id) const {
    return table.find(hash(id), [&](std::uint32_t place) { return ids[place] == id; });
  }
  void add(std::uint64_t id) {
    ids.push_back(id);
    table.add(hash(id), static_cast<std::uint32_t>(ids.size() - 1),
              [&](std::uint32_t place) { return hash(ids[place]); });
  }

  std::uint64_t (*hash)(std::uint64_t id);
  std::vector<std::uint64_t> ids;
  state::IdTable table;
};

void expect_all_found(const Table& table, std::uint64_t id_count) {
  for (std::uint64_t id = 0; id < id_count; ++id) {
    ASSERT_EQ(table.find(id), std::optional(static_cast<std::uint32_t>(id))) << id;
  }
  EXPECT_EQ(table.find(id_count), std::nullopt);
}

TEST(IdTable, an_empty_table_finds_nothing) {
  const Table table([](std::uint64_t id) { return id; });
  EXPECT_EQ(table.find(0), std::nullopt);
  EXPECT_EQ(table.find(~std::uint64_t{0}), std::nullopt);
}

TEST(IdTable, every_entry_is_found_after_each_growth) {
  Table table([](std::uint64_t id) { return base::Random(id).next_u64(); });
  const std::size_t small_bytes = table.table.bytes();
  for (std::uint64_t id = 0; id < 5000; ++id) {
    table.add(id);
    if (id % 48 == 0 || id == 47) expect_all_found(table, id + 1);
  }
  expect_all_found(table, 5000);
  EXPECT_EQ(table.table.bytes(), small_bytes / 64 * 8192) << "at most three quarters full";
}

TEST(IdTable, ids_with_one_and_the_same_hash_are_told_apart_by_the_caller) {
  Table table([](std::uint64_t) { return std::uint64_t{0xdeadbeef'00000007}; });
  for (std::uint64_t id = 0; id < 300; ++id) table.add(id);
  expect_all_found(table, 300);
}

TEST(IdTable, hashes_that_agree_in_their_slot_alone_wrap_around_the_end_of_the_table) {
  // The low half is the last slot of any size, the high half differs.
  Table table([](std::uint64_t id) { return id << 32 | 0xffffffffu; });
  for (std::uint64_t id = 0; id < 300; ++id) table.add(id);
  expect_all_found(table, 300);
}

TEST(IdTable, another_tag_is_passed_over_without_asking_the_caller) {
  Table table([](std::uint64_t id) { return id << 32 | 5; });
  table.add(1), table.add(2);
  int asked = 0;
  const auto found = table.table.find(std::uint64_t{2} << 32 | 5, [&](std::uint32_t) { return ++asked > 0; });
  EXPECT_EQ(found, std::optional<std::uint32_t>(1));
  EXPECT_EQ(asked, 1);
}

TEST(IdTable, after_clear_nothing_is_found_and_it_is_small_again) {
  Table table([](std::uint64_t id) { return base::Random(id).next_u64(); });
  const std::size_t small_bytes = table.table.bytes();
  for (std::uint64_t id = 0; id < 1000; ++id) table.add(id);
  table.table.clear();
  table.ids.clear();
  EXPECT_EQ(table.table.bytes(), small_bytes);
  table.ids.assign(1000, 0);
  EXPECT_EQ(table.find(0), std::nullopt);
}

}  // namespace
}  // namespace gridwall::test
