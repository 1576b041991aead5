// Do the children of each division tile it? Overlaps between siblings, gaps, children that stick out.
// Invariant: borders that neighbours share vertex for vertex cancel in whole numbers, so a perfect family is proved
// perfect without any geometry library; only borders left over go to GEOS. Pure; any thread.
// Test: tests/unit/shape/family_check_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/division_tree.hpp"

namespace gridwall::shape {

// All areas are planar m2 of the tree's world CRS (in Web Mercator they grow with latitude, like area_m2 there).
struct FamilyTolerance {
  // A piece (one overlap, gap or part outside) is told when it has at least this area ...
  double area_m2 = 1;
  // ... or at least this share of the parent's (the siblings' together where the parent has no polygon) ...
  double area_share = 1e-6;
  // ... and is on average wider than this many units: thinner is rounding (a neighbour's vertex on a straight border).
  double width_units = 1.5;
  std::size_t listed_max = 20;  // overlaps and children outside listed a parent, the largest first
  // A family with more left-over border edges, or more crossings of them, is told as not measured; and so is every
  // family with left-over borders once the families before it had so many together. (About 10 us an edge.)
  std::size_t left_over_edges_max = 1'000'000;
  std::size_t left_over_edges_total_max = 2'000'000;
  std::uint64_t crossings_max = 300'000;
};

struct SiblingOverlap {
  model::DivisionIndex first, second;
  double area_m2 = 0;
  base::Vec2d at_world;  // inside its largest piece
};

struct ChildOutside {
  model::DivisionIndex child;
  double area_m2 = 0;
  base::Vec2d at_world;
};

struct FamilyFault {
  model::DivisionIndex parent;
  // Not empty: not measured, and why. Then only `children_m2` and `covered_share` are known, the latter by areas alone.
  std::string not_measured;
  // Too many borders near the overlaps to draw all: each piece was counted for the children over one point of it.
  bool approximate = false;
  std::vector<SiblingOverlap> overlaps;  // largest first
  std::uint64_t overlap_count = 0;       // pairs
  double overlap_m2 = 0;                 // sum over all pairs
  std::vector<ChildOutside> outside;     // largest first; none when the parent has no polygon
  std::uint64_t outside_count = 0;       // children
  double outside_m2 = 0;
  std::uint64_t gap_count = 0;
  double gap_m2 = 0, gap_largest_m2 = 0;
  base::Vec2d gap_at_world;  // inside the largest gap
  double sliver_m2 = 0;      // pieces below the tolerance together, at most
  double children_m2 = 0;    // sum over children
  // Area of the children's union inside the parent by the parent's: 1 to the last bit when all borders cancel.
  // Negative: the parent has no polygon.
  double covered_share = -1;

  [[nodiscard]] bool clean() const {
    return not_measured.empty() && overlap_count == 0 && outside_count == 0 && gap_count == 0;
  }
};

// One for each division with children (a child without polygon stands for its own children), in tree order, clean ones
// too. About linear in the vertices where borders are shared; a family's edges are held at a time.
std::vector<FamilyFault> check_families(const model::DivisionTree& tree, const FamilyTolerance& tolerance = {});

}  // namespace gridwall::shape
