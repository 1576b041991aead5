// gridwall layers: what layers hold and what is the matter with them, the worst first. Nothing is changed.
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/layer_report_text.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/source_options.hpp"
#include "geo/tree_builder.hpp"

namespace gridwall::app {

namespace {

struct LayersOptions {
  std::vector<std::string> files, overlays;
  SourceOptions source;
  bool as_json = false;
};

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

base::Result<int> show(const LayersOptions& options) {
  geo::LayerRequest request;
  TRY_ASSIGN(model::SourceSpec spec, source_spec(options.source));
  request.sources = options.files;
  request.reading = spec.reading;
  request.mapping = spec.mapping;
  ProgressLine progress;
  const auto tell = [&](std::string_view step, double share) { progress.tell(step, share); };
  TRY_ASSIGN(const geo::LoadedTree main, geo::load_division_tree(request, tell));
  std::vector<geo::LoadedTree> overlays;
  std::vector<NamedReport> overlay_reports;
  for (const std::string& file : options.overlays) {
    geo::LayerRequest over;
    over.sources = {file};
    over.frame = main.tree;
    TRY_ASSIGN(auto loaded, geo::load_division_tree(over, tell));
    overlays.push_back(std::move(loaded));
  }
  progress.finish();
  for (std::size_t i = 0; i < overlays.size(); ++i) {
    overlay_reports.push_back({options.overlays[i], &overlays[i].report});
  }
  if (options.as_json) {
    print(reports_as_json(main.report, overlay_reports) + "\n");
    return 0;
  }
  print(report_as_text({"", &main.report}));
  for (const NamedReport& overlay : overlay_reports) print("\n" + report_as_text(overlay));
  return 0;
}

}  // namespace

int run_layers(const Arguments& arguments) {
  CommandLine line("layers", "Shows what layers hold and what is the matter with them; changes nothing",
                   "gridwall layers assets/districts/jiangyin/boundary.geojson --json");
  LayersOptions options;
  line.positional("files", options.files,
                  "anything GDAL opens: GeoPackage, GeoJSON, Shapefile, a zip of them, PG:... or WFS:...");
  line.flag("--json", options.as_json, "print one JSON object instead of text");
  line.option("--overlay", options.overlays, "a second set of polygons over the first, with its own tree");
  add_source_options(line, options.source);
  if (const auto code = line.parse(arguments)) return *code;
  const auto code = show(options);
  return code.ok() ? *code : fail("layers", code.error());
}

}  // namespace gridwall::app
