#include "shape/containment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include "base/assert.hpp"
#include "shape/box_grid.hpp"
#include "shape/ear_clipping.hpp"
#include "shape/ring_index.hpp"

namespace gridwall::shape {

using base::Box2d;
using base::Vec2d;
using base::Vec2i;

namespace {

constexpr std::size_t kSamples = 64;
constexpr double kSameArea = 1e-6;
constexpr int kFinerSizesSearched = 2;      // a parent's box is at least a quarter as long as its child's
constexpr std::size_t kLookedAtMax = 8192;  // boxes a division
constexpr std::size_t kTriedMax = 256;      // polygons a division

Vec2d as_double(Vec2i p) {
  return {static_cast<double>(p.x), static_cast<double>(p.y)};
}

struct Shape {
  Box2d box;
  double area = 0;                   // square units
  std::unique_ptr<RingIndex> rings;  // made when first asked
};

using Samples = std::array<Vec2d, kSamples>;

// Each stands for 1/64 of the area: equal steps along the triangles laid end to end, and within each triangle by the
// R2 sequence (Roberts 2018), so that two samples in one triangle are apart and none is on its border.
Samples spread_samples(const model::DivisionRecord& record) {
  struct Triangle {
    Vec2d a, b, c;
    double area_until;
  };
  std::vector<Triangle> triangles;
  double total = 0;
  for (const auto& part : record.parts) {
    IntRing points;
    for (const auto& ring : part.rings) points.insert(points.end(), ring.begin(), ring.end());
    for (std::size_t i = 0; i + 2 < part.triangle_indices.size(); i += 3) {
      const Vec2d a = as_double(points.at(part.triangle_indices[i]));
      const Vec2d b = as_double(points.at(part.triangle_indices[i + 1]));
      const Vec2d c = as_double(points.at(part.triangle_indices[i + 2]));
      total += std::abs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
      triangles.push_back({a, b, c, total});
    }
  }
  Samples samples{};
  std::size_t t = 0;
  for (std::size_t k = 0; k < kSamples && !triangles.empty(); ++k) {
    const double until = total * (static_cast<double>(k) + 0.5) / kSamples;
    while (t + 1 < triangles.size() && triangles[t].area_until < until) ++t;
    double u = std::fmod(0.7548776662466927 * static_cast<double>(k + 1), 1.0);
    double v = std::fmod(0.5698402909980532 * static_cast<double>(k + 1), 1.0);
    if (u + v > 1) u = 1 - u, v = 1 - v;
    const Triangle& in = triangles[t];
    samples[k] = in.a + (in.b - in.a) * u + (in.c - in.a) * v;
  }
  return samples;
}

class Placer {
 public:
  Placer(const std::vector<model::DivisionRecord>& records, const std::vector<std::uint32_t>& levels)
      : m_records(records), m_levels(levels) {}
  Containment run();

 private:
  void measure();
  void sort();
  ContainedIn place(std::uint32_t rank);
  std::size_t count_inside(std::uint32_t candidate, const Samples& samples);
  void mark_orphans(Containment& found) const;

