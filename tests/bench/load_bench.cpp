// How fast layers become a division tree, beside GDAL reading every vertex of the same file and doing nothing else.
// 5,000, 50,000 and 500,000 cells of 49 vertices whose jagged borders are shared, in a GeoPackage in degrees
// (EPSG:4490). Medians of five; memory per vertex of the file at the peak of loading, and of the tree that stays.
#include <fmt/format.h>
#include <gdal.h>
#include <malloc.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "geo/tree_builder.hpp"

namespace {

namespace fs = std::filesystem;
using gridwall::base::Vec2d;

constexpr int kRuns = 5;
constexpr int kStepsPerSide = 12;        // 48 corners and one more in the first side: 49
constexpr double kCellSize_deg = 0.001;  // about 100 m
constexpr Vec2d kCorner_lonlat{119.9, 31.6};

// A point of the lattice that cells share, moved about by up to a third of a step; the same whoever asks.
Vec2d lattice_point(std::int64_t x, std::int64_t y) {
  const std::int64_t key[2] = {x, y};
  const std::uint64_t hash = gridwall::base::hash_bytes({reinterpret_cast<const char*>(key), sizeof key});
  const double step_deg = kCellSize_deg / kStepsPerSide;
  const auto jitter = [&](int shift) { return (static_cast<double>((hash >> shift) & 0xffff) / 65536 - 0.5) / 1.5; };
  return {kCorner_lonlat.x + (static_cast<double>(x) + jitter(0)) * step_deg,
          kCorner_lonlat.y + (static_cast<double>(y) + jitter(16)) * step_deg};
}

OGRGeometryH make_cell(std::int64_t column, std::int64_t row) {
  OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
  const std::int64_t x0 = column * kStepsPerSide, y0 = row * kStepsPerSide;
  const auto add = [&](std::int64_t x, std::int64_t y) {
    const Vec2d p = lattice_point(x, y);
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

void write_cells(const fs::path& file, int cell_count) {
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

// The floor: every vertex copied out of GDAL's own geometries, which is the least that any loader does.
std::size_t read_every_vertex(const fs::path& file) {
  GDALDatasetH dataset = GDALOpenEx(file.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr);
  OGRLayerH layer = GDALDatasetGetLayer(dataset, 0);
  std::vector<Vec2d> points;
  std::size_t vertex_count = 0;
  while (OGRFeatureH feature = OGR_L_GetNextFeature(layer)) {
    OGRGeometryH polygon = OGR_F_GetGeometryRef(feature);
    for (int r = 0; r < OGR_G_GetGeometryCount(polygon); ++r) {
      OGRGeometryH ring = OGR_G_GetGeometryRef(polygon, r);
      points.resize(static_cast<std::size_t>(OGR_G_GetPointCount(ring)));
      OGR_G_GetPoints(ring, &points[0].x, sizeof(Vec2d), &points[0].y, sizeof(Vec2d), nullptr, 0);
      vertex_count += points.size();
    }
    OGR_F_Destroy(feature);
  }
  GDALClose(dataset);
  return vertex_count;
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double status_kib(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stod(line.substr(key.size() + 1));
  }
  return 0;
}

// Writing 5 there makes the kernel forget the peak so far.
void forget_peak() {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

double tree_bytes(const gridwall::model::DivisionTree& tree) {
  return static_cast<double>(tree.vertices().size() * sizeof(gridwall::base::Vec2i) +
                             tree.triangle_indices().size() * sizeof(std::uint32_t) +
                             tree.rings().size() * sizeof(gridwall::model::Ring) +
                             tree.divisions().size() * sizeof(gridwall::model::Division));
}

void measure(const fs::path& folder, int cell_count) {
  const fs::path file = folder / fmt::format("cells-{}.gpkg", cell_count);
  write_cells(file, cell_count);
  std::vector<double> floor_s, load_s, checked_s;
  std::size_t vertex_count = 0;
  double peak_bytes = 0, kept_bytes = 0, area_error = 0;
  for (int run = 0; run < kRuns; ++run) {
    floor_s.push_back(seconds_of([&] { vertex_count = read_every_vertex(file); }));
    gridwall::geo::LayerRequest request;
    request.sources = {file.string()};
    const auto load = [&] {
      const auto loaded = gridwall::geo::load_division_tree(request);
      if (!loaded.ok()) {
        fmt::print(stderr, "load_bench: {}\n", loaded.error().message);
        std::exit(1);
      }
      kept_bytes = tree_bytes(*loaded->tree);
      area_error = loaded->report.area_error_worst;
    };
    request.family_check = gridwall::geo::FamilyCheck::None;
    forget_peak();
    const double before_kib = status_kib("VmRSS:");
    load_s.push_back(seconds_of(load));
    peak_bytes = std::max(peak_bytes, (status_kib("VmHWM:") - before_kib) * 1024);
    request.family_check = gridwall::geo::FamilyCheck::Full;
    checked_s.push_back(seconds_of(load));
  }
  const auto vertices = static_cast<double>(vertex_count);
  fmt::print(
      "{:>7} cells {:>9} vertices   GDAL reading {:7.1f} ms   tree {:8.1f} ms, {:5.2f}x, {:5.2f} M vertices/s; gaps "
      "and "
      "overlaps checked too {:8.1f} ms   peak {:3.0f} B, tree {:3.0f} B a vertex   worst area error {:.1e}\n",
      cell_count, vertex_count, median(floor_s) * 1000, median(load_s) * 1000, median(load_s) / median(floor_s),
      vertices / median(load_s) / 1e6, median(checked_s) * 1000, peak_bytes / vertices, kept_bytes / vertices,
      area_error);
  fs::remove(file);
}

}  // namespace

int main(int argument_count, char** arguments) {
  std::string pattern = (fs::temp_directory_path() / "gridwall-load-XXXXXX").string();
  const fs::path folder = ::mkdtemp(pattern.data());
  std::vector<int> counts{5'000, 50'000, 500'000};
  if (argument_count > 1) counts = {std::max(1, std::atoi(arguments[1]))};
  for (const int count : counts) {
    measure(folder, count);
    std::fflush(stdout);
  }
  fs::remove_all(folder);
  return 0;
}
