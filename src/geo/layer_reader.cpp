#include "geo/layer_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>
#include <string_view>

#include "geo/crs_doubts.hpp"
#include "geo/data_source.hpp"
#include "geo/feature_intake.hpp"
#include "geo/feature_reader.hpp"
#include "geo/layer_crs.hpp"
#include "geo/layer_names.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

struct LayerJob {
  const LayerQuery& query;
  GdalSession& session;
  const DataSource& source;
  const OpenedDataset& dataset;
  OGRLayerH layer;
  ReadingWay way;
  std::uint64_t feature_count, point_count;  // of the source's layers before this one
  RawLayer& out;

  Status read();
  Status read_features(const FieldChoice& fields, std::int64_t promised);
  Status check_promise(std::int64_t promised);
  [[nodiscard]] Result<double> preview_step() const;
  [[nodiscard]] Error failure(const std::string& what) const;
};

Error LayerJob::failure(const std::string& what) const {
  return Error{ErrorCode::Unreadable, fmt::format("{}: layer '{}': {}", dataset.shown, out.layer, what)};
}

// Declared as points or lines: read for nothing.
bool can_hold_polygons(OGRLayerH layer) {
  switch (wkbFlatten(OGR_L_GetGeomType(layer))) {
    case wkbPoint:
    case wkbLineString:
    case wkbMultiPoint:
    case wkbMultiLineString:
    case wkbCircularString:
    case wkbCompoundCurve:
    case wkbMultiCurve:
    case wkbCurve:
      return false;
    default:
      return true;
  }
}

// A cut file may end early without a word; its own count then says more.
Status LayerJob::check_promise(std::int64_t promised) {
  std::uint64_t given = out.features.size();
  if (!query.reading.where.empty()) {
    // The filter leaves features out; whether the table reaches its end is seen without it.
    OGR_L_SetAttributeFilter(layer, nullptr);
    FieldChoice none;
    ignore_other_fields(layer, none);
    OGR_L_ResetReading(layer);
    for (given = 0; given < kFeaturesMax; ++given) {
      if (Feature(OGR_L_GetNextFeature(layer)) == nullptr) break;
    }
  }
  if (promised <= 0 || static_cast<std::uint64_t>(promised) <= given) return {};
  return failure(fmt::format("it promises {} features and gives {}; the file is cut or damaged", promised, given));
}

// A pixel, in the source's own measure. Not worth a look at every geometry: some drivers would take that.
Result<double> LayerJob::preview_step() const {
  OGREnvelope extent;
  constexpr int kOnlyIfKnown = 0;
  const bool known = OGR_L_GetExtent(layer, &extent, kOnlyIfKnown) == OGRERR_NONE;
  const double size = known ? std::max(extent.MaxX - extent.MinX, extent.MaxY - extent.MinY) : 0;
  if (!(size > 0) || !(size <= 2 * kCoordinateMax)) {
    return Error{ErrorCode::Unsupported,
                 fmt::format("{}: layer '{}' does not state its extent", dataset.shown, out.layer)};
  }
  return size / query.preview_px;
}

Status LayerJob::read_features(const FieldChoice& fields, std::int64_t promised) {
  FeatureIntake intake(out, query.mapping, feature_count, point_count);
  if (promised > 0 && source.name.kind == SourceKind::File) {
    std::error_code code;
    const std::uintmax_t bytes = std::filesystem::file_size(source.name.opened, code);
    // Formats that pack points more closely grow in steps.
    if (!code) intake.expect(static_cast<std::uint64_t>(promised), bytes / sizeof(base::Vec2d));
  }
  if (query.preview_px > 0) {
    TRY_ASSIGN(const double step, preview_step());
    intake.coarsen(step);
  }
  const FeatureJob job{dataset, layer, fields, session, intake};
  const bool by_arrow = way == ReadingWay::Quickest;
  Result<bool> read = by_arrow ? read_by_arrow(job) : Result<bool>(false);
  if (read.ok() && !*read) {
    const Status one_by_one = read_one_by_one(job);
    read = one_by_one.ok() ? Result<bool>(true) : Result<bool>(one_by_one.error());
  }
  if (!read.ok())
    return Error{read.error().code, fmt::format("{}: layer '{}' {}", dataset.shown, out.layer, read.error().message)};
  if (session.failed()) {
    return failure(fmt::format("it cannot be read to its end; {} is cut or damaged{}",
                               source.name.kind == SourceKind::Service ? "the service's answer" : "the file",
                               session.reason()));
  }
  // Single damaged features are told and left out; a file that was cut has them at its end, a broken one everywhere.
  constexpr std::uint64_t kDamagedShareMin = 10;
  const std::uint64_t bad = intake.unreadable_count();
  if (bad > 0 && (intake.last_unreadable() || bad * kDamagedShareMin > out.features.size())) {
    return failure(fmt::format("the geometries of {} of its {} features cannot be read; the file is cut or damaged",
                               bad, out.features.size()));
  }
  return {};
}

