// Layer files for tests, written by GDAL itself into a folder of their own that goes when the test ends.
#pragma once

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <gtest/gtest.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/temp_folder.hpp"

namespace gridwall::test {

struct TestFeature {
  std::string code, name, parent, wkt;  // an empty wkt: no geometry
  int level = 0;
  int synthetic = 0;
};

struct TestLayer {
  std::string driver = "GPKG";
  int epsg = 4490;  // 0: none stated
  std::vector<TestFeature> features;
  std::vector<std::string> options;          // of the layer's creation
  std::vector<std::string> dataset_options;  // of the file's
  std::vector<std::string> fields{"code", "name", "parent", "level"};
  OGRwkbGeometryType type = wkbUnknown;
};

using TemporaryFolder = TempFolder;

inline void write_layer(const std::filesystem::path& file, const TestLayer& layer) {
  GDALAllRegister();
  GDALDriverH driver = GDALGetDriverByName(layer.driver.c_str());
  ASSERT_NE(driver, nullptr) << layer.driver;
  char** dataset_options = nullptr;
  for (const std::string& option : layer.dataset_options) {
    dataset_options = CSLAddString(dataset_options, option.c_str());
  }
  GDALDatasetH dataset = GDALCreate(driver, file.c_str(), 0, 0, 0, GDT_Unknown, dataset_options);
  CSLDestroy(dataset_options);
  ASSERT_NE(dataset, nullptr) << file;
  OGRSpatialReferenceH srs = nullptr;
  if (layer.epsg != 0) {
    srs = OSRNewSpatialReference(nullptr);
    OSRImportFromEPSG(srs, layer.epsg);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
  }
  char** options = nullptr;
  for (const std::string& option : layer.options) options = CSLAddString(options, option.c_str());
  OGRLayerH out = GDALDatasetCreateLayer(dataset, "divisions", srs, layer.type, options);
  CSLDestroy(options);
  ASSERT_NE(out, nullptr) << file;
  for (const std::string& name : layer.fields) {
    const bool number = name == "level" || name == "synthetic";
    OGRFieldDefnH field = OGR_Fld_Create(name.c_str(), number ? OFTInteger : OFTString);
    OGR_L_CreateField(out, field, 1);
    OGR_Fld_Destroy(field);
  }
  for (const TestFeature& feature : layer.features) {
    OGRFeatureH made = OGR_F_Create(OGR_L_GetLayerDefn(out));
    const std::vector<std::string> texts{feature.code, feature.name, feature.parent, std::to_string(feature.level),
                                         std::to_string(feature.synthetic)};
    for (std::size_t i = 0; i < layer.fields.size(); ++i) {
      if (!texts[i].empty()) OGR_F_SetFieldString(made, static_cast<int>(i), texts[i].c_str());
    }
    if (!feature.wkt.empty()) {
      std::string text = feature.wkt;
      char* cursor = text.data();
      OGRGeometryH geometry = nullptr;
      ASSERT_EQ(OGR_G_CreateFromWkt(&cursor, srs, &geometry), OGRERR_NONE) << feature.wkt;
      OGR_F_SetGeometryDirectly(made, geometry);
    }
    ASSERT_EQ(OGR_L_CreateFeature(out, made), OGRERR_NONE) << feature.code;
    OGR_F_Destroy(made);
  }
  GDALClose(dataset);
  if (srs != nullptr) OSRRelease(srs);
}

inline void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

inline std::string read_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// "POLYGON((...))" of a rectangle in degrees.
inline std::string box_wkt(double west, double south, double east, double north) {
  const auto n = [](double v) { return std::to_string(v); };
  return "POLYGON((" + n(west) + " " + n(south) + "," + n(east) + " " + n(south) + "," + n(east) + " " + n(north) +
         "," + n(west) + " " + n(north) + "," + n(west) + " " + n(south) + "))";
}

// A county of two towns; the first town has two grids, the second a hole that its one grid fills.
inline std::vector<TestFeature> nested_features() {
  return {
      {"320281", "江阴市", "", box_wkt(120.0, 31.0, 120.4, 31.2), 0},
      {"320281001", "澄江街道", "320281", box_wkt(120.0, 31.0, 120.2, 31.2), 1},
      {"320281002", "璜土镇", "320281", box_wkt(120.2, 31.0, 120.4, 31.2), 1},
      {"320281001001", "一格", "320281001", box_wkt(120.0, 31.0, 120.1, 31.2), 2},
      {"320281001002", "二格", "320281001", box_wkt(120.1, 31.0, 120.2, 31.2), 2},
      {"320281002001", "环格", "320281002",
       "POLYGON((120.2 31.0,120.4 31.0,120.4 31.2,120.2 31.2,120.2 31.0),"
       "(120.25 31.05,120.25 31.15,120.35 31.15,120.35 31.05,120.25 31.05))",
       2},
      {"320281002002", "心格", "320281002", box_wkt(120.25, 31.05, 120.35, 31.15), 2},
  };
}

}  // namespace gridwall::test
