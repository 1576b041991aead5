#include "geo/tree_builder.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "geo/division_shaper.hpp"
#include "geo/layer_reader.hpp"
#include "geo/parent_rules.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Vec2d;

namespace {

constexpr double kAutoZoneWidthMax_deg = 6;
constexpr double kMercatorLatitudeMax_deg = 85;
constexpr double kUnitsMax = 1e9;  // from the origin: differences stay below 2^31
constexpr double kAreaErrorMax = 1e-6;
constexpr const char* kMercatorCrs = "EPSG:3857";

struct Entry {
  RawFeature feature;     // its polygons are in source coordinates, then in world ones
  std::size_t layer = 0;  // index into the layers
  double area_m2 = 0;     // geodesic
};

// The steps of load_division_tree, in order.
struct TreeLoad {
  const LayerRequest& request;
  const ProgressCallback& progress;
  std::vector<RawLayer> layers;
  std::vector<Entry> entries;
  LayerReport report;
  base::Box2d extent_lonlat;
  model::TreeSpec spec;
  ParentLinks links;

  void tell(std::string_view step, double share) const {
    if (progress) progress(step, share);
  }
  base::Status read();
  void name_features();
  void drop_duplicates();
  base::Status measure();
  base::Status choose_world();
  base::Status project();
  void choose_units(const base::Box2d& extent_world);
  void link();
  void add_records();
  void add_root();
  [[nodiscard]] std::vector<std::size_t> depths() const;
  void report_levels(const model::DivisionTree& tree);
  Result<LoadedTree> finish();
};

base::Status TreeLoad::read() {
  if (request.files.empty()) return Error{ErrorCode::InvalidArgument, "no layer file is named"};
  for (const auto& file : request.files) {
    TRY_ASSIGN(auto found, read_layers({file, request.layers, request.mapping, request.source_crs_override}));
    for (RawLayer& layer : found) layers.push_back(std::move(layer));
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const RawLayer& layer = layers[l];
    LayerFileReport told;
    told.file = layer.file.string();
    told.layer = layer.layer;
    told.driver = layer.driver;
    told.encoding = layer.encoding;
    told.crs_name = layer.crs_name;
    told.crs_known_by = layer.crs_known_by;
    told.code_field = layer.code_field;
    told.name_field = layer.name_field;
    told.parent_field = layer.parent_field;
    told.feature_count = layer.features.size();
    told.without_polygon_count = layer.without_polygon_count;
    for (const RawFeature& feature : layer.features) told.polygon_count += feature.polygons.size();
    report.files.push_back(std::move(told));
    if (layer.without_polygon_count > 0) {
      report.warnings.push_back(fmt::format("{}: {} of {} features have no polygon; they are kept without an area",
                                            layer.file.string(), layer.without_polygon_count, layer.features.size()));
    }
  }
  return {};
}

// Every feature gets a code and a name.
void TreeLoad::name_features() {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    RawLayer& layer = layers[l];
    std::uint64_t uncoded_count = 0;
    for (RawFeature& feature : layer.features) {
      if (feature.code.empty()) {
        ++uncoded_count;
        // Feature numbers are unique in one layer only.
        feature.code =
            layers.size() == 1 ? fmt::format("{}", feature.fid) : fmt::format("{}:{}", layer.layer, feature.fid);
      }
      if (feature.name.empty()) feature.name = feature.code;
      report.synthetic = report.synthetic || feature.synthetic;
      entries.push_back({std::move(feature), l});
    }
    if (uncoded_count == 0) continue;
    report.warnings.push_back(
        layer.code_field.empty()
            ? fmt::format("{}: layer '{}' has no field that looks like a code; feature numbers are used instead; name "
                          "the field with --code-field",
                          layer.file.string(), layer.layer)
            : fmt::format("{}: layer '{}': {} features have an empty '{}'; their feature numbers are used",
                          layer.file.string(), layer.layer, uncoded_count, layer.code_field));
  }
}

