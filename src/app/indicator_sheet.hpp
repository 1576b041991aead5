// IndicatorSheet: what `gridwall indicators` shows of one division, read from the fold: how it stands now, and the
// figures of each asked period beside the period before and the same one last year. Text and JSON are made of it.
// Test: tests/e2e/indicators.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/class_guard.hpp"
#include "app/wall_data.hpp"
#include "base/time_zone.hpp"
#include "state/figures.hpp"
#include "state/world.hpp"

namespace gridwall::app {

// What is asked for, and of what.
struct IndicatorQuery {
  base::UtcTime at{};
  std::vector<base::PeriodKind> periods;
  std::vector<state::Dimension> dimensions;
  base::UtcTime events_begin{};  // of the first event; what lies before is not known
};

// Whether figures of a period can be told.
enum class Known : std::uint8_t { Yes, NotKept, BeforeEvents };

struct PeriodFigures {
  base::Period period;
  base::UtcTime begin{}, end{};
  Known known = Known::Yes;
  state::Figures total, own;                                                      // own: what no child has
  std::vector<std::pair<state::Dimension, std::vector<state::KeyedFigures>>> by;  // of total; hours have none
  HiddenRows hidden;         // of what is `by` class
  bool tells_small = false;  // of those hidden
};

// What stands in the place of the reports of a class that is hidden.
model::CellShown hidden_place(const PeriodFigures& period, const state::Figures& figures);

struct PeriodSheet {
  base::PeriodKind kind = base::PeriodKind::Month;
  PeriodFigures current;  // holds `at`, and runs up to it
  PeriodFigures previous, last_year;
};

struct IndicatorSheet {
  model::DivisionIndex division;
  state::CaseCounts now;  // with all below it
  state::CaseCounts own_now;
  std::vector<PeriodSheet> periods;
};

IndicatorSheet make_sheet(const state::World& world, const state::WorldSnapshot& snapshot, const WallData& data,
                          model::DivisionIndex division, const IndicatorQuery& query, ClassGuard& guard);

// Open cases by the stage of the district's chain that their state stands in, in the chain's order.
std::vector<std::pair<const model::Stage*, std::uint32_t>> open_by_stage(const state::CaseCounts& now,
                                                                         const model::DistrictRules& rules);

// "hour", "day", "week", "month", "year"
std::string_view period_kind_word(base::PeriodKind kind);
std::optional<base::PeriodKind> period_kind_from_word(std::string_view word);
// "department", "channel", "class", "severity"
std::string_view dimension_word(state::Dimension dimension);
std::optional<state::Dimension> dimension_from_word(std::string_view word);

// A peer group's units in its order, and its codes that the tree lacks.
struct PeerUnits {
  std::vector<model::DivisionIndex> divisions;
  std::vector<std::string> unknown_codes;
};
PeerUnits units_of(const model::PeerGroup& group, const model::DivisionTree& tree);

// One score of one peer group in one period: units by rank, those without a score last.
struct RankedUnit {
  model::DivisionIndex division;
  std::optional<double> score;
  std::optional<int> rank;
  state::Figures figures;
};
std::vector<RankedUnit> rank_units(const state::World& world, const model::IndicatorSpec& spec,
                                   const model::ScoreSpec& score, const std::vector<model::DivisionIndex>& divisions,
                                   base::Period period);

// "2026-11-17T10:30:00+08:00" and "2026-11-17 10:30" on the district's clock.
std::string local_rfc3339(base::UtcTime time, const base::TimeZone& zone);
std::string local_minute_text(base::UtcTime time, const base::TimeZone& zone);

}  // namespace gridwall::app
