#include "geo/pole_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
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

// All edges side by side: the search walks them some hundred times for one polygon.
class Border {
 public:
  explicit Border(const std::vector<IntRing>& rings) {
    for (const IntRing& ring : rings) {
      for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const Vec2d a{static_cast<double>(ring[i].x), static_cast<double>(ring[i].y)};
        const Vec2d d{static_cast<double>(ring[j].x) - a.x, static_cast<double>(ring[j].y) - a.y};
        const double length2 = d.x * d.x + d.y * d.y;
        m_edges.push_back({a, d, length2 > 0 ? 1 / length2 : 0, d.y != 0 ? d.x / d.y : 0});
      }
    }
  }

  // Of the point to the border, negative outside. Nothing when its size is below `useless_below`: what the square is
  // worth is settled then. The edge that was nearest last time is asked first, and mostly settles it.
  [[nodiscard]] std::optional<double> signed_distance(Vec2d p, double useless_below) {
    const double useless2 = useless_below > 0 ? useless_below * useless_below : -1;
    if (squared_distance(m_edges[m_nearest], p) < useless2) return std::nullopt;
    bool inside = false;
    double best2 = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < m_edges.size(); ++i) {
      const Edge& edge = m_edges[i];
      const double rise = p.y - edge.a.y;
      if ((rise < 0) != (rise < edge.d.y) && p.x < edge.a.x + edge.run_per_rise * rise) inside = !inside;
      const double distance2 = squared_distance(edge, p);
      if (distance2 >= best2) continue;
      best2 = distance2;
      m_nearest = i;
      if (best2 < useless2) return std::nullopt;
    }
    return inside ? std::sqrt(best2) : -std::sqrt(best2);
  }

 private:
  struct Edge {
    Vec2d a, d;
    double inverse_length2 = 0, run_per_rise = 0;
  };

  static double squared_distance(const Edge& edge, Vec2d p) {
    const Vec2d from = p - edge.a;
    const double t = std::clamp((from.x * edge.d.x + from.y * edge.d.y) * edge.inverse_length2, 0.0, 1.0);
    const Vec2d gap = from - edge.d * t;
    return gap.x * gap.x + gap.y * gap.y;
  }

  std::vector<Edge> m_edges;
  std::size_t m_nearest = 0;
};

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
  Border border(rings);
  const Vec2d start = middle_of_largest_triangle(rings, triangle_indices);
  Square best{start, 0, border.signed_distance(start, 0).value_or(0), 0};
  std::priority_queue<Square> open;
  // A square that cannot beat the best by the precision would end the search when its turn came: it is never queued.
  const auto queue = [&](Vec2d center, double half) {
    const double reach = half * std::sqrt(2.0);
    const auto distance = border.signed_distance(center, best.distance + precision - reach);
    if (distance) open.push({center, half, *distance, *distance + reach});
  };
  if (size > 0) {
    const double half = size / 2;
    for (double x = box.min.x + half; x < box.max.x + half; x += size) {
      for (double y = box.min.y + half; y < box.max.y + half; y += size) queue({x, y}, half);
    }
    for (int seen = 0; !open.empty() && seen < kSquaresMax; ++seen) {
      const Square top = open.top();
      open.pop();
      if (top.distance > best.distance) best = top;
      if (top.distance_max - best.distance <= precision) break;
      const double quarter = top.half / 2;
      for (const double dx : {-quarter, quarter}) {
        for (const double dy : {-quarter, quarter}) queue(top.center + Vec2d{dx, dy}, quarter);
      }
    }
  }
  return {static_cast<std::int32_t>(std::lround(best.center.x)), static_cast<std::int32_t>(std::lround(best.center.y))};
}

}  // namespace gridwall::geo
