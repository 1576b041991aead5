// The index against a count of everything, through random changes.
#include "scene/incident_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.hpp"
#include "support/small_tree.hpp"

namespace gridwall::scene {
namespace {

using Incidents = state::CowArray<state::Incident, state::kIncidentsPerPage>;

state::Incident random_incident(base::Random& random, const model::DivisionTree& tree) {
  state::Incident incident;
  const auto division = static_cast<std::uint32_t>(random.next_below(tree.divisions().size() + 1));
  if (division < tree.divisions().size()) incident.division = model::DivisionIndex{division};
  incident.state = random.next_below(3) == 0 ? model::CaseState::Closed : model::CaseState::Handling;
  incident.severity = random.next_below(5) == 0 ? model::Severity::Critical : model::Severity::Minor;
  incident.located = random.next_below(6) != 0;
  incident.moved_away = random.next_below(9) == 0;
  incident.point_units = {static_cast<std::int32_t>(random.next_below(100'000)),
                          static_cast<std::int32_t>(random.next_below(100'000))};
  return incident;
}

void expect_all(const IncidentIndex& index, const state::WorldSnapshot& snapshot) {
  const model::DivisionTree& tree = *snapshot.tree;
  std::vector<std::set<std::uint32_t>> own(tree.divisions().size() + 1);
  std::vector<std::uint32_t> below(tree.divisions().size(), 0);
  std::set<std::uint32_t> critical;
  for (std::uint32_t n = 0; n < snapshot.incident_count(); ++n) {
    const state::Incident& incident = snapshot.incident(n);
    if (!IncidentIndex::is_shown(incident)) continue;
    own[incident.division.valid() ? incident.division.value : tree.divisions().size()].insert(n);
    if (incident.severity == model::Severity::Critical) critical.insert(n);
    for (model::DivisionIndex d = incident.division; d.valid(); d = tree.at(d).parent) {
      ++below[d.value];
      const PointBox& box = index.box_below(d);
      EXPECT_TRUE(box.min.x <= incident.point_units.x && incident.point_units.x <= box.max.x);
      EXPECT_TRUE(box.min.y <= incident.point_units.y && incident.point_units.y <= box.max.y);
    }
  }
  const auto as_set = [](std::span<const std::uint32_t> numbers) {
    return std::set<std::uint32_t>(numbers.begin(), numbers.end());
  };
  for (std::uint32_t d = 0; d < tree.divisions().size(); ++d) {
    EXPECT_EQ(as_set(index.at(model::DivisionIndex{d})), own[d]);
    EXPECT_EQ(index.count_below(model::DivisionIndex{d}), below[d]);
  }
  EXPECT_EQ(as_set(index.at(model::DivisionIndex::none())), own.back());
  EXPECT_EQ(as_set(index.critical()), critical);
}

TEST(IncidentIndex, agrees_with_a_count_of_everything_through_random_changes) {
  base::Random random(11);
  state::WorldSnapshot snapshot;
  snapshot.tree = test::small_tree();
  Incidents incidents;
  IncidentIndex index;
  for (int round = 0; round < 60; ++round) {
    const auto added = random.next_below(round < 5 ? 200 : 9);
    for (std::uint64_t i = 0; i < added; ++i) incidents.push_back(random_incident(random, *snapshot.tree));
    const auto changed = incidents.size() > 0 ? random.next_below(12) : 0;
    for (std::uint64_t i = 0; i < changed; ++i) {
      incidents.edit(random.next_below(incidents.size())) = random_incident(random, *snapshot.tree);
    }
    snapshot.incidents = incidents.freeze();
    index.follow(snapshot);
    expect_all(index, snapshot);
  }
}

TEST(IncidentIndex, another_world_or_another_tree_starts_anew) {
  base::Random random(3);
  state::WorldSnapshot snapshot;
  snapshot.tree = test::small_tree();
  IncidentIndex index;
  for (const std::size_t count : {300u, 40u, 300u, 500u}) {
    Incidents incidents;  // a world that was fetched anew: nothing of it is the memory of the one before
    for (std::size_t i = 0; i < count; ++i) incidents.push_back(random_incident(random, *snapshot.tree));
    snapshot.incidents = incidents.freeze();
    index.follow(snapshot);
    expect_all(index, snapshot);
  }
  snapshot.tree = test::small_tree({.splits = {3, 2}});
  index.follow(snapshot);
  expect_all(index, snapshot);
}

TEST(FrozenIncidents, what_did_not_change_is_not_visited) {
  Incidents incidents(10'000);
  const auto before = incidents.freeze();
  incidents.edit(5000).marks = 1;
  incidents.push_back({});
  const auto after = incidents.freeze();
  std::set<std::size_t> visited;
  after.visit_changed(before, [&](std::size_t i, const state::Incident&) { visited.insert(i); });
  EXPECT_TRUE(visited.contains(5000) && visited.contains(10'000));
  EXPECT_LE(visited.size(), 2 * state::kIncidentsPerPage);
  visited.clear();
  after.visit_changed(after, [&](std::size_t i, const state::Incident&) { visited.insert(i); });
  EXPECT_TRUE(visited.empty());
}

}  // namespace
}  // namespace gridwall::scene
