#include "state/case_store.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gridwall::test {
namespace {

using state::CaseStore;

std::string id_of(std::uint32_t i) {
  return "case-" + std::to_string(i);
}

base::UtcTime minute(std::uint32_t i) {
  return base::UtcTime(std::chrono::minutes(i));
}

// Each with something of its own on both sides.
void fill(CaseStore& store, std::uint32_t count) {
  for (std::uint32_t i = store.count(); i < count; ++i) {
    const std::string id = id_of(i);
    const std::uint32_t number = store.add(id, CaseStore::hash_of(id));
    ASSERT_EQ(number, i);
    store.edit(number).last_sequence = i;
    store.folded(number).timer_at = minute(i);
    store.folded(number).record.pauses.assign(i % 3, {minute(i), minute(i + 1)});
  }
}

void expect_is(const CaseStore& store, std::uint32_t number, std::uint32_t i) {
  ASSERT_EQ(store.incident(number).id, id_of(i));
  ASSERT_EQ(store.find(id_of(i)), std::optional(number));
  ASSERT_EQ(store.incident(number).last_sequence, i);
  ASSERT_EQ(store.folded(number).timer_at, minute(i));
  ASSERT_EQ(store.folded(number).record.pauses.size(), i % 3);
}

TEST(CaseStore, a_new_case_is_blank_and_found_by_its_id) {
  CaseStore store;
  EXPECT_EQ(store.find("a"), std::nullopt);
  const std::uint32_t number = store.add("a", CaseStore::hash_of("a"));
  EXPECT_EQ(store.find("a"), std::optional(number));
  EXPECT_EQ(store.find("b"), std::nullopt);
  EXPECT_EQ(store.incident(number).id, "a");
  EXPECT_EQ(store.folded(number).record, model::CaseRecord{});
  EXPECT_EQ(store.folded(number).entry, state::kNoEntry);
  EXPECT_EQ(store.folded(number).timer_at, base::UtcTime{});
}

TEST(CaseStore, numbers_follow_the_order_of_adding_over_many_blocks) {
  CaseStore store;
  fill(store, 1000);
  ASSERT_EQ(store.count(), 1000u);
  for (std::uint32_t i = 0; i < 1000; ++i) expect_is(store, i, i);
}

TEST(CaseStore, two_ids_of_one_hash_are_two_cases) {
  CaseStore store;
  store.add("a", 7), store.add("b", 7);
  EXPECT_EQ(store.find("a", 7), std::optional<std::uint32_t>(0));
  EXPECT_EQ(store.find("b", 7), std::optional<std::uint32_t>(1));
  EXPECT_EQ(store.find("c", 7), std::nullopt);
}

TEST(CaseStore, compacting_closes_the_ranks_in_order) {
  CaseStore store;
  fill(store, 1000);
  store.compact([](std::uint32_t number) { return number % 3 != 1; });
  std::uint32_t place = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    if (i % 3 == 1) {
      ASSERT_EQ(store.find(id_of(i)), std::nullopt);
    } else {
      expect_is(store, place++, i);
    }
  }
  EXPECT_EQ(store.count(), place);
}

TEST(CaseStore, a_case_added_after_compacting_stands_last_and_knows_nothing_of_the_one_before) {
  CaseStore store;
  fill(store, 600);
  store.compact([](std::uint32_t number) { return number < 10; });
  const std::uint32_t number = store.add(id_of(500), CaseStore::hash_of(id_of(500)));
  EXPECT_EQ(number, 10u);
  EXPECT_EQ(store.incident(number).last_sequence, 0u);
  EXPECT_EQ(store.folded(number).record, model::CaseRecord{});
  EXPECT_EQ(store.find(id_of(500)), std::optional(number));
}

TEST(CaseStore, a_snapshot_taken_before_compacting_still_reads_as_it_was) {
  state::WorldSnapshot before, after;
  {
    CaseStore store;
    fill(store, 300);
    store.freeze_into(before);
    store.compact([](std::uint32_t number) { return number >= 250; });
    for (std::uint32_t number = 0; number < store.count(); ++number) store.edit(number).last_sequence = 9999;
    store.freeze_into(after);
  }  // the store is gone: the snapshots keep what they name
  ASSERT_EQ(before.incident_count(), 300u);
  for (std::uint32_t i = 0; i < 300; ++i) {
    ASSERT_EQ(before.incident(i).id, id_of(i));
    ASSERT_EQ(before.incident(i).last_sequence, i);
  }
  ASSERT_EQ(after.incident_count(), 50u);
  EXPECT_EQ(after.incident(0).id, id_of(250));
  EXPECT_NE(after.incident(0).id.data(), before.incident(250).id.data()) << "the old ids may go with the old snapshot";
  EXPECT_EQ(after.incident(0).last_sequence, 9999u);
}

TEST(CaseStore, compacting_that_keeps_all_leaves_the_pages_shared) {
  CaseStore store;
  fill(store, 100);
  state::WorldSnapshot first, second;
  store.freeze_into(first);
  std::uint32_t asked = 0;
  store.compact([&](std::uint32_t number) {
    EXPECT_EQ(number, asked++);
    return true;
  });
  EXPECT_EQ(asked, 100u);
  store.freeze_into(second);
  EXPECT_EQ(first.ids, second.ids);
  for (std::size_t page = 0; page < first.incidents.page_count(); ++page) {
    EXPECT_EQ(&first.incidents.page(page), &second.incidents.page(page));
  }
}

TEST(CaseStore, a_change_of_one_case_copies_one_page_of_the_snapshot) {
  CaseStore store;
  fill(store, 200);
  state::WorldSnapshot first, second;
  store.freeze_into(first);
  store.edit(70).return_count = 3;
  store.folded(5).now_bits = 1;  // the fold's side is in no snapshot
  store.freeze_into(second);
  EXPECT_EQ(first.incident(70).return_count, 0);
  for (std::size_t page = 0; page < first.incidents.page_count(); ++page) {
    EXPECT_EQ(&first.incidents.page(page) == &second.incidents.page(page), page != 70 / state::kIncidentsPerPage);
  }
}

TEST(CaseStore, dropping_cases_gives_their_memory_back) {
  CaseStore store;
  fill(store, 5000);
  const std::size_t full_bytes = store.bytes();
  store.compact([](std::uint32_t number) { return number < 50; });
  EXPECT_LT(store.bytes(), full_bytes / 5);
  store.clear();
  EXPECT_EQ(store.count(), 0u);
  EXPECT_EQ(store.find(id_of(0)), std::nullopt);
}

}  // namespace
}  // namespace gridwall::test