void TreeLoad::drop_duplicates() {
  std::unordered_set<std::string> seen;
  std::vector<Entry> kept;
  for (Entry& entry : entries) {
    if (seen.insert(entry.feature.code).second) {
      kept.push_back(std::move(entry));
    } else {
      report.duplicates.push_back(
          {entry.feature.code, fmt::format("also feature {} '{}' of {}", entry.feature.fid, entry.feature.name,
                                           layers[entry.layer].file.filename().string())});
    }
  }
  entries = std::move(kept);
}

// Extents in degrees and geodesic areas; finds coordinates that do not fit their system.
base::Status TreeLoad::measure() {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    TRY_ASSIGN(const Transform to_lonlat, Transform::create(layers[l].crs, kLonLatCrs));
    LayerFileReport& told = report.files[l];
    std::uint64_t ring_count = 0, failed_count = 0;
    for (Entry& entry : entries) {
      if (entry.layer != l) continue;
      for (const RawPolygon& polygon : entry.feature.polygons) {
        for (std::size_t r = 0; r < polygon.rings.size(); ++r) {
          std::vector<Vec2d> ring_lonlat = polygon.rings[r];
          ++ring_count;
          if (to_lonlat.forward(ring_lonlat) > 0) {
            ++failed_count;
            continue;
          }
          for (const Vec2d p : ring_lonlat) told.extent_lonlat.extend(p);
          entry.area_m2 += (r == 0 ? 1 : -1) * geodesic_area_m2(ring_lonlat);
        }
      }
      told.area_m2 += entry.area_m2;
    }
    if (ring_count > 0 && failed_count == ring_count) {
      return Error{ErrorCode::Unreadable,
                   fmt::format("{}: layer '{}': no coordinate fits its coordinate system {} ({}); say the right one "
                               "with --crs",
                               told.file, told.layer, told.crs_name, told.crs_known_by)};
    }
    extent_lonlat.extend(told.extent_lonlat);
  }
  return {};
}

base::Status TreeLoad::choose_world() {
  report.world_crs = request.world_crs;
  if (request.world_crs == "auto" || request.world_crs.empty()) {
    report.world_crs =
        extent_lonlat.width() < kAutoZoneWidthMax_deg ? gauss_kruger_crs(extent_lonlat.center().x) : kMercatorCrs;
  }
  TRY_ASSIGN(const Transform to_world, Transform::create(kLonLatCrs, report.world_crs));
  if (to_world.to_degrees()) {
    return Error{ErrorCode::InvalidArgument, fmt::format("world coordinate system '{}' counts degrees; one that counts "
                                                         "metres is needed, for example EPSG:4549",
                                                         report.world_crs)};
  }
  spec.world_crs = report.world_crs;
  return {};
}

// Source coordinates become world coordinates, in place; polygons that cannot go along are left out.
base::Status TreeLoad::project() {
  const bool mercator = report.world_crs == kMercatorCrs;
  base::Box2d extent_world;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    TRY_ASSIGN(const Transform to_lonlat, Transform::create(layers[l].crs, kLonLatCrs));
    // Mercator has no poles, so it goes by way of latitudes that can be clamped.
    TRY_ASSIGN(const Transform to_world, Transform::create(mercator ? kLonLatCrs : layers[l].crs, report.world_crs));
    for (Entry& entry : entries) {
      if (entry.layer != l) continue;
      const std::size_t lost = std::erase_if(entry.feature.polygons, [&](RawPolygon& polygon) {
        for (auto& ring : polygon.rings) {
          if (mercator) {
            if (to_lonlat.forward(ring) > 0) return true;
            for (Vec2d& p : ring) p.y = std::clamp(p.y, -kMercatorLatitudeMax_deg, kMercatorLatitudeMax_deg);
          }
          if (to_world.forward(ring) > 0) return true;
        }
        return false;
      });
      if (lost > 0) {
        report.repairs.push_back({entry.feature.code, fmt::format("{} polygons left out: coordinates outside {}", lost,
                                                                  report.files[l].crs_name)});
      }
      for (const RawPolygon& polygon : entry.feature.polygons) {
        for (const Vec2d p : polygon.rings[0]) extent_world.extend(p);
      }
    }
  }
  if (extent_world.empty()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: no polygon can be brought into {}", report.files[0].file, report.world_crs)};
  }
  choose_units(extent_world);
  return {};
}

