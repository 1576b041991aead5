// The register of what stands beside incidents: the last event says how an entry stands, periods and steps are kept,
// the digest proves all of it, a snapshot shares what did not change.
#include "state/register_book.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "random_feed.hpp"
#include "state/keyframe.hpp"

namespace gridwall::test {
namespace {

using model::RegisterKind;
using state::RegisterBook;

constexpr state::EntryPlace kTown{{1}, false, {}};

model::SequencedEvent entry(RegisterKind kind, const std::string& key, const char* table = "table") {
  model::SequencedEvent event = test::event("", key);
  event.event.entry.emplace().kind = kind;
  event.event.entry->table = table;
  return event;
}
model::SequencedEvent value(const std::string& key, const char* period, std::int64_t value_milli) {
  auto event = entry(RegisterKind::Metric, key);
  event.event.entry->period = period;
  event.event.entry->value_milli = value_milli;
  return event;
}
model::SequencedEvent step(const std::string& key, const char* step, base::UtcTime time) {
  auto event = entry(RegisterKind::Task, key);
  event.event.entry->step = step;
  event.event.occurred_at = time;
  return event;
}

TEST(RegisterBook, the_last_event_says_how_an_entry_stands_and_retired_takes_it_out) {
  RegisterBook book;
  auto first = entry(RegisterKind::Site, "s");
  first.event.entry->state = "open";
  const auto put = book.take(first, kTown);
  EXPECT_EQ(put.hash_before, 0u);
  EXPECT_NE(put.hash_after, 0u);
  first.event.entry->state = "closed";
  const auto changed = book.take(first, kTown);
  EXPECT_EQ(changed.hash_before, put.hash_after);
  EXPECT_NE(changed.hash_after, put.hash_after);
  EXPECT_EQ(book.find(RegisterKind::Site, "s")->facts.state, "closed");
  EXPECT_EQ(book.find(RegisterKind::Task, "s"), nullptr) << "keys are of one kind";
  first.event.entry->state = model::kRetired;
  const auto gone = book.take(first, kTown);
  EXPECT_EQ(gone.hash_before, changed.hash_after);
  EXPECT_EQ(gone.hash_after, 0u);
  EXPECT_EQ(book.count(), 0u);
  EXPECT_EQ(book.bytes(), 0u);
}

TEST(RegisterBook, a_value_of_an_earlier_period_is_history_and_never_the_present) {
  RegisterBook book;
  book.take(value("m", "2026-02", 2000), kTown);
  book.take(value("m", "2026-04", 4000), kTown);
  book.take(value("m", "2026-03", 3000), kTown);
  const state::RegisterEntry* found = book.find(RegisterKind::Metric, "m");
  EXPECT_EQ(found->facts.period, "2026-04");
  EXPECT_EQ(found->facts.value_milli, 4000);
  std::string periods;
  for (const auto& one : found->history) periods += fmt::format("{}={} ", one.period, one.value_milli);
  EXPECT_EQ(periods, "2026-02=2000 2026-03=3000 2026-04=4000 ");
  book.take(value("m", "2026-04", 4500), kTown);
  found = book.find(RegisterKind::Metric, "m");
  EXPECT_EQ(found->facts.value_milli, 4500);
  EXPECT_EQ(found->history.size(), 3u);
}

TEST(RegisterBook, keeps_two_years_of_months_and_starts_anew_with_periods_of_another_form) {
  RegisterBook book;
  for (int month = 0; month < 40; ++month) {
    book.take(value("m", fmt::format("{}-{:02}", 2023 + month / 12, 1 + month % 12).c_str(), month), kTown);
  }
  const auto* found = book.find(RegisterKind::Metric, "m");
  ASSERT_EQ(found->history.size(), state::kPeriodsKept);
  EXPECT_EQ(found->history.back().value_milli, 39);
  book.take(value("m", "2026-W20", 1), kTown);
  EXPECT_EQ(book.find(RegisterKind::Metric, "m")->history.size(), 1u);
}

TEST(RegisterBook, a_task_remembers_when_it_reached_its_steps) {
  RegisterBook book;
  const auto begin = at("2026-03-02T20:00:00+08:00");
  book.take(step("t", "whistle", begin), kTown);
  book.take(step("t", "whistle", begin + std::chrono::minutes(1)), kTown);
  book.take(step("t", "answer", begin + std::chrono::minutes(9)), kTown);
  const auto& steps = book.find(RegisterKind::Task, "t")->steps;
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[1].at - steps[0].at, std::chrono::minutes(9));
}

TEST(RegisterBook, a_snapshot_is_in_order_and_shares_what_did_not_change) {
  RegisterBook book;
  for (const char* key : {"b", "a", "c"}) book.take(entry(RegisterKind::Site, key, "stations"), kTown);
  book.take(entry(RegisterKind::Site, "z", "centres"), kTown);
  book.take(entry(RegisterKind::Task, "y", "stations"), kTown);
  const auto before = book.freeze();
  EXPECT_EQ(book.freeze(), before);
  const auto stations = before->table(RegisterKind::Site, "stations");
  ASSERT_EQ(stations.size(), 3u);
  EXPECT_EQ(stations[0]->key + stations[1]->key + stations[2]->key, "abc");
  EXPECT_TRUE(before->table(RegisterKind::Metric, "stations").empty());
  auto changed = entry(RegisterKind::Site, "b", "stations");
  changed.event.entry->state = "closed";
  book.take(changed, kTown);
  const auto after = book.freeze();
  EXPECT_NE(after->version, before->version);
  EXPECT_EQ(after->table(RegisterKind::Site, "stations")[0], stations[0]);
  EXPECT_NE(after->table(RegisterKind::Site, "stations")[1], stations[1]);
  EXPECT_EQ(stations[1]->facts.state, "") << "a snapshot stays as it was taken";
}

TEST(RegisterEntry, a_change_is_against_the_period_before_and_the_year_before) {
  state::RegisterEntry entry;
  EXPECT_FALSE(state::change_ratio(entry));
  EXPECT_FALSE(state::change_ratio_of_year(entry));
  entry.history = {{"2025-11", 50'000, {}}, {"2026-10", 80'000, {}}, {"2026-11", 100'000, {}}};
  EXPECT_DOUBLE_EQ(state::change_ratio(entry).value(), 0.25);
  EXPECT_DOUBLE_EQ(state::change_ratio_of_year(entry).value(), 1.0);
  entry.history = {{"2026-10", 80'000, 100'000}, {"2026-11", 60'000, 100'000}};
  EXPECT_DOUBLE_EQ(state::change_ratio(entry).value(), -0.25);
  EXPECT_FALSE(state::change_ratio_of_year(entry)) << "there was none";
  entry.history[0].of_milli = 0;
  EXPECT_FALSE(state::change_ratio(entry));
}

TEST(RegisterFold, an_entry_is_in_the_digest_of_its_division_and_of_those_above) {
  auto world = shipped_world();
  const auto digest_of = [&](std::uint32_t division) { return world.digest({division}); };
  const auto root = digest_of(0), leaf = digest_of(7), other = digest_of(2);
  auto event = entry(RegisterKind::Site, "s");
  event.event.type = model::kSiteStatus;
  event.division = {7};
  event.state_time = at("2026-03-02T20:00:00+08:00");
  world.apply({&event, 1});
  EXPECT_NE(digest_of(7), leaf);
  EXPECT_EQ(digest_of(0) - root, digest_of(7) - leaf);
  EXPECT_EQ(digest_of(2), other);
  EXPECT_EQ(world.freeze()->registers->entries.size(), 1u);
  const auto entry_digest = digest_of(7);
  event.event.entry->checked = {"a"};
  world.apply({&event, 1});
  EXPECT_NE(digest_of(7), entry_digest) << "every word of an entry counts";
  event.event.entry->state = model::kRetired;
  world.apply({&event, 1});
  EXPECT_EQ(digest_of(7), leaf);
}

TEST(RegisterFold, a_keyframe_brings_every_entry_back) {
  auto world = shipped_world();
  world.apply(random_walks(9, 3000));
  const auto before = world.freeze();
  ASSERT_GT(before->registers->entries.size(), 20u);
  const state::Keyframe keyframe = encode_keyframe(world);
  std::vector<std::string_view> parts;
  for (const auto& part : keyframe.parts) parts.push_back(part.bytes);
  auto again = shipped_world();
  ASSERT_TRUE(restore_keyframe(again, keyframe.head, parts).ok());
  const auto after = again.freeze();
  ASSERT_EQ(after->registers->entries.size(), before->registers->entries.size());
  for (std::size_t i = 0; i < after->registers->entries.size(); ++i) {
    const auto &one = *before->registers->entries[i], &other = *after->registers->entries[i];
    EXPECT_EQ(one.facts, other.facts);
    EXPECT_EQ(one.history, other.history);
    EXPECT_EQ(one.steps, other.steps);
    EXPECT_EQ(one.division, other.division);
  }
}

}  // namespace
}  // namespace gridwall::test
