#include "shape/pole_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <queue>

namespace gridwall::shape {

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
  std::size_t nearest_edge = 0;
  bool operator<(const Square& other) const { return distance_max < other.distance_max; }
};

struct Edge {
  Vec2d a, b, d;  // d = b - a
  double length2 = 0;
};

std::vector<Edge> edges_of(const std::vector<IntRing>& rings) {
  std::vector<Edge> edges;
  for (const IntRing& ring : rings) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const Vec2d a{static_cast<double>(ring[i].x), static_cast<double>(ring[i].y)};
      const Vec2d b{static_cast<double>(ring[j].x), static_cast<double>(ring[j].y)};
      const Vec2d d = b - a;
      edges.push_back({a, b, d, d.x * d.x + d.y * d.y});
    }
  }
  return edges;
}

double squared_distance_to_edge(Vec2d p, const Edge& edge) {
  double t = edge.length2 > 0 ? ((p.x - edge.a.x) * edge.d.x + (p.y - edge.a.y) * edge.d.y) / edge.length2 : 0;
  t = std::clamp(t, 0.0, 1.0);
  const Vec2d gap = p - (edge.a + edge.d * t);
  return gap.x * gap.x + gap.y * gap.y;
}

// nullopt when no point of the square lies deeper than `deepest`: most squares are given up after a few edges, and
// after one when that nearest to the square around it (`likely_edge`) is still too near.
std::optional<Square> square_at(const std::vector<Edge>& edges, Vec2d center, double half, double deepest,
                                std::size_t likely_edge) {
  const double reach = half * std::sqrt(2.0);
  const double useful_min2 = deepest > reach ? (deepest - reach) * (deepest - reach) : -1;
  if (squared_distance_to_edge(center, edges[likely_edge]) < useful_min2) return std::nullopt;
  bool inside = false;
  double best2 = std::numeric_limits<double>::infinity();
  std::size_t nearest = 0;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const auto& [a, b, d, length2] = edges[e];
    if ((a.y > center.y) != (b.y > center.y) && center.x < (b.x - a.x) * (center.y - a.y) / (b.y - a.y) + a.x) {
      inside = !inside;
    }
    const double distance2 = squared_distance_to_edge(center, edges[e]);
    if (distance2 >= best2) continue;
    if (distance2 < useful_min2) return std::nullopt;
    best2 = distance2;
    nearest = e;
  }
  const double distance = inside ? std::sqrt(best2) : -std::sqrt(best2);
  return Square{center, half, distance, distance + reach, nearest};
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
  const std::vector<Edge> edges = edges_of(rings);
  constexpr double kAny = -std::numeric_limits<double>::infinity();
  Square best = *square_at(edges, middle_of_largest_triangle(rings, triangle_indices), 0, kAny, 0);
  if (size > 0) {
    std::priority_queue<Square> open;
    const double half = size / 2;
    for (double x = box.min.x + half; x < box.max.x + half; x += size) {
      for (double y = box.min.y + half; y < box.max.y + half; y += size) {
        if (const auto square = square_at(edges, {x, y}, half, best.distance, 0)) open.push(*square);
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
          const auto square = square_at(edges, top.center + Vec2d{dx, dy}, quarter, best.distance, top.nearest_edge);
          if (square) open.push(*square);
        }
      }
    }
  }
  return {static_cast<std::int32_t>(std::lround(best.center.x)), static_cast<std::int32_t>(std::lround(best.center.y))};
}

}  // namespace gridwall::shape