void TreeLoad::choose_units(const base::Box2d& extent_world) {
  const Vec2d center = extent_world.center();
  spec.origin_world = {std::round(center.x), std::round(center.y)};
  spec.unit_m = 0.001;
  const double reach = std::max(extent_world.width(), extent_world.height()) / 2 + 1;
  while (reach / spec.unit_m > kUnitsMax) spec.unit_m *= 10;
  report.unit_m = spec.unit_m;
}

void TreeLoad::link() {
  const model::SourceMapping& mapping = request.mapping;
  const bool has_parent_field =
      std::any_of(layers.begin(), layers.end(), [](const RawLayer& layer) { return !layer.parent_field.empty(); });
  ParentRule rule = ParentRule::LongestPrefix;
  report.parent_rule = "longest known prefix";
  if (!mapping.parent_field.empty() || (has_parent_field && mapping.code_lengths.empty())) {
    rule = ParentRule::Field;
    report.parent_rule = "parent field";
  } else if (!mapping.code_lengths.empty()) {
    rule = ParentRule::CodeLengths;
    report.parent_rule = "code lengths";
  }
  std::vector<CodedDivision> divisions;
  for (const Entry& entry : entries) divisions.push_back({entry.feature.code, entry.feature.parent_code});
  links = link_parents(divisions, rule, mapping.code_lengths);
  report.added_root_code = links.added_root_code;
  for (const std::size_t i : links.orphans) {
    const std::string& named = divisions[i].parent_code;
    report.orphans.push_back({divisions[i].code, named.empty() || rule != ParentRule::Field
                                                     ? "no shorter code begins it"
                                                     : fmt::format("parent '{}' is not in the files", named)});
  }
  for (const std::size_t i : links.cycles) {
    report.cycles.push_back({divisions[i].code, fmt::format("parent '{}' lies below it", divisions[i].parent_code)});
  }
}

std::vector<std::size_t> TreeLoad::depths() const {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < entries.size(); ++i) index.emplace(entries[i].feature.code, i);
  std::vector<std::size_t> out(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::string_view parent = links.parent_codes[i];
    while (!parent.empty()) {
      ++out[i];
      const auto found = index.find(parent);
      parent = found == index.end() ? std::string_view() : std::string_view(links.parent_codes[found->second]);
    }
  }
  return out;
}

void TreeLoad::add_root() {
  if (links.added_root_code.empty()) return;
  model::DivisionRecord root;
  root.code = links.added_root_code;
  root.name = request.files[0].stem().string();
  spec.records.push_back(std::move(root));
}

