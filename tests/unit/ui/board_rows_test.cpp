// Rows of boards, workflows and figures from registers put by hand; nothing is drawn.
#include "ui/board_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "support/sample_register.hpp"
#include "support/small_world.hpp"

namespace gridwall::ui {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const std::filesystem::path kRoot = GRIDWALL_SOURCE_DIR;

struct Fixture {
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree();
  test::SampleRegister registers;
  model::Profile profile;
  model::Words words = std::move(model::Words::load(kRoot / "assets" / "words", model::Language::English)).value();
  model::Departments departments;
  state::WorldSnapshot snapshot = test::SmallWorld(tree).snapshot(base::UtcTime{hours(30)});
  base::UtcTime heard_since{hours(1)};

  Fixture() { profile.zone = base::TimeZone::fixed(hours(8)); }

  BoardContext context() {
    snapshot.registers = registers.snapshot();
    return {snapshot, profile, words, &departments, nullptr, heard_since};
  }
  BoardTable table(const std::string& kind, const std::vector<std::string>& columns = {}) {
    std::vector<model::NamePair> names;
    for (const std::string& column : columns) names.push_back({column, column});
    return named_table(kind, std::move(names));
  }
  BoardTable named_table(const std::string& kind, std::vector<model::NamePair> columns) {
    model::BoardSpec board;
    board.id = "b";
    board.name_zh = board.name_en = "Board";
    board.kind = kind;
    board.columns = std::move(columns);
    return build_board(board, context());
  }
};

TEST(BoardRows, a_table_that_nobody_filled_says_since_when_and_has_no_rows) {
  Fixture f;
  const BoardTable empty = f.table("ranking");
  EXPECT_TRUE(empty.rows.empty());
  EXPECT_EQ(empty.empty, "No data since 09:00:00");
  f.heard_since = {};
  EXPECT_EQ(f.table("ranking").empty, "No data yet");
}

TEST(BoardRows, a_ranking_goes_down_by_value_and_names_departments_by_the_profile) {
  Fixture f;
  f.departments.all.push_back({"steward", "城市管家", "City steward", {}});
  f.registers.metric("b", "org-0001", "", 12);
  f.registers.metric("b", "kind-0002", "", 11);
  f.registers.metric("b", "org-x", "", 10);
  f.registers.metric("b", "steward", "", 1234.5);
  const BoardTable table = f.table("ranking");
  ASSERT_EQ(table.rows.size(), 4u);
  EXPECT_EQ(table.rows[0].name, "City steward");
  EXPECT_EQ(table.rows[0].cells.at(0).text, "1,234.5");
  EXPECT_EQ(table.rows[1].name, "Org. 1");
  EXPECT_EQ(table.rows[2].name, "kind-0002") << "a kind that the dictionary does not know";
  EXPECT_EQ(table.rows[3].name, "org-x") << "no number";
  EXPECT_EQ(table.basis, "4 entries");
}

TEST(BoardRows, a_rate_keeps_both_sides_and_the_basis_names_the_period) {
  Fixture f;
  auto& entry = f.registers.metric("b", "a", "", 1, {{"2026-10", 3000, 4000}, {"2026-11", 1000, 3000}});
  entry.facts.of_milli = 3000;
  const BoardTable table = f.table("ranking");
  EXPECT_EQ(table.rows.at(0).cells.at(0).text, "33.3%");
  EXPECT_EQ(table.rows.at(0).cells.at(0).note, "1/3");
  EXPECT_EQ(table.basis, "2026-11 · 1 entries");
  ASSERT_TRUE(table.rows[0].last_period);
  EXPECT_NEAR(table.rows[0].last_period->ratio, (1.0 / 3 - 0.75) / 0.75, 1e-9) << "of rates, not of counts";
}

TEST(BoardRows, changes_are_against_the_period_before_and_the_same_one_a_year_ago) {
  Fixture f;
  f.registers.metric("b", "a", "", 130, {{"2025-11", 65'000, {}}, {"2026-10", 100'000, {}}, {"2026-11", 130'000, {}}});
  f.registers.metric("b", "c", "", 101, {{"2026-10", 100'000, {}}, {"2026-11", 101'000, {}}});
  const BoardTable table = f.table("ranking");
  ASSERT_TRUE(table.rows.at(0).last_period && table.rows[0].last_year);
  EXPECT_DOUBLE_EQ(table.rows[0].last_period->ratio, 0.3);
  EXPECT_TRUE(table.rows[0].last_period->is_abnormal);
  EXPECT_DOUBLE_EQ(table.rows[0].last_year->ratio, 1.0);
  EXPECT_EQ(table.rows[0].trend, (std::vector<double>{65, 100, 130}));
  EXPECT_FALSE(table.rows[1].last_period->is_abnormal);
  EXPECT_FALSE(table.rows[1].last_year) << "no such period is known";
  EXPECT_EQ(year_before("2026-W47"), "2025-W47");
  EXPECT_EQ(year_before("2026"), "2025");
  EXPECT_EQ(year_before("never"), "");
}

TEST(BoardRows, columns_stand_as_the_board_has_them_and_those_that_nobody_filled_are_left_out) {
  Fixture f;
  f.registers.metric("b", "a", "事件", 3);
  f.registers.metric("b", "a", "1", 7);
  const BoardTable table = f.table("ranking", {"打卡", "轨迹", "事件"});
  EXPECT_EQ(table.heads, (std::vector<std::string>{"打卡", "事件"}));
  EXPECT_EQ(table.rows.at(0).cells.at(0).text, "7");
  EXPECT_EQ(table.rows[0].cells.at(1).text, "3");
}

TEST(BoardRows, columns_stand_in_the_walls_language_whichever_name_the_feed_uses) {
  Fixture f;
  f.registers.metric("b", "a", "打卡", 3);
  f.registers.metric("b", "a", "Tracks", 7);
  f.registers.metric("b", "a", "c3", 9);
  const std::vector<model::NamePair> columns{{"打卡", "Check-in"}, {"轨迹", "Tracks"}, {"事件", "Events"}};
  const BoardTable table = f.named_table("ranking", columns);
  EXPECT_EQ(table.heads, (std::vector<std::string>{"Check-in", "Tracks", "Events"}));
  EXPECT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows.at(0).cells.at(1).text, "7");
  f.words = std::move(model::Words::load(kRoot / "assets" / "words", model::Language::Chinese)).value();
  EXPECT_EQ(f.named_table("ranking", columns).heads, (std::vector<std::string>{"打卡", "轨迹", "事件"}));
}

TEST(BoardRows, a_column_of_people_hides_few_in_every_language) {
  Fixture f;
  f.registers.metric("b", "", "人", 3).division = f.tree->find("R01");
  const BoardTable table = f.named_table("matrix", {{"人", "Souls"}});
  EXPECT_EQ(table.rows.at(0).name, "Souls");
  EXPECT_TRUE(table.rows.at(0).cells.at(0).hidden);
}

TEST(BoardRows, few_people_are_hidden_and_a_second_cell_with_them_because_the_total_is_shown) {
  Fixture f;
  const char* divisions[] = {"R01", "R02", "R03"};
  const double staff[] = {3, 8, 40};
  for (int i = 0; i < 3; ++i) {
    auto& entry = f.registers.metric("b", "", "", staff[i]);
    entry.key += divisions[i];
    entry.division = f.tree->find(divisions[i]);
  }
  const BoardTable table = f.table("coverage");
  ASSERT_EQ(table.rows.size(), 4u);
  EXPECT_EQ(table.rows[0].cells.at(0).text, "<5");
  EXPECT_TRUE(table.rows[1].cells.at(0).hidden) << "51 - 40 would tell 3";
  EXPECT_EQ(table.rows[2].cells.at(0).text, "40");
  EXPECT_TRUE(table.rows[3].is_total);
  EXPECT_EQ(table.rows[3].cells.at(0).text, "51");
}

TEST(BoardRows, no_hidden_cell_follows_from_a_shown_total) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::int64_t> counts(2 + random() % 8);
    for (auto& count : counts) count = static_cast<std::int64_t>(random() % 12);
    const std::vector<bool> hidden = hidden_cells(counts, true);
    const auto hidden_count = std::ranges::count(hidden, true);
    EXPECT_NE(hidden_count, 1);
    for (std::size_t i = 0; i < counts.size(); ++i) EXPECT_TRUE(hidden[i] || counts[i] >= kLeastPeople);
  }
  EXPECT_EQ(hidden_cells(std::vector<std::int64_t>{2, 9}, false), (std::vector<bool>{true, false}));
}

TEST(BoardRows, red_is_praise_on_a_list_and_blame_on_a_card) {
  Fixture f;
  for (const char* state : {"red", "black"}) f.registers.metric("b", state, "", 0).facts.state = state;
  const BoardTable list = f.table("red_black", {"红榜", "黑榜"});
  ASSERT_EQ(list.rows.size(), 2u);
  EXPECT_EQ(list.rows[0].cells.at(0).text, "黑榜");
  EXPECT_EQ(list.rows[0].cells[0].tone, Tone::Bad);
  EXPECT_EQ(list.rows[1].cells.at(0).text, "红榜");
  EXPECT_EQ(list.rows[1].cells[0].tone, Tone::Good);
  const BoardTable cards = f.table("cards");
  EXPECT_EQ(cards.rows.at(1).cells.at(0).text, "Red card");
  EXPECT_EQ(cards.rows[1].cells[0].tone, Tone::Bad);
}

TEST(BoardRows, a_source_that_ought_to_have_been_heard_is_stale_whatever_it_last_said) {
  Fixture f;
  const auto source = [&](const char* name, const char* state, base::UtcTime due) {
    auto& entry = f.registers.metric("b", name, "", 0);
    entry.facts.state = state;
    entry.facts.due_at = due;
  };
  source("well", "ok", base::UtcTime{hours(31)});
  source("silent", "ok", base::UtcTime{hours(29)});
  source("broken", "down", base::UtcTime{hours(31)});
  const BoardTable table = f.table("sources");
  EXPECT_EQ(table.basis, "1 of 3 well");
  EXPECT_EQ(table.rows.at(0).name, "broken");
  EXPECT_EQ(table.rows[0].cells.at(0).tone, Tone::Bad);
  EXPECT_EQ(table.rows.at(1).name, "silent");
  EXPECT_TRUE(table.rows[1].is_stale);
  EXPECT_EQ(table.rows[1].cells.at(0).text, "stale since 13:00");
  EXPECT_FALSE(table.rows.at(2).is_stale);
}

TEST(BoardRows, a_matrix_sums_each_column_over_the_district_and_never_shows_few_people) {
  Fixture f;
  for (const char* division : {"R01", "R02"}) {
    for (const char* column : {"人", "地"}) {
      auto& entry = f.registers.metric("b", "", column, 2);
      entry.key += division;
      entry.division = f.tree->find(division);
    }
  }
  const BoardTable table = f.table("matrix", {"人", "地"});
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].cells.at(0).text, "<5");
  EXPECT_EQ(table.rows[1].cells.at(0).text, "4");
  EXPECT_EQ(table.rows[1].cells.at(1).text, "2");
}

