#include "shape/border_loops.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace gridwall::shape {

using base::Vec2i;

namespace {

bool before(Vec2i a, Vec2i b) {
  return a.x != b.x ? a.x < b.x : a.y < b.y;
}

std::uint64_t key_of(Vec2i p) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(p.x)) << 32) | static_cast<std::uint32_t>(p.y);
}

bool is_counter_clockwise(const Vec2i* points, std::size_t count) {
  __int128 sum = 0;
  for (std::size_t i = 0, j = count - 1; i < count; j = i++) {
    sum += static_cast<__int128>(points[j].x) * points[i].y - static_cast<__int128>(points[i].x) * points[j].y;
  }
  return sum > 0;
}

// Directed edges as a graph: at each place as many go out as come in, so a walk only ends where it began.
class LoopWalk {
 public:
  explicit LoopWalk(std::vector<std::pair<Vec2i, Vec2i>> edges) : m_edges(std::move(edges)) {
    std::sort(m_edges.begin(), m_edges.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? before(a.first, b.first) : before(a.second, b.second);
    });
    for (std::size_t e = m_edges.size(); e-- > 0;) m_next[key_of(m_edges[e].first)] = e;
  }

  std::vector<IntRing> run() {
    for (std::size_t e = 0; e < m_edges.size(); ++e) {
      while (can_leave(m_edges[e].first)) walk_from(m_edges[e].first);
    }
    return std::move(m_loops);
  }

 private:
  bool can_leave(Vec2i p) const {
    const auto found = m_next.find(key_of(p));
    return found != m_next.end() && found->second < m_edges.size() && m_edges[found->second].first == p;
  }

  // A place seen before on the way closes a loop, which is taken off the way.
  void walk_from(Vec2i start) {
    IntRing way{start};
    std::unordered_map<std::uint64_t, std::size_t> place_on_way{{key_of(start), 0}};
    while (!way.empty() && can_leave(way.back())) {
      const Vec2i to = m_edges[m_next[key_of(way.back())]++].second;
      const auto [seen, is_new] = place_on_way.emplace(key_of(to), way.size());
      if (is_new) {
        way.push_back(to);
        continue;
      }
      const std::size_t begin = seen->second;
      m_loops.emplace_back(way.begin() + static_cast<std::ptrdiff_t>(begin), way.end());
      for (std::size_t k = begin + 1; k < way.size(); ++k) place_on_way.erase(key_of(way[k]));
      way.resize(begin + 1);
    }
  }

  std::vector<std::pair<Vec2i, Vec2i>> m_edges;
  std::unordered_map<std::uint64_t, std::size_t> m_next;  // by place: its first edge not yet walked
  std::vector<IntRing> m_loops;
};

}  // namespace

void BorderSum::add_ring(const Vec2i* points, std::size_t count, bool is_hole, int sign) {
  if (count < 3) return;
  const int direction = is_counter_clockwise(points, count) != is_hole ? sign : -sign;
  for (std::size_t i = 0, j = count - 1; i < count; j = i++) {
    if (points[j] == points[i]) continue;
    if (before(points[j], points[i])) {
      m_edges.push_back({points[j], points[i], direction});
    } else {
      m_edges.push_back({points[i], points[j], -direction});
    }
  }
}

std::vector<IntRing> BorderSum::take_loops() {
  const auto ends = [](const Edge& e) { return std::pair(key_of(e.low), key_of(e.high)); };
  std::sort(m_edges.begin(), m_edges.end(), [&](const Edge& a, const Edge& b) { return ends(a) < ends(b); });
  std::vector<std::pair<Vec2i, Vec2i>> left;
  for (std::size_t i = 0; i < m_edges.size();) {
    const Edge& edge = m_edges[i];
    int count = 0;
    for (; i < m_edges.size() && m_edges[i].low == edge.low && m_edges[i].high == edge.high; ++i) {
      count += m_edges[i].count;
    }
    for (; count > 0; --count) left.emplace_back(edge.low, edge.high);
    for (; count < 0; ++count) left.emplace_back(edge.high, edge.low);
  }
  m_edges = {};
  return LoopWalk(std::move(left)).run();
}

double area_bound(const IntRing& loop) {
  double twice = 0;
  for (std::size_t i = 2; i < loop.size(); ++i) {
    const double ax = static_cast<double>(loop[i - 1].x) - loop[0].x,
                 ay = static_cast<double>(loop[i - 1].y) - loop[0].y;
    const double bx = static_cast<double>(loop[i].x) - loop[0].x, by = static_cast<double>(loop[i].y) - loop[0].y;
    twice += std::abs(ax * by - ay * bx);
  }
  return twice / 2;
}

double length_of(const IntRing& loop) {
  double length = 0;
  for (std::size_t i = 0, j = loop.size() - 1; i < loop.size(); j = i++) {
    length += std::hypot(static_cast<double>(loop[i].x) - loop[j].x, static_cast<double>(loop[i].y) - loop[j].y);
  }
  return length;
}

}  // namespace gridwall::shape
