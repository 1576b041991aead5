#include "state/incident_store.hpp"

#include <gtest/gtest.h>

namespace gridwall::state {
namespace {

IncidentStore filled(std::uint32_t count) {
  IncidentStore store;
  for (std::uint32_t i = 0; i < count; ++i) {
    Incident incident;
    incident.id = std::to_string(i);
    store.add(std::move(incident));
  }
  return store;
}

TEST(IncidentStore, a_changed_page_is_copied_and_all_others_are_shared) {
  IncidentStore store = filled(700);
  const auto before = store.freeze();
  store.edit(300).department = "D1";
  const auto after = store.freeze();
  ASSERT_EQ(before.size(), 3u);
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NE(after[1], before[1]);
  EXPECT_EQ(after[2], before[2]);
  EXPECT_EQ(before[1]->at(300 - 256).department, "");
  EXPECT_EQ(after[1]->at(300 - 256).department, "D1");
}

TEST(IncidentStore, a_page_is_copied_once_between_two_freezes) {
  IncidentStore store = filled(10);
  (void)store.freeze();
  const Incident* first = &store.edit(3);
  EXPECT_EQ(&store.edit(3), first);
}

TEST(IncidentStore, adding_to_a_page_given_out_leaves_the_old_one_alone) {
  IncidentStore store = filled(10);
  const auto before = store.freeze();
  Incident late;
  late.id = "late";
  EXPECT_EQ(store.add(late), 10u);
  EXPECT_EQ(before[0]->size(), 10u);
  EXPECT_EQ(store.freeze()[0]->size(), 11u);
}

TEST(IncidentStore, compacting_keeps_order_finds_the_rest_and_shares_the_pages_before_the_first_gap) {
  IncidentStore store = filled(1000);
  const auto before = store.freeze();
  store.compact([](const Incident& incident) {
    const int number = std::stoi(incident.id);
    return number < 300 || number % 2 == 0;
  });
  EXPECT_EQ(store.count(), 650u);
  for (std::uint32_t i = 0; i < store.count(); ++i) {
    ASSERT_EQ(std::stoi(store.at(i).id), static_cast<int>(i < 300 ? i : 300 + 2 * (i - 300)));
    ASSERT_EQ(store.find(store.at(i).id), i);
  }
  EXPECT_FALSE(store.find("301"));
  const auto after = store.freeze();
  EXPECT_EQ(after[0], before[0]);
  EXPECT_EQ(before[1]->at(1).id, "257") << "what was given out stays";
  for (std::size_t i = 0; i + 1 < after.size(); ++i) EXPECT_EQ(after[i]->size(), kIncidentsPerPage);
}

TEST(IncidentStore, compacting_without_a_gap_changes_nothing) {
  IncidentStore store = filled(600);
  const auto before = store.freeze();
  store.compact([](const Incident&) { return true; });
  EXPECT_EQ(store.freeze(), before);
}

TEST(IncidentStore, everything_can_go) {
  IncidentStore store = filled(600);
  store.compact([](const Incident&) { return false; });
  EXPECT_EQ(store.count(), 0u);
  EXPECT_TRUE(store.freeze().empty());
  EXPECT_FALSE(store.find("0"));
}

}  // namespace
}  // namespace gridwall::state
