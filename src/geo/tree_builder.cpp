#include "geo/tree_builder.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "base/parallel.hpp"
#include "geo/crs_doubts.hpp"
#include "geo/gdal_session.hpp"
#include "geo/layer_measure.hpp"
#include "geo/load_checks.hpp"
#include "geo/tree_load.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Vec2d;

namespace {

constexpr double kAutoZoneWidthMax_deg = 6;
constexpr double kUnitsMax = 1e9;  // from the origin: differences stay below 2^31
constexpr double kAreaErrorMax = 1e-6;
constexpr std::size_t kFeaturesPerChunk = 64;
constexpr std::size_t kFeaturesPerWorkerMin = 256;
constexpr std::size_t kFeaturesPerStretch = 32'768;

SourceReport report_of(const RawLayer& layer) {
  SourceReport told;
  told.source = layer.source;
  told.layer = layer.layer;
  told.driver = layer.driver;
  told.encoding = layer.encoding;
  told.crs_name = layer.crs_name;
  told.crs_known_by = layer.crs_known_by;
  told.code_field = layer.code_field;
  told.name_field = layer.name_field;
  told.parent_field = layer.parent_field;
  told.area_field = layer.area_field;
  told.feature_count = layer.features.size();
  told.polygon_count = layer.polygon_count;
  told.without_polygon_count = layer.without_polygon_count;
  told.source_vertex_count = layer.points.size();
  return told;
}

}  // namespace

base::Status TreeLoad::read() {
  if (request.sources.empty()) return Error{ErrorCode::InvalidArgument, "no layer file is named"};
  for (const std::string& source : request.sources) {
    TRY_ASSIGN(auto found, read_layers({source, request.reading, request.mapping, request.preview_px}));
    for (RawLayer& layer : found) layers.push_back(std::move(layer));
  }
  for (const RawLayer& layer : layers) {
    report.sources.push_back(report_of(layer));
    for (const std::string& remark : layer.notes) {
      report.warnings.push_back(fmt::format("{}: layer '{}': {}", layer.source, layer.layer, remark));
    }
    if (layer.without_polygon_count > 0) {
      report.warnings.push_back(fmt::format("{}: {} of {} features have no polygon; they are kept without an area",
                                            layer.source, layer.without_polygon_count, layer.features.size()));
    }
  }
  return {};
}

base::Status TreeLoad::check_stop() const {
  if (!request.stop.stop_requested()) return {};
  return Error{ErrorCode::Unavailable, fmt::format("{}: loading was stopped", request.sources[0])};
}

// Every feature gets a code and a name.
void TreeLoad::name_features() {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    RawLayer& layer = layers[l];
    std::uint64_t uncoded_count = 0;
    for (std::size_t f = 0; f < layer.features.size(); ++f) {
      RawFeature& feature = layer.features[f];
      const bool uncoded = feature.code.empty();
      if (uncoded) {
        ++uncoded_count;
        // Feature numbers are unique in one layer only, and must not be taken for a code of it.
        const bool alone = layers.size() == 1 && layer.code_field.empty();
        feature.code = alone ? fmt::format("{}", feature.fid) : fmt::format("{}:{}", layer.layer, feature.fid);
      }
      if (feature.name.empty()) feature.name = feature.code;
      report.synthetic = report.synthetic || feature.synthetic;
      entries.push_back({l, f, 0, uncoded});
      if (!feature.note.empty()) report.repairs.push_back(note(entries.back(), feature.note));
    }
    if (uncoded_count == 0) continue;
    report.warnings.push_back(
        layer.code_field.empty()
            ? fmt::format("{}: layer '{}' has no field that looks like a code; feature numbers are used instead; name "
                          "the field with --code-field",
                          layer.source, layer.layer)
            : fmt::format("{}: layer '{}': {} features have an empty '{}'; their feature numbers are used",
                          layer.source, layer.layer, uncoded_count, layer.code_field));
  }
}

void TreeLoad::drop_duplicates() {
  const auto comes_before = [this](const Entry& a, const Entry& b) { return feature_of(a).code < feature_of(b).code; };
  const auto not_before = [&](const Entry& a, const Entry& b) { return !comes_before(a, b); };
  // Most files have their divisions in order.
  if (std::ranges::adjacent_find(entries, not_before) == entries.end()) return;
  std::unordered_set<std::string_view> seen;
  std::vector<Entry> kept;
  seen.reserve(entries.size());
  kept.reserve(entries.size());
  for (const Entry& entry : entries) {
    const RawFeature& feature = feature_of(entry);
    if (seen.insert(feature.code).second) {
      kept.push_back(entry);
    } else {
      report.duplicates.push_back(
          note(entry, fmt::format("also feature {} '{}' of {}", feature.fid, feature.name, layers[entry.layer].layer)));
    }
  }
  entries = std::move(kept);
}

