#include "app/indicators_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/text_table.hpp"

namespace gridwall::app {

namespace {

using model::Count;
using model::Words;

constexpr std::int64_t kMsPerMinute = 60'000;
constexpr double kNoLessThan = 0.05;  // a change that rounds to 0.0 has no sign

// 12345 as "12,345"; not below 0.
std::string grouped(std::int64_t number) {
  const std::string digits = fmt::format("{}", number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string signed_text(double value) {
  return std::abs(value) < kNoLessThan ? std::string("0.0") : fmt::format("{:+.1f}", value);
}

std::string duration_text(std::int64_t ms, const Words& words) {
  if (ms < 0) return words.get("indicators.no_case");
  const double minutes = static_cast<double>(ms) / kMsPerMinute;
  if (minutes < 90) return words.fill("indicators.minutes", {fmt::format("{:.1f}", minutes)});
  return words.fill("indicators.hours", {fmt::format("{:.1f}", minutes / 60)});
}

// What a cell says where a period's figures are not known; empty where they are.
std::string unknown_text(const PeriodFigures& period, const Words& words) {
  switch (period.known) {
    case Known::Yes:
      return {};
    case Known::NotKept:
      return words.get("indicators.not_kept");
    case Known::BeforeEvents:
      return words.get("indicators.before_events");
  }
  return {};
}

// The five cells of one line: now, before, change, last year, change.
template <typename Value, typename Change>
std::vector<std::string> line_cells(std::string label, const PeriodSheet& sheet, const Words& words, Value&& value,
                                    Change&& change) {
  std::vector<std::string> cells{std::move(label), value(sheet.current.total)};
  for (const PeriodFigures* then : {&sheet.previous, &sheet.last_year}) {
    const std::string unknown = unknown_text(*then, words);
    cells.push_back(unknown.empty() ? value(then->total) : unknown);
    cells.push_back(unknown.empty() ? change(sheet.current.total, then->total) : "");
  }
  return cells;
}

void add_count(TextTable& table, const PeriodSheet& sheet, Count count, const Words& words) {
  if (sheet.current.total.of(count) + sheet.previous.total.of(count) + sheet.last_year.total.of(count) == 0) return;
  const auto change = [&](const state::Figures& now, const state::Figures& then) {
    if (then.of(count) == 0) return words.get("indicators.no_case");
    const double base = then.of(count);
    return signed_text(100 * (static_cast<double>(now.of(count)) - base) / base) + " %";
  };
  const auto value = [&](const state::Figures& figures) { return grouped(figures.of(count)); };
  table.add(line_cells(words.get(fmt::format("count.{}", model::count_word(count))), sheet, words, value, change));
}

std::string rate_text(const model::Rate& rate, const Words& words) {
  const auto value = rate.value();
  if (!value) return words.get("indicators.no_case");
  return words.fill("indicators.rate",
                    {fmt::format("{:.1f}", 100 * *value), grouped(rate.numerator), grouped(rate.denominator)});
}

void add_rate(TextTable& table, const PeriodSheet& sheet, const model::RateSpec& spec, const Words& words) {
  const auto of = [&](const state::Figures& figures) { return model::rate_of(spec, figures.counts); };
  if (of(sheet.current.total).denominator + of(sheet.previous.total).denominator +
          of(sheet.last_year.total).denominator ==
      0) {
    return;
  }
  const auto change = [&](const state::Figures& now, const state::Figures& then) {
    const auto value_now = of(now).value(), value_then = of(then).value();
    if (!value_now || !value_then) return words.get("indicators.no_case");
    return words.fill("indicators.points", {signed_text(100 * (*value_now - *value_then))});
  };
  const auto value = [&](const state::Figures& figures) { return rate_text(of(figures), words); };
  const std::string label = fmt::format("{} = {} ÷ {}", words.pick(spec.name_zh, spec.name_en),
                                        words.pick(spec.numerator_zh, spec.numerator_en),
                                        words.pick(spec.denominator_zh, spec.denominator_en));
  table.add(line_cells(label, sheet, words, value, change));
}

void add_durations(TextTable& table, const PeriodSheet& sheet, std::string_view title,
                   state::Durations state::Figures::*which, const Words& words) {
  if ((sheet.current.total.*which).count + (sheet.previous.total.*which).count + (sheet.last_year.total.*which).count ==
      0) {
    return;
  }
  const auto line = [&](std::string_view name, auto&& of) {
    const auto value = [&](const state::Figures& figures) { return duration_text(of(figures.*which), words); };
    const auto change = [&](const state::Figures& now, const state::Figures& then) {
      const std::int64_t ms_now = of(now.*which), ms_then = of(then.*which);
      if (ms_now < 0 || ms_then <= 0) return words.get("indicators.no_case");
      return signed_text(100 * static_cast<double>(ms_now - ms_then) / static_cast<double>(ms_then)) + " %";
    };
    const std::string label = fmt::format("{} · {}", words.get(title), words.get(name));
    table.add(line_cells(label, sheet, words, value, change));
  };
  line("indicators.mean", [](const state::Durations& durations) { return durations.mean_ms(); });
  line("indicators.median", [](const state::Durations& durations) { return durations.quantile_ms(500); });
  line("indicators.p90", [](const state::Durations& durations) { return durations.quantile_ms(900); });
}

std::string period_table(const PeriodSheet& sheet, const WallData& data) {
  const Words& words = data.words;
  TextTable table;
  const std::string kind = words.get(fmt::format("indicators.period.{}", period_kind_word(sheet.kind)));
  table.add({fmt::format("{} {}", kind, base::period_text(sheet.current.period)), words.get("indicators.current"),
             base::period_text(sheet.previous.period), words.get("indicators.change"),
             base::period_text(sheet.last_year.period), words.get("indicators.change")});
  for (std::size_t i = 0; i < model::kCountCount; ++i) add_count(table, sheet, static_cast<Count>(i), words);
  for (const model::RateSpec& spec : data.rules->indicators.rates) add_rate(table, sheet, spec, words);
  add_durations(table, sheet, "indicators.accept_time", &state::Figures::accept, words);
  add_durations(table, sheet, "indicators.handle_time", &state::Figures::handle, words);
  return table.text(2);
}

std::string key_label(state::Dimension dimension, const std::string& key, const WallData& data) {
  switch (dimension) {
    case state::Dimension::Severity:
      return data.words.get(fmt::format("severity.{}", key));
    case state::Dimension::Channel: {
      const model::Channel* channel = data.vocabulary->find_channel(key);
      return channel == nullptr ? key : data.words.pick(channel->name_zh, channel->name_en);
    }
    case state::Dimension::Class: {
      const model::IncidentClass* found = data.vocabulary->find_class(key);
      return found == nullptr ? key : fmt::format("{} {}", key, data.words.pick(found->name_zh, found->name_en));
    }
    case state::Dimension::Department:
      break;
  }
  return key;
}

// A line for each value of the dimension with cases in the running period.
std::string dimension_table(const PeriodSheet& sheet, state::Dimension dimension,
                            const std::vector<state::KeyedFigures>& keyed, const WallData& data) {
  const Words& words = data.words;
  constexpr Count kColumns[] = {Count::Report, Count::ShouldHandle, Count::Dispose, Count::ToDisposeOverdue,
                                Count::Archive};
  constexpr std::string_view kRates[] = {"disposal_on_time", "closing_on_time"};
  TextTable table;
  std::vector<std::string> head{fmt::format("{} · {}",
                                            words.get(fmt::format("indicators.by.{}", dimension_word(dimension))),
                                            base::period_text(sheet.current.period))};
  for (const Count count : kColumns) head.push_back(words.get(fmt::format("count.{}", model::count_word(count))));
  for (const std::string_view id : kRates) {
    const model::RateSpec* rate = data.rules->indicators.find_rate(id);
    if (rate != nullptr) head.push_back(words.pick(rate->name_zh, rate->name_en));
  }
  head.push_back(fmt::format("{} · {}", words.get("indicators.handle_time"), words.get("indicators.median")));
  const std::size_t column_count = head.size();
  table.add(std::move(head));
  const bool is_class = dimension == state::Dimension::Class;
  for (const state::KeyedFigures& entry : keyed) {
    const RowShown shown = is_class ? sheet.current.hidden.of(entry.key) : RowShown::Whole;
    if (entry.figures.of(Count::Report) == 0 && shown != RowShown::Nothing) continue;
    if (is_class && sheet.current.hidden.all) continue;
    const std::string label =
        entry.key.empty() ? words.get("indicators.no_key") : key_label(dimension, entry.key, data);
    std::vector<std::string> cells{label};
    if (shown != RowShown::Whole) {
      const bool reports_only = shown == RowShown::ReportsOnly;
      const auto place = reports_only ? model::CellShown::Exact : hidden_place(sheet.current, entry.figures);
      cells.push_back(model::cell_text(entry.figures.of(Count::Report), place));
      cells.resize(column_count, model::cell_text(0, model::CellShown::Covered));
      table.add(std::move(cells));
      continue;
    }
    for (const Count count : kColumns) cells.push_back(grouped(entry.figures.of(count)));
    for (const std::string_view id : kRates) {
      const model::RateSpec* rate = data.rules->indicators.find_rate(id);
      if (rate != nullptr) cells.push_back(rate_text(model::rate_of(*rate, entry.figures.counts), words));
    }
    cells.push_back(duration_text(entry.figures.handle.quantile_ms(500), words));
    table.add(std::move(cells));
  }
  return table.text(2);
}

std::string now_text(const state::CaseCounts& now, const WallData& data) {
  const Words& words = data.words;
  std::string stages;
  for (const auto& [stage, count] : open_by_stage(now, *data.rules)) {
    if (count == 0) continue;
    stages +=
        fmt::format("{}{} {}", stages.empty() ? "" : " · ", words.pick(stage->name_zh, stage->name_en), grouped(count));
  }
  const auto number = [](std::uint32_t count) { return grouped(count); };
  const auto line = [](const std::string& text) { return fmt::format("  {}\n", text); };
  std::string out = line(words.fill("indicators.now", {number(now.open), number(now.unlocated_open)}));
  if (!stages.empty()) out += line(words.fill("indicators.by_stage", {stages}));
  out += line(words.fill("indicators.deadlines",
                         {number(now.warn), number(now.overdue), number(now.overdue_by_age[0]),
                          number(now.overdue_by_age[1]), number(now.overdue_by_age[2]), number(now.paused)}));
  out += line(words.fill("indicators.stage_ageing", {number(now.accept_late), number(now.dispatch_late),
                                                     number(now.verify_late), number(now.check_late)}));
  out += line(words.fill("indicators.other_now",
                         {number(now.milestone_missed), number(now.suspension_overrun), number(now.returned_twice)}));
  return out;
}

}  // namespace

namespace {

bool is_share(model::AlertRule rule) {
  return rule == model::AlertRule::OvertimeShare || rule == model::AlertRule::RecurrenceShare ||
         rule == model::AlertRule::MissingAddress;
}

// The worst first; what is not shown is counted.
std::string alerts_text(const state::WorldSnapshot& snapshot, const WallData& data) {
  constexpr std::size_t kShown = 10;
  const Words& words = data.words;
  std::string out = words.fill("indicators.alerts", {grouped(snapshot.alert_count)}) + "\n";
  for (std::size_t i = 0; i < std::min(kShown, snapshot.alerts->size()); ++i) {
    const state::Alert& alert = (*snapshot.alerts)[i];
    const model::AlertRuleSpec& rule = data.rules->alerts.spec(alert.rule);
    const char* unit = is_share(alert.rule) ? "‰" : "";  // parts of a thousand of this month's cases
    const std::string name = alert.name.empty() ? words.pick(rule.name_zh, rule.name_en) : alert.name;
    out += "  " +
           words.fill("indicators.alert",
                      {name, data.tree->at(alert.division).name, alert.subject,
                       local_minute_text(alert.since, data.rules->zone), fmt::format("{}{}", alert.value, unit),
                       fmt::format("{}{}", alert.threshold, unit)}) +
           "\n";
  }
  return out;
}

}  // namespace

std::string head_text(const EventFileResult& folded, const WallData& data, const IndicatorQuery& query) {
  const Words& words = data.words;
  const base::TimeZone& zone = data.rules->zone;
  const state::WorldSnapshot& snapshot = *folded.snapshot;
  const auto number = [](std::uint64_t count) { return grouped(static_cast<std::int64_t>(count)); };
  std::string out = words.fill("indicators.title", {words.pick(data.profile.name_zh, data.profile.name_en),
                                                    local_minute_text(query.at, zone), zone.name()}) +
                    "\n";
  out += words.fill("indicators.events", {number(folded.accepted_count), number(folded.refused_count)}) + "\n";
  if (!folded.first_refusal.empty()) out += words.fill("indicators.first_refusal", {folded.first_refusal}) + "\n";
  if (snapshot.simulated_event_count > 0) {
    out += words.fill("indicators.simulated", {number(snapshot.simulated_event_count), number(folded.accepted_count)}) +
           "\n";
  }
  if (folded.accepted_count > 0) {
    out += words.fill("indicators.begin", {local_minute_text(query.events_begin, zone)}) + "\n";
  }
  out += words.fill("indicators.quality", {number(snapshot.out_of_order_count), number(snapshot.unknown_class_count),
                                           number(snapshot.joined_late_count)}) +
         "\n";
  out += alerts_text(snapshot, data) + words.get("indicators.basis") + "\n";
  const auto& periods = query.periods;
  if (!query.dimensions.empty() && std::find(periods.begin(), periods.end(), base::PeriodKind::Hour) != periods.end()) {
    out += words.get("indicators.hours_whole") + "\n";
  }
  return out;
}

std::string sheet_text(const IndicatorSheet& sheet, const WallData& data) {
  const model::Division& division = data.tree->at(sheet.division);
  const model::DivisionLevel& level = data.tree->levels().at(division.level_index);
  std::string out =
      fmt::format("\n{} {} ({})\n", division.code, division.name, data.words.pick(level.name_zh, level.name_en));
  out += now_text(sheet.now, data);
  for (const PeriodSheet& period : sheet.periods) {
    out += fmt::format("\n{}", period_table(period, data));
    for (const auto& [dimension, keyed] : period.current.by) {
      out += fmt::format("\n{}", dimension_table(period, dimension, keyed, data));
    }
  }
  return out;
}

std::string scores_text(const state::World& world, const WallData& data, const IndicatorQuery& query) {
  const Words& words = data.words;
  const model::IndicatorSpec& spec = data.rules->indicators;
  std::string out;
  for (const base::PeriodKind kind : query.periods) {
    const base::Period period = base::period_of(query.at, kind, data.rules->zone);
    for (const model::PeerGroup& group : spec.peer_groups) {
      const PeerUnits peers = units_of(group, *data.tree);
      for (const model::ScoreSpec& score : spec.scores) {
        out += fmt::format("\n{} · {} · {}\n", words.pick(score.name_zh, score.name_en),
                           words.pick(group.name_zh, group.name_en), base::period_text(period));
        for (const std::string& code : peers.unknown_codes) {
          out += fmt::format("  {}\n", words.fill("indicators.unknown_unit", {code}));
        }
        TextTable table;
        table.add({words.get("indicators.unit"), words.get("indicators.rank"), words.get("indicators.score"),
                   words.get("count.report")});
        for (const RankedUnit& unit : rank_units(world, spec, score, peers.divisions, period)) {
          const model::Division& division = data.tree->at(unit.division);
          table.add({fmt::format("{} {}", division.code, division.name),
                     unit.rank ? fmt::format("{}", *unit.rank) : words.get("indicators.no_rank"),
                     unit.score ? fmt::format("{:.2f}", *unit.score) : words.get("indicators.too_few"),
                     grouped(unit.figures.of(Count::Report))});
        }
        out += table.text(2);
      }
    }
  }
  return out;
}

}  // namespace gridwall::app
