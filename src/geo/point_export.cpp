#include "geo/point_export.hpp"

#include <fmt/format.h>
#include <ogrsf_frmts.h>
#include <unistd.h>

#include "geo/gdal_session.hpp"

namespace gridwall::geo {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Status;

namespace {

OGRFieldType type_of(PointColumnKind kind) {
  switch (kind) {
    case PointColumnKind::Integer:
      return OFTInteger64;
    case PointColumnKind::Time:
      return OFTDateTime;
    case PointColumnKind::Text:
      break;
  }
  return OFTString;
}

}  // namespace

struct PointExport::Target {
  GdalSession session;
  fs::path file, part;
  GDALDatasetUniquePtr dataset;
  OGRLayer* layer = nullptr;
  std::vector<PointColumnKind> kinds;

  ~Target() {
    dataset.reset();
    std::error_code code;
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) fs::remove(part.string() + ending, code);
  }
  [[nodiscard]] Error error() const {
    return {
        ErrorCode::Unreadable,
        fmt::format("{}: cannot be written ({}); name a new .gpkg file in a folder where you may write, and look at "
                    "the space there",
                    file.string(), session.message().empty() ? "no reason given" : session.message())};
  }
};

PointExport::PointExport(std::unique_ptr<Target> target) : m_target(std::move(target)) {}
PointExport::~PointExport() = default;
PointExport::PointExport(PointExport&&) noexcept = default;

base::Result<PointExport> PointExport::create(const fs::path& gpkg, const PointTable& table) {
  if (fs::exists(gpkg)) {
    return Error{ErrorCode::Refused, fmt::format("{}: is there already; name another file", gpkg.string())};
  }
  auto target = std::make_unique<Target>();
  target->file = gpkg;
  target->part = gpkg;
  target->part += fmt::format(".{}.part.gpkg", ::getpid());
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
  if (driver == nullptr) return target->error();
  target->dataset.reset(driver->Create(target->part.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  if (target->dataset == nullptr) return target->error();
  OGRSpatialReference crs;
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (crs.SetFromUserInput("EPSG:4326") != OGRERR_NONE) return target->error();
  CPLStringList options;
  options.SetNameValue("IDENTIFIER", table.name.c_str());
  options.SetNameValue("DESCRIPTION", table.description.c_str());
  if (target->dataset->StartTransaction() != OGRERR_NONE) return target->error();
  target->layer = target->dataset->CreateLayer(table.name.c_str(), &crs, wkbPoint, options.List());
  if (target->layer == nullptr) return target->error();
  for (const PointColumn& column : table.columns) {
    OGRFieldDefn field(column.name.c_str(), type_of(column.kind));
    if (target->layer->CreateField(&field) != OGRERR_NONE) return target->error();
    target->kinds.push_back(column.kind);
  }
  for (const auto& [key, value] : table.metadata) {
    target->dataset->SetMetadataItem(key.c_str(), value.c_str());
    target->layer->SetMetadataItem(key.c_str(), value.c_str());
  }
  return PointExport(std::move(target));
}

Status PointExport::add(std::optional<base::Vec2d> lonlat, std::span<const PointValue> values) {
  ASSERT(values.size() == m_target->kinds.size(), "{} values for {} columns", values.size(), m_target->kinds.size());
  const OGRFeatureUniquePtr feature(OGRFeature::CreateFeature(m_target->layer->GetLayerDefn()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int field = static_cast<int>(i);
    if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
      feature->SetField(field, static_cast<GIntBig>(*number));
    } else if (const auto* text = std::get_if<std::string>(&values[i])) {
      feature->SetField(field, text->c_str());
    }
  }
  if (lonlat) {
    OGRPoint point(lonlat->x, lonlat->y);
    feature->SetGeometry(&point);
  }
  if (m_target->layer->CreateFeature(feature.get()) != OGRERR_NONE) return m_target->error();
  return {};
}

Status PointExport::finish() {
  if (m_target->dataset->CommitTransaction() != OGRERR_NONE) return m_target->error();
  m_target->dataset.reset();
  if (m_target->session.failed()) return m_target->error();
  std::error_code code;
  fs::rename(m_target->part, m_target->file, code);
  if (code) return m_target->error();
  return {};
}

}  // namespace gridwall::geo
