// What is wrong with which ring of an invalid division: number, reason in plain words, place. Asked only of polygons
// that GEOS found invalid, because each ring is then tried by itself. Private to this room.
// Test: tests/unit/shape/shaper_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shape/geos_shapes.hpp"

namespace gridwall::shape {

inline constexpr std::size_t kRingFaultsListedMax = 20;

struct RingFault {
  std::uint32_t part_index = 0;   // as the division was handed in
  std::uint32_t ring_index = 0;   // 0 is the shell, then the holes
  std::string reason;             // "crosses itself (Self-intersection)"
  std::optional<base::Vec2i> at;  // units; nullopt where the fault has no one place
};

struct RingFaults {
  std::vector<RingFault> listed;  // at most kRingFaultsListedMax
  std::uint64_t count = 0;        // of all that were found

  void add(RingFault fault);
};

// "ring 0 of part 0 crosses itself (...)" as people count: "part 1: the shell crosses itself", "part 2, hole 1 ...".
std::string describe(const RingFaults& faults);

// `part_indices` says which part of the division each polygon was. Every ring by itself, then each hole against its
// shell, then the polygons together.
void find_ring_faults(GeosContext& geos, const std::vector<IntPolygon>& polygons,
                      const std::vector<std::uint32_t>& part_indices, RingFaults& faults);

}  // namespace gridwall::shape