// Extents in degrees; finds coordinates that do not fit their system.
base::Status TreeLoad::measure() {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const base::Status fits = to_lonlat(layers[l], request.reading.axes, report.sources[l]);
    const std::vector<std::string> doubts = crs_doubts(layers[l].crs, report.sources[l].extent_source);
    if (!fits.ok()) {
      return Error{fits.error().code, fits.error().message + (doubts.empty() ? "" : "; " + doubts[0])};
    }
    for (const std::string& doubt : doubts) {
      report.warnings.push_back(fmt::format("{}: layer '{}': {}", layers[l].source, layers[l].layer, doubt));
    }
  }
  return {};
}

void TreeLoad::measure_areas() {
  std::vector<std::vector<double>> areas_m2(layers.size());
  for (std::size_t l = 0; l < layers.size(); ++l) {
    areas_m2[l] = areas_m2_of(layers[l]);
    for (const double area_m2 : areas_m2[l]) report.sources[l].area_m2 += area_m2;
  }
  for (Entry& entry : entries) entry.area_m2 = areas_m2[entry.layer][entry.feature];
  std::vector<StatedArea> areas;
  for (const Entry& entry : entries) {
    const auto stated_m2 = feature_of(entry).stated_area_m2;
    if (stated_m2 && entry.area_m2 > 0) areas.push_back({note(entry, {}), *stated_m2, entry.area_m2});
  }
  compare_stated_areas(report, std::move(areas), request.mapping.area_unit_m2);
}

base::Status TreeLoad::choose_world() {
  for (const SourceReport& source : report.sources) extent_lonlat.extend(source.extent_lonlat);
  report.world_crs = request.frame ? request.frame->world_crs() : request.world_crs;
  if (!request.frame && (request.world_crs == "auto" || request.world_crs.empty())) {
    report.world_crs =
        extent_lonlat.width() < kAutoZoneWidthMax_deg ? gauss_kruger_crs(extent_lonlat.center().x) : kMercatorCrs;
  }
  TRY_ASSIGN(Transform to_metres, Transform::create(kLonLatCrs, report.world_crs));
  world_from_lonlat.emplace(std::move(to_metres));
  if (world_from_lonlat->to_degrees()) {
    return Error{ErrorCode::InvalidArgument, fmt::format("world coordinate system '{}' counts degrees; one that counts "
                                                         "metres is needed, for example EPSG:4549",
                                                         report.world_crs)};
  }
  spec.world_crs = report.world_crs;
  return {};
}

base::Status TreeLoad::project() {
  base::Box2d extent_world;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    RawLayer& layer = layers[l];
    TRY(to_world(layer, report.sources[l].in_degrees, *world_from_lonlat, extent_lonlat, request.preview_px));
    for (const Vec2d p : layer.points) {
      if (std::isfinite(p.x) && std::isfinite(p.y)) extent_world.extend(p);
    }
  }
  if (extent_world.empty()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: no polygon can be brought into {}", report.sources[0].source, report.world_crs)};
  }
  choose_units(extent_world);
  return {};
}

void TreeLoad::choose_units(const base::Box2d& extent_world) {
  if (request.frame) {
    spec.origin_world = request.frame->origin_world();
    spec.unit_m = report.unit_m = request.frame->unit_m();
    return;
  }
  constexpr double kLabelPx = 24;
  const double size_m = std::max(extent_world.width(), extent_world.height());
  const Vec2d center = extent_world.center();
  spec.origin_world = {std::round(center.x), std::round(center.y)};
  spec.unit_m = 0.001;
  while ((size_m / 2 + 1) / spec.unit_m > kUnitsMax) spec.unit_m *= 10;
  if (request.preview_px > 0) label_units = kLabelPx * size_m / request.preview_px / spec.unit_m;
  report.unit_m = spec.unit_m;
}