  const std::vector<model::DivisionRecord>& m_records;
  const std::vector<std::uint32_t>& m_levels;
  std::vector<Shape> m_shapes;         // by record
  std::vector<std::uint32_t> m_order;  // records by rank: parents before children
  BoxGrid m_grid;                      // holds ranks
  BoxGrid::Lists m_lists;
};

void Placer::measure() {
  m_shapes.resize(m_records.size());
  for (std::size_t i = 0; i < m_records.size(); ++i) {
    for (const auto& part : m_records[i].parts) {
      m_shapes[i].area += twice_ring_area(part.rings) / 2;
      for (const auto& ring : part.rings) {
        for (const Vec2i p : ring) m_shapes[i].box.extend(as_double(p));
      }
    }
  }
}

void Placer::sort() {
  m_order.resize(m_records.size());
  std::iota(m_order.begin(), m_order.end(), 0u);
  const auto level = [this](std::uint32_t i) { return m_levels.empty() ? 0u : m_levels[i]; };
  std::stable_sort(m_order.begin(), m_order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (level(a) != level(b)) return level(a) < level(b);
    return m_shapes[a].area > m_shapes[b].area;
  });
  // A town and its only village differ by a rounding; which is larger means nothing.
  for (std::size_t begin = 0; begin < m_order.size();) {
    std::size_t end = begin + 1;
    const double largest = m_shapes[m_order[begin]].area;
    while (end < m_order.size() && level(m_order[end]) == level(m_order[begin]) &&
           m_shapes[m_order[end]].area >= largest * (1 - kSameArea)) {
      ++end;
    }
    std::sort(m_order.begin() + static_cast<std::ptrdiff_t>(begin), m_order.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
}

// How many samples lie inside; stops early, at less than half, when most cannot.
std::size_t Placer::count_inside(std::uint32_t candidate, const Samples& samples) {
  Shape& shape = m_shapes[candidate];
  if (!shape.rings) {
    std::vector<RingIndex::Edge> edges;
    for (const auto& part : m_records[candidate].parts) {
      for (const auto& ring : part.rings) {
        for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) edges.push_back({ring[j], ring[i]});
      }
    }
    shape.rings = std::make_unique<RingIndex>(std::move(edges));
  }
  return static_cast<std::size_t>(
      std::count_if(samples.begin(), samples.end(), [&](Vec2d p) { return shape.rings->contains(p); }));
}

// Candidates from the last rank back: of the lists' ends always the highest rank.
ContainedIn Placer::place(std::uint32_t rank) {
  const std::uint32_t child = m_order[rank];
  ContainedIn best;
  if (m_shapes[child].area <= 0) return best;
  const Samples samples = spread_samples(m_records[child]);
  m_grid.find(m_shapes[child].box, kFinerSizesSearched, m_lists);
  using Head = std::pair<std::uint32_t, std::size_t>;  // rank, list
  std::vector<std::size_t> left;
  std::vector<Head> heads;
  for (std::size_t l = 0; l < m_lists.size(); ++l) {
    left.push_back(m_lists[l]->size() - 1);
    heads.push_back({m_lists[l]->back(), l});
  }
  std::make_heap(heads.begin(), heads.end());
  std::uint32_t last_seen = rank;
  std::size_t looked_at = 0, tried = 0;
  while (!heads.empty()) {
    std::pop_heap(heads.begin(), heads.end());
    const auto [candidate_rank, list] = heads.back();
    if (left[list]-- == 0) {
      heads.pop_back();
    } else {
      heads.back().first = (*m_lists[list])[left[list]];
      std::push_heap(heads.begin(), heads.end());
    }
    if (candidate_rank == last_seen) continue;  // stands in several cells
    last_seen = candidate_rank;
    if (++looked_at > kLookedAtMax || tried >= kTriedMax) {
      best.gave_up = true;
      break;
    }
    const std::uint32_t candidate = m_order[candidate_rank];
    const Box2d& box = m_shapes[candidate].box;
    const auto in_box = std::count_if(samples.begin(), samples.end(), [&](Vec2d p) { return box.contains(p); });
    if (static_cast<double>(in_box) <= best.share * kSamples) continue;
    ++tried;
    const double share = static_cast<double>(count_inside(candidate, samples)) / kSamples;
    if (share <= best.share) continue;
    best.share = share;
    if (share >= kContainedShareMin) {
      best.parent = candidate;
      break;
    }
  }
  return best;
}

void Placer::mark_orphans(Containment& found) const {
  const std::size_t count = m_records.size();
  found.orphaned.assign(count, false);
  std::vector<bool> has_children(count);
  bool any_parent = false;
  for (const ContainedIn& place : found.places) {
    if (place.parent == kNoParent) continue;
    has_children[place.parent] = any_parent = true;
  }
  const std::uint32_t top_level = m_levels.empty() ? 0 : *std::min_element(m_levels.begin(), m_levels.end());
  for (std::size_t i = 0; i < count; ++i) {
    if (found.places[i].parent != kNoParent) continue;
    found.orphaned[i] = m_levels.empty() ? any_parent && !has_children[i] : m_levels[i] > top_level;
  }
}

Containment Placer::run() {
  measure();
  sort();
  Containment found;
  found.places.resize(m_records.size());
  std::uint32_t inserted = 0;
  for (std::uint32_t rank = 0; rank < m_order.size(); ++rank) {
    // Divisions of one level never hold each other, so a level enters the grid once it is placed.
    const bool is_new_level = m_levels.empty() || rank == 0 || m_levels[m_order[rank]] != m_levels[m_order[rank - 1]];
    for (; is_new_level && inserted < rank; ++inserted) {
      const Shape& shape = m_shapes[m_order[inserted]];
      if (shape.area > 0) m_grid.insert(shape.box, inserted);
    }
    found.places[m_order[rank]] = place(rank);
  }
  if (!m_records.empty()) mark_orphans(found);
  return found;
}

}  // namespace

Containment find_containment(const std::vector<model::DivisionRecord>& records,
                             const std::vector<std::uint32_t>& levels) {
  ASSERT(levels.empty() || levels.size() == records.size(), "{} levels of {} records", levels.size(), records.size());
  return Placer(records, levels).run();
}

}  // namespace gridwall::shape
