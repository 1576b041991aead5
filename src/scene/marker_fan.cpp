#include "scene/marker_fan.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <unordered_map>

namespace gridwall::scene {

namespace {

constexpr double kApart = 2.3;      // markers beside each other, in markers: the heaviest are 1.6 and have an edge
constexpr double kInnerRing = 3.6;  // of the innermost ring, in markers: room for the stack's own and its count

struct Ring {
  double radius = 0;  // in markers
  std::size_t room = 0;
};

std::vector<Ring> rings_for(std::size_t count) {
  std::vector<Ring> rings;
  for (double radius = kInnerRing; count > 0; radius += kApart) {
    // A chord of two neighbours is no shorter than kApart.
    const auto room = static_cast<std::size_t>(std::numbers::pi / std::asin(kApart / 2 / radius));
    rings.push_back({radius, std::min(room, count)});
    count -= rings.back().room;
  }
  return rings;
}

double moved_within(double at, double low, double high) {
  return low <= high ? std::clamp(at, low, high) : (low + high) / 2;
}

}  // namespace

std::vector<std::uint32_t> stack_points(std::span<const base::Vec2d> points_px, double reach_px) {
  std::vector<std::uint32_t> heads(points_px.size());
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> cells;  // of the first ones
  const auto cell_of = [&](double v) { return static_cast<std::int32_t>(std::floor(v / reach_px)); };
  const auto key = [](std::int32_t x, std::int32_t y) {
    return std::uint64_t{static_cast<std::uint32_t>(x)} << 32 | static_cast<std::uint32_t>(y);
  };
  for (std::uint32_t i = 0; i < points_px.size(); ++i) {
    const base::Vec2d p = points_px[i];
    const std::int32_t column = cell_of(p.x), row = cell_of(p.y);
    heads[i] = i;
    for (std::int32_t x = column - 1; x <= column + 1; ++x) {
      for (std::int32_t y = row - 1; y <= row + 1; ++y) {
        const auto found = cells.find(key(x, y));
        if (found == cells.end()) continue;
        for (const std::uint32_t head : found->second) {
          const bool is_near = std::hypot(points_px[head].x - p.x, points_px[head].y - p.y) <= reach_px;
          if (is_near) heads[i] = std::min(heads[i], head);
        }
      }
    }
    if (heads[i] == i) cells[key(column, row)].push_back(i);
  }
  return heads;
}

Fan fan_out(base::Vec2d place_px, std::size_t count, double marker_px, const base::Box2d& room_px) {
  const std::vector<Ring> rings = rings_for(std::min(count, kFanPage));
  const double outer = rings.empty() ? 0 : rings.back().radius + kApart / 2;  // in markers
  const double room = std::min(room_px.width(), room_px.height()) / 2;
  Fan fan;
  fan.marker_px = outer > 0 ? std::min(marker_px, room / outer) : marker_px;
  const double reach = outer * fan.marker_px;
  fan.center_px = {moved_within(place_px.x, room_px.min.x + reach, room_px.max.x - reach),
                   moved_within(place_px.y, room_px.min.y + reach, room_px.max.y - reach)};
  for (const Ring& ring : rings) {
    for (std::size_t i = 0; i < ring.room; ++i) {
      // From the top, clockwise, as a list is read.
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(ring.room);
      fan.positions_px.push_back(fan.center_px +
                                 base::Vec2d{std::sin(angle), -std::cos(angle)} * (ring.radius * fan.marker_px));
    }
  }
  return fan;
}

}  // namespace gridwall::scene
