#include "ui/board_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/time_text.hpp"
#include "scene/register_layers.hpp"
#include "scene/scene_builder.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

using Entry = state::RegisterEntry;
using Entries = std::span<const std::shared_ptr<const Entry>>;
constexpr double kMilli = 1000;

std::string number_text(std::int64_t milli) {
  const std::int64_t whole = std::abs(milli) / 1000, part = std::abs(milli) % 1000;
  std::string text = grouped(static_cast<std::uint64_t>(whole));
  if (part != 0) {
    std::string digits = fmt::format("{:03}", part);
    while (digits.back() == '0') digits.pop_back();
    text += "." + digits;
  }
  return milli < 0 ? "-" + text : text;
}

std::string rate_text(std::int64_t value, std::int64_t of) {
  if (of <= 0) return "–";
  return fmt::format("{:.1f}%", std::floor(static_cast<double>(value) * 1000 / static_cast<double>(of)) / 10);
}

// A word of the dictionary where there is one ("entry.late"), else the word itself.
std::string state_word(const BoardContext& context, std::string_view state) {
  const std::string key = "entry." + std::string(state);
  return context.words.has(key) ? context.words.get(key) : std::string(state);
}

std::string division_name(const BoardContext& context, model::DivisionIndex division) {
  const model::DivisionTree& tree = *context.snapshot.tree;
  if (!division.valid() || division.value >= tree.divisions().size()) return {};
  return std::string(scene::short_name(tree.at(division).name, context.words.get("map.name_suffixes")));
}

// A department's name; "task-007" is "Task 7" where the dictionary knows the kind; else the id itself.
std::string entity_name(const BoardContext& context, const std::string& id) {
  const model::Department* department = context.departments != nullptr ? context.departments->find(id) : nullptr;
  if (department != nullptr) return context.words.pick(department->name_zh, department->name_en);
  const std::size_t dash = id.rfind('-');
  const bool has_number = dash != std::string::npos && dash + 1 < id.size() &&
                          id.find_first_not_of("0123456789", dash + 1) == std::string::npos;
  const std::string key = has_number ? "entity." + id.substr(0, dash) : std::string();
  if (!has_number || !context.words.has(key)) return id;
  const std::size_t first = std::min(id.find_first_not_of('0', dash + 1), id.size() - 1);
  return context.words.fill(key, {id.substr(first)});
}

std::string subject(const BoardContext& context, const Entry& entry) {
  return entry.facts.entity.empty() ? division_name(context, entry.division) : entity_name(context, entry.facts.entity);
}

// The column's place among the board's: by its own text in either language, or by its number ("2", "c2").
std::optional<std::size_t> column_of(const model::BoardSpec& board, std::string_view column) {
  for (std::size_t i = 0; i < board.columns.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const bool is_own = column == board.columns[i].zh || column == board.columns[i].en;
    if (is_own || column == number || column == "c" + number || column == "col" + number) return i;
  }
  return std::nullopt;
}

bool counts_people(const model::BoardSpec& board, const model::NamePair& column, const BoardContext& context) {
  const std::string known = "|" + context.words.get("boards.people_columns") + "|";
  const auto holds = [&](const std::string& name) { return known.find("|" + name + "|") != std::string::npos; };
  return board.kind == "coverage" || holds(column.zh) || holds(column.en);
}

std::string nothing_since(const BoardContext& context) {
  if (context.heard_since == base::UtcTime{}) return context.words.get("boards.no_data");
  return context.words.fill("boards.no_data_since", {base::format_hms(context.heard_since, context.profile.zone)});
}

std::optional<BoardChange> change_between(double before, double now) {
  if (before == 0) return std::nullopt;
  const double ratio = (now - before) / std::abs(before);
  return BoardChange{ratio, std::abs(ratio) >= kAbnormalChange};
}

double shown_value(const state::PeriodValue& value) {
  if (value.of_milli && *value.of_milli > 0) {
    return static_cast<double>(value.value_milli) / static_cast<double>(*value.of_milli);
  }
  return static_cast<double>(value.value_milli) / kMilli;
}

