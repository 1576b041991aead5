// The fold, case by case: what one event does to the figures.
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

class WorldTest : public testing::Test {
 protected:
  std::shared_ptr<const model::DivisionTree> tree = small_tree();  // R, 4 towns (1..4), 16 grids (5..20)
  state::World world = world_over(tree);

  std::shared_ptr<const state::WorldSnapshot> after(std::vector<model::SequencedEvent> events) {
    for (auto& item : events) item.sequence = ++m_sequence;
    world.apply(events);
    auto snapshot = world.freeze();
    EXPECT_EQ(difference_from_recount(*snapshot), "");
    return snapshot;
  }
  static const state::CaseCounts& root(const state::WorldSnapshot& snapshot) { return snapshot.total->at(0); }

 private:
  std::uint64_t m_sequence = 0;
};

TEST_F(WorldTest, a_reported_incident_counts_in_its_grid_and_every_ancestor) {
  const auto snapshot =
      after({event("incident.reported", "a").in(5).point({498000, 3498000}).of_class("E05.05").by("hotline")});
  for (const std::uint32_t division : {0u, 1u, 5u}) {
    EXPECT_EQ(snapshot->total->at(division).open, 1u) << division;
    EXPECT_EQ(snapshot->total->at(division).open_by_severity[0], 1u) << "the class says Critical";
  }
  EXPECT_EQ(snapshot->total->at(2).open, 0u);
  EXPECT_EQ(snapshot->own({5}).open, 1u);
  EXPECT_EQ(snapshot->own({0}).open, 0u);
  EXPECT_EQ(snapshot->reported_today_by_hour[10], 1u);
  EXPECT_EQ(snapshot->reported_today_by_channel.at(0).key, "hotline");
  EXPECT_EQ(snapshot->reported_today_by_class.at(0).key, "E05");
  EXPECT_EQ(snapshot->newest, std::vector<std::uint32_t>{0});
  EXPECT_EQ(snapshot->incident(0).point_units, (base::Vec2i{-2000000, -2000000}));
}

TEST_F(WorldTest, closing_moves_an_incident_from_open_to_closed_today_and_evaluating_leaves_it_there) {
  after({event("incident.reported", "a").in(5), event("incident.filed", "a")});
  const auto closed = after({event("incident.closed", "a")});
  EXPECT_EQ(root(*closed).open, 0u);
  EXPECT_EQ(root(*closed).closed_today, 1u);
  const auto evaluated = after({event("incident.evaluated", "a")});
  EXPECT_EQ(root(*evaluated).closed_today, 1u);
  EXPECT_EQ(evaluated->out_of_order_count, 0u);
}

TEST_F(WorldTest, events_of_a_simulator_are_counted_as_simulated) {
  auto made_up = event("incident.reported", "a").in(5);
  made_up.event.source = std::string(model::kSimulatorSource) + "district";
  auto real = event("incident.reported", "b").in(5);
  real.event.source = "/city/12345";
  const auto snapshot = after({made_up, real});
  EXPECT_EQ(snapshot->event_count, 2u);
  EXPECT_EQ(snapshot->simulated_event_count, 1u);
  world.clear();
  EXPECT_EQ(world.freeze()->simulated_event_count, 0u);
}

TEST_F(WorldTest, a_rejected_incident_is_not_open_and_not_closed) {
  const auto snapshot = after({event("incident.reported", "a").in(5), event("incident.rejected", "a")});
  EXPECT_EQ(root(*snapshot).open, 0u);
  EXPECT_EQ(root(*snapshot).closed_today, 0u);
  EXPECT_EQ(root(*snapshot).reported_today, 1u);
}

TEST_F(WorldTest, a_reopened_incident_is_open_again_and_no_longer_closed_today) {
  const auto snapshot = after({event("incident.reported", "a").in(5), event("incident.filed", "a"),
                               event("incident.closed", "a"), event("incident.reopened", "a")});
  EXPECT_EQ(root(*snapshot).open, 1u);
  EXPECT_EQ(root(*snapshot).closed_today, 0u);
}

