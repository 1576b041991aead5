// A GeoPackage of square cells of 49 vertices whose jagged borders are shared, in degrees (EPSG:4490), and the floor of
// reading one: every vertex copied out of GDAL's own geometries, which is the least that any loader does.
#pragma once

#include <fmt/format.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/geometry.hpp"
#include "base/hash.hpp"

namespace gridwall::bench {

inline constexpr int kStepsPerSide = 12;        // 48 corners and one more in the first side: 49
inline constexpr double kCellSize_deg = 0.001;  // about 100 m
inline constexpr base::Vec2d kCorner_lonlat{119.9, 31.6};

// A point of the lattice that cells share, moved about by up to a third of a step; the same whoever asks.
inline base::Vec2d lattice_point(std::int64_t x, std::int64_t y) {
  const std::int64_t key[2] = {x, y};
  const std::uint64_t hash = base::hash_bytes({reinterpret_cast<const char*>(key), sizeof key});
  const double step_deg = kCellSize_deg / kStepsPerSide;
  const auto jitter = [&](int shift) { return (static_cast<double>((hash >> shift) & 0xffff) / 65536 - 0.5) / 1.5; };
  return {kCorner_lonlat.x + (static_cast<double>(x) + jitter(0)) * step_deg,
          kCorner_lonlat.y + (static_cast<double>(y) + jitter(16)) * step_deg};
}

inline OGRGeometryH make_cell(std::int64_t column, std::int64_t row) {
  OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
  const std::int64_t x0 = column * kStepsPerSide, y0 = row * kStepsPerSide;
  const auto add = [&](std::int64_t x, std::int64_t y) {
    const base::Vec2d p = lattice_point(x, y);
    OGR_G_AddPoint_2D(ring, p.x, p.y);
  };
  for (int i = 0; i < kStepsPerSide; ++i) add(x0 + i, y0);
  for (int i = 0; i < kStepsPerSide; ++i) add(x0 + kStepsPerSide, y0 + i);
  for (int i = 0; i < kStepsPerSide; ++i) add(x0 + kStepsPerSide - i, y0 + kStepsPerSide);
  for (int i = 0; i < kStepsPerSide; ++i) add(x0, y0 + kStepsPerSide - i);
  add(x0, y0);  // closed, which makes it 49 in the file
  OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
  OGR_G_AddGeometryDirectly(polygon, ring);
  return polygon;
}

inline void write_cells(const std::filesystem::path& file, int cell_count) {
  GDALAllRegister();
  GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("GPKG"), file.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
  OSRImportFromEPSG(srs, 4490);
  OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
  OGRLayerH layer = GDALDatasetCreateLayer(dataset, "cells", srs, wkbPolygon, nullptr);
  for (const char* name : {"code", "name"}) {
    OGRFieldDefnH field = OGR_Fld_Create(name, OFTString);
    OGR_L_CreateField(layer, field, 1);
    OGR_Fld_Destroy(field);
  }
  GDALDatasetStartTransaction(dataset, 0);
  const auto columns = static_cast<int>(std::ceil(std::sqrt(cell_count)));
  for (int i = 0; i < cell_count; ++i) {
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGR_F_SetFieldString(feature, 0, fmt::format("grid{:07}", i).c_str());
    OGR_F_SetFieldString(feature, 1, fmt::format("第{}网格", i).c_str());
    OGR_F_SetGeometryDirectly(feature, make_cell(i % columns, i / columns));
    if (OGR_L_CreateFeature(layer, feature) != OGRERR_NONE) std::exit(1);
    OGR_F_Destroy(feature);
  }
  GDALDatasetCommitTransaction(dataset);
  GDALClose(dataset);
  OSRRelease(srs);
}

inline std::size_t copy_vertices(OGRGeometryH geometry, std::vector<base::Vec2d>& points) {
  if (geometry == nullptr) return 0;
  std::size_t vertex_count = 0;
  for (int part = 0; part < OGR_G_GetGeometryCount(geometry); ++part) {
    vertex_count += copy_vertices(OGR_G_GetGeometryRef(geometry, part), points);
  }
  if (vertex_count > 0 || OGR_G_GetPointCount(geometry) == 0) return vertex_count;
  points.resize(static_cast<std::size_t>(OGR_G_GetPointCount(geometry)));
  OGR_G_GetPoints(geometry, &points[0].x, sizeof(base::Vec2d), &points[0].y, sizeof(base::Vec2d), nullptr, 0);
  return points.size();
}

// The floor: every vertex copied out of GDAL's own geometries, which is the least that any loader does. 0: GDAL does
// not open it.
inline std::size_t read_every_vertex(const std::filesystem::path& file) {
  GDALAllRegister();
  GDALDatasetH dataset = GDALOpenEx(file.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr);
  if (dataset == nullptr) return 0;
  std::vector<base::Vec2d> points;
  std::size_t vertex_count = 0;
  for (int l = 0; l < GDALDatasetGetLayerCount(dataset); ++l) {
    OGRLayerH layer = GDALDatasetGetLayer(dataset, l);
    while (OGRFeatureH feature = OGR_L_GetNextFeature(layer)) {
      vertex_count += copy_vertices(OGR_F_GetGeometryRef(feature), points);
      OGR_F_Destroy(feature);
    }
  }
  GDALClose(dataset);
  return vertex_count;
}

}  // namespace gridwall::bench
