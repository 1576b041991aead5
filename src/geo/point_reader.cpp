#include "geo/point_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <exception>

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

struct PointJob {
  const LayerQuery& query;
  GdalSession& session;
  const DataSource& source;
  std::uint64_t point_count_max;
  RawPoints& out;

  Status read(const OpenedLayer& opened);
  Status take_crs(const OpenedDataset& dataset, OGRLayerH layer);
  void take(OGRGeometryH geometry, const PointRecord& record);
};

bool can_hold_points(OGRLayerH layer) {
  const OGRwkbGeometryType type = wkbFlatten(OGR_L_GetGeomType(layer));
  return type == wkbPoint || type == wkbMultiPoint || type == wkbUnknown || type == wkbGeometryCollection;
}

void PointJob::take(OGRGeometryH geometry, const PointRecord& record) {
  const OGRwkbGeometryType type = geometry != nullptr ? wkbFlatten(OGR_G_GetGeometryType(geometry)) : wkbNone;
  if (type == wkbMultiPoint) {
    for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i) take(OGR_G_GetGeometryRef(geometry, i), record);
    return;
  }
  if (type != wkbPoint || OGR_G_IsEmpty(geometry) != 0) {
    ++out.left_out_count;
    return;
  }
  PointRecord taken = record;
  taken.point = {OGR_G_GetX(geometry, 0), OGR_G_GetY(geometry, 0)};
  // False for NaN.
  const bool usable = std::abs(taken.point.x) <= kCoordinateMax && std::abs(taken.point.y) <= kCoordinateMax;
  if (!usable) {
    ++out.left_out_count;
  } else if (out.points.size() >= point_count_max) {
    out.cut = true;
  } else {
    out.points.push_back(std::move(taken));
  }
}

Status PointJob::take_crs(const OpenedDataset& dataset, OGRLayerH layer) {
  TRY_ASSIGN(LayerCrs crs, find_crs(dataset, layer, query.reading));
  if (!out.crs.empty() && out.crs != crs.crs) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("{}: its layers of points are in {} and in {}; name one of them", source.name.shown,
                             out.crs_name, crs.crs_name)};
  }
  out.crs = std::move(crs.crs);
  out.crs_name = std::move(crs.crs_name);
  out.crs_known_by = std::move(crs.crs_known_by);
  return {};
}

Status PointJob::read(const OpenedLayer& opened) {
  const OpenedDataset& dataset = source.datasets[opened.dataset_index];
  const std::string layer_name = clean_utf8(OGR_L_GetName(opened.layer));
  TRY_ASSIGN(const StatedEncoding stated, stated_encoding(dataset, opened.layer, query.reading));
  const LayerNames names = read_names(dataset, opened.layer, stated);
  model::SourceMapping only_code;
  only_code.code_field = query.mapping.code_field;
  const Result<FieldChoice> fields = choose_fields(names.fields, only_code);
  if (!fields.ok()) {
    return Error{fields.error().code,
                 fmt::format("{}: layer '{}' {}", dataset.shown, layer_name, fields.error().message)};
  }
  TRY(set_filter(dataset, opened.layer, names, query.reading.where, session));
  TextDecoder decoder(names.encoding);
  const std::uint64_t before = out.points.size();
  OGR_L_ResetReading(opened.layer);
  for (std::uint64_t count = 0; !out.cut; ++count) {
    session.clear();
    const Feature feature(OGR_L_GetNextFeature(opened.layer));
    if (feature == nullptr) break;
    if (count >= kFeaturesMax) {
      out.cut = true;
      break;
    }
    PointRecord record;
    record.fid = OGR_F_GetFID(feature.get());
    record.code = decoder.decode(field_text(feature.get(), fields->code));
    take(OGR_F_GetGeometryRef(feature.get()), record);
  }
  if (session.failed()) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: layer '{}': it cannot be read to its end{}", dataset.shown,
                                                    layer_name, session.reason())};
  }
  if (out.points.size() > before) TRY(take_crs(dataset, opened.layer));
  if (out.encoding.empty()) out.encoding = names.told;
  return {};
}

Result<RawPoints> read_all(const LayerQuery& query, std::uint64_t point_count_max) {
  GdalSession session;
  TRY_ASSIGN(const DataSource source, DataSource::open(query, Wanted::Points, session));
  RawPoints out;
  out.source = source.name.shown;
  PointJob job{query, session, source, point_count_max, out};
  for (const OpenedLayer& opened : source.layers) {
    if (can_hold_points(opened.layer)) TRY(job.read(opened));
  }
  if (!out.points.empty()) return out;
  return Error{ErrorCode::Unreadable,
               fmt::format("{}: holds no points in {} layers; a table needs two columns of coordinates, lon and lat or "
                           "经度 and 纬度",
                           out.source, source.layers.size())};
}

}  // namespace

Result<RawPoints> read_points(const LayerQuery& query, std::uint64_t point_count_max) {
  try {
    return read_all(query, point_count_max);
  } catch (const std::exception& error) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: cannot be read: {}", name_source(query.source).shown, clean_utf8(error.what()))};
  }
}

}  // namespace gridwall::geo
