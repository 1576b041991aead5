// gridwall layers: what layers hold and what is the matter with them, the worst first. Nothing is changed.
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/layer_report_text.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/source_options.hpp"
#include "app/tree_cache.hpp"
#include "geo/load_checks.hpp"
#include "geo/tree_builder.hpp"

namespace gridwall::app {

namespace {

struct LayersOptions {
  std::vector<std::string> files, overlays, points;
  model::SourceReading points_reading;
  std::string profile;
  SourceOptions source;
  bool as_json = false, clear_cache = false;
};

// What is to be loaded: the main hierarchy, then what lies over it.
struct Wanted {
  geo::LayerRequest main;
  std::vector<std::pair<std::string, geo::LayerRequest>> overlays;  // with their titles
};

geo::LayerRequest request_of(const model::SourceSpec& spec) {
  geo::LayerRequest request;
  request.sources = spec.files;
  request.reading = spec.reading;
  request.mapping = spec.mapping;
  return request;
}

base::Result<Wanted> wanted(const LayersOptions& options) {
  Wanted out;
  TRY_ASSIGN(model::SourceSpec spec, source_spec(options.source));
  spec.files = options.files;
  out.main = request_of(spec);
  for (const std::string& file : options.overlays) {
    model::SourceSpec overlay;
    overlay.files = {file};
    out.overlays.emplace_back(file, request_of(overlay));
  }
  if (options.profile.empty()) return out;
  TRY_ASSIGN(const auto root, find_root());
  TRY_ASSIGN(const model::Profile profile, open_profile(root, options.profile));
  if (profile.source.files.empty()) {
    return base::Error{base::ErrorCode::InvalidArgument,
                       fmt::format("profile '{}' names no files under [source]; its divisions are generated: see "
                                   "gridwall city --help",
                                   options.profile)};
  }
  out.main = request_of(profile.source);
  out.main.levels = profile.levels;
  out.main.world_crs = profile.world_crs;
  for (const model::OverlaySpec& overlay : profile.overlays) {
    out.overlays.emplace_back(fmt::format("{} ({})", overlay.name_zh, overlay.name_en), request_of(overlay.source));
  }
  return out;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

base::Result<int> show(const LayersOptions& options) {
  TRY_ASSIGN(Wanted sources, wanted(options));
  ProgressLine progress;
  const auto tell = [&](std::string_view step, double share) { progress.tell(step, share); };
  TRY_ASSIGN(geo::LoadedTree main, geo::load_division_tree(sources.main, tell));
  for (const std::string& file : options.points) {
    TRY(geo::check_points_into(main.report, {file, options.points_reading, {}}, main.tree));
  }
  std::vector<geo::LoadedTree> overlays;
  for (auto& [title, request] : sources.overlays) {
    request.frame = main.tree;
    TRY_ASSIGN(auto loaded, geo::load_division_tree(request, tell));
    overlays.push_back(std::move(loaded));
  }
  progress.finish();
  std::vector<NamedReport> overlay_reports;
  for (std::size_t i = 0; i < overlays.size(); ++i) {
    overlay_reports.push_back({sources.overlays[i].first, &overlays[i].report});
  }
  if (options.as_json) {
    print(reports_as_json(main.report, overlay_reports) + "\n");
    return 0;
  }
  print(report_as_text({"", &main.report}));
  for (const NamedReport& overlay : overlay_reports) print("\n" + report_as_text(overlay));
  return 0;
}

int clear_cache() {
  const auto folder = cache_folder();
  if (!folder.ok()) return fail("layers", folder.error());
  print(fmt::format("{} trees removed from {}\n", TreeCache(*folder).clear(), folder->string()));
  return 0;
}

}  // namespace

int run_layers(const Arguments& arguments) {
  CommandLine line("layers", "Shows what layers hold and what is the matter with them; changes nothing",
                   "gridwall layers assets/districts/jiangyin/boundary.geojson --json");
  LayersOptions options;
  line.positional("files", options.files,
                  "anything GDAL opens: GeoPackage, GeoJSON, Shapefile, a zip of them, PG:... or WFS:...", false);
  line.option("--profile", options.profile, "look into the layers and overlays that this profile names instead");
  line.flag("--json", options.as_json, "print one JSON object instead of text");
  line.option("--overlay", options.overlays, "a second set of polygons over the first, with its own tree");
  line.option(
      "--points", options.points,
      "points that should lie in the divisions (incidents, sites): tells how many do, and which shift would help");
  line.option("--points-crs", options.points_reading.crs, "their coordinate system, where they state none");
  line.flag("--clear-cache", options.clear_cache, "remove the trees that are kept for walls' next starts, and end");
  add_source_options(line, options.source);
  if (const auto code = line.parse(arguments)) return *code;
  if (options.clear_cache) return clear_cache();
  if (options.files.empty() == options.profile.empty()) {
    return line.wrong_usage("name layer files, or a profile with --profile, but not both");
  }
  const auto code = show(options);
  return code.ok() ? *code : fail("layers", code.error());
}

}  // namespace gridwall::app
