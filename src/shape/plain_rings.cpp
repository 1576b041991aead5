#include "shape/plain_rings.hpp"

#include <algorithm>

#include "shape/exact_turn.hpp"

namespace gridwall::shape {

using base::Vec2i;

namespace {

constexpr std::size_t kEdgesMax = 4096;    // of a polygon
constexpr std::size_t kPairsPerEdge = 64;  // looked at; more of them is GEOS's work
constexpr std::size_t kHolesMax = 32, kPartsMax = 16;
// By x, then by number.
std::uint64_t key_of(std::int32_t x, std::uint32_t number) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(x + kNarrowReach)) << 32 | number;
}

bool same_side(Narrow a, Narrow b) {
  return (a > 0 && b > 0) || (a < 0 && b < 0);
}

// Not sharper than it must be: segments on one line count as meeting. Their boxes do meet.
bool may_meet(Vec2i a, Vec2i b, Vec2i c, Vec2i d) {
  return !same_side(turn<Narrow>(a, b, c), turn<Narrow>(a, b, d)) &&
         !same_side(turn<Narrow>(c, d, a), turn<Narrow>(c, d, b));
}

// The edges a-b and b-c meet at b alone.
bool open_corner(Vec2i a, Vec2i b, Vec2i c) {
  if (turn<Narrow>(a, b, c) != 0) return true;
  return (std::int64_t{b.x} - a.x) * (std::int64_t{c.x} - b.x) + (std::int64_t{b.y} - a.y) * (std::int64_t{c.y} - b.y) >
         0;
}

// The point is not on the ring.
bool inside(const IntRing& ring, Vec2i p) {
  bool in = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    const Vec2i a = ring[j], b = ring[i];
    if ((a.y > p.y) == (b.y > p.y)) continue;
    in ^= (turn<Narrow>(a, b, p) > 0) == (b.y > a.y);
  }
  return in;
}

bool holes_in_place(const IntPolygon& polygon) {
  if (polygon.size() > kHolesMax + 1) return false;
  for (std::size_t h = 1; h < polygon.size(); ++h) {
    if (!inside(polygon[0], polygon[h][0])) return false;
    for (std::size_t other = 1; other < polygon.size(); ++other) {
      if (other != h && inside(polygon[other], polygon[h][0])) return false;
    }
  }
  return true;
}

}  // namespace

// False: a polygon of other measure than ours, or an edge without length.
bool PlainRings::take(const IntPolygon& polygon) {
  m_edges.clear();
  m_order.clear();
  std::size_t count = 0;
  for (const IntRing& ring : polygon) count += ring.size();
  if (count > kEdgesMax || polygon.empty()) return false;
  for (const IntRing& ring : polygon) {
    if (ring.size() < 3) return false;
    const auto first = static_cast<std::uint32_t>(m_edges.size());
    const auto size = static_cast<std::uint32_t>(ring.size());
    for (std::uint32_t i = 0; i < size; ++i) {
      const std::uint32_t next = i + 1 < size ? i + 1 : 0;
      const Vec2i a = ring[i], b = ring[next];
      if (a == b || !is_narrow(a)) return false;
      const std::int32_t x_min = std::min(a.x, b.x);
      m_order.push_back(key_of(x_min, first + i));
      m_edges.push_back({a, b, std::max(a.x, b.x), std::min(a.y, b.y), std::max(a.y, b.y),
                         first + (i > 0 ? i : size) - 1, first + next});
    }
  }
  return true;
}

// From west to east, each edge against those that begin before it ends.
bool PlainRings::edges_apart() {
  std::sort(m_order.begin(), m_order.end());
  std::size_t pairs_left = kPairsPerEdge * m_order.size();
  for (std::size_t i = 0; i < m_order.size(); ++i) {
    const auto e = static_cast<std::uint32_t>(m_order[i]);
    const Edge& edge = m_edges[e];
    const std::uint64_t end = key_of(edge.x_max + 1, 0);
    for (std::size_t j = i + 1; j < m_order.size() && m_order[j] < end; ++j) {
      if (pairs_left-- == 0) return false;
      const auto f = static_cast<std::uint32_t>(m_order[j]);
      const Edge& other = m_edges[f];
      if (other.y_min > edge.y_max || other.y_max < edge.y_min) continue;
      const bool is_after = edge.after == f, is_before = edge.before == f;
      if (is_after && !open_corner(edge.a, edge.b, other.b)) return false;
      if (is_before && !open_corner(other.a, other.b, edge.b)) return false;
      if (!is_after && !is_before && may_meet(edge.a, edge.b, other.a, other.b)) return false;
    }
  }
  return true;
}

bool PlainRings::boxes_apart(std::span<const IntPolygon> polygons) {
  if (polygons.size() > kPartsMax) return false;
  std::vector<std::pair<Vec2i, Vec2i>> boxes;
  for (const IntPolygon& polygon : polygons) {
    Vec2i low = polygon[0][0], high = low;
    for (const Vec2i p : polygon[0]) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    for (const auto& [other_low, other_high] : boxes) {
      const bool apart = other_low.x > high.x || other_high.x < low.x || other_low.y > high.y || other_high.y < low.y;
      if (!apart) return false;
    }
    boxes.emplace_back(low, high);
  }
  return true;
}

bool PlainRings::hold(const std::vector<IntPolygon>& polygons) {
  for (const IntPolygon& polygon : polygons) {
    if (!take(polygon) || !edges_apart() || !holes_in_place(polygon)) return false;
  }
  return polygons.size() < 2 || boxes_apart(polygons);
}

}  // namespace gridwall::shape
