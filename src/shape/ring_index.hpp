// RingIndex: is a point inside these rings, quickly for many points: edges sorted into horizontal bands.
// Invariant: the answer is that of even-odd counting over all edges; memory is linear in the edges whatever their
// shape. Read only once built, any thread. Private to this room. Test: tests/unit/shape/ring_index_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::shape {

class RingIndex {
 public:
  RingIndex() = default;
  // Edges of all rings, in any order and direction.
  struct Edge {
    base::Vec2i a, b;
  };
  explicit RingIndex(std::vector<Edge> edges);

  // In units; points on the border may fall to either side.
  [[nodiscard]] bool contains(base::Vec2d point) const;

 private:
  [[nodiscard]] std::size_t band_of(double y) const;

  std::vector<Edge> m_edges;
  std::vector<std::uint32_t> m_band_begins;  // one more than there are bands
  std::vector<std::uint32_t> m_band_edges;
  double m_y_min = 0, m_y_max = -1, m_bands_per_unit = 0;
  double m_x_min = 0, m_x_max = -1;
};

}  // namespace gridwall::shape
