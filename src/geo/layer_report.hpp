// LayerReport: what was found in layer files and what was done differently, for `gridwall layers` and for logs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::geo {

struct LayerFileReport {
  std::string file, layer, driver, encoding;
  std::string crs_name, crs_known_by;
  std::string code_field, name_field, parent_field;  // as found; empty: none
  std::uint64_t feature_count = 0, polygon_count = 0, without_polygon_count = 0;
  base::Box2d extent_lonlat;
  double area_m2 = 0;  // geodesic, over all features: nested levels count once each
};

// A division and what was the matter with it.
struct DivisionNote {
  std::string code, reason;
};

struct LevelReport {
  std::string name_zh, name_en;
  std::uint64_t division_count = 0;
  double area_m2 = 0;  // geodesic
  // How much of each division its children cover (planar): 1 is all. Negative: none at this level has children.
  double cover_share_mean = -1;
  double cover_share_worst = -1;  // the one farthest from 1
  std::string cover_worst_code;
};

struct LayerReport {
  std::vector<LayerFileReport> files;
  std::vector<LevelReport> levels;
  std::string parent_rule;      // "field parent", "code lengths", "longest known prefix"
  std::string added_root_code;  // empty: none was needed
  std::string world_crs;
  double unit_m = 0;
  std::uint64_t vertex_count = 0, triangle_count = 0;
  double area_error_worst = 0;  // relative; above 1e-6 is also a warning
  std::string area_error_code;
  std::vector<DivisionNote> repairs;
  std::vector<DivisionNote> orphans;     // hung to the root
  std::vector<DivisionNote> cycles;      // cut there
  std::vector<DivisionNote> duplicates;  // the first was kept
  std::vector<std::string> warnings;     // sentences
  bool synthetic = false;

  [[nodiscard]] bool clean() const {
    return repairs.empty() && orphans.empty() && cycles.empty() && duplicates.empty() && warnings.empty();
  }
};

}  // namespace gridwall::geo
