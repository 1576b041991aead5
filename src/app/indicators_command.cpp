// gridwall indicators: the figures of a file of events at one moment: counts, rates, times and scores by division.
#include <algorithm>
#include <cstdio>

#include "app/commands.hpp"
#include "app/event_file.hpp"
#include "app/indicators_json.hpp"
#include "app/indicators_text.hpp"
#include "app/output_options.hpp"
#include "app/paths.hpp"
#include "app/recording_figures.hpp"
#include "base/time_text.hpp"

namespace gridwall::app {

namespace {

using base::Error;
using base::ErrorCode;

struct IndicatorsOptions {
  std::string events, at;
  std::vector<std::string> recordings;
  std::string profile;  // empty: kDefaultProfile
  std::string language = "en";
  LayerOptions layers;
  std::vector<std::string> divisions, periods, dimensions;
  bool scores = false, all = false, json = false;
};

base::Result<IndicatorQuery> query_of(const IndicatorsOptions& options) {
  IndicatorQuery query;
  const auto at = base::parse_rfc3339(options.at);
  if (!at.ok()) return Error{ErrorCode::InvalidArgument, fmt::format("--at {}", at.error().message)};
  query.at = *at;
  for (const std::string& word : options.periods) {
    const auto kind = period_kind_from_word(word);
    if (!kind) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("--period {}: expected hour, day, week, month or year", word)};
    }
    if (std::count(query.periods.begin(), query.periods.end(), *kind) == 0) query.periods.push_back(*kind);
  }
  if (query.periods.empty()) query.periods.push_back(base::PeriodKind::Month);
  for (const std::string& word : options.dimensions) {
    const auto dimension = dimension_from_word(word);
    if (!dimension) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("--by {}: expected department, channel, class or severity", word)};
    }
    if (std::count(query.dimensions.begin(), query.dimensions.end(), *dimension) == 0) {
      query.dimensions.push_back(*dimension);
    }
  }
  return query;
}

// As named; else the root and its children.
base::Result<std::vector<model::DivisionIndex>> chosen(const IndicatorsOptions& options,
                                                       const model::DivisionTree& tree) {
  std::vector<model::DivisionIndex> divisions;
  for (const std::string& code : options.divisions) {
    const model::DivisionIndex division = tree.find(code);
    if (division == model::DivisionIndex::none()) {
      return Error{
          ErrorCode::InvalidArgument,
          fmt::format("--division {}: no division of these layers has that code; --all --json lists them", code)};
    }
    divisions.push_back(division);
  }
  if (!divisions.empty()) return divisions;
  const auto count = static_cast<std::uint32_t>(tree.divisions().size());
  const model::Range children = tree.at(tree.root()).children;
  if (!options.all) divisions.push_back(tree.root());
  for (std::uint32_t i = options.all ? 0 : children.begin; i < (options.all ? count : children.end); ++i) {
    divisions.push_back(model::DivisionIndex{i});
  }
  return divisions;
}

void print_line(base::JsonWriter json) {
  json.end_object();
  const std::string line = json.take() + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
}

// Everything of the run.
struct Answer {
  const IndicatorsOptions& options;
  const WallData& data;
  const EventFileResult& folded;
  const IndicatorQuery& query;
  const std::vector<model::DivisionIndex>& divisions;
  ClassGuard& guard;

  [[nodiscard]] IndicatorSheet sheet(model::DivisionIndex division) const {
    return make_sheet(*folded.world, *folded.snapshot, data, division, query, guard);
  }
  void print_text() const;
  void print_json() const;
  void print_json_lines() const;
};

void Answer::print_text() const {
  const auto print = [](const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); };
  print(head_text(folded, data, query));
  for (const model::DivisionIndex division : divisions) print(sheet_text(sheet(division), data));
  if (options.scores) print(scores_text(*folded.world, data, query));
}

