// What is looked at once a tree stands: how its families tile, what stated areas say, whether two sources or an overlay
// seem to be in different systems. Each check only adds to the report. Test: tests/unit/geo/load_checks_test.cpp.
#pragma once

#include <span>

#include "base/result.hpp"
#include "geo/layer_reader.hpp"
#include "geo/layer_report.hpp"
#include "geo/transform.hpp"
#include "model/division_tree.hpp"

namespace gridwall::geo {

// Gaps, overlaps and children beyond their parents as notes; cover shares by level. `source_of` names the source of
// each division of the tree (any for a root that was added).
void check_families_into(LayerReport& report, const model::DivisionTree& tree, std::span<const std::size_t> source_of,
                         const Transform& world_from_lonlat);

// One area that a source states, in m², and the computed one.
struct StatedArea {
  DivisionNote note;  // its reason is filled in here
  double stated_m2 = 0, computed_m2 = 0;
};
void compare_stated_areas(LayerReport& report, std::vector<StatedArea> areas, double area_unit_m2);

// Points that should lie in the hierarchy: an overlay's corners, sites, incidents. With codes (one a point, or none),
// that a point lies in the division its code names is asked; else only that it lies inside. A warning where another
// reading is clearly better; the report's figures always.
struct PointsToCheck {
  std::string name;  // "corners of police.gpkg"
  std::span<const base::Vec2d> points_lonlat;
  std::span<const std::string> codes;
};
base::Status check_points_into(LayerReport& report, const LayerQuery& points,
                               const std::shared_ptr<const model::DivisionTree>& hierarchy);
base::Status check_shift_into(LayerReport& report, const PointsToCheck& points,
                              std::shared_ptr<const model::DivisionTree> hierarchy);

}  // namespace gridwall::geo
