// Incidents at one place: which markers lie on each other (a stack, drawn as its first with a count), and where the
// members of an opened stack stand (a fan: rings about the place, at most kFanPage at once, never outside the map).
// Pure. Test: tests/unit/scene/marker_fan_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::scene {

inline constexpr std::size_t kFanPage = 50;

// For each point the index of the one it lies on: itself when it is the first there. Points come in the order of their
// weight; two farther apart than `reach_px` never lie on each other.
std::vector<std::uint32_t> stack_points(std::span<const base::Vec2d> points_px, double reach_px);

struct Fan {
  base::Vec2d center_px;                  // of the rings; the place itself where there is room
  std::vector<base::Vec2d> positions_px;  // one a member
  double marker_px = 0;                   // across; smaller than asked for where the map has less room
};

// `count` markers of `marker_px` about `place_px`, at most kFanPage, on rings within `room_px`; none overlaps another.
Fan fan_out(base::Vec2d place_px, std::size_t count, double marker_px, const base::Box2d& room_px);

}  // namespace gridwall::scene