model::WorkflowSpec whistle() {
  model::WorkflowSpec workflow;
  workflow.id = "whistle";
  workflow.name_zh = workflow.name_en = "Whistle";
  workflow.kind = "whistle";
  workflow.steps = {{"whistle", "", "Whistle", ""}, {"come", "", "Come", ""}, {"solved", "", "Solved", ""}};
  return workflow;
}

TEST(WorkflowRows, steps_are_counted_the_response_is_a_median_of_what_took_both_and_late_ones_come_first) {
  Fixture f;
  const auto at = [](int minute) { return base::UtcTime{minutes(minute)}; };
  f.registers.task("whistle", "w1", {{"whistle", at(0)}, {"come", at(10)}});
  f.registers.task("whistle", "w2", {{"whistle", at(0)}, {"come", at(30)}, {"solved", at(60)}});
  f.registers.task("whistle", "w3", {{"whistle", at(0)}, {"come", at(50)}}).facts.due_at = at(1700);
  f.registers.task("whistle", "w4", {{"whistle", at(0)}}).facts.due_at = at(1500);
  const WorkflowStrip strip = build_workflow(whistle(), f.context());
  EXPECT_EQ(strip.steps.at(0).count, 1u);
  EXPECT_EQ(strip.steps.at(1).count, 2u);
  EXPECT_EQ(strip.steps.at(2).count, 1u);
  EXPECT_EQ(strip.basis, "Whistle to Come: median 30 min of 3");
  EXPECT_EQ(strip.overdue_count, 2u);
  EXPECT_EQ(strip.overdue.at(0).name, "w4");
  EXPECT_EQ(strip.overdue[0].cells.at(1).text, "5 h");
}

