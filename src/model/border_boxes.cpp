#include "model/border_boxes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace gridwall::model {

using base::Vec2d;
using base::Vec2i;

namespace {

// A box's distance and an edge's are rounded differently; so little more cannot hide a nearer edge.
constexpr double kRounding = 1 + 1e-12;

std::uint32_t chunks_of(std::uint32_t count, std::uint32_t fan_out) {
  return (count + fan_out - 1) / fan_out;
}

double squared_distance(Vec2d p, Vec2i from, Vec2i to) {
  const Vec2d a{static_cast<double>(from.x), static_cast<double>(from.y)};
  const Vec2d d = Vec2d{static_cast<double>(to.x), static_cast<double>(to.y)} - a;
  const double length2 = d.x * d.x + d.y * d.y;
  const double along = length2 > 0 ? ((p.x - a.x) * d.x + (p.y - a.y) * d.y) / length2 : 0;
  const Vec2d gap = p - (a + d * std::clamp(along, 0.0, 1.0));
  return gap.x * gap.x + gap.y * gap.y;
}

double squared_distance_to_box(Vec2d p, Vec2i low, Vec2i high) {
  const double x = std::max({low.x - p.x, 0.0, p.x - high.x});
  const double y = std::max({low.y - p.y, 0.0, p.y - high.y});
  return x * x + y * y;
}

// Edge i of a ring runs to its vertex i from the one before.
template <class Visit>
void each_edge(const DivisionTree& tree, const Division& division, Range vertices, const Visit& visit) {
  const auto& rings = tree.rings();
  const auto begin = rings.begin() + division.rings.begin, end = rings.begin() + division.rings.end;
  auto ring = std::partition_point(begin, end, [&](const Ring& r) { return r.vertices.end <= vertices.begin; });
  for (std::uint32_t i = vertices.begin; i < vertices.end; ++ring) {
    const Range range = ring->vertices;
    for (const std::uint32_t stop = std::min(range.end, vertices.end); i < stop; ++i) {
      visit(tree.vertices()[i == range.begin ? range.end - 1 : i - 1], tree.vertices()[i]);
    }
  }
}

}  // namespace

struct BorderBoxes::Search {
  const DivisionTree& tree;
  const Division& division;
  Vec2d point;
  double best2;
};

BorderBoxes::BorderBoxes(const DivisionTree& tree) {
  m_first_box.reserve(tree.divisions().size());
  m_boxes.reserve(tree.vertices().size() / (kFanOut - 1) + 2 * tree.divisions().size());
  for (const Division& division : tree.divisions()) {
    m_first_box.push_back(static_cast<std::uint32_t>(m_boxes.size()));
    std::uint32_t count = chunks_of(division.vertices.size(), kFanOut);
    for (std::uint32_t chunk = 0; chunk < count; ++chunk) {
      const std::uint32_t begin = division.vertices.begin + chunk * kFanOut;
      constexpr std::int32_t kLow = std::numeric_limits<std::int32_t>::min();
      constexpr std::int32_t kHigh = std::numeric_limits<std::int32_t>::max();
      IntBox box{{kHigh, kHigh}, {kLow, kLow}};
      each_edge(tree, division, {begin, std::min(begin + kFanOut, division.vertices.end)}, [&](Vec2i a, Vec2i b) {
        box.low = {std::min({box.low.x, a.x, b.x}), std::min({box.low.y, a.y, b.y})};
        box.high = {std::max({box.high.x, a.x, b.x}), std::max({box.high.y, a.y, b.y})};
      });
      m_boxes.push_back(box);
    }
    std::size_t level_begin = m_first_box.back();
    while (count > kFanOut) {
      const std::size_t level_end = m_boxes.size();
      for (std::size_t first = level_begin; first < level_end; first += kFanOut) {
        IntBox box = m_boxes[first];
        for (std::size_t k = first + 1; k < std::min<std::size_t>(first + kFanOut, level_end); ++k) {
          const IntBox& other = m_boxes[k];
          box.low = {std::min(box.low.x, other.low.x), std::min(box.low.y, other.low.y)};
          box.high = {std::max(box.high.x, other.high.x), std::max(box.high.y, other.high.y)};
        }
        m_boxes.push_back(box);
      }
      level_begin = level_end;
      count = chunks_of(count, kFanOut);
    }
  }
}

void BorderBoxes::nearest_edge(Search& search, std::uint32_t chunk) {
  const std::uint32_t begin = search.division.vertices.begin + chunk * kFanOut;
  const Range vertices{begin, std::min(begin + kFanOut, search.division.vertices.end)};
  each_edge(search.tree, search.division, vertices, [&](Vec2i from, Vec2i to) {
    const Vec2i low{std::min(from.x, to.x), std::min(from.y, to.y)},
        high{std::max(from.x, to.x), std::max(from.y, to.y)};
    if (squared_distance_to_box(search.point, low, high) > search.best2 * kRounding) return;
    search.best2 = std::min(search.best2, squared_distance(search.point, from, to));
  });
}

// Boxes [first_box, first_box + count) of a level, at most kFanOut; level 0 stands over edges.
void BorderBoxes::descend(Search& search, std::size_t level, std::uint32_t first_box, std::uint32_t count) const {
  // Where each level begins among the division's boxes.
  std::uint32_t level_begin = m_first_box[static_cast<std::size_t>(&search.division - search.tree.divisions().data())];
  std::uint32_t level_size = chunks_of(search.division.vertices.size(), kFanOut), below_size = 0;
  for (std::size_t k = 0; k < level; ++k) {
    level_begin += level_size;
    below_size = level_size;
    level_size = chunks_of(level_size, kFanOut);
  }
  struct Near {
    double distance2;
    std::uint32_t box;
  };
  std::array<Near, kFanOut> order;
  for (std::uint32_t k = 0; k < count; ++k) {
    const IntBox& box = m_boxes[level_begin + first_box + k];
    order[k] = {squared_distance_to_box(search.point, box.low, box.high), first_box + k};
  }
  const std::span<Near> nearest_first(order.data(), count);
  std::sort(nearest_first.begin(), nearest_first.end(),
            [](const Near& a, const Near& b) { return a.distance2 < b.distance2; });
  for (const Near& near : nearest_first) {
    if (near.distance2 > search.best2 * kRounding) return;
    if (level == 0) {
      nearest_edge(search, near.box);
    } else {
      const std::uint32_t first = near.box * kFanOut;
      descend(search, level - 1, first, std::min(kFanOut, below_size - first));
    }
  }
}

double BorderBoxes::distance_units(const DivisionTree& tree, Vec2d point_units, DivisionIndex index,
                                   double limit_units) const {
  // A trifle more, so that rounding loses no edge at the limit itself.
  const double limit2 = limit_units * limit_units * (1 + 1e-9);
  Search search{tree, tree.at(index), point_units, limit2};
  std::size_t level = 0;
  std::uint32_t count = chunks_of(search.division.vertices.size(), kFanOut);
  for (; count > kFanOut; ++level) count = chunks_of(count, kFanOut);
  if (count > 0) descend(search, level, 0, count);
  return search.best2 < limit2 ? std::sqrt(search.best2) : std::numeric_limits<double>::infinity();
}

std::size_t BorderBoxes::memory_bytes() const {
  return m_boxes.capacity() * sizeof(IntBox) + m_first_box.capacity() * sizeof(std::uint32_t);
}

}  // namespace gridwall::model
