// LayerReport: what was found in layers and what was done differently, for `gridwall layers` and for logs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::geo {

// A division and what was the matter with it.
struct DivisionNote {
  std::string code, reason;
  std::size_t source_index = 0;  // of LayerReport::sources
  std::int64_t fid = 0;          // the feature's number in its layer; negative: about no single feature
  std::optional<base::Vec2d> place_lonlat;
  double area_m2 = 0;  // of a gap or an overlap, planar
};

// How much of some divisions their children cover (planar): 1 is all. Negative: none of them has children and a
// polygon.
struct CoverShare {
  std::uint64_t parent_count = 0;
  double mean = -1;
  double worst = -1;  // the one farthest from 1
  std::string worst_code;

  void add(std::string_view code, double share);
};

// One layer of one source.
struct SourceReport {
  std::string source, layer, driver, encoding;
  std::string crs_name, crs_known_by;
  std::string code_field, name_field, parent_field, area_field;  // as found; empty: none
  std::uint64_t feature_count = 0, polygon_count = 0, without_polygon_count = 0;
  bool in_degrees = false;    // what the file has; else metres
  base::Box2d extent_source;  // as the file has it
  base::Box2d extent_lonlat;
  double area_m2 = 0;                       // geodesic, over all features: nested levels count once each
  std::vector<std::uint64_t> level_counts;  // divisions by level of the tree, the root's first
  std::uint64_t source_vertex_count = 0;    // as read
  std::uint64_t vertex_count = 0, triangle_count = 0;
  double area_error_worst = 0;  // of triangles against rings, relative
  std::string area_error_code;
  CoverShare cover;  // of the layer's divisions, by children of any layer
  std::uint64_t repair_count = 0, orphan_count = 0, cycle_count = 0, duplicate_count = 0;
};

struct LevelReport {
  std::string name_zh, name_en;
  std::uint64_t division_count = 0;
  double area_m2 = 0;  // geodesic
  CoverShare cover;
};

// The area that the source states against the one computed on the ellipsoid.
struct StatedAreaReport {
  std::uint64_t compared_count = 0;
  double ratio_median = 0;              // stated / computed
  std::vector<DivisionNote> differing;  // by more than 1 % from the computed one
};

// Points that should lie in the hierarchy, and how many do, as shares of 1.
struct PlacedPoints {
  std::string name;
  bool by_code = false;  // in the division that each one's code names; else anywhere inside
  std::uint64_t point_count = 0;
  double share_as_stated = 0, share_if_gcj02 = 0, share_if_bd09 = 0;
};

struct LayerReport {
  std::vector<SourceReport> sources;
  std::vector<LevelReport> levels;
  std::string parent_rule;      // "parent field", "code lengths", "longest known prefix", "containment"
  std::string added_root_code;  // empty: none was needed
  std::string world_crs;
  double unit_m = 0;
  std::uint64_t vertex_count = 0, triangle_count = 0;
  double area_error_worst = 0;  // relative; above 1e-6 is also a warning
  std::string area_error_code;
  std::vector<DivisionNote> repairs;
  std::vector<DivisionNote> orphans;                           // hung to the root
  std::vector<DivisionNote> cycles;                            // cut there
  std::vector<DivisionNote> duplicates;                        // the first was kept
  std::vector<DivisionNote> gaps;                              // of a parent: what no child covers
  std::vector<DivisionNote> overlaps;                          // of siblings, and of children beyond their parent
  std::vector<std::pair<std::string, double>> covered_shares;  // of each parent with a polygon, by code
  StatedAreaReport stated_area;
  std::vector<PlacedPoints> placed_points;
  std::vector<std::string> warnings;  // sentences
  bool synthetic = false;

  [[nodiscard]] bool clean() const {
    return repairs.empty() && orphans.empty() && cycles.empty() && duplicates.empty() && gaps.empty() &&
           overlaps.empty() && stated_area.differing.empty() && warnings.empty();
  }
};

}  // namespace gridwall::geo
