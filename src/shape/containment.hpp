// Parents by geometry, for layers whose codes do not tell them: each division belongs to the smallest one that is
// larger and holds most of it. Pure; any thread; the same answer each time.
// Invariant: parents stand before their children in one fixed order (level, area, file), so there is no cycle.
// Test: tests/unit/shape/containment_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "model/division_tree.hpp"
#include "shape/parent_rules.hpp"

namespace gridwall::shape {

inline constexpr double kContainedShareMin = 0.5;      // below it of every candidate: no parent
inline constexpr double kContainedShareClean = 0.999;  // below it the share is worth a note

struct ContainedIn {
  std::size_t parent = kNoParent;  // index into the records
  // Share of the division that lies in `parent`, or in the best candidate when it has no parent; by 64 points spread
  // evenly over its area, so in steps of 1/64. 0 when nothing larger touches it, and without polygons.
  double share = 0;
  // Candidates were so many that not all were tried; the share may be too low. Hostile layers only.
  bool gave_up = false;
};

struct Containment {
  std::vector<ContainedIn> places;  // one a record
  std::vector<bool> orphaned;       // should have a parent and has none: for link_found_parents
};

// `levels`: empty, or one number a record, 0 the topmost: then a parent is of a smaller number, and the nearest level
// that holds most of the division wins. Without levels, areas within 1e-6 of each other count as equal and the record
// that comes first is the parent. Orphans: with levels, who stands below the topmost and has no parent; without, who
// has neither parent nor children although others have.
// About 64 point tests for each division and candidate: no pass over all pairs.
Containment find_containment(const std::vector<model::DivisionRecord>& records,
                             const std::vector<std::uint32_t>& levels);

}  // namespace gridwall::shape