void add_trend(const Entry& entry, BoardRow& row) {
  const auto& history = entry.history;
  if (history.size() < 2) return;
  row.last_period = change_between(shown_value(history[history.size() - 2]), shown_value(history.back()));
  const std::string year_ago = year_before(history.back().period);
  for (const state::PeriodValue& value : history) {
    row.trend.push_back(shown_value(value));
    if (!year_ago.empty() && value.period == year_ago) {
      row.last_year = change_between(shown_value(value), shown_value(history.back()));
    }
  }
}

BoardCell cell_of(const Entry& entry) {
  BoardCell cell;
  const model::RegisterFacts& facts = entry.facts;
  if (!facts.value_milli) return cell;
  if (facts.of_milli) {
    cell.text = rate_text(*facts.value_milli, *facts.of_milli);
    cell.note = fmt::format("{}/{}", number_text(*facts.value_milli), number_text(*facts.of_milli));
  } else {
    cell.text = number_text(*facts.value_milli);
  }
  return cell;
}

// A subject's entries by column.
struct Subject {
  std::string name;
  std::vector<const Entry*> by_column;
};

struct Pivot {
  std::vector<model::NamePair> names;  // of the columns
  std::vector<Subject> subjects;
};

Pivot pivot(const model::BoardSpec& board, Entries entries, const BoardContext& context) {
  Pivot made;
  made.names = board.columns;
  std::map<std::string, std::size_t> extra;
  std::map<std::pair<std::string, std::uint32_t>, std::size_t> known;
  for (const auto& entry : entries) {
    const std::string& column = entry->facts.column;
    auto place = column_of(board, column);
    if (!place) {
      const auto [found, is_new] = extra.try_emplace(column, made.names.size());
      const std::string& name = column.empty() ? context.words.get("boards.value") : column;
      if (is_new) made.names.push_back({name, name});
      place = found->second;
    }
    const auto key = std::pair(entry->facts.entity, entry->facts.entity.empty() ? entry->division.value : 0u);
    const auto [found, is_new] = known.try_emplace(key, made.subjects.size());
    if (is_new) made.subjects.push_back({subject(context, *entry), {}});
    auto& cells = made.subjects[found->second].by_column;
    if (cells.size() <= *place) cells.resize(*place + 1, nullptr);
    cells[*place] = entry.get();
  }
  // Columns that nobody filled are left out, but for the board's own while it has any of them.
  std::vector<bool> used(made.names.size(), false);
  for (Subject& one : made.subjects) {
    one.by_column.resize(made.names.size(), nullptr);
    for (std::size_t i = 0; i < one.by_column.size(); ++i) used[i] = used[i] || one.by_column[i] != nullptr;
  }
  for (std::size_t i = made.names.size(); i-- > 0;) {
    if (used[i]) continue;
    made.names.erase(made.names.begin() + static_cast<std::ptrdiff_t>(i));
    for (Subject& one : made.subjects) one.by_column.erase(one.by_column.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return made;
}

double rank_value(const Subject& one) {
  for (const Entry* entry : one.by_column) {
    if (entry == nullptr || !entry->facts.value_milli) continue;
    const auto value = static_cast<double>(*entry->facts.value_milli);
    return entry->facts.of_milli && *entry->facts.of_milli > 0 ? value / static_cast<double>(*entry->facts.of_milli)
                                                               : value;
  }
  return -1e300;
}

std::string periods_text(Entries entries) {
  std::string first, last;
  for (const auto& entry : entries) {
    const std::string& period = entry->facts.period;
    if (period.empty()) continue;
    if (first.empty() || period < first) first = period;
    if (last.empty() || period > last) last = period;
  }
  return first == last ? first : first + " – " + last;
}

std::string basis_text(const BoardContext& context, Entries entries, std::size_t subjects) {
  const std::string count = context.words.fill("boards.entries", {grouped(subjects)});
  const std::string periods = periods_text(entries);
  return periods.empty() ? count : periods + " · " + count;
}

// Counts of people in one column: few are hidden, the total stands below.
void hide_people(BoardTable& table, std::size_t column, std::span<const Subject> subjects) {
  std::vector<std::int64_t> counts;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const Entry* entry = subjects[i].by_column[column];
    if (entry == nullptr || !entry->facts.value_milli) continue;
    counts.push_back(*entry->facts.value_milli / 1000);
    rows.push_back(i);
  }
  const std::vector<bool> hidden = hidden_cells(counts, true);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (!hidden[k]) continue;
    BoardRow& row = table.rows[rows[k]];
    const bool is_few = counts[k] < kLeastPeople;
    row.cells[column] = {is_few ? fmt::format("<{}", kLeastPeople) : "·", "", Tone::Quiet, true};
    row.trend.clear();
    row.last_period.reset();
    row.last_year.reset();
  }
}