TEST_F(WorldTest, a_fact_that_breaks_the_order_is_applied_and_counted) {
  const auto snapshot = after({event("incident.reported", "a").in(5), event("incident.closed", "a")});
  EXPECT_EQ(root(*snapshot).open, 0u);
  EXPECT_EQ(snapshot->out_of_order_count, 1u);
  EXPECT_NE(snapshot->incident(0).flaws & static_cast<std::uint16_t>(model::Flaw::OutOfOrder), 0);
}

TEST_F(WorldTest, the_hubs_out_of_order_flag_counts_for_an_incident_never_seen_before) {
  auto late = event("incident.closed", "a").in(5);
  late.event.out_of_order = true;
  EXPECT_EQ(after({late})->out_of_order_count, 1u);
}

TEST_F(WorldTest, an_event_of_an_unknown_incident_creates_it_when_the_feed_was_joined_late) {
  const auto snapshot = after({event("incident.filed", "a").in(5)});
  EXPECT_EQ(snapshot->incident(0).state, CaseState::Filed);
  EXPECT_EQ(snapshot->joined_late_count, 1u);
  EXPECT_EQ(snapshot->out_of_order_count, 0u);
}

TEST_F(WorldTest, an_unlocated_incident_counts_in_the_tray_of_its_division_until_it_is_located) {
  const auto before = after({event("incident.reported", "a").tray(2)});
  EXPECT_EQ(before->own({2}).unlocated_open, 1u);
  EXPECT_EQ(root(*before).unlocated_open, 1u);
  const auto moved = after({event("incident.filed", "a").tray(3)});
  EXPECT_EQ(moved->own({2}).open, 0u);
  EXPECT_EQ(moved->own({3}).unlocated_open, 1u);
  const auto located = after({event("incident.filed", "a").in(6).point({499000, 3499000})});
  EXPECT_EQ(root(*located).unlocated_open, 0u);
  EXPECT_EQ(located->own({6}).open, 1u);
}

TEST_F(WorldTest, an_event_without_a_place_leaves_a_located_incident_where_it_is) {
  after({event("incident.reported", "a").in(5).point({498000, 3498000})});
  const auto snapshot = after({event("incident.filed", "a"), event("incident.filed", "a").tray(0)});
  EXPECT_TRUE(snapshot->incident(0).located);
  EXPECT_EQ(snapshot->incident(0).division.value, 5u);
}

TEST_F(WorldTest, an_incident_that_moves_to_another_division_takes_its_counts_along) {
  after({event("incident.reported", "a").in(5).point({498000, 3498000})});
  const auto snapshot = after({event("incident.filed", "a").in(20).point({503000, 3503000})});
  EXPECT_EQ(snapshot->total->at(1).open, 0u);
  EXPECT_EQ(snapshot->total->at(4).open, 1u);
  EXPECT_EQ(snapshot->total->at(4).reported_today, 1u);
}

TEST_F(WorldTest, severity_comes_from_the_event_then_from_the_class_then_is_minor) {
  auto graded = event("incident.reported", "a").in(5).of_class("E05.05");
  graded.event.incident.severity = Severity::Moderate;
  const auto snapshot = after({graded, event("incident.reported", "b").in(5).of_class("E05.05"),
                               event("incident.reported", "c").in(5).of_class("X99")});
  EXPECT_EQ(snapshot->incident(0).severity, Severity::Moderate);
  EXPECT_EQ(snapshot->incident(1).severity, Severity::Critical);
  EXPECT_EQ(snapshot->incident(2).severity, Severity::Minor);
  EXPECT_EQ(snapshot->unknown_class_count, 1u);
}

TEST_F(WorldTest, the_same_code_of_another_edition_is_not_taken_for_ours) {
  auto foreign = event("incident.reported", "a").in(5).of_class("E05.05");
  foreign.event.incident.class_set = "CJ/T 214-2007";  // there 05 is street order
  const auto snapshot = after({foreign});
  EXPECT_EQ(snapshot->incident(0).severity, Severity::Minor);
  EXPECT_EQ(snapshot->class_code(snapshot->incident(0)), "CJ/T 214-2007:E05.05");
  EXPECT_EQ(snapshot->unknown_class_count, 1u);
}

