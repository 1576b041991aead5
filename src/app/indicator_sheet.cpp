#include "app/indicator_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace gridwall::app {

namespace {

constexpr std::array<std::string_view, base::kPeriodKindCount> kPeriodWords{"hour", "day", "week", "month", "year"};
constexpr std::array<std::string_view, state::kDimensionCount> kDimensionWords{"department", "channel", "class",
                                                                               "severity"};

template <typename Enum, std::size_t N>
std::optional<Enum> from_word(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

PeriodFigures read_period(const state::World& world, const WallData& data, model::DivisionIndex division,
                          base::Period period, const IndicatorQuery& query, ClassGuard& guard) {
  PeriodFigures out;
  out.period = period;
  out.begin = base::period_begin(period, data.rules->zone);
  out.end = base::period_end(period, data.rules->zone);
  if (out.end <= query.events_begin) {
    out.known = Known::BeforeEvents;
    return out;
  }
  if (!world.keeps(period)) {
    out.known = Known::NotKept;
    return out;
  }
  out.total = world.figures(division, period);
  out.own = world.own_figures(division, period);
  for (const state::Dimension dimension : query.dimensions) {
    if (!world.keeps_by(period)) break;  // none for hours, and for days 800 back
    out.by.emplace_back(dimension, world.figures_by(division, period, dimension));
    if (dimension != state::Dimension::Class) continue;
    out.hidden = guard.hidden(division, period);
    // A hidden class has its row in every neighbour: that one of them has none of it is nobody's business either.
    auto& rows = out.by.back().second;
    for (const auto& [code, shown] : out.hidden.rows) {
      const bool is_there = std::ranges::any_of(rows, [&](const auto& row) { return row.key == code; });
      if (shown == RowShown::Nothing && !is_there) rows.push_back({code, {}});
    }
    out.tells_small = out.hidden.tells_small(rows);
  }
  return out;
}

struct LocalParts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> clock;
};

LocalParts local_parts(base::UtcTime time, const base::TimeZone& zone) {
  const auto local = std::chrono::floor<std::chrono::seconds>(zone.to_local(time));
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<std::chrono::seconds>(local - day)};
}

}  // namespace

std::string_view period_kind_word(base::PeriodKind kind) {
  return kPeriodWords.at(static_cast<std::size_t>(kind));
}

std::optional<base::PeriodKind> period_kind_from_word(std::string_view word) {
  return from_word<base::PeriodKind>(kPeriodWords, word);
}

std::string_view dimension_word(state::Dimension dimension) {
  return kDimensionWords.at(static_cast<std::size_t>(dimension));
}

std::optional<state::Dimension> dimension_from_word(std::string_view word) {
  return from_word<state::Dimension>(kDimensionWords, word);
}

model::CellShown hidden_place(const PeriodFigures& period, const state::Figures& figures) {
  const auto alone = model::shown_alone(figures.of(model::Count::Report));
  return period.tells_small && alone == model::CellShown::Small ? alone : model::CellShown::Covered;
}

IndicatorSheet make_sheet(const state::World& world, const state::WorldSnapshot& snapshot, const WallData& data,
                          model::DivisionIndex division, const IndicatorQuery& query, ClassGuard& guard) {
  IndicatorSheet sheet;
  sheet.division = division;
  sheet.now = snapshot.total->at(division.value);
  sheet.own_now = snapshot.own(division);
  for (const base::PeriodKind kind : query.periods) {
    const base::Period current = base::period_of(query.at, kind, data.rules->zone);
    PeriodSheet period;
    period.kind = kind;
    period.current = read_period(world, data, division, current, query, guard);
    period.previous = read_period(world, data, division, base::previous_period(current), query, guard);
    period.last_year = read_period(world, data, division, base::period_last_year(current), query, guard);
    sheet.periods.push_back(std::move(period));
  }
  return sheet;
}

std::vector<std::pair<const model::Stage*, std::uint32_t>> open_by_stage(const state::CaseCounts& now,
                                                                         const model::DistrictRules& rules) {
  std::vector<std::pair<const model::Stage*, std::uint32_t>> out;
  for (const model::Stage& stage : rules.stages.stages) out.emplace_back(&stage, 0);
  for (std::size_t i = 0; i < model::kCaseStateCount; ++i) {
    const auto stage = rules.stages.stage_of(model::kCaseStates[i]);
    if (stage) out[*stage].second += now.open_by_state[i];
  }
  return out;
}

PeerUnits units_of(const model::PeerGroup& group, const model::DivisionTree& tree) {
  PeerUnits units;
  if (group.division_codes.empty()) {
    if (static_cast<std::size_t>(group.level) >= tree.levels().size()) return units;
    const model::Range range = tree.levels()[static_cast<std::size_t>(group.level)].divisions;
    for (std::uint32_t i = range.begin; i < range.end; ++i) units.divisions.push_back(model::DivisionIndex{i});
    return units;
  }
  for (const std::string& code : group.division_codes) {
    const model::DivisionIndex division = tree.find(code);
    if (division == model::DivisionIndex::none()) {
      units.unknown_codes.push_back(code);
    } else {
      units.divisions.push_back(division);
    }
  }
  return units;
}

std::vector<RankedUnit> rank_units(const state::World& world, const model::IndicatorSpec& spec,
                                   const model::ScoreSpec& score, const std::vector<model::DivisionIndex>& divisions,
                                   base::Period period) {
  std::vector<RankedUnit> units;
  std::vector<std::optional<double>> scores;
  for (const model::DivisionIndex division : divisions) {
    RankedUnit unit{division, std::nullopt, std::nullopt, world.figures(division, period)};
    unit.score = model::score_of(score, spec.rates, unit.figures.counts);
    scores.push_back(unit.score);
    units.push_back(std::move(unit));
  }
  const auto ranks = model::rank(scores);
  for (std::size_t i = 0; i < units.size(); ++i) units[i].rank = ranks[i];
  std::stable_sort(units.begin(), units.end(), [](const RankedUnit& a, const RankedUnit& b) {
    constexpr int kLast = 1 << 30;
    return a.rank.value_or(kLast) < b.rank.value_or(kLast);
  });
  return units;
}

std::string local_rfc3339(base::UtcTime time, const base::TimeZone& zone) {
  const auto [date, clock] = local_parts(time, zone);
  const auto offset = std::chrono::floor<std::chrono::minutes>(zone.offset_at(time)).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), offset < 0 ? '-' : '+', std::abs(offset) / 60,
                     std::abs(offset) % 60);
}

std::string local_minute_text(base::UtcTime time, const base::TimeZone& zone) {
  const auto [date, clock] = local_parts(time, zone);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count());
}

}  // namespace gridwall::app
