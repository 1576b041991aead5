// BasemapSpec: a profile's [basemap]: which picture lies under the divisions, and how it looks. A bright map becomes a
// calm ground by less brightness and saturation. Test: tests/unit/model/basemap_spec_test.cpp.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gridwall::model {

class ConfigTable;

struct BasemapStyle {
  float opacity = 1;     // 0..1, over the map's background
  float brightness = 1;  // 0..2, times each colour
  float saturation = 1;  // 0 (grey) .. 2
  bool operator==(const BasemapStyle&) const = default;
};

struct BasemapSpec {
  std::string source;  // a file (a relative one is beside the profile) or GDAL's name of a service; empty: none
  std::string crs;     // as a layer's: in place of what the source says; empty: as it says
  BasemapStyle style{1.0f, 0.4f, 0.5f};
  double fill_opacity = 0.6;         // of the divisions' fills above it
  std::string credit_zh, credit_en;  // whose map it is, shown in the map's corner
};

// Errors name file, line, key and what was expected.
base::Result<BasemapSpec> read_basemap(const ConfigTable& table);

}  // namespace gridwall::model
