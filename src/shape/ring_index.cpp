#include "shape/ring_index.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::shape {

namespace {

constexpr double kEntriesPerEdge = 8;
constexpr double kBandsMax = 65536;

}  // namespace

RingIndex::RingIndex(std::vector<Edge> edges) : m_edges(std::move(edges)) {
  std::erase_if(m_edges, [](const Edge& edge) { return edge.a.y == edge.b.y; });  // no ray to the east meets them
  if (m_edges.empty()) return;
  base::Box2d box;
  double heights = 0;
  for (const Edge& edge : m_edges) {
    box.extend(base::Vec2d{static_cast<double>(edge.a.x), static_cast<double>(edge.a.y)});
    box.extend(base::Vec2d{static_cast<double>(edge.b.x), static_cast<double>(edge.b.y)});
    heights += std::abs(static_cast<double>(edge.a.y) - edge.b.y);
  }
  m_x_min = box.min.x, m_x_max = box.max.x, m_y_min = box.min.y, m_y_max = box.max.y;
  // An edge stands in as many bands as it is high, and one more: long edges get fewer, higher bands.
  const auto count = static_cast<double>(m_edges.size());
  const double bands =
      std::clamp(std::min(count / 2, (kEntriesPerEdge - 2) * count * box.height() / heights), 1.0, kBandsMax);
  m_bands_per_unit = std::floor(bands) / box.height();
  m_band_begins.assign(static_cast<std::size_t>(bands) + 1, 0);
  const auto each_band = [this](const Edge& edge, auto&& visit) {
    const auto [low, high] = std::minmax(edge.a.y, edge.b.y);
    for (std::size_t band = band_of(low); band <= band_of(high); ++band) visit(band);
  };
  for (const Edge& edge : m_edges) each_band(edge, [this](std::size_t band) { ++m_band_begins[band + 1]; });
  for (std::size_t band = 1; band < m_band_begins.size(); ++band) m_band_begins[band] += m_band_begins[band - 1];
  m_band_edges.resize(m_band_begins.back());
  std::vector<std::uint32_t> next(m_band_begins.begin(), m_band_begins.end() - 1);
  for (std::uint32_t e = 0; e < m_edges.size(); ++e) {
    each_band(m_edges[e], [&](std::size_t band) { m_band_edges[next[band]++] = e; });
  }
}

std::size_t RingIndex::band_of(double y) const {
  return std::min(static_cast<std::size_t>((y - m_y_min) * m_bands_per_unit), m_band_begins.size() - 2);
}

bool RingIndex::contains(base::Vec2d point) const {
  if (!(point.x >= m_x_min && point.x <= m_x_max && point.y >= m_y_min && point.y <= m_y_max)) return false;
  const std::size_t band = band_of(point.y);
  bool inside = false;
  for (std::uint32_t k = m_band_begins[band]; k < m_band_begins[band + 1]; ++k) {
    const Edge& edge = m_edges[m_band_edges[k]];
    if ((edge.a.y > point.y) == (edge.b.y > point.y)) continue;
    const double ax = edge.a.x, ay = edge.a.y, bx = edge.b.x, by = edge.b.y;
    if (point.x < (bx - ax) * (point.y - ay) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

}  // namespace gridwall::shape
