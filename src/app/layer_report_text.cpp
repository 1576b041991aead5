#include "app/layer_report_text.hpp"

#include <fmt/format.h>

#include <array>

#include "base/json_writer.hpp"

namespace gridwall::app {

namespace {

using base::JsonWriter;

constexpr std::size_t kNotesShown = 20;  // of each kind, in the text form
constexpr double kSquareMetresPerKm2 = 1e6;

struct NoteKind {
  const char* key;
  const char* title;
  const std::vector<geo::DivisionNote>* notes;
};

// The worst first: what lost or moved a division, then what is covered twice or not at all, then what was mended.
std::array<NoteKind, 7> kinds_of(const geo::LayerReport& report) {
  return {{{"duplicates", "duplicate codes (the first is kept)", &report.duplicates},
           {"cycles", "rings of parents (cut and hung to the root)", &report.cycles},
           {"orphans", "orphans (hung to the root)", &report.orphans},
           {"overlaps", "overlaps", &report.overlaps},
           {"gaps", "gaps that no child covers", &report.gaps},
           {"repairs", "repaired or left out", &report.repairs},
           {"area_differences", "stated areas that differ by more than 1 %", &report.stated_area.differing}}};
}

std::string place_text(const geo::DivisionNote& note) {
  if (!note.place_lonlat) return {};
  return fmt::format(" (at {:.7f} {:.7f})", note.place_lonlat->x, note.place_lonlat->y);
}

void add_troubles(std::string& out, const geo::LayerReport& report) {
  if (report.clean() && report.added_root_code.empty()) {
    out += "Nothing to complain of.\n\n";
    return;
  }
  out += "To look at, the worst first:\n";
  for (const std::string& warning : report.warnings) out += fmt::format("  {}\n", warning);
  for (const NoteKind& kind : kinds_of(report)) {
    const auto& notes = *kind.notes;
    if (notes.empty()) continue;
    out += fmt::format("  {} {}\n", notes.size(), kind.title);
    for (std::size_t i = 0; i < notes.size() && i < kNotesShown; ++i) {
      out += fmt::format("    {}: {}{}\n", notes[i].code, notes[i].reason, place_text(notes[i]));
    }
    if (notes.size() > kNotesShown)
      out += fmt::format("    and {} more (--json lists all)\n", notes.size() - kNotesShown);
  }
  if (!report.added_root_code.empty()) {
    out += fmt::format("  no single division stands above all: a root '{}' without polygon was added\n",
                       report.added_root_code);
  }
  out += "\n";
}

std::string levels_text(const geo::SourceReport& source) {
  std::string out;
  for (std::size_t level = 0; level < source.level_counts.size(); ++level) {
    if (source.level_counts[level] > 0) {
      out += fmt::format("{}{} at level {}", out.empty() ? "" : ", ", source.level_counts[level], level);
    }
  }
  return out.empty() ? "no division" : out;
}

std::string cover_text(const geo::CoverShare& cover) {
  if (cover.parent_count == 0) return {};
  return fmt::format("; children cover {:.4f} % on average, worst {:.4f} % of {}", 100 * cover.mean, 100 * cover.worst,
                     cover.worst_code);
}

void add_source(std::string& out, const geo::SourceReport& source) {
  out += fmt::format("{}: layer '{}' ({}, {})\n", source.source, source.layer, source.driver, source.encoding);
  out += fmt::format("  {} features, {} polygons, {:.1f} m² on the ellipsoid; {}\n", source.feature_count,
                     source.polygon_count, source.area_m2, levels_text(source));
  out += fmt::format("  {} vertices read, {} kept in {} triangles, worst area error {:.2g}{}\n",
                     source.source_vertex_count, source.vertex_count, source.triangle_count, source.area_error_worst,
                     source.area_error_code.empty() ? "" : " at " + source.area_error_code);
  out += fmt::format("  {} repairs, {} orphans, {} cycles, {} duplicates{}\n", source.repair_count, source.orphan_count,
                     source.cycle_count, source.duplicate_count, cover_text(source.cover));
  out += fmt::format("  coordinates: {}, {}\n", source.crs_name, source.crs_known_by);
  if (!source.extent_lonlat.empty()) {
    out += fmt::format("  extent: {:.6f} {:.6f} to {:.6f} {:.6f} (longitude, latitude)\n", source.extent_lonlat.min.x,
                       source.extent_lonlat.min.y, source.extent_lonlat.max.x, source.extent_lonlat.max.y);
  }
  const auto shown = [](const std::string& field) { return field.empty() ? std::string("none") : field; };
  out += fmt::format("  fields: code = {}, name = {}, parent = {}{}\n\n", shown(source.code_field),
                     shown(source.name_field), shown(source.parent_field),
                     source.area_field.empty() ? "" : ", area = " + source.area_field);
}

void add_tree(std::string& out, const geo::LayerReport& report) {
  out += fmt::format("Tree by {}{}, in {} at {:g} m:\n", report.parent_rule,
                     report.synthetic ? ", synthetic (示意)" : "", report.world_crs, report.unit_m);
  for (const geo::LevelReport& level : report.levels) {
    out += fmt::format("  {:>7}  {} ({}), {:.3f} km²", level.division_count, level.name_zh, level.name_en,
                       level.area_m2 / kSquareMetresPerKm2);
    out += cover_text(level.cover);
    out += "\n";
  }
  for (const geo::PlacedPoints& placed : report.placed_points) {
    out += fmt::format("  {} {}: {:.2f} % {} as they stand, {:.2f} % if GCJ-02, {:.2f} % if BD-09\n",
                       placed.point_count, placed.name, 100 * placed.share_as_stated,
                       placed.by_code ? "in the division that their code names" : "inside", 100 * placed.share_if_gcj02,
                       100 * placed.share_if_bd09);
  }
  if (report.stated_area.compared_count > 0) {
    out += fmt::format("  stated areas: {} compared, {:.6g} of the computed one in the middle\n",
                       report.stated_area.compared_count, report.stated_area.ratio_median);
  }
}

void write_notes(JsonWriter& json, std::string_view name, const std::vector<geo::DivisionNote>& notes) {
  json.key(name).begin_array();
  for (const geo::DivisionNote& note : notes) {
    json.begin_object().field("code", std::string_view(note.code)).field("reason", std::string_view(note.reason));
    json.field("layer", static_cast<std::uint64_t>(note.source_index)).field("feature", note.fid);
    if (note.place_lonlat) {
      json.key("place_lonlat").begin_array().value(note.place_lonlat->x).value(note.place_lonlat->y).end_array();
    }
    if (note.area_m2 > 0) json.field("area_m2", note.area_m2);
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

void write_cover(JsonWriter& json, const geo::CoverShare& cover) {
  if (cover.parent_count == 0) return;
  json.field("cover_mean", cover.mean).field("cover_worst", cover.worst);
  json.field("cover_worst_code", std::string_view(cover.worst_code));
}

void write_source(JsonWriter& json, const geo::SourceReport& source) {
  json.begin_object();
  json.field("source", std::string_view(source.source)).field("layer", std::string_view(source.layer));
  json.field("driver", std::string_view(source.driver)).field("encoding", std::string_view(source.encoding));
  json.field("crs", std::string_view(source.crs_name)).field("crs_known_by", std::string_view(source.crs_known_by));
  json.field("code_field", std::string_view(source.code_field));
  json.field("name_field", std::string_view(source.name_field));
  json.field("parent_field", std::string_view(source.parent_field));
  json.field("area_field", std::string_view(source.area_field));
  json.field("features", source.feature_count).field("polygons", source.polygon_count);
  json.field("without_polygon", source.without_polygon_count).field("area_m2", source.area_m2);
  json.key("divisions_by_level").begin_array();
  for (const std::uint64_t count : source.level_counts) json.value(count);
  json.end_array();
  write_box(json, "extent_source", source.extent_source);
  write_box(json, "extent_lonlat", source.extent_lonlat);
  json.field("vertices_read", source.source_vertex_count).field("vertices", source.vertex_count);
  json.field("triangles", source.triangle_count).field("area_error_worst", source.area_error_worst);
  json.field("area_error_code", std::string_view(source.area_error_code));
  write_cover(json, source.cover);
  json.field("repairs", source.repair_count).field("orphans", source.orphan_count);
  json.field("cycles", source.cycle_count).field("duplicates", source.duplicate_count);
  json.end_object();
}

void write_levels(JsonWriter& json, const geo::LayerReport& report) {
  json.key("levels").begin_array();
  for (const geo::LevelReport& level : report.levels) {
    json.begin_object();
    json.field("name_zh", std::string_view(level.name_zh)).field("name_en", std::string_view(level.name_en));
    json.field("divisions", level.division_count).field("area_m2", level.area_m2);
    write_cover(json, level.cover);
    json.end_object();
  }
  json.end_array();
}

void write_report(JsonWriter& json, const geo::LayerReport& report) {
  json.field("clean", report.clean()).field("synthetic", report.synthetic);
  json.key("warnings").begin_array();
  for (const std::string& warning : report.warnings) json.value(std::string_view(warning));
  json.end_array();
  for (const NoteKind& kind : kinds_of(report)) write_notes(json, kind.key, *kind.notes);
  json.field("parent_rule", std::string_view(report.parent_rule));
  json.field("added_root", std::string_view(report.added_root_code));
  json.key("layers").begin_array();
  for (const geo::SourceReport& source : report.sources) write_source(json, source);
  json.end_array();
  write_levels(json, report);
  json.key("covered_shares").begin_array();
  for (const auto& [code, share] : report.covered_shares) {
    json.begin_object().field("code", std::string_view(code)).field("share", share).end_object();
  }
  json.end_array();
  json.key("stated_area").begin_object().field("compared", report.stated_area.compared_count);
  json.field("ratio_median", report.stated_area.ratio_median).end_object();
  json.key("points").begin_array();
  for (const geo::PlacedPoints& placed : report.placed_points) {
    json.begin_object().field("name", std::string_view(placed.name)).field("by_code", placed.by_code);
    json.field("points", placed.point_count).field("share_as_stated", placed.share_as_stated);
    json.field("share_if_gcj02", placed.share_if_gcj02).field("share_if_bd09", placed.share_if_bd09).end_object();
  }
  json.end_array();
  json.field("world_crs", std::string_view(report.world_crs)).field("unit_m", report.unit_m);
  json.field("vertices", report.vertex_count).field("triangles", report.triangle_count);
  json.field("area_error_worst", report.area_error_worst);
}

}  // namespace

std::string report_as_text(const NamedReport& named) {
  std::string out;
  if (!named.title.empty()) out += fmt::format("Overlay {}\n", named.title);
  add_troubles(out, *named.report);
  for (const geo::SourceReport& source : named.report->sources) add_source(out, source);
  add_tree(out, *named.report);
  return out;
}

std::string reports_as_json(const geo::LayerReport& main, const std::vector<NamedReport>& overlays) {
  JsonWriter json;
  json.begin_object();
  write_report(json, main);
  json.key("overlays").begin_array();
  for (const NamedReport& overlay : overlays) {
    json.begin_object().field("overlay", std::string_view(overlay.title));
    write_report(json, *overlay.report);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace gridwall::app
