#include "sim/simulator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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
  const base::UtcTime today = zone().day_begin(zone().day_of(kStart));
  std::map<std::string, const model::Event*> first;
  std::map<std::string, base::UtcTime> last_main;  // when it was settled, far ahead where it was not
  for (const auto& event : events) {
    ASSERT_LT(event.occurred_at, kStart);
    first.try_emplace(event.incident.incident_id, &event);
    const auto* row = shipped_vocabulary()->find_event(event.type);
    if (!row->to || *row->to == model::CaseState::Evaluated) continue;
    const bool settled = model::is_settled(*row->to);
    last_main[event.incident.incident_id] = settled ? event.occurred_at : base::UtcTime::max();
  }
  int today_count = 0, carried_count = 0, history_count = 0;
  for (const auto& [id, event] : first) {
    ASSERT_EQ(event->type, "incident.reported");
    ++(event->occurred_at >= today ? today_count : carried_count);
    if (last_main.at(id) < today) ++history_count;
  }
  EXPECT_GT(today_count, 80);
  EXPECT_GT(carried_count, 20);
  EXPECT_LT(carried_count, 400);
  EXPECT_LT(history_count, 12) << "settled before today, but for those that will be reopened";
}

TEST(Simulator, an_empty_district_begins_with_the_days_first_report_and_nothing_from_before) {
  sim::Simulator sim = simulator(), other = simulator();
  const base::LocalDays today = zone().day_of(kStart);
  sim.begin_empty(today);
  const auto events = sim.advance(zone().day_begin(today + std::chrono::days(3)));
  std::set<std::string> reported;
  std::map<std::string, model::CaseState> states;
  for (const auto& event : events) {
    ASSERT_GE(event.occurred_at, zone().day_begin(today));
    const bool is_report = event.type == "incident.reported";
    ASSERT_EQ(is_report, reported.insert(event.incident.incident_id).second) << "each case from its report on";
    const auto* row = shipped_vocabulary()->find_event(event.type);
    if (row->to) states[event.incident.incident_id] = *row->to;
  }
  EXPECT_GT(reported.size(), 1500u);
  const auto open_count =
      std::count_if(states.begin(), states.end(), [](const auto& entry) { return !model::is_settled(entry.second); });
  EXPECT_EQ(sim.open_count(), static_cast<std::size_t>(open_count));
  other.begin_empty(today);
  std::vector<model::Event> pieces;
  for (int hour = 1; hour <= 72; ++hour) {
    for (auto& event : other.advance(zone().day_begin(today) + std::chrono::hours(hour))) pieces.push_back(event);
  }
  EXPECT_EQ(events, pieces);
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

TEST(Simulator, steps_carry_what_the_table_asks_of_them) {
  sim::Simulator sim = simulator();
  sim.begin_empty(zone().day_of(kStart));
  std::map<std::string, model::IncidentFacts> first;
  std::map<std::string, int> seen;
  std::set<std::string> departments;
  for (const auto& event : sim.advance(kStart + std::chrono::days(20))) {
    const auto& facts = event.incident;
    first.try_emplace(facts.incident_id, facts);
    ++seen[event.type];
    const auto* row = shipped_vocabulary()->find_event(event.type);
    EXPECT_TRUE(!row->reason_required || !facts.reason.empty()) << event.type;
    const bool decides = event.type == "incident.extension_decided" || event.type == "incident.appeal_decided";
    EXPECT_EQ(facts.approved.has_value(), decides) << event.type;
    EXPECT_EQ(facts.resume_at.has_value(), event.type == "incident.suspended");
    EXPECT_EQ(facts.satisfied.has_value(), event.type == "incident.follow_up");
    if (facts.resume_at) {
      EXPECT_GT(*facts.resume_at, event.occurred_at);
    }
    if (event.type == "incident.closed" || event.type == "incident.self_handled") {
      EXPECT_TRUE(facts.solved_level);
    }
    EXPECT_EQ(facts.duplicate_of.empty(), event.type != "incident.marked_duplicate");
    if (!facts.duplicate_of.empty()) {
      ASSERT_TRUE(first.count(facts.duplicate_of)) << "an earlier case";
      EXPECT_EQ(first.at(facts.duplicate_of).class_code, facts.class_code);
      EXPECT_NE(facts.duplicate_of, facts.incident_id);
    }
    if (event.type == "incident.reported") {
      EXPECT_TRUE(facts.condition.empty());
    }
    if (!facts.department.empty()) departments.insert(facts.department);
  }
  EXPECT_GT(seen["incident.marked_duplicate"], 20);
  EXPECT_GT(seen["incident.appeal_decided"], 5);
  EXPECT_GE(departments.size(), 8u);
  for (const auto& id : departments) EXPECT_NE(shipped_departments().find(id), nullptr) << id;
}

TEST(Simulator, a_case_sent_to_the_wrong_department_goes_to_another_one_next) {
  sim::Simulator sim = simulator();
  sim.begin_empty(zone().day_of(kStart));
  std::map<std::string, std::string> returned_by;
  int other_count = 0, same_count = 0;
  for (const auto& event : sim.advance(kStart + std::chrono::days(10))) {
    const auto& facts = event.incident;
    if (event.type == "incident.returned") returned_by[facts.incident_id] = facts.department;
    const auto found = returned_by.find(facts.incident_id);
    if (event.type != "incident.dispatched" || found == returned_by.end()) continue;
    ++(facts.department == found->second ? same_count : other_count);
  }
  EXPECT_GT(other_count, 50);
  EXPECT_LT(same_count, other_count / 5) << "chance may send it back";
}

TEST(Simulator, positions_have_six_digits_and_lie_well_inside) {
  sim::Simulator sim = simulator();
  const auto tree = plan_input().tree;
  for (const auto& event : sim.begin(kStart)) {
    if (!event.incident.point) continue;
    const base::Vec2d p = *event.incident.point;
    EXPECT_EQ(p.x, std::round(p.x * 1e6) / 1e6);
    EXPECT_EQ(p.y, std::round(p.y * 1e6) / 1e6);
    const auto division = tree->find(event.incident.division_code);
    for (const base::Vec2d off : {base::Vec2d{5.8, 0}, {-5.8, 0}, {0, 5.8}, {0, -5.8}}) {
      ASSERT_TRUE(point_in_rings(*tree, division, to_world(p) + off));
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

TEST(Simulator, without_a_department_there_is_nobody_to_dispatch_to) {
  auto input = plan_input();
  input.departments = {};
  const auto made = sim::Simulator::create({"test", input, to_lonlat});
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().message.find("departments.toml"), std::string::npos);
}

TEST(Simulator, in_office_hours_some_cases_are_overdue_some_near_it_and_some_suspended) {
  const District& district = seven_stages();
  const model::CaseRules rules = district.rules->case_rules();
  for (const char* moment : {"2026-03-04T11:40:00+08:00", "2026-03-12T16:20:00+08:00", "2026-03-20T10:30:00+08:00"}) {
    sim::Simulator sim = simulator();
    std::map<std::string, model::CaseRecord> records;
    for (const auto& event : sim.begin(at(moment))) {
      const auto [found, is_new] = records.try_emplace(event.incident.incident_id);
      model::CaseRecord& record = found->second;
      const base::UtcTime resume_at = record.resume_due_at;
      if (resume_at != base::UtcTime{} && resume_at <= event.occurred_at) model::apply_timer(record, resume_at, rules);
      const auto* limit = district.rules->limits.find(event.incident.class_code, event.incident.condition);
      model::apply_event(record, is_new, *district.vocabulary->find_event(event.type), event, limit, rules);
    }
    std::map<model::DeadlineStatus, int> standings;
    for (const auto& [id, record] : records) ++standings[model::standing_at(record, at(moment), rules).deadline];
    EXPECT_GT(standings[model::DeadlineStatus::Overdue], 0) << moment;
    EXPECT_GT(standings[model::DeadlineStatus::Warn], 0) << moment;
    EXPECT_GT(standings[model::DeadlineStatus::Paused], 0) << moment;
    EXPECT_GT(standings[model::DeadlineStatus::Ok], standings[model::DeadlineStatus::Overdue]) << moment;
  }
}

}  // namespace
}  // namespace gridwall::test
