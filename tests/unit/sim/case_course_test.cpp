// A month of courses against the lifecycle table and the record that every wall keeps of a case: what the simulator
// means is what the rules make of it.
#include "sim/case_course.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "fixtures.hpp"
#include "model/case_flags.hpp"

namespace gridwall::test {
namespace {

const base::LocalDays kFirst = day_of("2026-03-02T00:00:00+08:00");
const base::UtcTime kLongAfter = at("2026-06-01T00:00:00Z");

const std::vector<sim::PlannedCase>& month() {
  static const auto cases = planned_days(planner(plan_input(6)), kFirst, 30);
  return cases;
}

std::size_t count_of(const std::vector<sim::PlannedCase>& cases, sim::StepKind kind) {
  return static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), [&](const auto& planned) {
    return std::any_of(planned.steps.begin(), planned.steps.end(), [&](const auto& step) { return step.kind == kind; });
  }));
}
double share_of(sim::StepKind kind) {
  return static_cast<double>(count_of(month(), kind)) / static_cast<double>(month().size());
}

// The table's own walk: a suspension ends by itself at its date.
void walk(const sim::PlannedCase& planned, const model::Vocabulary& vocabulary, std::map<std::string, int>& seen) {
  std::optional<model::CaseState> state;
  std::optional<base::UtcTime> resume_at;
  base::UtcTime last{};
  for (const auto& step : planned.steps) {
    const auto type = sim::step_type(step.kind);
    const model::LifecycleRow* row = vocabulary.find_event(type);
    ASSERT_NE(row, nullptr) << type;
    if (state == model::CaseState::Suspended && resume_at && *resume_at <= step.at) state = model::CaseState::Handling;
    const bool legal = state ? std::count(row->from.begin(), row->from.end(), *state) == 1 : row->from.empty();
    ASSERT_TRUE(legal) << type << " from " << (state ? static_cast<int>(*state) : 0);
    ASSERT_GT(step.at, last);
    ASSERT_TRUE(!row->reason_required || !step.reason.empty()) << type;
    last = step.at;
    if (row->to) state = row->to;
    ASSERT_EQ(step.state, *state) << type;
    if (step.resume_at) resume_at = step.resume_at;
    ++seen[std::string(type)];
  }
  ASSERT_TRUE(model::is_settled(*state));
  ASSERT_LT(last - planned.steps.front().at, std::chrono::days(sim::kCourseDaysMax));
}

TEST(CaseCourse, every_course_of_a_month_obeys_the_table_in_growing_time_and_together_they_use_every_row) {
  std::map<std::string, int> seen;
  for (const auto& planned : month()) ASSERT_NO_FATAL_FAILURE(walk(planned, *shipped_vocabulary(), seen));
  for (const auto& row : shipped_vocabulary()->lifecycle) EXPECT_GT(seen[row.type], 0) << row.type << " never happens";
}

TEST(CaseCourse, a_chain_of_four_steps_has_these_four_and_returns) {
  const District four = shipped_district("lianyuan");
  auto input = plan_input(6);
  input.vocabulary = four.vocabulary;
  input.rules = four.rules;
  std::map<std::string, int> seen;
  for (const auto& planned : planned_days(planner(input), kFirst, 7)) {
    ASSERT_NO_FATAL_FAILURE(walk(planned, *four.vocabulary, seen));
  }
  for (const char* mark : {"incident.urged", "incident.supervised"}) seen.erase(mark);  // no steps
  std::set<std::string> types;
  for (const auto& [type, count] : seen) types.insert(type);
  EXPECT_EQ(types, (std::set<std::string>{"incident.reported", "incident.dispatched", "incident.returned",
                                          "incident.handled", "incident.closed"}));
}

TEST(CaseCourse, every_shipped_chain_is_obeyed) {
  for (const auto& entry : std::filesystem::directory_iterator(GRIDWALL_SOURCE_DIR "/config/stages")) {
    const District district = shipped_district(entry.path().stem().string());
    auto input = plan_input(8);
    input.vocabulary = district.vocabulary;
    input.rules = district.rules;
    std::map<std::string, int> seen;
    for (const auto& planned : planned_days(planner(input), kFirst, 4)) {
      ASSERT_NO_FATAL_FAILURE(walk(planned, *district.vocabulary, seen)) << entry.path();
    }
  }
}

