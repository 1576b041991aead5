// Workflows and stated figures of a view; declared in ui/board_rows.hpp.
#include <fmt/format.h>

#include <algorithm>

#include "base/time_text.hpp"
#include "ui/board_rows.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

using Entry = state::RegisterEntry;

std::optional<base::UtcTime> reached(const Entry& task, std::string_view step) {
  const auto found = std::ranges::find_if(task.steps, [&](const state::ReachedStep& one) { return one.step == step; });
  return found == task.steps.end() ? std::nullopt : std::optional(found->at);
}

std::optional<std::size_t> place_of(const model::WorkflowSpec& workflow, std::string_view step) {
  const auto found = std::ranges::find_if(workflow.steps, [&](const auto& one) { return one.id == step; });
  if (found == workflow.steps.end()) return std::nullopt;
  return static_cast<std::size_t>(found - workflow.steps.begin());
}

// Cases are no tasks: what stands at a step are the open cases of its stage.
void count_cases(const model::WorkflowSpec& workflow, const BoardContext& context, WorkflowStrip& strip) {
  if (context.stages == nullptr) return;
  const auto& counts = context.snapshot.total->at(context.snapshot.tree->root().value);
  for (std::size_t i = 0; i < workflow.steps.size(); ++i) {
    if (workflow.steps[i].stage.empty()) continue;
    for (const model::Stage& stage : context.stages->stages) {
      if (stage.id != workflow.steps[i].stage) continue;
      for (const model::CaseState state : stage.states) {
        strip.steps[i].count += counts.open_by_state[model::case_state_index(state)];
      }
      strip.has_data = true;
    }
  }
  if (!strip.has_data) return;
  std::uint64_t at_steps = 0;
  for (const auto& step : strip.steps) at_steps += step.count;
  // Cases at rest, or at a step that this workflow does not have, are open too.
  strip.basis = at_steps == counts.open
                    ? context.words.get("boards.open_cases")
                    : context.words.fill("boards.open_cases_of", {grouped(at_steps), grouped(counts.open)});
}

// Whom a case reached before it was solved. A step has its level's name; what is finer than all steps counts at the
// finest, what is coarser at the step that is no level ("above"), or at the coarsest.
void count_levels(const model::WorkflowSpec& workflow, const BoardContext& context, WorkflowStrip& strip) {
  const auto& levels = context.snapshot.tree->levels();
  std::optional<std::size_t> other;
  std::vector<std::optional<std::size_t>> step_by_level(context.snapshot.solved_by_level.size());
  for (std::size_t i = 0; i < workflow.steps.size(); ++i) {
    const model::WorkflowStep& step = workflow.steps[i];
    const std::string& wanted = step.level.empty() ? step.name_zh : step.level;
    const auto level = std::ranges::find_if(levels, [&](const auto& one) { return one.name_zh == wanted; });
    const auto place = static_cast<std::size_t>(level - levels.begin());
    if (level == levels.end() || place >= step_by_level.size()) {
      other = i;
    } else {
      step_by_level[place] = i;
    }
  }
  const auto coarsest = std::ranges::find_if(step_by_level, [](const auto& step) { return step.has_value(); });
  if (coarsest == step_by_level.end()) return;
  std::size_t step = other.value_or(**coarsest);
  std::uint64_t sum = 0;
  for (std::size_t level = 0; level < step_by_level.size(); ++level) {
    if (step_by_level[level]) step = *step_by_level[level];
    strip.steps[step].count += context.snapshot.solved_by_level[level];
    sum += context.snapshot.solved_by_level[level];
  }
  strip.has_data = sum > 0;
  if (strip.has_data) strip.basis = context.words.fill("boards.solved_levels", {grouped(sum)});
}

void count_tasks(const model::WorkflowSpec& workflow, std::span<const std::shared_ptr<const Entry>> tasks,
                 const BoardContext& context, WorkflowStrip& strip) {
  const base::UtcTime now = context.snapshot.state_time;
  struct Late {
    const Entry* task;
    std::size_t step;
  };
  std::vector<Late> late;
  for (const auto& task : tasks) {
    strip.has_exercise = strip.has_exercise || task->facts.exercise;
    const auto step = place_of(workflow, task->facts.step);
    if (!step) continue;
    ++strip.steps[*step].count;
    const bool is_last = *step + 1 == workflow.steps.size();
    if (!is_last && task->facts.due_at && *task->facts.due_at < now) late.push_back({task.get(), *step});
  }
  std::ranges::stable_sort(late, {}, [](const Late& one) { return *one.task->facts.due_at; });
  strip.overdue_count = static_cast<std::uint32_t>(late.size());
  for (const Late& one : late) {
    BoardRow row;
    row.name = one.task->key;
    row.cells = {{strip.steps[one.step].name, "", Tone::Plain, false},
                 {age_text(now - *one.task->facts.due_at, context.words), "", Tone::Bad, false}};
    strip.overdue.push_back(std::move(row));
  }
  strip.has_data = true;
  const auto response = response_time(tasks, workflow);
  strip.basis = response ? context.words.fill("boards.response",
                                              {strip.steps[0].name, strip.steps[1].name,
                                               age_text(std::chrono::minutes(response->median_min), context.words),
                                               grouped(response->count)})
                         : context.words.get("boards.no_response");
}