// World metres to integers; polygons with a point outside their system are left out whole. Any thread.
Shaped TreeLoad::shape(const Entry& entry, shape::DivisionShaper& shaper) {
  const RawLayer& layer = layers[entry.layer];
  const RawFeature& feature = layer.features[entry.feature];
  const double units_per_m = 1 / spec.unit_m;
  Shaped out;
  std::vector<shape::IntPolygon> polygons;
  bool lost = false;
  for (std::uint32_t r = feature.ring_begin; r < feature.ring_end; ++r) {
    const RawRing& ring = layer.rings[r];
    if (!ring.is_hole) {
      polygons.emplace_back();
      lost = false;
    }
    if (lost) continue;
    shape::IntRing points;
    points.reserve(ring.end - ring.begin);
    for (std::uint32_t i = ring.begin; i < ring.end && !lost; ++i) {
      const Vec2d units = (layer.points[i] - spec.origin_world) * units_per_m;
      // Also what lies too far from an overlay's hierarchy for its integers.
      lost = !(std::abs(units.x) <= kUnitsMax && std::abs(units.y) <= kUnitsMax);
      if (lost) continue;
      points.push_back(
          {static_cast<std::int32_t>(std::lround(units.x)), static_cast<std::int32_t>(std::lround(units.y))});
    }
    if (lost) {
      ++out.lost_polygons;
      polygons.pop_back();
    } else {
      polygons.back().push_back(std::move(points));
    }
  }
  out.division = request.preview_px > 0 ? shaper.shape_for_preview(std::move(polygons), label_units)
                                        : shaper.shape(std::move(polygons));
  return out;
}

// In stretches: what threads say of one is taken while it is near, and its memory serves the next.
void TreeLoad::shape_all() {
  spec.records.reserve(entries.size() + 1);
  std::vector<Shaped> shaped(std::min(entries.size(), kFeaturesPerStretch));
  const std::size_t worker_count = base::worker_count_for(entries.size(), kFeaturesPerWorkerMin);
  std::vector<shape::DivisionShaper> shapers(worker_count);
  for (std::size_t first = 0; first < entries.size(); first += shaped.size()) {
    const std::size_t count = std::min(entries.size() - first, shaped.size());
    base::parallel_for(
        count, kFeaturesPerChunk, worker_count,
        [&](std::size_t worker, std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end && !request.stop.stop_requested(); ++i) {
            shaped[i] = shape(entries[first + i], shapers[worker]);
          }
        },
        [&](std::size_t done) {
          tell("shaping", 0.4 + 0.4 * static_cast<double>(first + done) / static_cast<double>(entries.size()));
        });
    for (std::size_t i = 0; i < count; ++i) take_shape(entries[first + i], std::move(shaped[i]));
  }
  for (RawLayer& layer : layers) layer.points = {};  // the integers stand for them from here on
}

void TreeLoad::take_shape(Entry& entry, Shaped shaped) {
  SourceReport& told = report.sources[entry.layer];
  const RawFeature& feature = feature_of(entry);
  shape::ShapedDivision& division = shaped.division;
  if (shaped.lost_polygons > 0) {
    report.repairs.push_back(
        note(entry, fmt::format("{} polygons left out: coordinates outside {}", shaped.lost_polygons, told.crs_name)));
  }
  if (!division.repair.empty()) {
    DivisionNote& told_repair = report.repairs.emplace_back(note(entry, division.repair));
    if (division.repair_at) told_repair.place_lonlat = world_from_lonlat->inverse(to_world_m(*division.repair_at));
  }
  if (!division.triangulation.empty()) report.repairs.push_back(note(entry, division.triangulation));
  if (division.relative_area_error > told.area_error_worst) {
    told.area_error_worst = division.relative_area_error;
    told.area_error_code = feature.code;
  }
  told.vertex_count += division.vertex_count;
  told.triangle_count += division.triangle_count;
  model::DivisionRecord record;
  record.code = feature.code;
  record.name = feature.name;
  record.parts = std::move(division.parts);
  record.anchor = division.anchor;
  spec.records.push_back(std::move(record));
}

void TreeLoad::report_levels(const model::DivisionTree& tree, const std::vector<std::uint32_t>& division_of) {
  for (const model::DivisionLevel& level : tree.levels()) {
    LevelReport& told = report.levels.emplace_back();
    told.name_zh = level.name_zh;
    told.name_en = level.name_en;
    told.division_count = level.divisions.size();
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    const std::uint32_t level = tree.divisions()[division_of[i]].level_index;
    report.levels[level].area_m2 += entry.area_m2;
    std::vector<std::uint64_t>& counts = report.sources[entry.layer].level_counts;
    if (counts.size() <= level) counts.resize(level + 1);
    ++counts[level];
  }
}

