#include "shape/second_triangulation.hpp"

#include <algorithm>
#include <unordered_map>

#include "shape/exact_turn.hpp"

namespace gridwall::shape {

using base::Vec2i;

namespace {

std::uint64_t key_of(Vec2i p) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(p.x)) << 32) | static_cast<std::uint32_t>(p.y);
}

}  // namespace

std::vector<std::uint32_t> triangulate_by_geos(GeosContext& geos, const IntPolygon& polygon) {
  const GeosContext::Geometry source = geos.polygon(polygon);
  if (!source) return {};
  const GeosContext::Geometry result = geos.own(GEOSConstrainedDelaunayTriangulation_r(geos.handle(), source.get()));
  if (!result) return {};
  // A point that two rings share is one place: any of its indices will do.
  std::unordered_map<std::uint64_t, std::uint32_t> index_at;
  std::uint32_t next_index = 0;
  for (const IntRing& ring : polygon) {
    for (const Vec2i p : ring) index_at.emplace(key_of(p), next_index++);
  }
  std::vector<IntPolygon> triangles;
  geos.collect(result.get(), triangles);
  std::vector<std::uint32_t> indices;
  indices.reserve(3 * triangles.size());
  for (const IntPolygon& triangle : triangles) {
    if (triangle.empty() || triangle[0].size() != 4) return {};
    const IntRing& p = triangle[0];
    std::uint32_t corners[3];
    for (std::size_t k = 0; k < 3; ++k) {
      const auto found = index_at.find(key_of(p[k]));
      if (found == index_at.end()) return {};
      corners[k] = found->second;
    }
    const int side = sign(turn(p[0], p[1], p[2]));
    if (side == 0) continue;
    if (side < 0) std::swap(corners[1], corners[2]);
    indices.insert(indices.end(), std::begin(corners), std::end(corners));
  }
  return indices;
}

}  // namespace gridwall::shape