const model::FigureSpec* find_figure(const model::ProfileTables& tables, std::string_view id) {
  const auto found = std::ranges::find_if(tables.figures, [&](const auto& figure) { return figure.id == id; });
  return found == tables.figures.end() ? nullptr : &*found;
}

FigureRow figure_row(const model::FigureSpec& figure, const BoardContext& context) {
  FigureRow row;
  row.name = context.words.pick(figure.name_zh, figure.name_en);
  row.is_assumed = figure.assumed;
  row.is_in_conflict = !figure.conflicts_with.empty();
  std::string date = figure.as_of;
  for (const model::MaterialSpec& material : context.profile.tables.materials) {
    if (date.empty() && material.id == figure.source) date = material.as_of;
  }
  if (figure.number) {
    const std::string number = stated_with_unit(*figure.number, figure.unit, context.words);
    row.value = figure.at_least ? "≥" + number : number;
  } else {
    row.value = context.words.get("boards.not_stated");
  }
  row.scope = translated(context.words, "scope", figure.scope);
  row.scope += " · " + (date.empty() ? context.words.get("boards.no_date") : date);
  return row;
}

}  // namespace

std::optional<ResponseTime> response_time(std::span<const std::shared_ptr<const Entry>> tasks,
                                          const model::WorkflowSpec& workflow) {
  if (workflow.steps.size() < 2) return std::nullopt;
  std::vector<base::Duration> times;
  for (const auto& task : tasks) {
    const auto first = reached(*task, workflow.steps[0].id), second = reached(*task, workflow.steps[1].id);
    if (first && second && *second >= *first) times.push_back(*second - *first);
  }
  if (times.empty()) return std::nullopt;
  // Of an even number the lower of the two in the middle: a time that was taken.
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>((times.size() - 1) / 2);
  std::ranges::nth_element(times, middle);
  return ResponseTime{std::chrono::duration_cast<std::chrono::minutes>(*middle).count(), times.size()};
}

WorkflowStrip build_workflow(const model::WorkflowSpec& workflow, const BoardContext& context) {
  WorkflowStrip strip;
  strip.title = context.words.pick(workflow.name_zh, workflow.name_en);
  for (const model::WorkflowStep& step : workflow.steps) {
    strip.steps.push_back({context.words.pick(step.name_zh, step.name_en), 0});
  }
  const auto tasks = context.snapshot.registers->table(model::RegisterKind::Task, workflow.id);
  if (!tasks.empty()) {
    count_tasks(workflow, tasks, context, strip);
  } else if (workflow.kind == "cases") {
    count_cases(workflow, context, strip);
  } else if (workflow.kind == "escalation") {
    count_levels(workflow, context, strip);
  }
  if (!strip.has_data) {
    const bool is_known = context.heard_since != base::UtcTime{};
    strip.basis = is_known ? context.words.fill("boards.no_data_since",
                                                {base::format_hms(context.heard_since, context.profile.zone)})
                           : context.words.get("boards.no_data");
  }
  return strip;
}

std::vector<FigureRow> build_figures(std::span<const std::string> ids, const BoardContext& context) {
  std::vector<const model::FigureSpec*> shown;
  const auto add = [&](const model::FigureSpec* figure) {
    if (figure != nullptr && std::ranges::find(shown, figure) == shown.end()) shown.push_back(figure);
  };
  for (const std::string& id : ids) {
    const model::FigureSpec* figure = find_figure(context.profile.tables, id);
    add(figure);
    if (figure != nullptr) add(find_figure(context.profile.tables, figure->conflicts_with));
  }
  std::vector<FigureRow> rows;
  for (const model::FigureSpec* figure : shown) {
    rows.push_back(figure_row(*figure, context));
    // What the register says of it now stands beside what the material says.
    for (const auto& entry : context.snapshot.registers->table(model::RegisterKind::Metric, figure->id)) {
      const bool is_whole = entry->division == context.snapshot.tree->root() && entry->facts.entity.empty();
      if (!is_whole || !entry->facts.value_milli) continue;
      FigureRow reported = rows.back();
      const double value = static_cast<double>(*entry->facts.value_milli) / 1000;
      reported.value = stated_with_unit(value, figure->unit, context.words);
      if (entry->facts.of_milli && *entry->facts.of_milli > 0) {
        const double of = static_cast<double>(*entry->facts.of_milli) / 1000;
        reported.value = fmt::format("{:.1f}%", std::floor(value * 1000 / of) / 10);
        reported.scope = fmt::format("{}/{}", stated_number(value), stated_number(of));
      } else {
        reported.scope = context.words.get("boards.reported");
      }
      if (!entry->facts.period.empty()) reported.scope += " · " + entry->facts.period;
      reported.is_assumed = reported.is_in_conflict = false;
      reported.is_reported = true;
      rows.push_back(std::move(reported));
      break;
    }
  }
  return rows;
}

}  // namespace gridwall::ui