void add_total(BoardTable& table, std::span<const Subject> subjects, const BoardContext& context) {
  BoardRow total;
  total.name = context.words.get("boards.total");
  total.is_total = true;
  for (std::size_t column = 0; column < table.heads.size(); ++column) {
    std::int64_t value = 0, of = 0;
    bool has_of = false, has_value = false;
    for (const Subject& one : subjects) {
      const Entry* entry = one.by_column[column];
      if (entry == nullptr || !entry->facts.value_milli) continue;
      has_value = true;
      value += *entry->facts.value_milli;
      has_of = has_of || entry->facts.of_milli.has_value();
      of += entry->facts.of_milli.value_or(0);
    }
    BoardCell cell;
    if (has_value) cell.text = has_of ? rate_text(value, of) : number_text(value);
    if (has_of) cell.note = fmt::format("{}/{}", number_text(value), number_text(of));
    total.cells.push_back(std::move(cell));
  }
  table.rows.push_back(std::move(total));
}

void fill_pivot(const model::BoardSpec& board, Entries entries, const BoardContext& context, BoardTable& table) {
  Pivot made = pivot(board, entries, context);
  const bool lowest_first = board.kind == "coverage";
  std::ranges::stable_sort(made.subjects, [&](const Subject& a, const Subject& b) {
    return lowest_first ? rank_value(a) < rank_value(b) : rank_value(a) > rank_value(b);
  });
  for (const model::NamePair& name : made.names) table.heads.push_back(context.words.pick(name.zh, name.en));
  for (const Subject& one : made.subjects) {
    BoardRow row;
    row.name = one.name;
    for (const Entry* entry : one.by_column) row.cells.push_back(entry != nullptr ? cell_of(*entry) : BoardCell{});
    const auto first = std::ranges::find_if(one.by_column, [](const Entry* entry) { return entry != nullptr; });
    if (first != one.by_column.end()) add_trend(**first, row);
    table.has_changes = table.has_changes || row.last_period || row.last_year;
    table.rows.push_back(std::move(row));
  }
  bool has_people = false;
  for (std::size_t column = 0; column < table.heads.size(); ++column) {
    if (!counts_people(board, made.names[column], context)) continue;
    hide_people(table, column, made.subjects);
    has_people = true;
  }
  if (has_people) add_total(table, made.subjects, context);
  // What changed most stands first among many measures.
  if (board.kind == "metrics") {
    std::ranges::stable_sort(table.rows, std::ranges::greater{}, [](const BoardRow& row) {
      return row.last_period && row.last_period->is_abnormal ? std::abs(row.last_period->ratio) : 0.0;
    });
  }
  table.basis = basis_text(context, entries, made.subjects.size());
}

// One row a column: the sum over the whole district, and in how many divisions or by how many somebody reported it.
void fill_matrix(const model::BoardSpec& board, Entries entries, const BoardContext& context, BoardTable& table) {
  const Pivot made = pivot(board, entries, context);
  table.heads = {context.words.get("boards.value"), context.words.get("boards.reporting")};
  for (std::size_t column = 0; column < made.names.size(); ++column) {
    std::int64_t value = 0, of = 0;
    std::uint32_t count = 0;
    for (const Subject& one : made.subjects) {
      const Entry* entry = one.by_column[column];
      if (entry == nullptr || !entry->facts.value_milli) continue;
      value += *entry->facts.value_milli;
      of += entry->facts.of_milli.value_or(0);
      ++count;
    }
    BoardRow row;
    row.name = context.words.pick(made.names[column].zh, made.names[column].en);
    const bool few = counts_people(board, made.names[column], context) && value < kLeastPeople * 1000;
    BoardCell cell;
    cell.text = few ? fmt::format("<{}", kLeastPeople) : of > 0 ? rate_text(value, of) : number_text(value);
    cell.hidden = few;
    if (of > 0 && !few) cell.note = fmt::format("{}/{}", number_text(value), number_text(of));
    row.cells = {std::move(cell), {grouped(count), "", Tone::Quiet, false}};
    table.rows.push_back(std::move(row));
  }
  table.basis = basis_text(context, entries, made.subjects.size());
}

