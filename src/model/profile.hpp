// Profile: what one district is, as config/profiles/<id>.toml says it: hierarchy and counts, coordinate systems, where
// fields of a layer lie, how much happens there. A copy with other numbers is another district.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace gridwall::model {

struct LevelSpec {
  std::string name_zh, name_en;
  std::string kind;         // see Division::kind
  std::uint32_t count = 0;  // 0: as many as the layer has
  bool assumed = false;     // the source gives no number
};

// Whose child a division is. Auto: by the parent field where there is one, else by code lengths where they are given,
// else by the longest known prefix.
enum class ParentBy : std::uint8_t { Auto, Field, CodeLengths, LongestPrefix, Containment };

// How a layer's fields make a tree. Empty names are found by the usual spellings (code, 编码, name, 名称 ...).
struct SourceMapping {
  std::string code_field, name_field, parent_field, level_field, kind_field;
  std::string area_field;   // the area that the source states; never found by itself: its unit is unknown
  double area_unit_m2 = 1;  // one of the stated area's units in m²
  std::vector<std::uint32_t> code_lengths;  // of each level from the root
  ParentBy parent_by = ParentBy::Auto;
};

// Which number of a pair comes first in the file: x (longitude, easting) or y (latitude, northing).
enum class AxisOrder : std::uint8_t { Xy, Yx };

// How a file or a service is read before its fields mean anything.
struct SourceReading {
  std::vector<std::string> layers;  // by name; empty: every polygon layer
  std::string where;                // attribute filter in OGR SQL: "level >= 2 AND state <> 'closed'"
  std::string encoding;             // of its text, "GB18030"; empty: as the file says
  std::string crs;                  // "EPSG:4490", "GCJ-02", "BD-09", a PROJ pipeline; empty: as the file says
  AxisOrder axes = AxisOrder::Xy;
};

// A profile's own layers. No files: the city generator makes them.
struct SourceSpec {
  std::vector<std::string> files;  // paths (relative ones are beside the profile) or GDAL connection strings
  SourceReading reading;
  SourceMapping mapping;
};

// A second set of polygons over the main hierarchy: police grids, service areas. Its own tree; topics and indicators do
// not follow it.
struct OverlaySpec {
  std::string id, name_zh, name_en;
  SourceSpec source;
};

struct SimulationSpec {
  double cases_per_day = 570;  // see the profile for the source of the figure
  std::uint64_t seed = 1;
  double rate = 60;  // simulated seconds per second
};

struct Profile {
  std::string id;
  std::string name_zh, name_en;      // of the district: 江阴市, Jiangyin
  std::string system_zh, system_en;  // of the wall's header
  std::string district;              // folder under assets/districts
  std::string county_code;
  std::string outline_crs;           // as declared; see outline_illustrative
  bool outline_illustrative = true;  // the outline's datum is not stated by its source
  std::string world_crs;             // display and storage of positions: the district's Gauss-Krüger zone
  std::chrono::minutes utc_offset{480};
  std::vector<LevelSpec> levels;  // the root first
  SourceSpec source;
  std::vector<OverlaySpec> overlays;
  SimulationSpec simulation;
};

base::Result<Profile> load_profile(const std::filesystem::path& file);

}  // namespace gridwall::model