TEST(WorkflowRows, each_solved_case_stands_at_one_step_of_the_levels_and_their_sum_is_told) {
  Fixture f;
  const auto& levels = f.tree->levels();
  ASSERT_EQ(levels.size(), 3u);
  model::WorkflowSpec workflow = whistle();
  workflow.id = "levels";
  workflow.kind = "escalation";
  workflow.steps = {{"l1", levels[1].name_zh, "Town", ""}, {"above", "none such", "Above", ""}};
  EXPECT_FALSE(build_workflow(workflow, f.context()).has_data) << "nothing was solved";
  f.snapshot.solved_by_level = {2, 30, 5, 1};
  const WorkflowStrip strip = build_workflow(workflow, f.context());
  EXPECT_EQ(strip.steps.at(0).count, 36u) << "its own level and the finer ones";
  EXPECT_EQ(strip.steps.at(1).count, 2u);
  EXPECT_EQ(strip.basis, "38 of this month solved, by level");
  workflow.steps.pop_back();
  EXPECT_EQ(build_workflow(workflow, f.context()).steps.at(0).count, 38u) << "no step for what is coarser";
  workflow.steps[0].name_zh = "no level";
  EXPECT_FALSE(build_workflow(workflow, f.context()).has_data);
}

TEST(WorkflowRows, open_cases_that_stand_at_no_step_are_told_beside_those_that_do) {
  Fixture f;
  const model::StageSet stages{"s", {{"taken", "受理", "Taken", {model::CaseState::Reported}}}, {}};
  model::WorkflowSpec workflow = whistle();
  workflow.kind = "cases";
  workflow.steps[0].stage = "taken";
  const auto strip_of = [&](const test::SmallWorld& world) {
    f.snapshot = world.snapshot(base::UtcTime{hours(30)});
    BoardContext context = f.context();
    context.stages = &stages;
    return build_workflow(workflow, context);
  };
  test::SmallWorld world(f.tree);
  world.add({.id = "a", .division = "R01", .state = model::CaseState::Reported});
  EXPECT_EQ(strip_of(world).basis, "open cases by stage");
  world.add({.id = "b", .division = "R01", .state = model::CaseState::Dispatched});
  const WorkflowStrip strip = strip_of(world);
  EXPECT_EQ(strip.steps.at(0).count, 1u);
  EXPECT_EQ(strip.basis, "1 of 2 open cases, by stage");
}

