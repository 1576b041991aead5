// Reads the polygons of any file that GDAL opens (GeoPackage, GeoJSON, Shapefile, FlatGeobuf ...) as they stand: source
// coordinates, codes and names as text. Nothing is repaired or projected here. GDAL is behind this header.
// Bad files give one sentence, never a crash. Test: tests/unit/geo/layer_reader_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"
#include "model/profile.hpp"

namespace gridwall::geo {

struct RawPolygon {
  std::vector<std::vector<base::Vec2d>> rings;  // shell first; not closed; x = lon or easting
};

struct RawFeature {
  std::int64_t fid = 0;
  std::string code, name, parent_code, kind;  // UTF-8, trimmed; empty when the layer has none
  std::optional<int> level;
  bool synthetic = false;
  std::vector<RawPolygon> polygons;
};

struct RawLayer {
  std::filesystem::path file;
  std::string layer, driver;
  std::string crs;           // for PROJ: "EPSG:4490" or WKT
  std::string crs_name;      // for people
  std::string crs_known_by;  // "stated by the file", "GeoJSON is WGS 84 (RFC 7946)", "given with --crs"
  std::string encoding;      // "UTF-8", "GBK (guessed)" ...
  std::string code_field, name_field, parent_field, level_field, kind_field;  // as found; empty: none
  std::vector<RawFeature> features;
  std::uint64_t without_polygon_count = 0;  // features that have no polygon (kept: their code is known)
};

struct LayerQuery {
  std::filesystem::path file;
  std::vector<std::string> layers;  // empty: every layer that may hold polygons
  model::SourceMapping mapping;
  std::string crs_override;  // empty: the file's own
};

base::Result<std::vector<RawLayer>> read_layers(const LayerQuery& query);

}  // namespace gridwall::geo
