#include "geo/city_triangulation.hpp"

#include <algorithm>
#include <deque>

#include "base/assert.hpp"

namespace gridwall::geo {

using base::Vec2i;

namespace {

constexpr std::int32_t kFar = 900'000'000;  // beyond every point, and squares of squares still fit 128 bits
__extension__ using Wide = __int128;

std::int64_t turn_of(Vec2i a, Vec2i b, Vec2i c) {
  const std::int64_t abx = std::int64_t{b.x} - a.x, aby = std::int64_t{b.y} - a.y;
  const std::int64_t acx = std::int64_t{c.x} - a.x, acy = std::int64_t{c.y} - a.y;
  return abx * acy - aby * acx;
}

constexpr std::uint32_t next(std::uint32_t side) { return side == 2 ? 0 : side + 1; }

}  // namespace

CityTriangulation::CityTriangulation() {
  m_points = {{-kFar, -kFar}, {kFar, -kFar}, {kFar, kFar}, {-kFar, kFar}};
  m_triangles = {{{0, 1, 2}, {kNone, kNone, 1}}, {{0, 2, 3}, {0, kNone, kNone}}};
}

std::int64_t CityTriangulation::turn(std::uint32_t a, std::uint32_t b, std::uint32_t c) const {
  return turn_of(m_points[a], m_points[b], m_points[c]);
}

bool CityTriangulation::in_circle(const Triangle& triangle, Vec2i p) const {
  std::array<std::int64_t, 3> x{}, y{};
  std::array<Wide, 3> square{};
  for (std::size_t i = 0; i < 3; ++i) {
    x[i] = std::int64_t{m_points[triangle.points[i]].x} - p.x;
    y[i] = std::int64_t{m_points[triangle.points[i]].y} - p.y;
    square[i] = static_cast<Wide>(x[i]) * x[i] + static_cast<Wide>(y[i]) * y[i];
  }
  const Wide det = square[0] * (static_cast<Wide>(x[1]) * y[2] - static_cast<Wide>(x[2]) * y[1]) -
                   square[1] * (static_cast<Wide>(x[0]) * y[2] - static_cast<Wide>(x[2]) * y[0]) +
                   square[2] * (static_cast<Wide>(x[0]) * y[1] - static_cast<Wide>(x[1]) * y[0]);
  return det > 0;
}

std::uint32_t CityTriangulation::locate(Vec2i p) const {
  std::uint32_t current = m_last, from = kNone;
  for (;;) {
    const Triangle& triangle = m_triangles[current];
    std::uint32_t step = kNone;
    for (std::uint32_t side = 0; side < 3 && step == kNone; ++side) {
      const std::uint32_t neighbour = triangle.neighbours[side];
      if (neighbour == kNone || neighbour == from) continue;
      if (turn_of(m_points[triangle.points[side]], m_points[triangle.points[next(side)]], p) < 0) step = neighbour;
    }
    if (step == kNone) return current;
    from = current;
    current = step;
  }
}

void CityTriangulation::gather_cavity(std::uint32_t start, Vec2i p) {
  m_cavity.assign(1, start);
  m_rim.clear();
  m_mark.resize(m_triangles.size(), 0);
  ++m_round;
  m_mark[start] = m_round;
  for (std::size_t i = 0; i < m_cavity.size(); ++i) {
    const Triangle& triangle = m_triangles[m_cavity[i]];
    for (std::uint32_t side = 0; side < 3; ++side) {
      const std::uint32_t neighbour = triangle.neighbours[side];
      if (neighbour != kNone && m_mark[neighbour] == m_round) continue;
      if (neighbour != kNone && in_circle(m_triangles[neighbour], p)) {
        m_mark[neighbour] = m_round;
        m_cavity.push_back(neighbour);
      } else {
        m_rim.push_back({triangle.points[side], triangle.points[next(side)], neighbour});
      }
    }
  }
  // A triangle may have joined after a neighbour took their common edge for the rim.
  std::erase_if(m_rim, [&](const Rim& edge) { return edge.outside != kNone && m_mark[edge.outside] == m_round; });
}

std::uint32_t CityTriangulation::side_facing(std::uint32_t triangle, std::uint32_t neighbour) const {
  const auto& neighbours = m_triangles[triangle].neighbours;
  const auto side = static_cast<std::uint32_t>(std::find(neighbours.begin(), neighbours.end(), neighbour) -
                                               neighbours.begin());
  ASSERT(side < 3, "triangles {} and {} do not share an edge", triangle, neighbour);
  return side;
}

std::uint32_t CityTriangulation::corner_of(std::uint32_t triangle, std::uint32_t point) const {
  const auto& points = m_triangles[triangle].points;
  const auto corner = static_cast<std::uint32_t>(std::find(points.begin(), points.end(), point) - points.begin());
  ASSERT(corner < 3, "triangle {} has no corner {}", triangle, point);
  return corner;
}

void CityTriangulation::fill_cavity(std::uint32_t point) {
  const std::size_t old_count = m_cavity.size();
  for (std::size_t i = old_count; i < m_rim.size(); ++i) {
    m_cavity.push_back(static_cast<std::uint32_t>(m_triangles.size()));
    m_triangles.emplace_back();
  }
  // The outside triangles still face the old ones, whose numbers are used again: find all sides before writing any.
  std::vector<std::uint32_t> outer_side(m_rim.size(), 0);
  for (std::size_t i = 0; i < m_rim.size(); ++i) {
    if (m_rim[i].outside == kNone) continue;
    const Triangle& outside = m_triangles[m_rim[i].outside];
    while (outside.points[outer_side[i]] != m_rim[i].to || outside.points[next(outer_side[i])] != m_rim[i].from) {
      ++outer_side[i];
    }
  }
  for (std::size_t i = 0; i < m_rim.size(); ++i) {
    const Rim& edge = m_rim[i];
    m_triangles[m_cavity[i]] = {{edge.from, edge.to, point}, {edge.outside, kNone, kNone}};
    if (edge.outside != kNone) m_triangles[edge.outside].neighbours[outer_side[i]] = m_cavity[i];
  }
  for (std::size_t i = 0; i < m_rim.size(); ++i) {
    for (std::size_t k = 0; k < m_rim.size(); ++k) {
      if (m_rim[k].from != m_rim[i].to) continue;
      m_triangles[m_cavity[i]].neighbours[1] = m_cavity[k];
      m_triangles[m_cavity[k]].neighbours[2] = m_cavity[i];
    }
  }
  m_last = m_cavity.front();
}

std::uint32_t CityTriangulation::insert(Vec2i point) {
  const std::uint32_t start = locate(point);
  for (const std::uint32_t corner : m_triangles[start].points) {
    if (m_points[corner] == point) return corner;
  }
  gather_cavity(start, point);
  m_points.push_back(point);
  fill_cavity(static_cast<std::uint32_t>(m_points.size() - 1));
  return static_cast<std::uint32_t>(m_points.size() - 1);
}

void CityTriangulation::index_corners() {
  m_corner.assign(m_points.size(), kNone);
  for (std::uint32_t t = 0; t < m_triangles.size(); ++t) {
    for (const std::uint32_t point : m_triangles[t].points) m_corner[point] = t;
  }
}

// {triangle, side} of the directed edge; {kNone, 0} when there is none. No point that is asked for lies on the rim.
std::array<std::uint32_t, 2> CityTriangulation::find_edge(std::uint32_t a, std::uint32_t b) const {
  const std::uint32_t start = m_corner[a];
  std::uint32_t current = start;
  do {
    const std::uint32_t corner = corner_of(current, a);
    if (m_triangles[current].points[next(corner)] == b) return {current, corner};
    current = m_triangles[current].neighbours[next(next(corner))];
  } while (current != start && current != kNone);
  return {kNone, 0};
}

bool CityTriangulation::has_edge(std::uint32_t a, std::uint32_t b) const { return find_edge(a, b)[0] != kNone; }

std::uint32_t CityTriangulation::crossed_edges(std::uint32_t a, std::uint32_t b,
                                               std::vector<std::array<std::uint32_t, 2>>& crossed) const {
  std::uint32_t current = m_corner[a];
  std::uint32_t left = kNone, right = kNone;
  for (;;) {  // the triangle at `a` through whose far edge the segment leaves
    const std::uint32_t corner = corner_of(current, a);
    right = m_triangles[current].points[next(corner)];
    left = m_triangles[current].points[next(next(corner))];
    const std::int64_t at_right = turn(a, b, right), at_left = turn(a, b, left);
    const auto ahead = [&](std::uint32_t p) {
      return (std::int64_t{m_points[b].x} - m_points[a].x) * (std::int64_t{m_points[p].x} - m_points[a].x) +
                 (std::int64_t{m_points[b].y} - m_points[a].y) * (std::int64_t{m_points[p].y} - m_points[a].y) > 0;
    };
    if (at_right == 0 && ahead(right)) return right;
    if (at_right < 0 && at_left > 0) break;
    current = m_triangles[current].neighbours[next(next(corner))];
  }
  for (;;) {
    crossed.push_back({right, left});
    const auto [triangle, side] = find_edge(left, right);
    const std::uint32_t far = m_triangles[triangle].points[next(next(side))];
    const std::int64_t at_far = turn(a, b, far);
    if (far == b || at_far == 0) return far;
    (at_far > 0 ? left : right) = far;
  }
}

void CityTriangulation::flip(std::uint32_t t, std::uint32_t side) {
  const std::uint32_t u = m_triangles[t].neighbours[side];
  const std::uint32_t other = side_facing(u, t);
  const Triangle a = m_triangles[t], b = m_triangles[u];
  const std::uint32_t p = a.points[side], q = a.points[next(side)];
  const std::uint32_t r = a.points[next(next(side))], s = b.points[next(next(other))];
  const std::uint32_t qr = a.neighbours[next(side)], rp = a.neighbours[next(next(side))];
  const std::uint32_t ps = b.neighbours[next(other)], sq = b.neighbours[next(next(other))];
  m_triangles[t] = {{r, p, s}, {rp, ps, u}};
  m_triangles[u] = {{s, q, r}, {sq, qr, t}};
  if (ps != kNone) m_triangles[ps].neighbours[side_facing(ps, u)] = t;
  if (qr != kNone) m_triangles[qr].neighbours[side_facing(qr, t)] = u;
  m_corner[p] = m_corner[r] = m_corner[s] = t;
  m_corner[q] = u;
}

void CityTriangulation::clear_way(std::uint32_t a, std::uint32_t b,
                                  std::vector<std::array<std::uint32_t, 2>> crossed) {
  std::deque<std::array<std::uint32_t, 2>> queue(crossed.begin(), crossed.end());
  while (!queue.empty()) {
    const auto edge = queue.front();
    queue.pop_front();
    const auto [t, side] = find_edge(edge[0], edge[1]);
    const std::uint32_t u = m_triangles[t].neighbours[side];
    const std::uint32_t r = m_triangles[t].points[next(next(side))];
    const std::uint32_t s = m_triangles[u].points[next(next(side_facing(u, t)))];
    const bool convex = turn(s, edge[1], r) > 0 && turn(r, edge[0], s) > 0;
    if (!convex) {
      queue.push_back(edge);
      continue;
    }
    flip(t, side);
    const std::int64_t at_r = turn(a, b, r), at_s = turn(a, b, s);
    const bool crosses = r != a && r != b && s != a && s != b && ((at_r > 0 && at_s < 0) || (at_r < 0 && at_s > 0));
    if (crosses) queue.push_back({r, s});
  }
}

void CityTriangulation::force_edge(std::uint32_t a, std::uint32_t b) {
  while (a != b) {
    std::uint32_t reached = b;
    if (!has_edge(a, b)) {
      std::vector<std::array<std::uint32_t, 2>> crossed;
      reached = crossed_edges(a, b, crossed);
      clear_way(a, reached, std::move(crossed));
    }
    m_forced.push_back({a, reached});
    a = reached;
  }
}

}  // namespace gridwall::geo
