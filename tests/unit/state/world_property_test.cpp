// Goal: whatever comes, in whatever batches, the figures agree with a recount from the incidents themselves. Method:
// seeded random feeds with every kind of trouble (wrong order, unknown classes, moves, no place, late stamps, days).
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "fixtures.hpp"

namespace gridwall::test {
namespace {

std::vector<model::SequencedEvent> random_feed(std::uint64_t seed, int count) {
  constexpr const char* kTypes[] = {"incident.reported", "incident.reported",  "incident.filed",
                                    "incident.closed",   "incident.evaluated", "incident.reopened",
                                    "incident.rejected", "incident.odd",       "alert.raised"};
  constexpr const char* kClasses[] = {"E01.10", "E05.05", "E77.01", "", "odd"};
  constexpr const char* kChannels[] = {"", "hotline", "collector"};
  base::Random random(seed);
  std::vector<model::SequencedEvent> feed;
  auto now = at("2026-03-02T20:00:00+08:00");
  for (int i = 0; i < count; ++i) {
    now += std::chrono::seconds(random.next_below(120));
    auto item = event(kTypes[random.next_below(std::size(kTypes))], std::to_string(random.next_below(600)));
    const auto skew = std::chrono::minutes(static_cast<std::int64_t>(random.next_below(600)) - 400);
    item.time(now + skew).heard(now);
    item.of_class(kClasses[random.next_below(std::size(kClasses))]);
    item.by(kChannels[random.next_below(std::size(kChannels))]);
    if (random.next_below(4) == 0) item.event.incident.severity = static_cast<Severity>(1 + random.next_below(4));
    const auto place = random.next_below(5);
    const auto division = static_cast<std::uint32_t>(random.next_below(21));
    if (place == 0) item.tray(division);
    if (place == 1) item.in(division);
    if (place >= 3) item.in(division).point({500000 + random.next_between(-4000, 4000), 3500000});
    item.sequence = static_cast<std::uint64_t>(i) + 1;
    feed.push_back(item);
  }
  return feed;
}

// What the whole snapshot says, as text.
std::string told(const state::WorldSnapshot& snapshot) {
  std::string text = fmt::format("{} {} {} {} {} {}|", snapshot.sequence,
                                 snapshot.state_time.time_since_epoch().count(), snapshot.event_count,
                                 snapshot.out_of_order_count, snapshot.unknown_class_count, snapshot.joined_late_count);
  for (std::uint32_t i = 0; i < snapshot.incident_count(); ++i) {
    const auto& one = snapshot.incident(i);
    text += fmt::format("{} {} {} {} {} {} {} {},{} {} {} {} {} {};", one.id, snapshot.class_code(one),
                        snapshot.channel(one), static_cast<int>(one.state), static_cast<int>(one.severity),
                        one.division.value, one.located, one.point_units.x, one.point_units.y, one.flaws,
                        one.reported_at.time_since_epoch().count(), one.closed_at.time_since_epoch().count(),
                        one.changed_at.time_since_epoch().count(), one.last_sequence);
  }
  for (std::size_t i = 0; i < snapshot.total->size(); ++i) {
    const state::CaseCounts& counts = snapshot.total->at(i);
    text += fmt::format("{} {} {} {};", counts.open, counts.reported_today, counts.closed_today, counts.unlocated_open);
  }
  for (const auto number : snapshot.newest) text += fmt::format("{} ", number);
  return text;
}

class WorldProperty : public testing::TestWithParam<std::uint64_t> {};

TEST_P(WorldProperty, figures_agree_with_a_recount_at_every_freeze_and_snapshots_given_out_never_change) {
  const auto feed = random_feed(GetParam(), 3000);
  base::Random random(GetParam() + 1000);
  state::World world = world_over(small_tree());
  std::vector<std::pair<std::shared_ptr<const state::WorldSnapshot>, std::string>> kept;
  for (std::size_t begin = 0; begin < feed.size();) {
    const std::size_t size = std::min<std::size_t>(random.next_below(60), feed.size() - begin);
    world.apply(std::span(feed).subspan(begin, size));
    begin += size;
    const auto snapshot = world.freeze();
    ASSERT_EQ(difference_from_recount(*snapshot), "") << "seed " << GetParam() << " before event " << begin;
    kept.emplace_back(snapshot, told(*snapshot));
  }
  for (const auto& [snapshot, text] : kept) ASSERT_EQ(told(*snapshot), text);
}

TEST_P(WorldProperty, any_split_into_batches_gives_the_same_snapshot) {
  const auto feed = random_feed(GetParam(), 2000);
  state::World whole = world_over(small_tree()), split = world_over(small_tree());
  whole.apply(feed);
  base::Random random(GetParam() + 2000);
  for (std::size_t begin = 0; begin < feed.size();) {
    const std::size_t size = std::min<std::size_t>(1 + random.next_below(40), feed.size() - begin);
    // A heartbeat between two events tells a time that is not later than the next event's.
    split.advance_to(feed[begin].state_time);
    split.apply(std::span(feed).subspan(begin, size));
    if (random.next_below(3) == 0) (void)split.freeze();
    begin += size;
  }
  EXPECT_EQ(told(*split.freeze()), told(*whole.freeze())) << "seed " << GetParam();
}

TEST_P(WorldProperty, memory_holds_the_open_cases_and_those_settled_within_thirty_days) {
  state::World world = world_over(small_tree());
  world.apply(random_feed(GetParam(), 3000));
  auto snapshot = world.freeze();
  std::uint32_t open_count = snapshot->total->at(0).open;
  world.advance_to(snapshot->state_time + std::chrono::hours(24 * 40));
  snapshot = world.freeze();
  EXPECT_EQ(difference_from_recount(*snapshot), "");
  EXPECT_EQ(snapshot->incident_count(), open_count);
}

INSTANTIATE_TEST_SUITE_P(Seeds, WorldProperty, testing::Range<std::uint64_t>(1, 13));

}  // namespace
}  // namespace gridwall::test