TEST(WorkflowRows, what_is_finished_is_never_late_and_no_response_is_invented) {
  Fixture f;
  f.registers.task("whistle", "w1", {{"solved", base::UtcTime{hours(2)}}}).facts.due_at = base::UtcTime{hours(1)};
  const WorkflowStrip strip = build_workflow(whistle(), f.context());
  EXPECT_EQ(strip.overdue_count, 0u);
  EXPECT_EQ(strip.basis, "No response time yet");
  Fixture empty;
  EXPECT_FALSE(build_workflow(whistle(), empty.context()).has_data);
}

TEST(FigureRows, two_that_contradict_both_stand_with_scope_and_date_and_assumed_is_said) {
  Fixture f;
  model::FigureSpec grids, social, built;
  grids.id = "grids";
  grids.name_en = grids.name_zh = "Grids";
  grids.number = 3047;
  grids.unit = "grids";
  grids.scope = "large, medium and small";
  grids.as_of = "2019";
  grids.conflicts_with = "social";
  social = grids;
  social.id = "social";
  social.number = 2267;
  social.scope = "social governance";
  social.as_of = "";
  social.conflicts_with = "grids";
  built.id = "built";
  built.name_en = built.name_zh = "Built";
  built.assumed = true;
  f.profile.tables.figures = {grids, social, built};
  const std::vector<std::string> ids = {"grids", "built"};
  const auto rows = build_figures(ids, f.context());
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].value, "3,047 grids");
  EXPECT_EQ(rows[0].scope, "large, medium and small · 2019");
  EXPECT_EQ(rows[1].value, "2,267 grids");
  EXPECT_EQ(rows[1].scope, "social governance · no date given");
  EXPECT_TRUE(rows[0].is_in_conflict && rows[1].is_in_conflict);
  EXPECT_EQ(rows[2].value, "not stated");
  EXPECT_TRUE(rows[2].is_assumed);
}

}  // namespace
}  // namespace gridwall::ui
