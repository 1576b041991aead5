// Board rows: what the boards, figures and workflows of a profile's view say, as plain rows: built from the register
// without drawing. Nothing is invented: what nobody reported is an empty table that says so. Rates keep both sides,
// counts of people below kLeastPeople are hidden, and a second cell with them where the shown total would tell.
// Invariant (tests/unit/ui/board_rows_test.cpp): with a total shown, no hidden cell follows from the others.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/departments.hpp"
#include "model/lifecycle.hpp"
#include "model/profile.hpp"
#include "model/words.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::ui {

inline constexpr std::int64_t kLeastPeople = 5;
inline constexpr double kAbnormalChange = 0.3;  // of the value before: what is coloured

enum class Tone : std::uint8_t { Plain, Quiet, Good, Warn, Bad };

struct BoardCell {
  std::string text;
  std::string note;  // of a rate: both sides
  Tone tone = Tone::Plain;
  bool hidden = false;  // a count of few people
};

struct BoardChange {
  double ratio = 0;  // of the value before; 0.1: a tenth more
  bool is_abnormal = false;
};

struct BoardRow {
  std::string name;
  std::vector<BoardCell> cells;  // one each of BoardTable::heads
  std::optional<BoardChange> last_period, last_year;
  std::vector<double> trend;  // oldest first; fewer than 3: none
  bool is_stale = false;
  bool is_total = false;
};

struct BoardTable {
  std::string title;
  std::string basis;  // period and number of entries
  std::string empty;  // with no rows: since when nobody said anything
  std::vector<std::string> heads;
  std::vector<BoardRow> rows;
  bool has_changes = false;  // some row has one
  bool has_exercise = false;
};

// One step of a workflow and what stands there.
struct StepCount {
  std::string name;
  std::uint32_t count = 0;
};
struct WorkflowStrip {
  std::string title;
  std::vector<StepCount> steps;
  bool has_data = false;
  std::string basis;    // "median 12 min from A to B, of 34", or that nothing was reported
  std::uint32_t overdue_count = 0;
  std::vector<BoardRow> overdue;  // the longest first: key, step, by how much
  bool has_exercise = false;
};

// A number that the system's material states.
struct FigureRow {
  std::string name;
  std::string value;  // with its unit; "not stated"
  std::string scope;  // what was counted, of when
  bool is_assumed = false;
  bool is_in_conflict = false;
  bool is_reported = false;  // by the register, now: not the material's
};

struct BoardContext {
  const state::WorldSnapshot& snapshot;
  const model::Profile& profile;
  const model::Words& words;
  const model::Departments* departments = nullptr;
  const model::StageSet* stages = nullptr;
  base::UtcTime heard_since{};  // for tables that nobody filled; epoch: not known
};

BoardTable build_board(const model::BoardSpec& board, const BoardContext& context);
WorkflowStrip build_workflow(const model::WorkflowSpec& workflow, const BoardContext& context);
// The figures of the ids in their order, each followed by the one that it contradicts.
std::vector<FigureRow> build_figures(std::span<const std::string> ids, const BoardContext& context);

// Which cells to hide: those below kLeastPeople, and where the total is shown and one alone is hidden the smallest of
// the others too. Pure.
std::vector<bool> hidden_cells(std::span<const std::int64_t> counts, bool total_shown);

// The same label a year before: "2026-11" -> "2025-11"; empty: no label of a year.
std::string year_before(std::string_view period);

// Median in whole minutes from the first to the second step, and of how many; nothing: none took both.
struct ResponseTime {
  std::int64_t median_min = 0;
  std::size_t count = 0;
};
std::optional<ResponseTime> response_time(std::span<const std::shared_ptr<const state::RegisterEntry>> tasks,
                                          const model::WorkflowSpec& workflow);

}  // namespace gridwall::ui
