// How often do segments cross each other, roughly, in bounded time: asked before GEOS computes every crossing, which
// takes memory for each. Exact for few segments, by seeded samples for many; the same answer each time.
// Private to this room. Test: tests/unit/shape/crossing_estimate_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "shape/ear_clipping.hpp"

namespace gridwall::shape {

struct IntSegment {
  base::Vec2i a, b;
};

// Pairs that cross at an inner point of both. About `pairs_max` pairs are looked at, and no less than 64 a segment.
std::uint64_t estimate_crossings(const std::vector<IntSegment>& segments, std::size_t pairs_max = 50'000'000);

void append_segments(const IntRing& ring, std::vector<IntSegment>& segments);

}  // namespace gridwall::shape
