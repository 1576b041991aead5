#include "shape/ring_contacts.hpp"

#include <algorithm>

#include "shape/exact_turn.hpp"

namespace gridwall::shape {

using base::Vec2i;

namespace {

constexpr std::uint64_t kPairsMax = 100'000'000;

bool by_place(const RingCorner& a, const RingCorner& b) {
  if (a.p.x != b.p.x) return a.p.x < b.p.x;
  return a.p.y != b.p.y ? a.p.y < b.p.y : a.vertex < b.vertex;
}

bool is_inside_edge(Vec2i a, Vec2i b, Vec2i p) {
  return p != a && p != b && on_segment(a, p, b) && turn(a, b, p) == 0;
}

}  // namespace

std::vector<std::vector<RingCorner>> find_contacts(const std::vector<IntRing>& rings) {
  std::vector<RingCorner> sorted;
  for (const IntRing& ring : rings) {
    for (const Vec2i p : ring) sorted.push_back({p, static_cast<std::uint32_t>(sorted.size()), false});
  }
  std::sort(sorted.begin(), sorted.end(), by_place);
  std::vector<bool> touches(sorted.size());
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].p == sorted[i - 1].p) touches[sorted[i].vertex] = touches[sorted[i - 1].vertex] = true;
  }
  std::vector<std::vector<RingCorner>> out;
  std::uint64_t pairs = 0;
  std::uint32_t vertex = 0;
  for (const IntRing& ring : rings) {
    std::vector<RingCorner>& corners = out.emplace_back();
    const std::uint32_t first_vertex = vertex;
    for (std::size_t i = 0; i < ring.size(); ++i, ++vertex) {
      const Vec2i a = ring[i], b = ring[(i + 1) % ring.size()];
      corners.push_back({a, first_vertex + static_cast<std::uint32_t>(i), false});
      const std::int32_t x_max = std::max(a.x, b.x);
      auto at = std::lower_bound(sorted.begin(), sorted.end(), std::min(a.x, b.x),
                                 [](const RingCorner& corner, std::int32_t x) { return corner.p.x < x; });
      const std::size_t edge_begin = corners.size();
      for (; at != sorted.end() && at->p.x <= x_max && pairs < kPairsMax; ++at, ++pairs) {
        const bool is_new = corners.size() == edge_begin || corners.back().p != at->p;
        if (!is_new || !is_inside_edge(a, b, at->p)) continue;
        corners.push_back({at->p, at->vertex, true});
        touches[at->vertex] = true;
      }
      // Sorted by x, then y: along the edge or against it.
      if (b.x < a.x || (b.x == a.x && b.y < a.y)) {
        std::reverse(corners.begin() + static_cast<std::ptrdiff_t>(edge_begin), corners.end());
      }
    }
  }
  for (auto& corners : out) {
    for (RingCorner& corner : corners) corner.is_contact = corner.is_contact || touches[corner.vertex];
  }
  return out;
}

}  // namespace gridwall::shape
