// write_city of city_generator.hpp: a plan as a GeoPackage.
#include <fmt/format.h>
#include <ogrsf_frmts.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <memory>

#include "geo/city_generator.hpp"
#include "geo/gdal_session.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Status;

namespace {

namespace fs = std::filesystem;

Error write_error(const fs::path& file, const GdalSession& session) {
  return Error{ErrorCode::Unreadable,
               fmt::format("{}: the city cannot be written ({}); name a file in a folder where you may write",
                           file.string(), session.message().empty() ? "no reason given" : session.message())};
}

OGRLinearRing* make_ring(const std::vector<base::Vec2i>& points, const CityPlan& plan) {
  auto* ring = new OGRLinearRing;  // its polygon takes it over
  ring->setNumPoints(static_cast<int>(points.size()) + 1, FALSE);
  for (std::size_t i = 0; i <= points.size(); ++i) {
    const base::Vec2i p = points[i % points.size()];
    ring->setPoint(static_cast<int>(i), static_cast<double>(plan.origin_x_mm + p.x) / 1000,
                   static_cast<double>(plan.origin_y_mm + p.y) / 1000);
  }
  return ring;
}

std::unique_ptr<OGRMultiPolygon> make_geometry(const CityDivision& division, const CityPlan& plan) {
  auto all = std::make_unique<OGRMultiPolygon>();
  for (const auto& part : division.parts) {
    auto* polygon = new OGRPolygon;
    for (const auto& ring : part) polygon->addRingDirectly(make_ring(ring, plan));
    all->addGeometryDirectly(polygon);
  }
  return all;
}

bool add_fields(OGRLayer& layer) {
  constexpr std::pair<const char*, OGRFieldType> kFields[] = {{"code", OFTString},   {"name", OFTString},
                                                              {"parent", OFTString}, {"level", OFTInteger},
                                                              {"kind", OFTString},   {"synthetic", OFTInteger}};
  for (const auto& [name, type] : kFields) {
    OGRFieldDefn field(name, type);
    if (layer.CreateField(&field) != OGRERR_NONE) return false;
  }
  return true;
}

bool add_features(OGRLayer& layer, const CityPlan& plan) {
  for (const CityDivision& division : plan.divisions) {
    const OGRFeatureUniquePtr feature(OGRFeature::CreateFeature(layer.GetLayerDefn()));
    feature->SetField("code", division.code.c_str());
    feature->SetField("name", division.name.c_str());
    if (division.parent != UINT32_MAX) feature->SetField("parent", plan.divisions[division.parent].code.c_str());
    feature->SetField("level", static_cast<int>(division.level));
    feature->SetField("kind", division.kind.c_str());
    feature->SetField("synthetic", 1);
    feature->SetGeometryDirectly(make_geometry(division, plan).release());
    if (layer.CreateFeature(feature.get()) != OGRERR_NONE) return false;
  }
  return true;
}

void add_metadata(GDALMajorObject& object, const CityPlan& plan) {
  object.SetMetadataItem("synthetic", "yes: the outline is illustrative, the borders inside it are made up");
  object.SetMetadataItem("generator", fmt::format("gridwall city, version {}", kCityGeneratorVersion).c_str());
  object.SetMetadataItem("profile", plan.profile_id.c_str());
  object.SetMetadataItem("seed", std::to_string(plan.seed).c_str());
}

bool write_layer(GDALDataset& dataset, const CityPlan& plan) {
  OGRSpatialReference crs;
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (crs.SetFromUserInput(plan.world_crs.c_str()) != OGRERR_NONE) return false;
  if (dataset.StartTransaction() != OGRERR_NONE) return false;
  OGRLayer* layer = dataset.CreateLayer("divisions", &crs, wkbMultiPolygon, nullptr);
  if (layer == nullptr || !add_fields(*layer) || !add_features(*layer, plan)) return false;
  add_metadata(dataset, plan);
  add_metadata(*layer, plan);
  return dataset.CommitTransaction() == OGRERR_NONE;
}

}  // namespace

Status write_city(const CityPlan& plan, const fs::path& gpkg) {
  GdalSession session;
  fs::path part = gpkg;
  static std::atomic<unsigned> count{0};  // two threads or processes may write the same city at once
  part += fmt::format(".{}-{}.part", ::getpid(), ++count);
  std::error_code code;
  fs::remove(part, code);
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
  if (driver == nullptr) return Error{ErrorCode::Unsupported, "GDAL has no GeoPackage driver here; install it"};
  GDALDatasetUniquePtr dataset(driver->Create(part.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  if (!dataset) return write_error(gpkg, session);
  const bool written = write_layer(*dataset, plan);
  dataset.reset();
  if (!written || session.failed()) {
    fs::remove(part, code);
    return write_error(gpkg, session);
  }
  fs::rename(part, gpkg, code);
  if (code) {
    const std::string reason = code.message();
    fs::remove(part, code);
    return Error{ErrorCode::Unreadable, fmt::format("{}: cannot be put in place ({})", gpkg.string(), reason)};
  }
  return {};
}

}  // namespace gridwall::geo
