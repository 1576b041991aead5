// SourceSpec: where a layer comes from, how it is read and what its fields mean, as a profile's [source] and an
// overlay's [overlay.source] say it and as options of `gridwall layers` do. Test: tests/unit/model/profile_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace gridwall::model {

class ConfigTable;

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

inline constexpr std::string_view kParentWords[] = {"auto", "field", "lengths", "prefix", "containment"};
std::optional<ParentBy> parent_by_word(std::string_view word);

// "xy" or "yx".
std::optional<AxisOrder> axis_order_word(std::string_view word);

// Errors name file, line, key and what was expected.
base::Result<SourceSpec> read_source(const ConfigTable& table);

}  // namespace gridwall::model
