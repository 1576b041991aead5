// Reads the polygons of anything that GDAL opens (files, zipped files, folders of a geodatabase, services by connection
// string) as they stand: source coordinates, codes and names as text. Curves are made linear; nothing else is repaired
// and nothing is projected here. GDAL is behind this header.
// A bad source gives one sentence, never a crash. Test: tests/unit/geo/layer_reader_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"
#include "model/profile.hpp"

namespace gridwall::geo {

// A stretch of RawLayer::points; not closed. A shell starts a polygon, the holes behind it belong to it.
struct RawRing {
  std::uint32_t begin = 0, end = 0;
  bool is_hole = false;
};

struct RawFeature {
  std::int64_t fid = 0;
  std::string code, name, parent_code, kind;  // UTF-8, trimmed; empty when the layer has none
  std::optional<int> level;
  std::optional<double> stated_area_m2;
  bool synthetic = false;
  std::uint32_t ring_begin = 0, ring_end = 0;  // of RawLayer::rings
  std::string note;  // what was done to its geometry while reading: "curves made linear"; empty: nothing
};

struct RawLayer {
  std::string source;  // the file, or the connection string with its password hidden
  std::string layer, driver;
  std::string crs;           // for Transform::create: "EPSG:4490", WKT, "GCJ-02" ...
  std::string crs_name;      // for people
  std::string crs_known_by;  // "stated by the file", "GeoJSON is WGS 84 (RFC 7946)", "given by the caller"
  std::string encoding;      // "UTF-8", "GBK (by .cpg)", "GBK (guessed: ...)" ...
  std::string code_field, name_field, parent_field, level_field, kind_field, area_field;  // as found; empty: none
  std::vector<base::Vec2d> points;  // x = longitude or easting; degrees or the system's metres
  std::vector<RawRing> rings;
  std::vector<RawFeature> features;
  std::uint64_t polygon_count = 0;
  std::uint64_t without_polygon_count = 0;  // features that have no polygon (kept: their code is known)
  std::vector<std::string> notes;           // what was wrong with the layer as a whole, for people
};

struct LayerQuery {
  std::string source;  // a path, or what GDAL opens: "PG:host=...", "WFS:http://...", "/vsizip/a.zip/b.shp"
  model::SourceReading reading;
  model::SourceMapping mapping;
  // Not 0: geometries only as a picture of so many pixels across shows them. The source must state its extent.
  std::uint32_t preview_px = 0;
};

// Both give the same; tests compare them.
enum class ReadingWay : std::uint8_t { Quickest, OneByOne };

// Every layer with polygons among those wanted. Any thread; nothing is kept open.
base::Result<std::vector<RawLayer>> read_layers(const LayerQuery& query, ReadingWay way = ReadingWay::Quickest);

}  // namespace gridwall::geo
