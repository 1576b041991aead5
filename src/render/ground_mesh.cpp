#include "render/ground_mesh.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gridwall::render {

namespace {

constexpr std::uint32_t kStepBitsMax = 30;
constexpr std::size_t kDivisionsPerChunk = 32;
constexpr std::uint64_t kVerticesPerChunk = 4000;
constexpr int kStraighteningPasses = 3;
// How far from the line between its neighbours a vertex may stand to be left out; of a step.
constexpr double kStraight = 0.75;

std::int64_t cross(base::Vec2i a, base::Vec2i b, base::Vec2i c) {
  return (std::int64_t{b.x} - a.x) * (std::int64_t{c.y} - a.y) - (std::int64_t{b.y} - a.y) * (std::int64_t{c.x} - a.x);
}

std::uint64_t packed(base::Vec2i p) {
  return (std::uint64_t{static_cast<std::uint32_t>(p.x)} << 32) | static_cast<std::uint32_t>(p.y);
}

std::uint64_t mixed(std::uint64_t h) {
  h = (h ^ (h >> 32)) * 0x9e3779b97f4a7c15ull;
  h = (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9ull;
  return h ^ (h >> 32);
}

std::int32_t on_grid_of(std::int32_t v, std::uint32_t step_bits) {
  const std::int64_t half = (std::int64_t{1} << step_bits) >> 1;
  const std::int64_t on_grid = ((std::int64_t{v} + half) >> step_bits) << step_bits;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(on_grid, INT32_MIN, INT32_MAX));
}

// The snapped vertices of a ring, none twice in a row.
void snap_ring(std::span<const base::Vec2i> ring, std::uint32_t step_bits, std::vector<base::Vec2i>& out) {
  out.clear();
  for (const base::Vec2i p : ring) {
    const base::Vec2i q = snapped(p, step_bits);
    if (out.empty() || out.back() != q) out.push_back(q);
  }
  while (out.size() > 1 && out.back() == out.front()) out.pop_back();
}

bool is_straight(base::Vec2i a, base::Vec2i middle, base::Vec2i b, double reach_units) {
  const double length = std::hypot(static_cast<double>(b.x) - a.x, static_cast<double>(b.y) - a.y);
  return length > 0 && std::abs(static_cast<double>(cross(a, middle, b))) <= reach_units * length;
}

// Leaves out vertices on nearly straight stretches. A vertex goes by its own hash and its neighbours' alone, never with
// one beside it: so the ring of a neighbour, which runs the other way, loses the same ones.
void straighten(std::vector<base::Vec2i>& ring, double reach_units, std::vector<base::Vec2i>& scratch) {
  for (int pass = 0; pass < kStraighteningPasses && ring.size() > 4; ++pass) {
    const std::size_t n = ring.size();
    scratch.clear();
    std::uint64_t before = mixed(packed(ring[n - 1])), own = mixed(packed(ring[0]));
    for (std::size_t i = 0; i < n; ++i) {
      const base::Vec2i next = ring[i + 1 < n ? i + 1 : 0];
      const std::uint64_t after = mixed(packed(next));
      const bool goes =
          own < before && own < after && is_straight(ring[i > 0 ? i - 1 : n - 1], ring[i], next, reach_units);
      if (!goes) scratch.push_back(ring[i]);
      before = own;
      own = after;
    }
    if (scratch.size() == n || scratch.size() < 3) return;
    ring.swap(scratch);
  }
}

// Segments seen so far: an open-addressed set of numbers.
class SegmentSet {
 public:
  void begin(std::size_t count_max) {
    const std::size_t wanted = std::bit_ceil(count_max * 2 + 2);
    m_slots.assign(wanted, kFree);
  }
  void insert(base::Vec2i a, base::Vec2i b, std::vector<scene::BorderSegment>& segments) {
    const bool swap = b.x < a.x || (b.x == a.x && b.y < a.y);
    const scene::BorderSegment segment = swap ? scene::BorderSegment{b, a} : scene::BorderSegment{a, b};
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = mixed(packed(segment.from) * 3 + mixed(packed(segment.to))) & mask;
    while (m_slots[slot] != kFree) {
      if (segments[m_slots[slot]] == segment) return;
      slot = (slot + 1) & mask;
    }
    m_slots[slot] = static_cast<std::uint32_t>(segments.size());
    segments.push_back(segment);
  }

 private:
  static constexpr std::uint32_t kFree = 0xffffffff;
  std::vector<std::uint32_t> m_slots;
};

// Neighbours in the order of a Z-shaped curve are mostly neighbours on the map.
std::uint64_t curve_place(base::Vec2d p, const base::Box2d& box) {
  const auto part = [](double v, double low, double width) {
    return static_cast<std::uint32_t>(std::clamp((v - low) / std::max(width, 1e-9), 0.0, 1.0) * 65535.0);
  };
  const auto spread = [](std::uint64_t v) {
    v = (v | (v << 16)) & 0x0000ffff0000ffffull;
    v = (v | (v << 8)) & 0x00ff00ff00ff00ffull;
    v = (v | (v << 4)) & 0x0f0f0f0f0f0f0f0full;
    v = (v | (v << 2)) & 0x3333333333333333ull;
    return (v | (v << 1)) & 0x5555555555555555ull;
  };
  return spread(part(p.x, box.min.x, box.width())) | (spread(part(p.y, box.min.y, box.height())) << 1);
}

}  // namespace

