// gridwall check: everything that is wrong with profiles and the rest of config/, in one run, before a wall shows it.
#include <cstdio>

#include "app/check_config.hpp"
#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/source_options.hpp"
#include "geo/tree_builder.hpp"

namespace gridwall::app {

namespace {

struct CheckOptions {
  std::string profile;
  std::vector<std::string> files, layers;
  SourceOptions source;
  bool as_json = false;
};

// What geo tells of layers, as findings about the source that it is in.
void take_report(const geo::LayerReport& report, std::vector<Finding>& findings) {
  const auto take = [&](const std::vector<geo::DivisionNote>& notes, std::string_view what) {
    for (const geo::DivisionNote& note : notes) {
      const std::string file =
          note.source_index < report.sources.size() ? report.sources[note.source_index].source : "";
      findings.push_back({file, 0, note.code, fmt::format("{}: {}", what, note.reason), ""});
    }
  };
  take(report.duplicates, "a code given twice");
  take(report.cycles, "a ring of parents");
  take(report.orphans, "a parent that is not there");
  take(report.repairs, "a polygon that is not valid");
  take(report.gaps, "a gap");
  take(report.overlaps, "an overlap");
  for (const std::string& warning : report.warnings) {
    findings.push_back({report.sources.empty() ? "" : report.sources.front().source, 0, "", warning, ""});
  }
}

base::Status check_layers(const CheckOptions& options, ProgressLine& progress, CheckResult& result) {
  if (options.layers.empty()) return {};
  TRY_ASSIGN(model::SourceSpec spec, source_spec(options.source));
  geo::LayerRequest request;
  request.sources = options.layers;
  request.reading = std::move(spec.reading);
  request.mapping = std::move(spec.mapping);
  const auto tell = [&](std::string_view step, double share) { progress.tell(step, share); };
  const auto loaded = geo::load_division_tree(request, tell);
  result.file_count += options.layers.size();
  if (!loaded.ok()) {
    result.findings.push_back(finding_of(loaded.error()));
  } else {
    take_report(loaded->report, result.findings);
  }
  return {};
}

base::Result<int> check(const CheckOptions& options) {
  CheckScope scope;
  TRY_ASSIGN(scope.root, find_root());
  for (const std::string& file : options.files) scope.files.emplace_back(file);
  if (!options.profile.empty()) {
    const bool is_file = options.profile.find('/') != std::string::npos || options.profile.ends_with(".toml");
    const auto shipped = scope.root / "config" / "profiles" / (options.profile + ".toml");
    scope.files.push_back(is_file ? std::filesystem::path(options.profile) : shipped);
  }
  ProgressLine progress;
  scope.tell = [&](std::string_view step, double share) { progress.tell(step, share); };
  CheckResult result = check_config(scope);
  TRY(check_layers(options, progress, result));
  progress.finish();
  const std::string text = options.as_json ? findings_as_json(result.findings, result.file_count) + "\n"
                                           : findings_as_text(result.findings, result.file_count);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return result.findings.empty() ? 0 : 1;
}

}  // namespace

int run_check(const Arguments& arguments) {
  CommandLine line("check", "Tells everything that is wrong with profiles and the rest of config/; changes nothing",
                   "gridwall check --profile my-district.toml --layers grids.gpkg");
  CheckOptions options;
  line.positional("files", options.files, "files of config/, or of one's own; without any: all of config/", false);
  line.option("--profile", options.profile, "one profile: a name of config/profiles, or your own .toml");
  line.option("--layers", options.layers, "layer files too: what gridwall layers would tell");
  line.flag("--json", options.as_json, "print one JSON object instead of text");
  add_source_options(line, options.source);
  if (const auto code = line.parse(arguments)) return *code;
  const auto code = check(options);
  return code.ok() ? *code : fail("check", code.error());
}

}  // namespace gridwall::app
