#include "app/indicators_json.hpp"

namespace gridwall::app {

namespace {

using base::JsonWriter;

void write_durations(JsonWriter& json, std::string_view name, const state::Durations& durations) {
  if (durations.count == 0) return;
  json.key(name).begin_object().field("count", durations.count).field("sum_ms", durations.sum_ms);
  json.field("mean_ms", durations.mean_ms()).field("median_ms", durations.quantile_ms(500));
  json.field("p90_ms", durations.quantile_ms(900)).end_object();
}

void write_figures(JsonWriter& json, const state::Figures& figures, const model::IndicatorSpec& spec) {
  json.begin_object().key("counts").begin_object();
  for (std::size_t i = 0; i < model::kCountCount; ++i) {
    if (figures.counts[i] > 0) json.field(model::count_word(static_cast<model::Count>(i)), figures.counts[i]);
  }
  json.end_object();
  write_durations(json, "accept", figures.accept);
  write_durations(json, "handle", figures.handle);
  json.key("rates").begin_object();
  for (const model::RateSpec& spec_rate : spec.rates) {
    const model::Rate rate = model::rate_of(spec_rate, figures.counts);
    if (rate.denominator == 0) continue;
    json.key(spec_rate.id).begin_array().value(rate.numerator).value(rate.denominator).end_array();
  }
  json.end_object().end_object();
}

// Of a class that may not be told, or of which only the reports may.
void write_hidden(JsonWriter& json, const state::KeyedFigures& entry, const PeriodFigures& period) {
  if (period.hidden.all) return;
  const bool reports_only = period.hidden.of(entry.key) == RowShown::ReportsOnly;
  if (reports_only && entry.figures == state::Figures{}) return;
  const auto shown = hidden_place(period, entry.figures);
  json.key(entry.key).begin_object().field("suppressed", model::suppressed_word(shown));
  if (reports_only) {
    json.key("counts").begin_object();
    json.field(model::count_word(model::Count::Report), entry.figures.of(model::Count::Report)).end_object();
  }
  json.end_object();
}

void write_period(JsonWriter& json, std::string_view name, const PeriodFigures& figures, const WallData& data) {
  const base::TimeZone& zone = data.rules->zone;
  json.key(name).begin_object().field("period", base::period_text(figures.period));
  json.field("begin", local_rfc3339(figures.begin, zone)).field("end", local_rfc3339(figures.end, zone));
  if (figures.known != Known::Yes) {
    json.field("unknown", figures.known == Known::NotKept ? "not_kept" : "before_events").end_object();
    return;
  }
  json.key("total");
  write_figures(json, figures.total, data.rules->indicators);
  json.key("own");
  write_figures(json, figures.own, data.rules->indicators);
  if (!figures.by.empty()) json.key("by").begin_object();
  for (const auto& [dimension, keyed] : figures.by) {
    json.key(dimension_word(dimension)).begin_object();
    const bool is_class = dimension == state::Dimension::Class;
    if (is_class && figures.hidden.all) json.field("suppressed", model::suppressed_word(model::CellShown::Covered));
    for (const state::KeyedFigures& entry : keyed) {
      if (is_class && figures.hidden.of(entry.key) != RowShown::Whole) {
        write_hidden(json, entry, figures);
        continue;
      }
      if (entry.figures == state::Figures{}) continue;
      json.key(entry.key);
      write_figures(json, entry.figures, data.rules->indicators);
    }
    json.end_object();
  }
  if (!figures.by.empty()) json.end_object();
  json.end_object();
}

void write_count(JsonWriter& json, std::string_view name, std::uint32_t count) {
  if (count > 0) json.field(name, count);
}

void write_now(JsonWriter& json, std::string_view name, const state::CaseCounts& now, const WallData& data) {
  json.key(name).begin_object();
  write_count(json, "open", now.open);
  write_count(json, "reported_today", now.reported_today);
  write_count(json, "closed_of_reported_today", now.closed_of_reported_today);
  write_count(json, "closed_today", now.closed_today);
  write_count(json, "unlocated_open", now.unlocated_open);
  write_count(json, "warn", now.warn);
  write_count(json, "overdue", now.overdue);
  json.key("overdue_by_age").begin_array();
  for (const std::uint32_t count : now.overdue_by_age) json.value(count);
  json.end_array();
  write_count(json, "paused", now.paused);
  write_count(json, "accept_late", now.accept_late);
  write_count(json, "dispatch_late", now.dispatch_late);
  write_count(json, "verify_late", now.verify_late);
  write_count(json, "check_late", now.check_late);
  write_count(json, "milestone_missed", now.milestone_missed);
  write_count(json, "suspension_overrun", now.suspension_overrun);
  write_count(json, "returned_twice", now.returned_twice);
  json.key("open_by_severity").begin_array();
  for (const std::uint32_t count : now.open_by_severity) json.value(count);
  json.end_array().key("open_by_state").begin_object();
  for (std::size_t i = 0; i < model::kCaseStateCount; ++i) {
    write_count(json, fmt::format("{}", static_cast<int>(model::kCaseStates[i])), now.open_by_state[i]);
  }
  json.end_object().key("open_by_stage").begin_object();
  for (const auto& [stage, count] : open_by_stage(now, *data.rules)) write_count(json, stage->id, count);
  json.end_object().end_object();
}

void write_alerts(JsonWriter& json, const state::WorldSnapshot& snapshot, const WallData& data) {
  json.field("alert_count", snapshot.alert_count).key("alerts").begin_array();
  for (const state::Alert& alert : *snapshot.alerts) {
    json.begin_object().field("rule", model::alert_rule_word(alert.rule)).field("subject", alert.subject);
    json.field("division", data.tree->at(alert.division).code).field("severity", static_cast<int>(alert.severity));
    json.field("since", local_rfc3339(alert.since, data.rules->zone)).field("value", alert.value);
    json.field("threshold", alert.threshold).end_object();
  }
  json.end_array();
}

void write_rate_labels(JsonWriter& json, const model::IndicatorSpec& spec) {
  json.key("rates").begin_object();
  for (const model::RateSpec& rate : spec.rates) {
    json.key(rate.id).begin_object().field("name_zh", rate.name_zh).field("name_en", rate.name_en);
    json.field("numerator_zh", rate.numerator_zh).field("numerator_en", rate.numerator_en);
    json.field("denominator_zh", rate.denominator_zh).field("denominator_en", rate.denominator_en);
    json.field("better", rate.higher_is_better ? "high" : "low").end_object();
  }
  json.end_object();
}

}  // namespace

void write_head(JsonWriter& json, const EventFileResult& folded, const WallData& data, const IndicatorQuery& query) {
  const base::TimeZone& zone = data.rules->zone;
  json.field("at", local_rfc3339(query.at, zone)).field("time_zone", zone.name());
  json.field("district_zh", data.profile.name_zh).field("district_en", data.profile.name_en);
  json.key("events").begin_object().field("accepted", folded.accepted_count).field("refused", folded.refused_count);
  if (!folded.first_refusal.empty()) json.field("first_refusal", folded.first_refusal);
  if (folded.accepted_count > 0) json.field("begin", local_rfc3339(query.events_begin, zone));
  json.field("simulated", folded.snapshot->simulated_event_count);
  json.field("out_of_order", folded.snapshot->out_of_order_count);
  json.field("unknown_class", folded.snapshot->unknown_class_count);
  json.field("joined_late", folded.snapshot->joined_late_count).end_object();
  write_alerts(json, *folded.snapshot, data);
  write_rate_labels(json, data.rules->indicators);
}

void write_sheet(JsonWriter& json, const IndicatorSheet& sheet, const WallData& data) {
  const model::Division& division = data.tree->at(sheet.division);
  json.begin_object().field("kind", "division").field("code", division.code).field("name", division.name);
  json.field("level", division.level_index);
  if (sheet.division != data.tree->root()) json.field("parent", data.tree->at(division.parent).code);
  write_now(json, "now", sheet.now, data);
  write_now(json, "own_now", sheet.own_now, data);
  json.key("periods").begin_object();
  for (const PeriodSheet& period : sheet.periods) {
    json.key(period_kind_word(period.kind)).begin_object();
    write_period(json, "current", period.current, data);
    write_period(json, "previous", period.previous, data);
    write_period(json, "last_year", period.last_year, data);
    json.end_object();
  }
  json.end_object().end_object();
}

void write_scores(JsonWriter& json, const state::World& world, const WallData& data, const IndicatorQuery& query) {
  const model::IndicatorSpec& spec = data.rules->indicators;
  json.key("scores").begin_array();
  for (const base::PeriodKind kind : query.periods) {
    const base::Period period = base::period_of(query.at, kind, data.rules->zone);
    for (const model::PeerGroup& group : spec.peer_groups) {
      const PeerUnits peers = units_of(group, *data.tree);
      for (const model::ScoreSpec& score : spec.scores) {
        json.begin_object().field("score", score.id).field("group", group.id);
        json.field("period", base::period_text(period)).field("cases_min", score.cases_min);
        json.key("unknown_codes").begin_array();
        for (const std::string& code : peers.unknown_codes) json.value(code);
        json.end_array().key("units").begin_array();
        for (const RankedUnit& unit : rank_units(world, spec, score, peers.divisions, period)) {
          json.begin_object().field("code", data.tree->at(unit.division).code);
          if (unit.score) json.field("score", *unit.score).field("rank", *unit.rank);
          json.field("reported", unit.figures.of(model::Count::Report)).end_object();
        }
        json.end_array().end_object();
      }
    }
  }
  json.end_array();
}

}  // namespace gridwall::app