// Red is praise on a list and blame on a card.
Tone tone_of_state(const model::BoardSpec& board, std::string_view state) {
  if (state == "red") return board.kind == "cards" ? Tone::Bad : Tone::Good;
  if (state == "black") return Tone::Bad;
  if (state == "yellow") return Tone::Warn;
  return Tone::Plain;
}

void fill_states(const model::BoardSpec& board, Entries entries, const BoardContext& context, BoardTable& table) {
  const bool is_list = board.kind == "red_black";
  const auto rank = [](const Entry& entry) {
    const std::string& state = entry.facts.state;
    return state == "black" ? 0 : state == "red" ? 1 : state.empty() ? 3 : 2;
  };
  std::vector<const Entry*> sorted;
  for (const auto& entry : entries) sorted.push_back(entry.get());
  std::ranges::stable_sort(sorted, {}, [&](const Entry* entry) { return rank(*entry); });
  const bool has_values = std::ranges::any_of(sorted, [](const Entry* entry) { return !!entry->facts.value_milli; });
  table.heads = {context.words.get("boards.state")};
  if (has_values) table.heads.push_back(context.words.get("boards.value"));
  for (const Entry* entry : sorted) {
    const std::string& state = entry->facts.state;
    BoardRow row;
    row.name = subject(context, *entry);
    std::string word = state_word(context, state);
    if (is_list && board.columns.size() == 2 && (state == "red" || state == "black")) {
      const model::NamePair& name = board.columns[state == "red" ? 0 : 1];
      word = context.words.pick(name.zh, name.en);
    }
    if (board.kind == "cards" && !state.empty()) word = state_word(context, "card_" + state);
    row.cells.push_back({std::move(word), "", tone_of_state(board, state), false});
    if (has_values) row.cells.push_back(cell_of(*entry));
    add_trend(*entry, row);
    table.has_changes = table.has_changes || row.last_period || row.last_year;
    table.rows.push_back(std::move(row));
  }
  table.basis = basis_text(context, entries, sorted.size());
}

// A source that ought to have been heard by now is stale whatever it last said of itself.
void fill_sources(Entries entries, const BoardContext& context, BoardTable& table) {
  struct Source {
    const Entry* entry;
    int rank;  // 0: down, 1: stale or late, 2: well
  };
  std::vector<Source> sources;
  for (const auto& entry : entries) {
    const bool is_stale = entry->facts.due_at && *entry->facts.due_at < context.snapshot.state_time;
    const bool is_down = entry->facts.state == "down";
    sources.push_back({entry.get(), is_down ? 0 : is_stale || entry->facts.state == "late" ? 1 : 2});
  }
  std::ranges::stable_sort(sources, {}, &Source::rank);
  table.heads = {context.words.get("boards.state")};
  std::size_t well = 0;
  for (const auto& [entry, rank] : sources) {
    BoardRow row;
    row.name = subject(context, *entry);
    row.is_stale = entry->facts.due_at && *entry->facts.due_at < context.snapshot.state_time;
    BoardCell cell;
    if (row.is_stale) {
      cell.text = context.words.fill("boards.stale_since",
                                     {base::format_hms(*entry->facts.due_at, context.profile.zone).substr(0, 5)});
      cell.tone = Tone::Quiet;
    } else {
      cell.text = state_word(context, entry->facts.state);
      cell.tone = rank == 0 ? Tone::Bad : rank == 1 ? Tone::Warn : Tone::Plain;
    }
    if (rank == 2) ++well;
    row.cells.push_back(std::move(cell));
    table.rows.push_back(std::move(row));
  }
  table.basis = context.words.fill("boards.sources_well", {grouped(well), grouped(sources.size())});
}

std::string step_name(const BoardContext& context, const std::string& step) {
  for (const model::WorkflowSpec& workflow : context.profile.tables.workflows) {
    for (const model::WorkflowStep& one : workflow.steps) {
      if (one.id == step) return context.words.pick(one.name_zh, one.name_en);
    }
  }
  return state_word(context, step);
}

bool is_done(std::string_view step) {
  return step == "done" || step == "solved" || step == "granted" || step == "deed" || step == "run" || step == "rate" ||
         step == "back";
}

