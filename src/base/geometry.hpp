// Plain points and boxes. The space is in the variable's name: point_lonlat, box_world, point_local.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace gridwall::base {

struct Vec2d {
  double x = 0, y = 0;
  bool operator==(const Vec2d&) const = default;
};
inline Vec2d operator+(Vec2d a, Vec2d b) { return {a.x + b.x, a.y + b.y}; }
inline Vec2d operator-(Vec2d a, Vec2d b) { return {a.x - b.x, a.y - b.y}; }
inline Vec2d operator*(Vec2d a, double s) { return {a.x * s, a.y * s}; }

struct Vec2f {
  float x = 0, y = 0;
  bool operator==(const Vec2f&) const = default;
};

struct Vec2i {
  std::int32_t x = 0, y = 0;
  bool operator==(const Vec2i&) const = default;
};

struct Box2d {
  Vec2d min{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  Vec2d max{-std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};

  [[nodiscard]] bool empty() const { return min.x > max.x || min.y > max.y; }
  [[nodiscard]] double width() const { return empty() ? 0 : max.x - min.x; }
  [[nodiscard]] double height() const { return empty() ? 0 : max.y - min.y; }
  [[nodiscard]] Vec2d center() const { return {(min.x + max.x) / 2, (min.y + max.y) / 2}; }
  [[nodiscard]] bool contains(Vec2d p) const {
    return p.x >= min.x && p.x <= max.x && p.y >= min.y && p.y <= max.y;
  }
  [[nodiscard]] bool intersects(const Box2d& other) const {
    return min.x <= other.max.x && max.x >= other.min.x && min.y <= other.max.y &&
           max.y >= other.min.y;
  }
  void extend(Vec2d p) {
    min = {std::min(min.x, p.x), std::min(min.y, p.y)};
    max = {std::max(max.x, p.x), std::max(max.y, p.y)};
  }
  void extend(const Box2d& other) {
    if (other.empty()) return;
    extend(other.min);
    extend(other.max);
  }
};

// sRGB-encoded colour, 0..255 each.
struct Color {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;
  bool operator==(const Color&) const = default;
};

}  // namespace gridwall::base
