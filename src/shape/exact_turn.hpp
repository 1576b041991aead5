// Side tests on integer points, exact for all of int32. Private to this room.
// Test: tests/unit/shape/ear_clipping_test.cpp.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/geometry.hpp"

namespace gridwall::shape {

using Wide = __int128;  // products of two differences of int32 need 66 bits

// Where all coordinates lie between -kNarrowReach and kNarrowReach, 64 bits are enough for everything here.
using Narrow = std::int64_t;
inline constexpr std::int32_t kNarrowReach = (1 << 30) - 1;

inline bool is_narrow(base::Vec2i p) {
  return p.x >= -kNarrowReach && p.x <= kNarrowReach && p.y >= -kNarrowReach && p.y <= kNarrowReach;
}

// Twice the signed area of a-b-c: positive when it turns left.
template <typename Number = Wide>
Number turn(base::Vec2i a, base::Vec2i b, base::Vec2i c) {
  const auto dx1 = static_cast<std::int64_t>(b.x) - a.x, dy1 = static_cast<std::int64_t>(b.y) - a.y;
  const auto dx2 = static_cast<std::int64_t>(c.x) - b.x, dy2 = static_cast<std::int64_t>(c.y) - b.y;
  return static_cast<Number>(dx1) * dy2 - static_cast<Number>(dy1) * dx2;
}

template <typename Number>
int sign(Number value) {
  return (value > 0) - (value < 0);
}

// On the border counts as inside; the triangle turns left.
template <typename Number = Wide>
bool in_triangle(base::Vec2i a, base::Vec2i b, base::Vec2i c, base::Vec2i p) {
  return turn<Number>(a, b, p) >= 0 && turn<Number>(b, c, p) >= 0 && turn<Number>(c, a, p) >= 0;
}

// `p` is on the line of a-b: is it between them?
inline bool on_segment(base::Vec2i a, base::Vec2i p, base::Vec2i b) {
  return p.x <= std::max(a.x, b.x) && p.x >= std::min(a.x, b.x) && p.y <= std::max(a.y, b.y) &&
         p.y >= std::min(a.y, b.y);
}

// At an inner point of both.
inline bool segments_cross(base::Vec2i p1, base::Vec2i q1, base::Vec2i p2, base::Vec2i q2) {
  return sign(turn(p1, q1, p2)) * sign(turn(p1, q1, q2)) < 0 && sign(turn(p2, q2, p1)) * sign(turn(p2, q2, q1)) < 0;
}

// At any point, ends included.
template <typename Number = Wide>
bool segments_meet(base::Vec2i p1, base::Vec2i q1, base::Vec2i p2, base::Vec2i q2) {
  const int o1 = sign(turn<Number>(p1, q1, p2)), o2 = sign(turn<Number>(p1, q1, q2));
  const int o3 = sign(turn<Number>(p2, q2, p1)), o4 = sign(turn<Number>(p2, q2, q1));
  if (o1 != o2 && o3 != o4) return true;
  return (o1 == 0 && on_segment(p1, p2, q1)) || (o2 == 0 && on_segment(p1, q2, q1)) ||
         (o3 == 0 && on_segment(p2, p1, q2)) || (o4 == 0 && on_segment(p2, q1, q2));
}

}  // namespace gridwall::shape
