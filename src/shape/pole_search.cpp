#include "shape/pole_search.hpp"

#include <algorithm>
#include <array>
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
  std::size_t nearest_block = 0;
  bool operator<(const Square& other) const { return distance_max < other.distance_max; }
};

// Edges eight at a time and in single precision, side by side in the machine's vectors: this loop is most of what
// loading a layer costs. A label's place is no matter of units.
using Lanes = float __attribute__((vector_size(4 * sizeof(float))));
using LaneMask = std::int32_t __attribute__((vector_size(4 * sizeof(std::int32_t))));
constexpr std::size_t kLaneCount = 4, kVectors = 2, kLanes = kVectors * kLaneCount;

struct EdgeBlock {
  std::array<Lanes, kVectors> ax{}, ay{}, dx{}, dy{}, inverse_length2{};
};

// Of each lane by itself.
Lanes smaller(Lanes a, Lanes b) {
  return a < b ? a : b;
}

float smallest(Lanes a) {
  a = smaller(a, __builtin_shufflevector(a, a, 2, 3, 0, 1));
  a = smaller(a, __builtin_shufflevector(a, a, 1, 0, 3, 2));
  return a[0];
}

class Border {
 public:
  // Coordinates are taken from `center`, which keeps them small.
  Border(const std::vector<IntRing>& rings, Vec2d center) : m_center(center) {
    std::size_t lane = kLanes;
    for (const IntRing& ring : rings) {
      for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        if (lane == kLanes) {
          m_blocks.emplace_back();
          lane = 0;
        }
        put(ring[i], ring[j], lane++);
      }
    }
    // What is left of the last block repeats its first edge: no distance changes, and parity skips it.
    m_used_lanes = lane;
    EdgeBlock& last = m_blocks.back();
    for (; lane < kLanes; ++lane) {
      for (auto* values : {&last.ax, &last.ay, &last.dx, &last.dy, &last.inverse_length2}) {
        (*values)[lane / kLaneCount][lane % kLaneCount] = (*values)[0][0];
      }
    }
  }

  // nullopt when no point of the square lies deeper than `deepest`: most squares are given up after a few edges, and at
  // once when the block that was nearest to the square around it (`likely_block`) is still too near.
  [[nodiscard]] std::optional<Square> square_at(Vec2d center, double half, double deepest,
                                                std::size_t likely_block) const {
    const double reach = half * std::sqrt(2.0);
    const double useful_min2 = deepest > reach ? (deepest - reach) * (deepest - reach) : -1;
    const auto x = static_cast<float>(center.x - m_center.x), y = static_cast<float>(center.y - m_center.y);
    float best2 = squared_distance(m_blocks[likely_block], x, y);
    if (best2 < useful_min2) return std::nullopt;
    std::size_t nearest = likely_block;
    for (std::size_t b = 0; b < m_blocks.size(); ++b) {
      const float distance2 = squared_distance(m_blocks[b], x, y);
      if (distance2 >= best2) continue;
      if (distance2 < useful_min2) return std::nullopt;
      best2 = distance2;
      nearest = b;
    }
    const double distance = contains(x, y) ? std::sqrt(best2) : -std::sqrt(best2);
    return Square{center, half, distance, distance + reach, nearest};
  }

 private:
  void put(Vec2i a, Vec2i b, std::size_t lane) {
    EdgeBlock& block = m_blocks.back();
    const std::size_t v = lane / kLaneCount, k = lane % kLaneCount;
    const auto dx = static_cast<float>(static_cast<double>(b.x) - a.x);
    const auto dy = static_cast<float>(static_cast<double>(b.y) - a.y);
    const float length2 = dx * dx + dy * dy;
    block.ax[v][k] = static_cast<float>(a.x - m_center.x);
    block.ay[v][k] = static_cast<float>(a.y - m_center.y);
    block.dx[v][k] = dx;
    block.dy[v][k] = dy;
    block.inverse_length2[v][k] = length2 > 0 ? 1 / length2 : 0;
  }

  static float squared_distance(const EdgeBlock& block, float x, float y) {
    constexpr Lanes kZero{}, kOne{1, 1, 1, 1};
    std::array<Lanes, kVectors> distance2;
    for (std::size_t v = 0; v < kVectors; ++v) {
      const Lanes px = x - block.ax[v], py = y - block.ay[v];
      Lanes t = (px * block.dx[v] + py * block.dy[v]) * block.inverse_length2[v];
      t = t > kZero ? t : kZero;
      t = t < kOne ? t : kOne;
      const Lanes gx = px - t * block.dx[v], gy = py - t * block.dy[v];
      distance2[v] = gx * gx + gy * gy;
    }
    return smallest(smaller(distance2[0], distance2[1]));
  }

  [[nodiscard]] bool contains(float x, float y) const {
    bool inside = false;
    for (std::size_t b = 0; b < m_blocks.size(); ++b) {
      const EdgeBlock& block = m_blocks[b];
      const std::size_t lanes = b + 1 < m_blocks.size() ? kLanes : m_used_lanes;
      for (std::size_t v = 0; v * kLaneCount < lanes; ++v) {
        const Lanes rise = y - block.ay[v];
        const LaneMask spans = (rise < Lanes{}) != (rise < block.dy[v]);
        if ((spans[0] | spans[1] | spans[2] | spans[3]) == 0) continue;
        for (std::size_t k = 0; k < std::min(kLaneCount, lanes - v * kLaneCount); ++k) {
          if (spans[k] == 0) continue;
          if ((x - block.ax[v][k]) < block.dx[v][k] * (rise[k] / block.dy[v][k])) inside = !inside;
        }
      }
    }
    return inside;
  }

  Vec2d m_center;
  std::vector<EdgeBlock> m_blocks;
  std::size_t m_used_lanes = kLanes;  // of the last block
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
  const Border border(rings, box.center());
  constexpr double kAny = -std::numeric_limits<double>::infinity();
  Square best = *border.square_at(middle_of_largest_triangle(rings, triangle_indices), 0, kAny, 0);
  if (size > 0) {
    std::priority_queue<Square> open;
    const double half = size / 2;
    for (double x = box.min.x + half; x < box.max.x + half; x += size) {
      for (double y = box.min.y + half; y < box.max.y + half; y += size) {
        if (const auto square = border.square_at({x, y}, half, best.distance, 0)) open.push(*square);
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
          const auto square = border.square_at(top.center + Vec2d{dx, dy}, quarter, best.distance, top.nearest_block);
          if (square) open.push(*square);
        }
      }
    }
  }
  return {static_cast<std::int32_t>(std::lround(best.center.x)), static_cast<std::int32_t>(std::lround(best.center.y))};
}

}  // namespace gridwall::shape
