#include "geo/city_borders.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/assert.hpp"

namespace gridwall::geo {

using base::Vec2d;
using base::Vec2i;

namespace {

constexpr std::uint32_t next(std::uint32_t side) { return side == 2 ? 0 : side + 1; }
constexpr int kSmoothingRounds = 6;
constexpr double kKeepOff = 0.14;  // share of an edge that a border keeps from its ends

class Drawing {
 public:
  Drawing(const CityMesh& mesh, const std::vector<std::uint32_t>& part, double smoothing)
      : m_mesh(mesh), m_part(part), m_smoothing(smoothing) {}

  CityBorders run() {
    place_points();
    for (int round = 0; round < kSmoothingRounds && m_smoothing > 0; ++round) smooth();
    m_borders.points.resize(m_mesh.points.size());
    for (std::size_t i = 0; i < m_mesh.points.size(); ++i) m_borders.points[i] = m_mesh.points[i];
    for (const Node& node : m_nodes) {
      m_borders.points.push_back({static_cast<std::int32_t>(std::llround(node.at.x)),
                                  static_cast<std::int32_t>(std::llround(node.at.y))});
    }
    for (std::uint32_t t = 0; t < m_mesh.triangles.size(); ++t) add_segments(t);
    return std::move(m_borders);
  }

 private:
  struct Node {
    Vec2d from, to;  // the edge it may move on; equal: a meeting of three, free inside its triangle
    Vec2d at;
    Vec2d neighbour_sum;
    int neighbours = 0;
  };

  [[nodiscard]] Vec2d position(std::uint32_t point) const {
    return {static_cast<double>(m_mesh.points[point].x), static_cast<double>(m_mesh.points[point].y)};
  }
  [[nodiscard]] std::uint32_t part_at(std::uint32_t t, std::uint32_t corner) const {
    return m_part[m_mesh.triangles[t].points[corner]];
  }

  void place_points() {
    m_side_node.assign(m_mesh.triangles.size(), {kNoIndex, kNoIndex, kNoIndex});
    m_meeting.assign(m_mesh.triangles.size(), kNoIndex);
    for (std::uint32_t t = 0; t < m_mesh.triangles.size(); ++t) {
      const auto& triangle = m_mesh.triangles[t];
      int crossings = 0;
      for (std::uint32_t side = 0; side < 3; ++side) {
        if (part_at(t, side) == part_at(t, next(side))) continue;
        ++crossings;
        if (m_side_node[t][side] != kNoIndex) continue;
        const Vec2d a = position(triangle.points[side]), b = position(triangle.points[next(side)]);
        const auto node = static_cast<std::uint32_t>(m_nodes.size());
        m_nodes.push_back({a, b, (a + b) * 0.5, {}, 0});
        m_side_node[t][side] = node;
        const std::uint32_t across = triangle.neighbours[side];
        if (across == kNoIndex) continue;
        for (std::uint32_t other = 0; other < 3; ++other) {
          const auto& theirs = m_mesh.triangles[across].points;
          if (theirs[other] == triangle.points[next(side)] && theirs[next(other)] == triangle.points[side]) {
            m_side_node[across][other] = node;
          }
        }
      }
      if (crossings == 3) {
        const auto& sides = triangle.points;
        const Vec2d middle = (position(sides[0]) + position(sides[1]) + position(sides[2])) * (1.0 / 3);
        m_meeting[t] = static_cast<std::uint32_t>(m_nodes.size());
        m_nodes.push_back({middle, middle, middle, {}, 0});
      }
    }
  }

  // Calls back with each pair of nodes that a border joins inside triangle t, and the sides they lie on.
  template <typename Callback>
  void for_each_join(std::uint32_t t, Callback callback) const {
    const auto& sides = m_side_node[t];
    if (m_meeting[t] != kNoIndex) {
      for (std::uint32_t side = 0; side < 3; ++side) callback(sides[side], m_meeting[t], side);
      return;
    }
    for (std::uint32_t side = 0; side < 3; ++side) {
      // The border cuts off the corner between `side` and the side after it.
      if (sides[side] != kNoIndex && sides[next(side)] != kNoIndex) callback(sides[side], sides[next(side)], side);
    }
  }

  void smooth() {
    for (Node& node : m_nodes) node.neighbour_sum = {}, node.neighbours = 0;
    for (std::uint32_t t = 0; t < m_mesh.triangles.size(); ++t) {
      for_each_join(t, [&](std::uint32_t a, std::uint32_t b, std::uint32_t) {
        m_nodes[a].neighbour_sum = m_nodes[a].neighbour_sum + m_nodes[b].at;
        m_nodes[b].neighbour_sum = m_nodes[b].neighbour_sum + m_nodes[a].at;
        ++m_nodes[a].neighbours;
        ++m_nodes[b].neighbours;
      });
    }
    for (Node& node : m_nodes) {
      if (node.neighbours == 0) continue;
      const Vec2d pull = node.neighbour_sum * (1.0 / node.neighbours);
      if (node.from == node.to) {
        // The mean of its three neighbours, each on another side: inside the triangle.
        node.at = node.at * (1 - m_smoothing) + pull * m_smoothing;
        continue;
      }
      const Vec2d along = node.to - node.from, reach = pull - node.from;
      const double length2 = along.x * along.x + along.y * along.y;
      const double share = std::clamp((reach.x * along.x + reach.y * along.y) / length2, kKeepOff, 1 - kKeepOff);
      node.at = node.at * (1 - m_smoothing) + (node.from + along * share) * m_smoothing;
    }
  }

  void add(std::uint32_t from, std::uint32_t to, std::uint32_t left, std::uint32_t right) {
    m_borders.segments.push_back({from, to, left, right});
  }