bool is_overdue(const Entry& task, base::UtcTime now) {
  return task.facts.due_at && *task.facts.due_at < now && !is_done(task.facts.step);
}

// Late ones first, then by what is due next; done ones last.
void fill_tasks(Entries tasks, const BoardContext& context, BoardTable& table) {
  const base::UtcTime now = context.snapshot.state_time;
  std::vector<const Entry*> sorted;
  std::size_t done = 0, late = 0;
  for (const auto& task : tasks) {
    sorted.push_back(task.get());
    done += is_done(task->facts.step) ? 1u : 0u;
    late += is_overdue(*task, now) ? 1u : 0u;
  }
  const auto due = [](const Entry* task) { return task->facts.due_at.value_or(base::UtcTime::max()); };
  std::ranges::stable_sort(sorted, [&](const Entry* a, const Entry* b) {
    if (is_done(a->facts.step) != is_done(b->facts.step)) return is_done(b->facts.step);
    return due(a) < due(b);
  });
  table.heads = {context.words.get("boards.step"), context.words.get("boards.due")};
  for (const Entry* task : sorted) {
    BoardRow row;
    const std::string who =
        task->facts.entity.empty() ? division_name(context, task->division) : entity_name(context, task->facts.entity);
    // A task with a name of its own is not told by its key as well.
    const bool is_named = !task->facts.entity.empty() && who != task->facts.entity;
    row.name = who.empty() ? task->key : is_named ? who : task->key + " · " + who;
    BoardCell due_cell;
    if (task->facts.due_at) due_cell.text = base::format_date(*task->facts.due_at, context.profile.zone).substr(5);
    const bool is_late = is_overdue(*task, now);
    due_cell.tone = is_late ? Tone::Bad : Tone::Quiet;
    const Tone tone = is_done(task->facts.step) ? Tone::Quiet : Tone::Plain;
    row.cells = {{step_name(context, task->facts.step), "", tone, false}, std::move(due_cell)};
    table.rows.push_back(std::move(row));
  }
  table.basis = context.words.fill("boards.tasks_done", {grouped(done), grouped(tasks.size())});
  if (late > 0) table.basis += " · " + context.words.fill("boards.overdue", {grouped(late)});
}

}  // namespace

std::vector<bool> hidden_cells(std::span<const std::int64_t> counts, bool total_shown) {
  std::vector<bool> hidden(counts.size(), false);
  std::size_t hidden_count = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] >= kLeastPeople) continue;
    hidden[i] = true;
    ++hidden_count;
  }
  if (!total_shown || hidden_count != 1) return hidden;
  std::optional<std::size_t> smallest;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!hidden[i] && (!smallest || counts[i] < counts[*smallest])) smallest = i;
  }
  if (smallest) hidden[*smallest] = true;
  return hidden;
}

std::string year_before(std::string_view period) {
  if (period.size() < 4) return {};
  int year = 0;
  for (const char digit : period.substr(0, 4)) {
    if (digit < '0' || digit > '9') return {};
    year = year * 10 + (digit - '0');
  }
  return year == 0 ? std::string() : fmt::format("{:04}{}", year - 1, period.substr(4));
}

BoardTable build_board(const model::BoardSpec& board, const BoardContext& context) {
  BoardTable table;
  table.title = context.words.pick(board.name_zh, board.name_en);
  const state::RegisterSnapshot& registers = *context.snapshot.registers;
  const Entries metrics = registers.table(model::RegisterKind::Metric, board.id);
  const Entries tasks = registers.table(model::RegisterKind::Task, board.id);
  for (const Entries part : {metrics, tasks}) {
    for (const auto& entry : part) table.has_exercise = table.has_exercise || entry->facts.exercise;
  }
  if (!tasks.empty()) {
    fill_tasks(tasks, context, table);
  } else if (metrics.empty()) {
    table.empty = nothing_since(context);
  } else if (board.kind == "sources") {
    fill_sources(metrics, context, table);
  } else if (board.kind == "red_black" || board.kind == "cards") {
    fill_states(board, metrics, context, table);
  } else if (board.kind == "matrix" || board.kind == "lists") {
    fill_matrix(board, metrics, context, table);
  } else {
    fill_pivot(board, metrics, context, table);
  }
  return table;
}

}  // namespace gridwall::ui