base::Box2d extent_of(const std::vector<base::Vec2d>& points) {
  base::Box2d extent;
  for (const base::Vec2d p : points) extent.extend(p);
  return extent;
}

Status LayerJob::read() {
  out.source = source.name.shown;
  out.layer = clean_utf8(OGR_L_GetName(layer));
  out.driver = dataset.driver;
  TRY_ASSIGN(const StatedEncoding stated, stated_encoding(dataset, layer, query.reading));
  const LayerNames names = read_names(dataset, layer, stated);
  const Result<FieldChoice> fields = choose_fields(names.fields, query.mapping);
  if (!fields.ok()) {
    return Error{fields.error().code,
                 fmt::format("{}: layer '{}' {}", dataset.shown, out.layer, fields.error().message)};
  }
  const auto name_of = [&](int field) {
    return field < 0 ? std::string() : names.fields[static_cast<std::size_t>(field)].name;
  };
  out.code_field = name_of(fields->code);
  out.name_field = name_of(fields->name);
  out.parent_field = name_of(fields->parent);
  out.level_field = name_of(fields->level);
  out.kind_field = name_of(fields->kind);
  out.area_field = name_of(fields->area);
  const bool is_file = source.name.kind != SourceKind::Service;
  const std::int64_t promised = is_file ? static_cast<std::int64_t>(OGR_L_GetFeatureCount(layer, 0)) : -1;
  TRY(set_filter(dataset, layer, names, query.reading.where, session));
  // Some drivers evaluate the filter on the fields that were read.
  if (query.reading.where.empty()) ignore_other_fields(layer, *fields);
  session.clear();
  TRY(read_features(*fields, promised));
  TRY(check_promise(promised));
  finish_text(out, stated, dataset.raw_text);
  if (dataset.driver == "MVT" || dataset.driver == "MBTiles") {
    out.notes.push_back("vector tiles: coordinates are rounded, divisions are cut at the tiles' edges");
  }
  if (out.without_polygon_count == out.features.size()) return {};
  auto crs = find_crs(dataset, layer, query.reading);
  if (!crs.ok()) {
    const std::string hint = crs_hint(extent_of(out.points));
    return Error{crs.error().code, crs.error().message + (hint.empty() ? "" : "; " + hint)};
  }
  out.crs = std::move(crs->crs);
  out.crs_name = std::move(crs->crs_name);
  out.crs_known_by = std::move(crs->crs_known_by);
  return {};
}

Error no_polygons(const DataSource& source, const LayerQuery& query, std::uint64_t feature_count) {
  const std::string& where = query.reading.where;
  if (!where.empty() && feature_count == 0) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: no feature passes the filter \"{}\"", source.name.shown, where)};
  }
  bool points = false, lines = false;
  for (const OpenedLayer& opened : source.layers) {
    const OGRwkbGeometryType type = wkbFlatten(OGR_L_GetGeomType(opened.layer));
    points |= type == wkbPoint || type == wkbMultiPoint;
    lines |= type == wkbLineString || type == wkbMultiLineString;
  }
  const std::string_view what = points && lines ? " of points and lines"
                                : points        ? " of points"
                                : lines         ? " of lines"
                                                : "";
  return Error{ErrorCode::Unreadable,
               fmt::format("{}: holds no polygons ({} features in {} layers{}); divisions are polygons",
                           source.name.shown, feature_count, source.layers.size(), what)};
}

Result<std::vector<RawLayer>> read_all(const LayerQuery& query, ReadingWay way) {
  GdalSession session;
  TRY_ASSIGN(const DataSource source, DataSource::open(query, Wanted::Polygons, session));
  std::vector<RawLayer> out;
  std::uint64_t feature_count = 0, point_count = 0;
  for (const OpenedLayer& opened : source.layers) {
    if (!can_hold_polygons(opened.layer)) {
      feature_count += static_cast<std::uint64_t>(std::max<GIntBig>(0, OGR_L_GetFeatureCount(opened.layer, 1)));
      continue;
    }
    RawLayer raw;
    LayerJob job{query,         session,     source, source.datasets[opened.dataset_index], opened.layer, way,
                 feature_count, point_count, raw};
    TRY(job.read());
    feature_count += raw.features.size();
    point_count += raw.points.size();
    if (raw.without_polygon_count < raw.features.size()) out.push_back(std::move(raw));
  }
  if (out.empty()) return no_polygons(source, query, feature_count);
  return out;
}

}  // namespace

Result<std::vector<RawLayer>> read_layers(const LayerQuery& query, ReadingWay way) {
  // GDAL's drivers and our own containers throw when memory ends; nothing may pass the room's edge.
  try {
    return read_all(query, way);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::Unsupported,
                 fmt::format("{}: needs more memory than there is", name_source(query.source).shown)};
  } catch (const std::exception& error) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: cannot be read: {}", name_source(query.source).shown, clean_utf8(error.what()))};
  }
}

}  // namespace gridwall::geo