void TreeLoad::add_records() {
  const std::vector<std::size_t> depth = depths();
  DivisionShaper shaper;
  add_root();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i % 256 == 0) tell("shaping", 0.4 + 0.5 * static_cast<double>(i) / static_cast<double>(entries.size()));
    RawFeature& feature = entries[i].feature;
    std::vector<IntPolygon> polygons;
    for (RawPolygon& raw : feature.polygons) {
      IntPolygon polygon;
      for (const auto& ring : raw.rings) {
        IntRing& points = polygon.emplace_back();
        for (const Vec2d p : ring) {
          const Vec2d units = (p - spec.origin_world) * (1 / spec.unit_m);
          points.push_back(
              {static_cast<std::int32_t>(std::lround(units.x)), static_cast<std::int32_t>(std::lround(units.y))});
        }
      }
      polygons.push_back(std::move(polygon));
      raw.rings.clear();
    }
    ShapedDivision shaped = shaper.shape(std::move(polygons));
    if (!shaped.repair.empty()) report.repairs.push_back({feature.code, shaped.repair});
    if (shaped.relative_area_error > report.area_error_worst) {
      report.area_error_worst = shaped.relative_area_error;
      report.area_error_code = feature.code;
    }
    report.vertex_count += shaped.vertex_count;
    report.triangle_count += shaped.triangle_count;
    model::DivisionRecord record;
    record.code = feature.code;
    record.name = feature.name;
    record.parent_code = links.parent_codes[i];
    if (!feature.kind.empty()) {
      record.kind = feature.kind;
    } else if (depth[i] < request.levels.size() && !request.levels[depth[i]].kind.empty()) {
      record.kind = request.levels[depth[i]].kind;
    }
    record.parts = std::move(shaped.parts);
    record.anchor = shaped.anchor;
    spec.records.push_back(std::move(record));
  }
}

void TreeLoad::report_levels(const model::DivisionTree& tree) {
  for (const model::DivisionLevel& level : tree.levels()) {
    LevelReport& told = report.levels.emplace_back();
    told.name_zh = level.name_zh;
    told.name_en = level.name_en;
    told.division_count = level.divisions.size();
  }
  for (const Entry& entry : entries) {
    report.levels[tree.at(tree.find(entry.feature.code)).level_index].area_m2 += entry.area_m2;
  }
  std::vector<std::uint64_t> parent_counts(report.levels.size());
  for (const model::Division& division : tree.divisions()) {
    if (division.children.size() == 0 || division.rings.size() == 0 || division.area_m2 <= 0) continue;
    double children_m2 = 0;
    for (std::uint32_t c = division.children.begin; c < division.children.end; ++c) {
      children_m2 += tree.divisions()[c].area_m2;
    }
    const double share = children_m2 / division.area_m2;
    LevelReport& level = report.levels[division.level_index];
    if (parent_counts[division.level_index]++ == 0) level.cover_share_mean = 0, level.cover_share_worst = 1;
    level.cover_share_mean += share;
    if (level.cover_worst_code.empty() || std::abs(share - 1) > std::abs(level.cover_share_worst - 1)) {
      level.cover_share_worst = share;
      level.cover_worst_code = division.code;
    }
  }
  for (std::size_t l = 0; l < report.levels.size(); ++l) {
    if (parent_counts[l] > 0) report.levels[l].cover_share_mean /= static_cast<double>(parent_counts[l]);
  }
}

Result<LoadedTree> TreeLoad::finish() {
  if (report.area_error_worst > kAreaErrorMax) {
    report.warnings.push_back(fmt::format("the triangles of '{}' differ from its rings by {:.2g} of their area",
                                          report.area_error_code, report.area_error_worst));
  }
  for (const model::LevelSpec& level : request.levels) {
    spec.level_names.push_back({level.name_zh, level.name_en, {}});
  }
  spec.synthetic = report.synthetic;
  TRY_ASSIGN(auto built, model::assemble_tree(std::move(spec)));
  report_levels(built);
  return LoadedTree{std::make_shared<const model::DivisionTree>(std::move(built)), std::move(report)};
}

}  // namespace

Result<LoadedTree> load_division_tree(const LayerRequest& request, const ProgressCallback& progress) {
  TreeLoad load{request, progress, {}, {}, {}, {}, {}, {}};
  load.tell("reading", 0);
  TRY(load.read());
  load.name_features();
  load.drop_duplicates();
  load.tell("measuring", 0.2);
  TRY(load.measure());
  TRY(load.choose_world());
  load.tell("projecting", 0.3);
  TRY(load.project());
  load.link();
  load.add_records();
  load.tell("assembling", 0.9);
  auto loaded = load.finish();
  if (loaded.ok()) load.tell("done", 1);
  return loaded;
}

}  // namespace gridwall::geo