std::uint32_t step_bits_for(double px_per_unit, double width_px) {
  const double units = width_px / std::max(px_per_unit, 1e-12);
  if (units < 2) return 0;
  return std::min(kStepBitsMax, static_cast<std::uint32_t>(std::floor(std::log2(units))));
}

base::Vec2i snapped(base::Vec2i p, std::uint32_t step_bits) {
  return {on_grid_of(p.x, step_bits), on_grid_of(p.y, step_bits)};
}

void append_fill(const model::DivisionTree& tree, std::span<const std::uint32_t> divisions, std::uint32_t step_bits,
                 FillMesh& mesh) {
  std::vector<std::uint32_t> place;  // of each vertex of the division among those of the mesh
  for (const std::uint32_t d : divisions) {
    const model::Division& division = tree.divisions()[d];
    if (division.triangle_indices.size() == 0) continue;
    const std::size_t vertices_before = mesh.vertices.size(), indices_before = mesh.indices.size();
    place.resize(division.vertices.size());
    for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
      const model::Range ring = tree.rings()[r].vertices;
      const std::size_t ring_start = mesh.vertices.size();
      for (std::uint32_t v = ring.begin; v < ring.end; ++v) {
        const base::Vec2i p = snapped(tree.vertices()[v], step_bits);
        if (mesh.vertices.size() == ring_start || mesh.vertices.back().position_units != p) {
          mesh.vertices.push_back({p, d});
        }
        place[v - division.vertices.begin] = static_cast<std::uint32_t>(mesh.vertices.size() - 1);
      }
    }
    const model::Range triangles = division.triangle_indices;
    for (std::uint32_t i = triangles.begin; i < triangles.end; i += 3) {
      const auto at = [&](std::uint32_t k) { return place[tree.triangle_indices()[i + k] - division.vertices.begin]; };
      const std::uint32_t a = at(0), b = at(1), c = at(2);
      const auto& v = mesh.vertices;
      if (cross(v[a].position_units, v[b].position_units, v[c].position_units) == 0) continue;
      mesh.indices.insert(mesh.indices.end(), {a, b, c});
    }
    if (mesh.indices.size() == indices_before) mesh.vertices.resize(vertices_before);
  }
}

void append_borders(const model::DivisionTree& tree, std::span<const std::uint32_t> divisions, std::uint32_t step_bits,
                    std::vector<scene::BorderSegment>& segments) {
  std::size_t count_max = 0;
  for (const std::uint32_t d : divisions) count_max += tree.divisions()[d].vertices.size();
  SegmentSet known;
  known.begin(count_max);
  std::vector<base::Vec2i> ring, scratch;
  const double reach_units = step_bits > 0 ? kStraight * static_cast<double>(std::uint64_t{1} << step_bits) : 0;
  for (const std::uint32_t d : divisions) {
    const model::Division& division = tree.divisions()[d];
    for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
      const model::Range range = tree.rings()[r].vertices;
      snap_ring(std::span(tree.vertices()).subspan(range.begin, range.size()), step_bits, ring);
      if (ring.size() < 3) continue;
      if (step_bits > 0) straighten(ring, reach_units, scratch);
      for (std::size_t i = 0; i < ring.size(); ++i) {
        known.insert(ring[i], ring[i + 1 < ring.size() ? i + 1 : 0], segments);
      }
    }
  }
}

std::vector<DivisionChunk> chunks_of_level(const model::DivisionTree& tree, std::uint32_t level_index) {
  const model::Range range = tree.levels().at(level_index).divisions;
  const base::Box2d all_world = tree.at(tree.root()).extent_world;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(range.size());
  for (std::uint32_t d = range.begin; d < range.end; ++d) {
    order.emplace_back(curve_place(tree.divisions()[d].anchor_world, all_world), d);
  }
  std::ranges::sort(order);
  std::vector<DivisionChunk> chunks;
  for (const auto& [place, d] : order) {
    const model::Division& division = tree.divisions()[d];
    if (division.vertices.size() == 0) continue;
    const bool full = chunks.empty() || chunks.back().divisions.size() >= kDivisionsPerChunk ||
                      chunks.back().vertex_count + division.vertices.size() > kVerticesPerChunk;
    if (full) chunks.emplace_back();
    DivisionChunk& chunk = chunks.back();
    chunk.divisions.push_back(d);
    chunk.vertex_count += division.vertices.size();
    chunk.box.extend(tree.to_units(division.extent_world.min));
    chunk.box.extend(tree.to_units(division.extent_world.max));
  }
  return chunks;
}

}  // namespace gridwall::render
