#include "state/tally.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

state::Incident open_in(std::uint32_t division) {
  state::Incident incident;
  incident.division = {division};
  incident.reported_at = at("2026-03-02T09:30:00+08:00");
  incident.class_code = "E01.10";
  return incident;
}

TEST(Tally, adding_and_subtracting_the_same_incident_leaves_nothing) {
  state::Tally tally(small_tree(), kZone);
  tally.restart(state::local_day(at("2026-03-02T12:00:00+08:00"), kZone));
  tally.add(open_in(7));
  tally.subtract(open_in(7));
  state::WorldSnapshot snapshot;
  tally.freeze_into(snapshot);
  for (const auto& counts : *snapshot.total) EXPECT_EQ(counts, state::CaseCounts{});
  EXPECT_TRUE(snapshot.reported_today_by_class.empty());
  EXPECT_EQ(snapshot.reported_today_by_hour[9], 0u);
}

TEST(Tally, figures_given_out_are_shared_until_something_counts) {
  state::Tally tally(small_tree(), kZone);
  state::WorldSnapshot first, second, third;
  tally.freeze_into(first);
  state::Incident settled = open_in(7);
  settled.state = CaseState::Rejected;  // of another day: adds nothing
  tally.add(settled);
  tally.freeze_into(second);
  EXPECT_EQ(second.total, first.total);
  tally.add(open_in(7));
  tally.freeze_into(third);
  EXPECT_NE(third.total, first.total);
  EXPECT_EQ((*first.total)[0].open, 0u);
  EXPECT_EQ((*third.total)[0].open, 1u);
}

TEST(Tally, a_local_day_begins_at_the_districts_midnight) {
  const state::Day day = state::local_day(at("2026-03-02T00:00:00+08:00"), kZone);
  EXPECT_TRUE(day.contains(at("2026-03-01T16:00:00Z")));
  EXPECT_FALSE(day.contains(at("2026-03-01T15:59:59Z")));
  EXPECT_FALSE(day.contains(at("2026-03-02T16:00:00Z")));
}

}  // namespace
}  // namespace gridwall::test
