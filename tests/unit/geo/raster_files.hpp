// Rasters for tests, written by GDAL itself.
#pragma once

#include <cpl_string.h>
#include <gdal.h>
#include <gtest/gtest.h>
#include <ogr_srs_api.h>

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::test {

using Rgba = std::array<int, 4>;

struct TestRaster {
  std::string driver = "GTiff";
  std::string crs = "EPSG:4326";  // empty: none stated
  base::Vec2i size{512, 512};
  base::Vec2d corner{120.25, 31.95};  // of the north-west, as the system counts
  base::Vec2d px{0.0001, 0.0001};     // of the system's units
  int bands = 3;                      // 1 grey or palette, 3 RGB, 4 RGBA
  GDALDataType type = GDT_Byte;
  std::vector<Rgba> palette;
  std::optional<double> nodata;
  std::vector<std::string> options;
  std::vector<int> overviews;  // factors
  bool is_placed = true;       // has a georeference
  std::function<Rgba(int x, int y)> color = [](int, int) { return Rgba{200, 40, 40, 255}; };

  [[nodiscard]] base::Vec2d place_of(base::Vec2d at_px) const {
    return {corner.x + at_px.x * px.x, corner.y - at_px.y * px.y};
  }
};

// After GDALOpenEx for update, or GDALCreate.
inline void paint_band(GDALRasterBandH band, int channel, const std::function<Rgba(int, int)>& color, int factor = 1) {
  const int width = GDALGetRasterBandXSize(band), height = GDALGetRasterBandYSize(band);
  std::vector<int> row(static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      row[static_cast<std::size_t>(x)] = color(x * factor, y * factor)[static_cast<std::size_t>(channel)];
    }
    ASSERT_EQ(GDALRasterIO(band, GF_Write, 0, y, width, 1, row.data(), width, 1, GDT_Int32, 0, 0), CE_None);
  }
}

inline void describe_raster(GDALDatasetH dataset, const TestRaster& raster) {
  if (raster.is_placed) {
    const double place[] = {raster.corner.x, raster.px.x, 0, raster.corner.y, 0, -raster.px.y};
    ASSERT_EQ(GDALSetGeoTransform(dataset, const_cast<double*>(place)), CE_None);
  }
  if (!raster.crs.empty()) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
    ASSERT_EQ(OSRSetFromUserInput(srs, raster.crs.c_str()), OGRERR_NONE);
    ASSERT_EQ(GDALSetSpatialRef(dataset, srs), CE_None);
    OSRRelease(srs);
  }
  for (int i = 0; i < raster.bands; ++i) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, i + 1);
    if (raster.nodata) GDALSetRasterNoDataValue(band, *raster.nodata);
  }
  if (raster.palette.empty()) return;
  GDALColorTableH table = GDALCreateColorTable(GPI_RGB);
  for (std::size_t i = 0; i < raster.palette.size(); ++i) {
    const auto& c = raster.palette[i];
    const GDALColorEntry entry{static_cast<short>(c[0]), static_cast<short>(c[1]), static_cast<short>(c[2]),
                               static_cast<short>(c[3])};
    GDALSetColorEntry(table, static_cast<int>(i), &entry);
  }
  GDALSetRasterColorTable(GDALGetRasterBand(dataset, 1), table);
  GDALDestroyColorTable(table);
}

// Formats that GDAL only copies into (PNG, MBTiles) are made by way of memory.
inline void write_raster(const std::filesystem::path& file, const TestRaster& raster) {
  GDALAllRegister();
  GDALDriverH driver = GDALGetDriverByName(raster.driver.c_str());
  ASSERT_NE(driver, nullptr) << raster.driver;
  char** options = nullptr;
  for (const std::string& option : raster.options) options = CSLAddString(options, option.c_str());
  const bool copies = raster.driver != "GTiff";
  GDALDatasetH dataset = GDALCreate(copies ? GDALGetDriverByName("MEM") : driver, file.c_str(), raster.size.x,
                                    raster.size.y, raster.bands, raster.type, copies ? nullptr : options);
  ASSERT_NE(dataset, nullptr) << file;
  describe_raster(dataset, raster);
  if (raster.bands >= 3) {
    for (int i = 0; i < raster.bands; ++i) {
      const GDALColorInterp kMeanings[] = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand, GCI_AlphaBand};
      GDALSetRasterColorInterpretation(GDALGetRasterBand(dataset, i + 1), kMeanings[i]);
    }
  }
  for (int i = 0; i < raster.bands; ++i) paint_band(GDALGetRasterBand(dataset, i + 1), i, raster.color);
  if (copies) {
    GDALDatasetH copy = GDALCreateCopy(driver, file.c_str(), dataset, 0, options, nullptr, nullptr);
    ASSERT_NE(copy, nullptr) << file;
    GDALClose(dataset);
    dataset = copy;
  }
  CSLDestroy(options);
  if (!raster.overviews.empty()) {
    std::vector<int> factors = raster.overviews;
    ASSERT_EQ(GDALBuildOverviews(dataset, "AVERAGE", static_cast<int>(factors.size()), factors.data(), 0, nullptr,
                                 nullptr, nullptr),
              CE_None);
  }
  GDALClose(dataset);
}

}  // namespace gridwall::test