void Answer::print_json() const {
  base::JsonWriter json;
  json.begin_object();
  write_head(json, folded, data, query);
  json.key("divisions").begin_array();
  for (const model::DivisionIndex division : divisions) write_sheet(json, sheet(division), data);
  json.end_array();
  if (options.scores) write_scores(json, *folded.world, data, query);
  print_line(std::move(json));
}

// A line as soon as its division is read: a district has thousands of them.
void Answer::print_json_lines() const {
  base::JsonWriter head;
  head.begin_object().field("kind", "head");
  write_head(head, folded, data, query);
  if (options.scores) write_scores(head, *folded.world, data, query);
  print_line(std::move(head));
  for (const model::DivisionIndex division : divisions) {
    base::JsonWriter json;
    write_sheet(json, sheet(division), data);
    const std::string line = json.take() + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
  }
}

// The district and its events: a recording has both inside.
base::Result<EventFileResult> fold(const IndicatorsOptions& options, base::UtcTime at, WallData& data) {
  TRY_ASSIGN(const auto language, parse_language(options.language));
  if (!options.recordings.empty()) return fold_recording(options.recordings, at, language, data);
  TRY_ASSIGN(data, load_wall_data(options.profile, options.layers, language));
  return fold_event_file(options.events, data, at);
}

base::Status run(const IndicatorsOptions& options) {
  TRY_ASSIGN(IndicatorQuery query, query_of(options));
  WallData data;
  TRY_ASSIGN(const EventFileResult folded, fold(options, query.at, data));
  TRY_ASSIGN(const auto divisions, chosen(options, *data.tree));
  query.events_begin = folded.events_begin;
  if (folded.refused_count > 0) {
    std::fprintf(stderr, "gridwall indicators: %llu events left out; the first: %s\n",
                 static_cast<unsigned long long>(folded.refused_count), folded.first_refusal.c_str());
  }
  ClassGuard guard(*folded.world, *data.tree, *data.vocabulary);
  const Answer answer{options, data, folded, query, divisions, guard};
  if (!options.json) {
    answer.print_text();
  } else if (options.all) {
    answer.print_json_lines();
  } else {
    answer.print_json();
  }
  return {};
}

}  // namespace

int run_indicators(const Arguments& arguments) {
  IndicatorsOptions options;
  CommandLine line("indicators", "Tells the figures of a file of events at one moment, by division and period",
                   "gridwall indicators --events month.jsonl --at 2026-11-17T10:30:00+08:00 --period month --scores");
  line.option("--events", options.events, "file of events, one JSON event or array a line");
  line.option("--recording", options.recordings, "instead: a .gwr file or a journal's folder, with its own district");
  line.option("--at", options.at, "the moment: later events are left out, such as 2026-11-17T10:30:00+08:00", true);
  line.option("--profile", options.profile, "profile name (config/profiles) or file; else jiangyin-2019");
  add_layer_options(line, options.layers);
  line.option("--division", options.divisions, "code of a division to tell of; else the root and its children");
  line.option("--period", options.periods, "hour, day, week, month or year that holds the moment; else month");
  line.option("--by", options.dimensions, "also by department, channel, class or severity");
  line.flag("--scores", options.scores, "also scores and ranks within each peer group");
  line.flag("--all", options.all, "every division of every level; with --json only: one line a division");
  line.flag("--json", options.json, "print JSON instead of text");
  line.option("--lang", options.language, "en or zh: of the text");
  if (const auto code = line.parse(arguments)) return *code;
  if (options.events.empty() == options.recordings.empty()) {
    return line.wrong_usage("choose --events FILE or --recording FILE");
  }
  const bool own_district = !options.profile.empty() || !options.layers.files.empty();
  if (own_district && !options.recordings.empty()) {
    return line.wrong_usage("a recording has its profile and layers inside: leave out --profile and --layers");
  }
  if (options.all && !options.json) return line.wrong_usage("--all tells of thousands of divisions: add --json");
  if (options.all && !options.divisions.empty()) return line.wrong_usage("choose --all or --division");
  const auto status = run(options);
  return status.ok() ? 0 : fail("indicators", status.error());
}

}  // namespace gridwall::app