  void add_segments(std::uint32_t t) {
    const auto& triangle = m_mesh.triangles[t];
    const auto base = static_cast<std::uint32_t>(m_mesh.points.size());
    for_each_join(t, [&](std::uint32_t a, std::uint32_t b, std::uint32_t side) {
      // The way leads in from `side`: the corner that the side starts at is on the left, the next one on the right.
      add(base + a, base + b, part_at(t, side), part_at(t, next(side)));
    });
    for (std::uint32_t side = 0; side < 3; ++side) {
      if (triangle.neighbours[side] != kNoIndex) continue;
      const std::uint32_t from = triangle.points[side], to = triangle.points[next(side)];
      const std::uint32_t node = m_side_node[t][side];
      if (node == kNoIndex) {
        add(from, to, m_part[from], kNoIndex);
      } else {
        add(from, base + node, m_part[from], kNoIndex);
        add(base + node, to, m_part[to], kNoIndex);
      }
    }
  }

  const CityMesh& m_mesh;
  const std::vector<std::uint32_t>& m_part;
  double m_smoothing;
  std::vector<Node> m_nodes;
  std::vector<std::array<std::uint32_t, 3>> m_side_node;
  std::vector<std::uint32_t> m_meeting;
  CityBorders m_borders;
};

// A closed walk that comes back to a place is cut there, so that every ring is simple.
void add_simple_rings(const std::vector<Vec2i>& walk, std::vector<std::vector<Vec2i>>& rings) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> seen;
  std::vector<Vec2i> path;
  for (const Vec2i point : walk) {
    const auto found = seen.find({point.x, point.y});
    if (found != seen.end()) {
      std::vector<Vec2i> loop(path.begin() + static_cast<std::ptrdiff_t>(found->second), path.end());
      for (std::size_t i = found->second + 1; i < path.size(); ++i) seen.erase({path[i].x, path[i].y});
      path.resize(found->second + 1);
      if (loop.size() >= 3) rings.push_back(std::move(loop));
      continue;
    }
    seen[{point.x, point.y}] = path.size();
    path.push_back(point);
  }
  if (path.size() >= 3) rings.push_back(std::move(path));
}

bool ring_contains(const std::vector<Vec2i>& ring, Vec2i p) {
  bool inside = false;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vec2i a = ring[i], b = ring[(i + 1) % ring.size()];
    if ((a.y > p.y) == (b.y > p.y)) continue;
    const double x = a.x + (static_cast<double>(p.y) - a.y) * (static_cast<double>(b.x) - a.x) /
                               (static_cast<double>(b.y) - a.y);
    inside ^= p.x < x;
  }
  return inside;
}

// Shells become polygons, the largest first; each hole goes to the smallest shell around it.
std::vector<CityPolygon> assemble(std::vector<std::vector<Vec2i>> rings) {
  std::vector<CityPolygon> polygons;
  std::vector<std::vector<Vec2i>> holes;
  for (auto& ring : rings) {
    if (doubled_area_mm2(ring) > 0) {
      polygons.push_back({std::move(ring)});
    } else {
      holes.push_back(std::move(ring));
    }
  }
  std::stable_sort(polygons.begin(), polygons.end(), [](const CityPolygon& a, const CityPolygon& b) {
    return doubled_area_mm2(a.front()) > doubled_area_mm2(b.front());
  });
  for (auto& hole : holes) {
    for (std::size_t i = polygons.size(); i-- > 0;) {
      const auto& shell = polygons[i].front();
      const bool inside = std::any_of(hole.begin(), hole.end(), [&](Vec2i p) { return ring_contains(shell, p); });
      if (!inside && i > 0) continue;
      polygons[i].push_back(std::move(hole));
      break;
    }
  }
  return polygons;
}

struct Step {
  std::uint32_t owner, from, to;
  bool operator<(const Step& other) const {
    return owner != other.owner ? owner < other.owner : from < other.from;
  }
};

}  // namespace

CityBorders draw_borders(const CityMesh& mesh, const std::vector<std::uint32_t>& part, double smoothing) {
  return Drawing(mesh, part, smoothing).run();
}

std::vector<std::vector<CityPolygon>> trace_polygons(const CityBorders& borders,
                                                     const std::vector<std::uint32_t>& parent, std::uint32_t count) {
  std::vector<Step> steps;
  for (const auto& segment : borders.segments) {
    const std::uint32_t left = parent[segment.left];
    const std::uint32_t right = segment.right == kNoIndex ? kNoIndex : parent[segment.right];
    if (left == right) continue;
    steps.push_back({left, segment.from, segment.to});
    if (right != kNoIndex) steps.push_back({right, segment.to, segment.from});
  }
  std::sort(steps.begin(), steps.end());
  std::vector<bool> used(steps.size(), false);
  std::vector<std::vector<std::vector<Vec2i>>> rings(count);
  for (std::size_t start = 0; start < steps.size(); ++start) {
    if (used[start]) continue;
    std::vector<Vec2i> walk;
    for (std::size_t current = start; !used[current];) {
      used[current] = true;
      walk.push_back(borders.points[steps[current].from]);
      const Step wanted{steps[current].owner, steps[current].to, 0};
      const auto found = std::lower_bound(steps.begin(), steps.end(), wanted);
      ASSERT(found != steps.end() && found->owner == wanted.owner && found->from == wanted.from, "an open border");
      current = static_cast<std::size_t>(found - steps.begin());
    }
    add_simple_rings(walk, rings[steps[start].owner]);
  }
  std::vector<std::vector<CityPolygon>> polygons;
  for (auto& own : rings) polygons.push_back(assemble(std::move(own)));
  return polygons;
}

}  // namespace gridwall::geo
