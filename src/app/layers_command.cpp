// gridwall layers: what layer files hold and what is the matter with them, the worst first. Nothing is changed.
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "base/json_writer.hpp"
#include "geo/tree_builder.hpp"

namespace gridwall::app {

namespace {

using base::JsonWriter;

constexpr std::size_t kNotesShown = 20;  // of each kind, in the text form
constexpr double kSquareMetresPerKm2 = 1e6;

template <typename... Args>
void print(fmt::format_string<Args...> format, Args&&... args) {
  const std::string line = fmt::format(format, std::forward<Args>(args)...);
  std::fwrite(line.data(), 1, line.size(), stdout);
}

void print_notes(std::string_view title, const std::vector<geo::DivisionNote>& notes) {
  if (notes.empty()) return;
  print("  {} {}\n", notes.size(), title);
  for (std::size_t i = 0; i < notes.size() && i < kNotesShown; ++i) {
    print("    {}: {}\n", notes[i].code, notes[i].reason);
  }
  if (notes.size() > kNotesShown) print("    and {} more (--json lists all)\n", notes.size() - kNotesShown);
}

// The worst first: what lost or moved a division, then what was mended, then remarks.
void print_troubles(const geo::LayerReport& report) {
  if (report.clean() && report.added_root_code.empty()) {
    print("Nothing to complain of.\n\n");
    return;
  }
  print("To look at:\n");
  print_notes("duplicate codes (the first is kept)", report.duplicates);
  print_notes("rings of parents (cut and hung to the root)", report.cycles);
  print_notes("orphans (hung to the root)", report.orphans);
  print_notes("repaired or left out", report.repairs);
  for (const std::string& warning : report.warnings) print("  {}\n", warning);
  if (!report.added_root_code.empty()) {
    print("  no single division stands above all: a root '{}' without polygon was added\n", report.added_root_code);
  }
  print("\n");
}

void print_files(const geo::LayerReport& report) {
  for (const geo::SourceReport& file : report.sources) {
    print("{}: layer '{}' ({}, {})\n", file.source, file.layer, file.driver, file.encoding);
    print("  {} features, {} polygons, {:.3f} km² on the ellipsoid\n", file.feature_count, file.polygon_count,
          file.area_m2 / kSquareMetresPerKm2);
    print("  coordinates: {}, {}\n", file.crs_name, file.crs_known_by);
    if (!file.extent_lonlat.empty()) {
      print("  extent: {:.6f} {:.6f} to {:.6f} {:.6f} (longitude, latitude)\n", file.extent_lonlat.min.x,
            file.extent_lonlat.min.y, file.extent_lonlat.max.x, file.extent_lonlat.max.y);
    }
    const auto shown = [](const std::string& field) { return field.empty() ? std::string("none") : field; };
    print("  fields: code = {}, name = {}, parent = {}\n\n", shown(file.code_field), shown(file.name_field),
          shown(file.parent_field));
  }
}

void print_tree(const geo::LayerReport& report) {
  print("Tree by {}{}, in {} at {:g} m:\n", report.parent_rule, report.synthetic ? ", synthetic (示意)" : "",
        report.world_crs, report.unit_m);
  for (const geo::LevelReport& level : report.levels) {
    print("  {:>7}  {} ({}), {:.3f} km²", level.division_count, level.name_zh, level.name_en,
          level.area_m2 / kSquareMetresPerKm2);
    if (level.cover_share_mean >= 0) {
      print("; children cover {:.4f} % on average", 100 * level.cover_share_mean);
      if (!level.cover_worst_code.empty()) {
        print(", worst {:.4f} % of {}", 100 * level.cover_share_worst, level.cover_worst_code);
      }
    }
    print("\n");
  }
  print("  {} vertices, {} triangles, worst area error {:.2g}{}\n", report.vertex_count, report.triangle_count,
        report.area_error_worst, report.area_error_code.empty() ? "" : " at " + report.area_error_code);
}

void write_notes(JsonWriter& json, std::string_view name, const std::vector<geo::DivisionNote>& notes) {
  json.key(name).begin_array();
  for (const geo::DivisionNote& note : notes) {
    json.begin_object().field("code", std::string_view(note.code)).field("reason", std::string_view(note.reason));
    json.end_object();
  }
  json.end_array();
}

void write_box(JsonWriter& json, std::string_view name, const base::Box2d& box) {
  json.key(name);
  if (box.empty()) {
    json.null();
    return;
  }
  json.begin_array().value(box.min.x).value(box.min.y).value(box.max.x).value(box.max.y).end_array();
}

void write_files(JsonWriter& json, const geo::LayerReport& report) {
  json.key("files").begin_array();
  for (const geo::SourceReport& file : report.sources) {
    json.begin_object();
    json.field("file", std::string_view(file.source)).field("layer", std::string_view(file.layer));
    json.field("driver", std::string_view(file.driver)).field("encoding", std::string_view(file.encoding));
    json.field("crs", std::string_view(file.crs_name)).field("crs_known_by", std::string_view(file.crs_known_by));
    json.field("code_field", std::string_view(file.code_field));
    json.field("name_field", std::string_view(file.name_field));
    json.field("parent_field", std::string_view(file.parent_field));
    json.field("features", file.feature_count).field("polygons", file.polygon_count);
    json.field("without_polygon", file.without_polygon_count).field("area_m2", file.area_m2);
    write_box(json, "extent_lonlat", file.extent_lonlat);
    json.end_object();
  }
  json.end_array();
}

void write_levels(JsonWriter& json, const geo::LayerReport& report) {
  json.key("levels").begin_array();
  for (const geo::LevelReport& level : report.levels) {
    json.begin_object();
    json.field("name_zh", std::string_view(level.name_zh)).field("name_en", std::string_view(level.name_en));
    json.field("divisions", level.division_count).field("area_m2", level.area_m2);
    if (level.cover_share_mean >= 0) {
      json.field("cover_mean", level.cover_share_mean).field("cover_worst", level.cover_share_worst);
      json.field("cover_worst_code", std::string_view(level.cover_worst_code));
    }
    json.end_object();
  }
  json.end_array();
}

std::string report_as_json(const geo::LayerReport& report) {
  JsonWriter json;
  json.begin_object();
  json.field("clean", report.clean()).field("synthetic", report.synthetic);
  write_notes(json, "duplicates", report.duplicates);
  write_notes(json, "cycles", report.cycles);
  write_notes(json, "orphans", report.orphans);
  write_notes(json, "repairs", report.repairs);
  json.key("warnings").begin_array();
  for (const std::string& warning : report.warnings) json.value(std::string_view(warning));
  json.end_array();
  json.field("parent_rule", std::string_view(report.parent_rule));
  json.field("added_root", std::string_view(report.added_root_code));
  write_files(json, report);
  write_levels(json, report);
  json.field("world_crs", std::string_view(report.world_crs)).field("unit_m", report.unit_m);
  json.field("vertices", report.vertex_count).field("triangles", report.triangle_count);
  json.field("area_error_worst", report.area_error_worst);
  json.end_object();
  return json.take();
}

}  // namespace

int run_layers(const Arguments& arguments) {
  CommandLine line("layers", "Shows what layer files hold and what is the matter with them",
                   "gridwall layers assets/districts/jiangyin/boundary.geojson --json");
  std::vector<std::string> files, layers;
  bool as_json = false;
  geo::LayerRequest request;
  line.positional("files", files, "layer files: GeoPackage, GeoJSON, Shapefile, FlatGeobuf ...");
  line.flag("--json", as_json, "print one JSON object instead of text");
  line.option("--layer", layers, "read this layer only (may be repeated)");
  line.option("--code-field", request.mapping.code_field, "field of the division's code");
  line.option("--name-field", request.mapping.name_field, "field of its name");
  line.option("--parent-field", request.mapping.parent_field, "field of its parent's code");
  line.option("--crs", request.reading.crs, "coordinate system of the files, for example EPSG:4490");
  if (const auto code = line.parse(arguments)) return *code;
  request.sources = files;
  request.reading.layers = layers;
  const auto loaded = geo::load_division_tree(request);
  if (!loaded.ok()) return fail("layers", loaded.error());
  if (as_json) {
    print("{}\n", report_as_json(loaded->report));
    return 0;
  }
  print_troubles(loaded->report);
  print_files(loaded->report);
  print_tree(loaded->report);
  return 0;
}

}  // namespace gridwall::app