TEST(CaseCourse, shares_are_those_of_the_published_month) {
  EXPECT_NEAR(share_of(sim::StepKind::Rejected), 0.011, 0.003);
  EXPECT_NEAR(share_of(sim::StepKind::Suspended), 0.011, 0.003);
  EXPECT_NEAR(share_of(sim::StepKind::SelfHandled), 0.019, 0.004);
  EXPECT_GT(share_of(sim::StepKind::Returned), 0.02);
  EXPECT_LT(share_of(sim::StepKind::Returned), 0.05);
  // 223 extensions and 18 reworks of 16,475.
  std::size_t extended_count = 0, early_count = 0, by_itself_count = 0;
  for (const auto& planned : month()) {
    const auto& steps = planned.steps;
    if (std::any_of(steps.begin(), steps.end(), [](const auto& step) {
          return step.kind == sim::StepKind::ExtensionDecided && step.approved == true;
        })) {
      ++extended_count;
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].kind != sim::StepKind::Suspended) continue;
      ASSERT_TRUE(steps[i].resume_at);
      const auto& next = steps.at(i + 1);
      ++(next.kind == sim::StepKind::Resumed ? early_count : by_itself_count);
      if (next.kind == sim::StepKind::Resumed) {
        EXPECT_GT(*steps[i].resume_at - next.at, std::chrono::hours(48)) << "or a backlog would be misread";
      }
    }
  }
  const auto reworked_count =
      count_of(month(), sim::StepKind::ReworkOrdered) + count_of(month(), sim::StepKind::SentBack);
  EXPECT_NEAR(static_cast<double>(extended_count + reworked_count) / static_cast<double>(month().size()), 0.0146,
              0.003);
  EXPECT_GT(early_count, 20u);
  EXPECT_GT(by_itself_count, 20u);
}

TEST(CaseCourse, more_is_solved_at_the_lowest_level_than_at_all_others_together) {
  std::map<int, int> levels;
  for (const auto& planned : month()) {
    if (const auto level = planned.steps.back().solved_level) ++levels[*level];
  }
  ASSERT_GE(levels.size(), 3u);
  EXPECT_GT(levels[2], levels[1]);
  EXPECT_GT(levels[1], levels[0]);
  EXPECT_GT(levels[0], 0);
}

// The record of each case after its last event, and what it counts as.
struct Judged {
  model::CaseRecord record;
  model::CaseMeasure measure;
};
Judged judge(const sim::PlannedCase& planned, const District& district) {
  const model::CaseRules rules = district.rules->case_rules();
  const std::string& code = district.vocabulary->classes[planned.class_index].code;
  const model::ClassLimit* limit = district.rules->limits.find(code, planned.condition);
  Judged judged;
  for (std::size_t i = 0; i < planned.steps.size(); ++i) {
    const auto& step = planned.steps[i];
    const auto& resume_at = judged.record.resume_due_at;
    if (resume_at != base::UtcTime{} && resume_at <= step.at) model::apply_timer(judged.record, resume_at, rules);
    model::Event event;
    event.occurred_at = step.at;
    event.incident.reason = step.reason;
    event.incident.approved = step.approved;
    event.incident.satisfied = step.satisfied;
    event.incident.resume_at = step.resume_at;
    event.incident.solved_level = step.solved_level;
    model::apply_event(judged.record, i == 0, *district.vocabulary->find_event(sim::step_type(step.kind)), event, limit,
                       rules);
  }
  judged.measure = model::measure(judged.record, model::standing_at(judged.record, kLongAfter, rules), {}, rules);
  return judged;
}

TEST(CaseCourse, the_rules_find_no_flaw_in_any_case) {
  for (const auto& planned : month()) {
    const Judged judged = judge(planned, seven_stages());
    std::string told;
    for (const auto& step : planned.steps) told += fmt::format("{} ", sim::step_type(step.kind));
    ASSERT_EQ(judged.record.flaws, 0) << told;
  }
}

TEST(CaseCourse, about_one_case_in_eighty_is_late_and_half_are_handled_within_about_an_hour_and_a_half) {
  std::size_t late_count = 0, archived_count = 0, archived_in_time_count = 0;
  std::vector<std::int64_t> handle_ms, elapsed_ms;
  for (const auto& planned : month()) {
    const Judged judged = judge(planned, seven_stages());
    const auto is = [&](model::Count count) { return (judged.measure.flags & model::flag(count)) != 0; };
    if (is(model::Count::OvertimeDispose)) ++late_count;
    if (is(model::Count::Archive)) ++archived_count;
    if (is(model::Count::InTimeArchive)) ++archived_in_time_count;
    if (judged.measure.handle_ms < 0) continue;
    handle_ms.push_back(judged.measure.handle_ms);
    elapsed_ms.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(
                             judged.record.stamp(model::Stamp::Handled) - judged.record.stamp(model::Stamp::Dispatched))
                             .count());
  }
  const auto median_min = [](std::vector<std::int64_t>& ms) {
    const auto middle = ms.begin() + static_cast<std::ptrdiff_t>(ms.size() / 2);
    std::nth_element(ms.begin(), middle, ms.end());
    return static_cast<double>(*middle) / 60'000;
  };
  EXPECT_NEAR(static_cast<double>(late_count) / static_cast<double>(month().size()), 0.0131, 0.003);
  EXPECT_NEAR(median_min(handle_ms), 84, 8) << "on the case's own clock";
  EXPECT_LT(median_min(elapsed_ms), 180) << "on the wall's";
  EXPECT_GT(static_cast<double>(archived_in_time_count), 0.93 * static_cast<double>(archived_count));
}

}  // namespace
}  // namespace gridwall::test
