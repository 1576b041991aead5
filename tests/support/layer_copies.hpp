// layer_copies: the divisions of a tree written to layer files in several formats and coordinate systems, as cities
// hand in the same grids. The tree's integers are taken as millimetres of EPSG:4549 around a place in Jiangyin.
#pragma once

#include <cpl_string.h>
#include <gdal.h>
#include <gtest/gtest.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <filesystem>
#include <string>
#include <vector>

#include "geo/transform.hpp"
#include "model/division_tree.hpp"

namespace gridwall::test {

inline constexpr const char* kCopyWorldCrs = "EPSG:4549";
inline constexpr base::Vec2d kCopyCenter_world{526956, 3532019};

struct LayerCopy {
  std::string driver;
  int epsg = 4490;
  std::vector<std::string> options{};  // of the layer's creation
  std::string really{};                // what the coordinates are, when not what the file says: "GCJ-02"
  std::uint32_t level_first = 0, level_last = 99;
};

inline std::string copy_name(const model::Division& division) {
  return fmt::format("澄江第{}网格", division.code);
}

class LayerCopier {
 public:
  LayerCopier(const model::DivisionTree& tree, const LayerCopy& copy) : m_tree(tree), m_copy(copy) {
    auto transform =
        geo::Transform::create(kCopyWorldCrs, copy.really.empty() ? fmt::format("EPSG:{}", copy.epsg) : copy.really);
    EXPECT_TRUE(transform.ok()) << transform.error().message;
    m_transform.emplace(std::move(transform).value());
  }

  void write(const std::filesystem::path& file) {
    GDALAllRegister();
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName(m_copy.driver.c_str()), file.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
    ASSERT_NE(dataset, nullptr) << file;
    OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
    OSRImportFromEPSG(srs, m_copy.epsg);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    char** options = nullptr;
    for (const std::string& option : m_copy.options) options = CSLAddString(options, option.c_str());
    OGRLayerH layer = GDALDatasetCreateLayer(dataset, "grids", srs, wkbPolygon, options);
    CSLDestroy(options);
    ASSERT_NE(layer, nullptr) << file;
    for (const char* name : {"code", "name", "parent"}) {
      OGRFieldDefnH field = OGR_Fld_Create(name, OFTString);
      OGR_L_CreateField(layer, field, 1);
      OGR_Fld_Destroy(field);
    }
    for (const model::Division& division : m_tree.divisions()) {
      if (division.level_index >= m_copy.level_first && division.level_index <= m_copy.level_last) add(layer, division);
    }
    GDALClose(dataset);
    OSRRelease(srs);
  }

 private:
  void add(OGRLayerH layer, const model::Division& division) {
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGR_F_SetFieldString(feature, 0, std::string(division.code).c_str());
    OGR_F_SetFieldString(feature, 1, copy_name(division).c_str());
    if (division.parent.valid()) OGR_F_SetFieldString(feature, 2, std::string(m_tree.at(division.parent).code).c_str());
    OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
      const model::Range range = m_tree.rings()[r].vertices;
      OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
      for (std::uint32_t i = 0; i <= range.size(); ++i) {
        const base::Vec2i p = m_tree.vertices()[range.begin + i % range.size()];
        const auto q = m_transform->forward(kCopyCenter_world + base::Vec2d{p.x * 0.001, p.y * 0.001});
        ASSERT_TRUE(q.has_value());
        OGR_G_AddPoint_2D(ring, q->x, q->y);
      }
      OGR_G_AddGeometryDirectly(polygon, ring);
    }
    OGR_F_SetGeometryDirectly(feature, polygon);
    ASSERT_EQ(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
    OGR_F_Destroy(feature);
  }

  const model::DivisionTree& m_tree;
  LayerCopy m_copy;
  std::optional<geo::Transform> m_transform;
};

// The same grids as three offices of one city would send them.
struct NamedCopy {
  const char* file;
  LayerCopy copy;
};
inline std::vector<NamedCopy> three_copies() {
  return {{"grids.shp", {.driver = "ESRI Shapefile", .epsg = 4528, .options = {"ENCODING=GBK"}}},
          {"grids.geojson", {.driver = "GeoJSON", .epsg = 4326, .options = {"COORDINATE_PRECISION=9"}}},
          {"grids.gpkg", {.driver = "GPKG", .epsg = 4490}}};
}

}  // namespace gridwall::test