namespace {

// What each source adds up to.
void count_notes(LayerReport& report) {
  for (const DivisionNote& found : report.repairs) ++report.sources[found.source_index].repair_count;
  for (const DivisionNote& found : report.orphans) ++report.sources[found.source_index].orphan_count;
  for (const DivisionNote& found : report.cycles) ++report.sources[found.source_index].cycle_count;
  for (const DivisionNote& found : report.duplicates) ++report.sources[found.source_index].duplicate_count;
  for (const SourceReport& source : report.sources) {
    report.vertex_count += source.vertex_count;
    report.triangle_count += source.triangle_count;
    if (source.area_error_worst > report.area_error_worst) {
      report.area_error_worst = source.area_error_worst;
      report.area_error_code = source.area_error_code;
    }
  }
}

}  // namespace

// Divisions of one layer below those of another, or an overlay's over its hierarchy: are both in the same system? What
// lies inside a division answers, because borders that two layers share lie on neither side.
base::Status TreeLoad::check_placing(std::size_t layer, const std::shared_ptr<const model::DivisionTree>& tree,
                                     const std::vector<std::size_t>& source_of) {
  std::vector<Vec2d> anchors_lonlat;
  std::vector<std::string> codes;
  for (std::size_t d = 0; d < tree->divisions().size(); ++d) {
    const model::Division& division = tree->divisions()[d];
    if (source_of[d] != layer || division.rings.size() == 0) continue;
    const bool below_another = division.parent.valid() && source_of[division.parent.value] != layer &&
                               tree->at(division.parent).rings.size() > 0;
    if (!request.frame && !below_another) continue;
    const auto lonlat = world_from_lonlat->inverse(division.anchor_world);
    if (!lonlat) continue;
    anchors_lonlat.push_back(*lonlat);
    if (!request.frame) codes.emplace_back(tree->at(division.parent).code);
  }
  if (anchors_lonlat.empty()) return {};
  return check_shift_into(
      report, {fmt::format("places in the divisions of layer '{}'", layers[layer].layer), anchors_lonlat, codes},
      request.frame ? request.frame : tree);
}

Result<LoadedTree> TreeLoad::finish() {
  count_notes(report);
  if (report.area_error_worst > kAreaErrorMax) {
    report.warnings.push_back(fmt::format("the triangles of '{}' differ from its rings by {:.2g} of their area",
                                          report.area_error_code, report.area_error_worst));
  }
  for (const model::LevelSpec& level : request.levels) {
    spec.level_names.push_back({level.name_zh, level.name_en, {}});
  }
  spec.synthetic = report.synthetic;
  std::vector<std::uint32_t> division_of;  // each entry's
  TRY_ASSIGN(auto built, model::assemble_tree(std::move(spec), &division_of));
  report_levels(built, division_of);
  tell("checking", 0.93);
  std::vector<std::size_t> source_of(built.divisions().size());
  for (std::size_t i = 0; i < entries.size(); ++i) source_of[division_of[i]] = entries[i].layer;
  const bool judged = request.preview_px == 0;
  if (judged && request.family_check == FamilyCheck::Full)
    check_families_into(report, built, source_of, *world_from_lonlat);
  const auto tree = std::make_shared<const model::DivisionTree>(std::move(built));
  for (std::size_t l = 0; judged && l < layers.size(); ++l) TRY(check_placing(l, tree, source_of));
  return LoadedTree{tree, std::move(report)};
}

namespace {

Result<LoadedTree> load(const LayerRequest& request, const ProgressCallback& progress) {
  TreeLoad load{request, progress, {}, {}, {}, {}, {}, {}, {}, 0};
  load.tell("reading", 0);
  TRY(load.read());
  TRY(load.check_stop());
  load.name_features();
  load.drop_duplicates();
  load.tell("measuring", 0.2);
  TRY(load.measure());
  if (request.preview_px == 0) load.measure_areas();
  TRY(load.choose_world());
  load.tell("projecting", 0.3);
  TRY(load.project());
  load.shape_all();
  TRY(load.check_stop());
  load.tell("linking", 0.85);
  load.link();
  load.add_parents();
  load.tell("assembling", 0.9);
  auto loaded = load.finish();
  if (loaded.ok()) load.tell("done", 1);
  return loaded;
}

}  // namespace

Result<LoadedTree> load_division_tree(const LayerRequest& request, const ProgressCallback& progress) {
  // GEOS and our own containers throw when memory ends.
  try {
    return load(request, progress);
  } catch (const std::bad_alloc&) {
    return Error{
        ErrorCode::Unsupported,
        fmt::format("{}: needs more memory than there is; leave out what is not needed with --layer or --where",
                    request.sources[0])};
  }
}

std::string loading_libraries() {
  return fmt::format("GDAL {}, {}, GEOS {}", gdal_version(), proj_version(), shape::geos_version());
}

}  // namespace gridwall::geo
