#include "sim/simulator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

const base::UtcTime kStart = at("2026-03-04T10:30:00+08:00");

std::string told(const std::vector<model::Event>& events) {
  std::string text;
  for (const auto& event : events) {
    text += fmt::format("{} {} {} {};", event.id, event.type, event.occurred_at.time_since_epoch().count(),
                        event.incident.point ? event.incident.point->x : 0);
  }
  return text;
}

TEST(Simulator, the_same_seed_tells_the_same_story_however_time_is_cut) {
  sim::Simulator whole = simulator(5), cut = simulator(5), other = simulator(6);
  const std::string backlog = told(whole.begin(kStart));
  EXPECT_EQ(backlog, told(cut.begin(kStart)));
  EXPECT_NE(backlog, told(other.begin(kStart)));
  const base::UtcTime end = kStart + std::chrono::hours(40);
  std::string pieces;
  for (base::UtcTime to = kStart; to < end;) {
    to = std::min(end, to + std::chrono::minutes(17));
    pieces += told(cut.advance(to));
  }
  EXPECT_EQ(told(whole.advance(end)), pieces);
}

TEST(Simulator, begin_tells_the_day_so_far_and_what_earlier_days_left_open) {
  sim::Simulator sim = simulator();
  const auto events = sim.begin(kStart);
  const base::UtcTime today = base::start_of_local_day(kStart, kZone);
  std::map<std::string, const model::Event*> first, last;
  for (const auto& event : events) {
    ASSERT_LT(event.occurred_at, kStart);
    first.try_emplace(event.incident.incident_id, &event);
    last[event.incident.incident_id] = &event;
  }
  int today_count = 0, carried_count = 0;
  for (const auto& [id, event] : first) {
    ASSERT_EQ(event->type, "incident.reported");
    ++(event->occurred_at >= today ? today_count : carried_count);
    const auto* row = shipped_vocabulary()->find_event(last.at(id)->type);
    if (event->occurred_at < today && model::is_settled(row->to.value())) {
      EXPECT_GE(last.at(id)->occurred_at, today) << "settled before today: history";
    }
  }
  EXPECT_GT(today_count, 80);
  EXPECT_GT(carried_count, 20);
  EXPECT_LT(carried_count, 200);
}

TEST(Simulator, times_never_go_back_and_ids_never_come_twice) {
  sim::Simulator sim = simulator();
  auto events = sim.begin(kStart);
  for (auto& event : sim.advance(kStart + std::chrono::hours(48))) events.push_back(std::move(event));
  std::set<std::string> ids;
  for (std::size_t i = 0; i < events.size(); ++i) {
    ASSERT_TRUE(ids.insert(events[i].id).second) << events[i].id;
    if (i > 0) {
      ASSERT_GE(events[i].occurred_at, events[i - 1].occurred_at);
    }
  }
  EXPECT_GT(events.size(), 9000u);
}

TEST(Simulator, every_located_event_lies_in_the_division_it_names_and_the_others_name_one) {
  sim::Simulator sim = simulator();
  const auto tree = plan_input().tree;
  int unlocated_count = 0;
  for (const auto& event : sim.begin(kStart)) {
    const auto division = tree->find(event.incident.division_code);
    ASSERT_TRUE(division.valid());
    if (!event.incident.point) {
      ++unlocated_count;
      EXPECT_TRUE(event.incident.crs.empty());
      continue;
    }
    EXPECT_EQ(event.incident.crs, "EPSG:4326");
    EXPECT_EQ(tree->at(division).children.size(), 0u);
    EXPECT_TRUE(point_in_rings(*tree, division, to_world(*event.incident.point)));
  }
  EXPECT_GT(unlocated_count, 0);
}

TEST(Simulator, each_event_says_class_edition_severity_and_channel_and_a_department_once_dispatched) {
  sim::Simulator sim = simulator();
  for (const auto& event : sim.begin(kStart)) {
    EXPECT_EQ(event.source, "/gridwall/simulator/test");
    EXPECT_EQ(event.incident.class_set, "GB/T 30428.2-2013");
    EXPECT_NE(shipped_vocabulary()->find_class(event.incident.class_code), nullptr);
    EXPECT_NE(shipped_vocabulary()->find_channel(event.incident.channel), nullptr);
    EXPECT_TRUE(event.incident.severity);
    EXPECT_TRUE(event.division_path.empty()) << "that is the hub's to say";
    if (event.type == "incident.reported") {
      EXPECT_TRUE(event.incident.department.empty());
    }
    if (event.type == "incident.closed") {
      EXPECT_FALSE(event.incident.department.empty());
    }
  }
}

TEST(Simulator, next_due_is_the_time_of_the_next_event_even_days_ahead) {
  sim::Simulator sim = simulator(2, 0.2);
  (void)sim.begin(kStart);
  for (int i = 0; i < 20; ++i) {
    const base::UtcTime due = sim.next_due();
    ASSERT_TRUE(sim.advance(due).empty());
    const auto events = sim.advance(due + std::chrono::nanoseconds(1));
    ASSERT_EQ(events.size(), 1u);
    ASSERT_EQ(events.front().occurred_at, due);
  }
}

TEST(Simulator, a_lifecycle_without_an_event_it_sends_is_named) {
  auto input = plan_input();
  auto poor = *shipped_vocabulary();
  std::erase_if(poor.lifecycle, [](const auto& row) { return row.type == "incident.suspended"; });
  input.vocabulary = std::make_shared<const model::Vocabulary>(poor);
  const auto made = sim::Simulator::create({"test", input, to_lonlat});
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().message.find("incident.suspended"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::test
