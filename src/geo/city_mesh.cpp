#include "geo/city_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "geo/city_triangulation.hpp"

namespace gridwall::geo {

using base::Vec2i;

namespace {

constexpr std::uint32_t next(std::uint32_t side) { return side == 2 ? 0 : side + 1; }
constexpr std::uint32_t before(std::uint32_t side) { return side == 0 ? 2 : side - 1; }

// Rows of about a hundred points' width, walked back and forth: each point is near the one before it.
std::vector<Vec2i> in_walking_order(const CityPolygon& polygon, const std::vector<Vec2i>& inner) {
  std::vector<Vec2i> points = inner;
  for (const auto& ring : polygon) points.insert(points.end(), ring.begin(), ring.end());
  std::int32_t low = INT32_MAX, high = INT32_MIN;
  for (const Vec2i p : points) {
    low = std::min(low, p.y);
    high = std::max(high, p.y);
  }
  const double rows = std::max(1.0, std::sqrt(static_cast<double>(points.size()) / 2));
  const double row_height = std::max(1.0, (static_cast<double>(high) - low + 1) / rows);
  const auto row_of = [&](Vec2i p) { return static_cast<std::int64_t>((static_cast<double>(p.y) - low) / row_height); };
  std::sort(points.begin(), points.end(), [&](Vec2i a, Vec2i b) {
    const std::int64_t row_a = row_of(a), row_b = row_of(b);
    if (row_a != row_b) return row_a < row_b;
    if (a.x != b.x) return (row_a % 2 == 0) == (a.x < b.x);
    return a.y < b.y;
  });
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

using Triangles = std::vector<CityTriangulation::Triangle>;

std::uint64_t edge_key(std::uint32_t a, std::uint32_t b) { return (std::uint64_t{a} << 32) | b; }

// Left of every forced edge is inside; the rest follows across edges that were not forced.
std::vector<bool> flood_inside(const Triangles& triangles, const std::unordered_set<std::uint64_t>& forced) {
  std::vector<bool> inside(triangles.size(), false);
  std::vector<std::uint32_t> queue;
  const auto enter = [&](std::uint32_t t) {
    if (inside[t]) return;
    inside[t] = true;
    queue.push_back(t);
  };
  const auto is_forced = [&](const CityTriangulation::Triangle& t, std::uint32_t side) {
    return forced.contains(edge_key(t.points[side], t.points[next(side)]));
  };
  for (std::uint32_t t = 0; t < triangles.size(); ++t) {
    if (is_forced(triangles[t], 0) || is_forced(triangles[t], 1) || is_forced(triangles[t], 2)) enter(t);
  }
  while (!queue.empty()) {
    const auto& triangle = triangles[queue.back()];
    queue.pop_back();
    for (std::uint32_t side = 0; side < 3; ++side) {
      if (triangle.neighbours[side] != kNoIndex && !is_forced(triangle, side)) enter(triangle.neighbours[side]);
    }
  }
  return inside;
}

// The kept triangles with their links; `points` still are those of the whole triangulation.
void keep_inside(CityMesh& mesh, const Triangles& all, const std::vector<bool>& inside,
                 const std::unordered_set<std::uint64_t>& forced) {
  std::vector<std::uint32_t> kept(all.size(), kNoIndex);
  for (std::uint32_t t = 0; t < all.size(); ++t) {
    if (!inside[t]) continue;
    kept[t] = static_cast<std::uint32_t>(mesh.triangles.size());
    mesh.triangles.push_back({all[t].points, all[t].neighbours});
  }
  for (auto& triangle : mesh.triangles) {
    for (std::uint32_t side = 0; side < 3; ++side) {
      const bool border = forced.contains(edge_key(triangle.points[side], triangle.points[next(side)]));
      auto& neighbour = triangle.neighbours[side];
      neighbour = border || neighbour == kNoIndex ? kNoIndex : kept[neighbour];
    }
  }
}

// Gives each fan of triangles around a point a point of its own.
void separate_fans(CityMesh& mesh, const std::vector<Vec2i>& all_points) {
  const std::size_t count = mesh.triangles.size();
  std::vector<std::array<std::uint32_t, 3>> own(count, {kNoIndex, kNoIndex, kNoIndex});
  const auto corner_of = [&](std::uint32_t t, std::uint32_t point) {
    const auto& points = mesh.triangles[t].points;
    return static_cast<std::uint32_t>(std::find(points.begin(), points.end(), point) - points.begin());
  };
  for (std::uint32_t t = 0; t < count; ++t) {
    for (std::uint32_t corner = 0; corner < 3; ++corner) {
      if (own[t][corner] != kNoIndex) continue;
      const std::uint32_t point = mesh.triangles[t].points[corner];
      const auto id = static_cast<std::uint32_t>(mesh.points.size());
      mesh.points.push_back(all_points[point]);
      for (const bool forward : {true, false}) {
        std::uint32_t current = t;
        while (current != kNoIndex) {
          const std::uint32_t at = corner_of(current, point);
          if (own[current][at] == id && current != t) break;
          own[current][at] = id;
          current = mesh.triangles[current].neighbours[forward ? before(at) : at];
          if (current == t) break;
        }
      }
    }
  }
  for (std::size_t t = 0; t < count; ++t) mesh.triangles[t].points = own[t];
}

void link_neighbours(CityMesh& mesh) {
  std::vector<std::array<std::uint32_t, 2>> pairs;
  pairs.reserve(mesh.triangles.size() * 6);
  for (const auto& triangle : mesh.triangles) {
    for (std::uint32_t side = 0; side < 3; ++side) {
      const std::uint32_t a = triangle.points[side], b = triangle.points[next(side)];
      pairs.push_back({a, b});
      pairs.push_back({b, a});
    }
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  mesh.first.assign(mesh.points.size() + 1, 0);
  mesh.adjacency.reserve(pairs.size());
  for (const auto& [from, to] : pairs) {
    ++mesh.first[from + 1];
    mesh.adjacency.push_back(to);
  }
  for (std::size_t i = 0; i < mesh.points.size(); ++i) mesh.first[i + 1] += mesh.first[i];
}

}  // namespace

CityMesh triangulate(const CityPolygon& polygon, const std::vector<Vec2i>& inner) {
  CityTriangulation triangulation;
  for (const Vec2i point : in_walking_order(polygon, inner)) triangulation.insert(point);
  std::vector<std::vector<std::uint32_t>> rings;
  for (const auto& ring : polygon) {
    auto& indices = rings.emplace_back();
    for (const Vec2i point : ring) indices.push_back(triangulation.insert(point));
  }
  triangulation.index_corners();
  for (const auto& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) triangulation.force_edge(ring[i], ring[(i + 1) % ring.size()]);
  }
  std::unordered_set<std::uint64_t> forced;  // looked up only, never walked: its order does not matter
  for (const auto& [a, b] : triangulation.forced()) forced.insert(edge_key(a, b));
  CityMesh mesh;
  keep_inside(mesh, triangulation.triangles(), flood_inside(triangulation.triangles(), forced), forced);
  separate_fans(mesh, triangulation.points());
  link_neighbours(mesh);
  return mesh;
}

}  // namespace gridwall::geo
