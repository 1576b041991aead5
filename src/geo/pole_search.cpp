#include "geo/pole_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

namespace gridwall::geo {

using base::Vec2d;
using base::Vec2i;

namespace {

constexpr double kPrecisionShare = 0.01;
constexpr int kSquaresMax = 2000;
constexpr double kSquaresAlong = 64;

struct Square {
  Vec2d center;
  double half = 0;
  double distance = 0;      // of the centre to the border, negative outside
  double distance_max = 0;  // no point of the square lies deeper
  bool operator<(const Square& other) const { return distance_max < other.distance_max; }
};

double squared_distance_to_segment(Vec2d p, Vec2d a, Vec2d b) {
  const Vec2d d = b - a;
  const double length2 = d.x * d.x + d.y * d.y;
  double t = length2 > 0 ? ((p.x - a.x) * d.x + (p.y - a.y) * d.y) / length2 : 0;
  t = std::clamp(t, 0.0, 1.0);
  const Vec2d gap = p - (a + d * t);
  return gap.x * gap.x + gap.y * gap.y;
}

double signed_distance(const std::vector<IntRing>& rings, Vec2d p) {
  bool inside = false;
  double best2 = std::numeric_limits<double>::infinity();
  for (const IntRing& ring : rings) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const Vec2d a{static_cast<double>(ring[i].x), static_cast<double>(ring[i].y)};
      const Vec2d b{static_cast<double>(ring[j].x), static_cast<double>(ring[j].y)};
      if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
      best2 = std::min(best2, squared_distance_to_segment(p, a, b));
    }
  }
  return inside ? std::sqrt(best2) : -std::sqrt(best2);
}

Square square_at(const std::vector<IntRing>& rings, Vec2d center, double half) {
  const double distance = signed_distance(rings, center);
  return {center, half, distance, distance + half * std::sqrt(2.0)};
}

Vec2d middle_of_largest_triangle(const std::vector<IntRing>& rings, const std::vector<std::uint32_t>& indices) {
  IntRing points;
  for (const IntRing& ring : rings) points.insert(points.end(), ring.begin(), ring.end());
  Vec2d best{static_cast<double>(points[0].x), static_cast<double>(points[0].y)};
  double best_area = 0;
  for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
    const Vec2i a = points[indices[i]], b = points[indices[i + 1]], c = points[indices[i + 2]];
    const double area = std::abs((static_cast<double>(b.x) - a.x) * (static_cast<double>(c.y) - a.y) -
                                 (static_cast<double>(b.y) - a.y) * (static_cast<double>(c.x) - a.x));
    if (area <= best_area) continue;
    best_area = area;
    best = {(static_cast<double>(a.x) + b.x + c.x) / 3, (static_cast<double>(a.y) + b.y + c.y) / 3};
  }
  return best;
}

}  // namespace

Vec2i find_pole(const std::vector<IntRing>& rings, const std::vector<std::uint32_t>& triangle_indices) {
  base::Box2d box;
  for (const Vec2i p : rings[0]) box.extend(Vec2d{static_cast<double>(p.x), static_cast<double>(p.y)});
  // A thread-thin polygon must not be covered by a million squares of its width.
  const double size =
      std::max(std::min(box.width(), box.height()), std::max(box.width(), box.height()) / kSquaresAlong);
  const double precision = std::max(1.0, kPrecisionShare * size);
  Square best = square_at(rings, middle_of_largest_triangle(rings, triangle_indices), 0);
  if (size > 0) {
    std::priority_queue<Square> open;
    const double half = size / 2;
    for (double x = box.min.x + half; x < box.max.x + half; x += size) {
      for (double y = box.min.y + half; y < box.max.y + half; y += size) {
        open.push(square_at(rings, {x, y}, half));
      }
    }
    for (int seen = 0; !open.empty() && seen < kSquaresMax; ++seen) {
      const Square top = open.top();
      open.pop();
      if (top.distance > best.distance) best = top;
      if (top.distance_max - best.distance <= precision) break;
      const double quarter = top.half / 2;
      for (const double dx : {-quarter, quarter}) {
        for (const double dy : {-quarter, quarter}) {
          open.push(square_at(rings, top.center + Vec2d{dx, dy}, quarter));
        }
      }
    }
  }
  return {static_cast<std::int32_t>(std::lround(best.center.x)), static_cast<std::int32_t>(std::lround(best.center.y))};
}

}  // namespace gridwall::geo