TEST_F(WorldTest, todays_figures_start_anew_at_local_midnight_and_open_ones_stay) {
  const auto yesterday = at("2026-03-02T23:50:00+08:00");
  after({event("incident.reported", "open").in(5).time(yesterday),
         event("incident.reported", "done").in(5).time(yesterday), event("incident.filed", "done").time(yesterday),
         event("incident.closed", "done").time(yesterday)});
  world.advance_to(at("2026-03-02T15:59:59.999Z"));
  EXPECT_EQ(root(*world.freeze()).reported_today, 2u);
  world.advance_to(at("2026-03-02T16:00:00Z"));
  const auto today = world.freeze();
  EXPECT_EQ(difference_from_recount(*today), "");
  EXPECT_EQ(root(*today).reported_today, 0u);
  EXPECT_EQ(root(*today).closed_today, 0u);
  EXPECT_EQ(root(*today).open, 1u);
  EXPECT_EQ(today->incident_count(), 2u) << "the settled one may still be evaluated";
  EXPECT_TRUE(today->reported_today_by_channel.empty());
}

TEST_F(WorldTest, figures_of_today_go_by_when_things_happened_not_by_when_they_were_heard) {
  const auto now = at("2026-03-03T00:10:00+08:00");
  const auto snapshot =
      after({event("incident.reported", "a").in(5).time(at("2026-03-02T23:59:00+08:00")).heard(now),
             event("incident.reported", "b").in(5).time(at("2026-03-03T00:05:00+08:00")).heard(now)});
  EXPECT_EQ(root(*snapshot).reported_today, 1u);
  EXPECT_EQ(root(*snapshot).open, 2u);
}

TEST_F(WorldTest, state_time_never_goes_back) {
  world.advance_to(at("2026-03-02T10:00:00Z"));
  world.advance_to(at("2026-03-01T10:00:00Z"));
  EXPECT_EQ(world.freeze()->state_time, at("2026-03-02T10:00:00Z"));
}

TEST_F(WorldTest, a_division_outside_the_tree_counts_at_the_root) {
  const auto snapshot = after({event("incident.reported", "a").in(999)});
  EXPECT_EQ(snapshot->own({0}).open, 1u);
}

TEST_F(WorldTest, events_of_other_classes_are_counted_and_make_no_incident) {
  const auto snapshot = after({event("alert.raised", "a").in(5), event("incident.filed", "")});
  EXPECT_EQ(snapshot->event_count, 2u);
  EXPECT_EQ(snapshot->incident_count(), 0u);
}

TEST_F(WorldTest, clear_forgets_everything_and_versions_go_on) {
  const auto before = after({event("incident.reported", "a").in(5)});
  world.clear();
  const auto snapshot = world.freeze();
  EXPECT_EQ(difference_from_recount(*snapshot), "");
  EXPECT_EQ(snapshot->incident_count(), 0u);
  EXPECT_GT(snapshot->version, before->version);
  EXPECT_EQ(before->incident_count(), 1u) << "a snapshot given out stays as it is";
}

TEST_F(WorldTest, freeze_without_news_gives_the_same_snapshot) {
  const auto first = after({event("incident.reported", "a").in(5)});
  EXPECT_EQ(world.freeze(), first);
}

TEST_F(WorldTest, a_heartbeat_alone_shares_every_page_and_count_with_the_snapshot_before) {
  const auto first = after({event("incident.reported", "a").in(5)});
  world.advance_to(first->state_time + std::chrono::seconds(1));
  const auto second = world.freeze();
  ASSERT_NE(second, first);
  EXPECT_GT(second->version, first->version);
  EXPECT_EQ(second->own_inner, first->own_inner);
  EXPECT_EQ(second->total, first->total);
  EXPECT_EQ(&second->incidents.page(0), &first->incidents.page(0));
}

TEST_F(WorldTest, newest_lists_the_last_sixty_four_newest_first) {
  std::vector<model::SequencedEvent> events;
  for (int i = 0; i < 100; ++i) events.push_back(event("incident.reported", std::to_string(i)).in(5));
  const auto snapshot = after(events);
  ASSERT_EQ(snapshot->newest.size(), 64u);
  EXPECT_EQ(snapshot->incident(snapshot->newest.front()).id, "99");
  EXPECT_EQ(snapshot->incident(snapshot->newest.back()).id, "36");
}

}  // namespace
}  // namespace gridwall::test
