// SampleViews: a shipped profile over a small tree, its register filled by its own tables: every board, figure,
// workflow and site has some entries, the same at every run.
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/departments.hpp"
#include "model/profile.hpp"
#include "model/profile_names.hpp"
#include "support/sample_register.hpp"
#include "support/small_world.hpp"
#include "ui/inputs.hpp"

namespace gridwall::test {

struct SampleViews {
  explicit SampleViews(const std::string& profile_id, bool filled = true) {
    const std::filesystem::path root = GRIDWALL_SOURCE_DIR;
    profile = std::move(model::load_profile(root / "config" / "profiles" / (profile_id + ".toml"))).value();
    vocabulary = model::with_own_names(std::move(model::load_vocabulary(root / "config")).value(), profile.tables);
    departments = model::with_own_names(
        std::move(model::load_departments(root / "config" / "departments.toml")).value(), profile.tables);
    snapshot = SmallWorld(tree).snapshot(now);
    if (filled) fill();
    snapshot.registers = registers.snapshot();
    feed.state = model::FeedState::Live;
    feed.is_complete = true;
    feed.heard_since = base::UtcTime{std::chrono::hours(1)};
  }

  [[nodiscard]] model::Words words(model::Language language) const {
    const std::filesystem::path root = GRIDWALL_SOURCE_DIR;
    auto loaded = std::move(model::Words::load(root / "assets" / "words", language)).value();
    model::override_words(loaded, profile.tables);
    return loaded;
  }
  [[nodiscard]] std::string department_names() const {
    std::string names;
    for (const model::Department& one : departments.all) names += one.name_zh + one.name_en;
    return names;
  }
  [[nodiscard]] ui::Inputs inputs(const model::Words& words, std::string_view view) const {
    ui::Inputs made{snapshot, feed, profile, vocabulary, words, legend, {}, 0.02, {}, {}, {}, "demo", "0.1.0"};
    made.departments = &departments;
    for (std::size_t i = 0; i < profile.tables.views.size(); ++i) {
      if (profile.tables.views[i].id == view) made.view_index = static_cast<std::uint32_t>(i);
    }
    return made;
  }

  base::UtcTime now{std::chrono::hours(24 * 700)};  // 1971-12-02
  std::shared_ptr<const model::DivisionTree> tree = small_tree({.splits = {3, 3}});
  model::Profile profile;
  model::Vocabulary vocabulary;
  model::Departments departments;
  state::WorldSnapshot snapshot;
  model::FeedStatus feed;
  scene::Legend legend;
  SampleRegister registers;

 private:
  void fill() {
    for (const model::BoardSpec& board : profile.tables.boards) fill_board(board);
    for (const model::WorkflowSpec& workflow : profile.tables.workflows) {
      if (workflow.kind != "cases") fill_workflow(workflow.id, workflow.steps, 23);
    }
  }
  void fill_workflow(const std::string& id, const std::vector<model::WorkflowStep>& steps, int count) {
    for (int i = 0; i < count; ++i) {
      std::vector<state::ReachedStep> reached;
      const auto last = static_cast<std::size_t>(draw(static_cast<int>(steps.size())));
      for (std::size_t k = 0; k <= last; ++k) {
        reached.push_back({steps[k].id, now - std::chrono::hours(40) + std::chrono::minutes(17 * i) * (k + 1)});
      }
      auto& task = registers.task(id, std::string(id) + "-" + std::to_string(101 + i), std::move(reached));
      task.facts.due_at = now + std::chrono::hours(i * 3 - 9);
      task.division = division(i);
    }
  }
  void fill_board(const model::BoardSpec& board) {
    if (board.kind == "tasks" || board.kind == "projects") {
      fill_workflow(board.id, {{"open", "", "", ""}, {"done", "", "", ""}}, 12);
      return;
    }
    std::vector<std::string> columns;
    for (const model::NamePair& column : board.columns) columns.push_back(column.zh);
    if (columns.empty() || board.kind == "red_black" || board.kind == "cards") columns = {""};
    for (int i = 0; i < 9; ++i) {
      for (const std::string& column : columns) {
        const std::string entity = board.of == "division" ? "" : "org-04" + std::to_string(31 + i);
        std::vector<state::PeriodValue> history;
        for (int month = 0; month < 13; ++month) {
          const int year = 1970 + (month + 10) / 12;
          const int number = (month + 10) % 12 + 1;
          history.push_back({std::to_string(year) + (number < 10 ? "-0" : "-") + std::to_string(number),
                             (40 + draw(60)) * 1000, {}});
        }
        auto& entry = registers.metric(board.id, entity, column,
                                       static_cast<double>(history.back().value_milli) / 1000, history);
        entry.key += std::to_string(i);
        entry.division = division(i);
        if (board.kind == "red_black" || board.kind == "cards") entry.facts.state = i % 3 == 0 ? "black" : "red";
        if (board.kind == "sources") {
          entry.facts.state = i == 4 ? "down" : "ok";
          entry.facts.due_at = now + std::chrono::minutes(i == 2 ? -35 : 5);
        }
        if (board.kind == "coverage") {
          entry.facts.value_milli = (2 + i * 3) * 1000;
          entry.facts.of_milli = 30'000;
        }
      }
    }
  }
  [[nodiscard]] model::DivisionIndex division(int i) const {
    const model::Range towns = tree->levels().at(1).divisions;
    return model::DivisionIndex{towns.begin + static_cast<std::uint32_t>(i) % towns.size()};
  }
  int draw(int below) { return static_cast<int>(m_random() % static_cast<unsigned>(below)); }
  std::mt19937 m_random{5};
};

}  // namespace gridwall::test
