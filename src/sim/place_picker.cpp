#include "sim/place_picker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace gridwall::sim {

namespace {

using base::Vec2d;

constexpr double kBorderDistanceM = 6;
constexpr int kTriesMax = 32;

double squared_distance(Vec2d p, Vec2d a, Vec2d b) {
  const Vec2d edge = b - a, to_p = p - a;
  const double length2 = edge.x * edge.x + edge.y * edge.y;
  const double t = length2 > 0 ? std::clamp((to_p.x * edge.x + to_p.y * edge.y) / length2, 0.0, 1.0) : 0;
  const Vec2d off = to_p - edge * t;
  return off.x * off.x + off.y * off.y;
}

struct Triangle {
  std::array<Vec2d, 3> corners;  // world
  [[nodiscard]] double area_m2() const {
    const Vec2d u = corners[1] - corners[0], v = corners[2] - corners[0];
    return std::abs(u.x * v.y - u.y * v.x) / 2;
  }
  [[nodiscard]] bool contains(Vec2d p) const {
    const auto side = [&](std::size_t i) {
      const Vec2d a = corners[i], edge = corners[(i + 1) % 3] - a, to_p = p - a;
      return edge.x * to_p.y - edge.y * to_p.x;
    };
    const double s0 = side(0), s1 = side(1), s2 = side(2);
    return (s0 > 0 && s1 > 0 && s2 > 0) || (s0 < 0 && s1 < 0 && s2 < 0);
  }
};

Triangle triangle_at(const model::DivisionTree& tree, std::uint32_t first_index) {
  const auto& indices = tree.triangle_indices();
  const auto corner = [&](std::uint32_t i) { return tree.to_world(tree.vertices()[indices[first_index + i]]); };
  return {{corner(0), corner(1), corner(2)}};
}

}  // namespace

PlacePicker::PlacePicker(std::shared_ptr<const model::DivisionTree> tree, std::uint64_t seed)
    : m_tree(std::move(tree)) {
  for (std::uint32_t i = 0; i < m_tree->divisions().size(); ++i) {
    const model::Division& division = m_tree->divisions()[i];
    if (division.children.size() == 0 && division.triangle_indices.size() > 0 && division.area_m2 > 0) {
      m_leaves.push_back({i});
    }
  }
  if (m_leaves.empty()) return;
  const base::Random random(seed);
  std::vector<double> weights = leaf_weights(random.fork(1));
  place_corners(random.fork(2), weights);
  double sum = 0;
  for (const double weight : weights) m_cumulative.push_back(sum += weight);
}

// A leaf has the more cases the denser it is built up, and the grids of a town are the small ones.
std::vector<double> PlacePicker::leaf_weights(base::Random random) const {
  std::vector<double> areas;
  for (const auto leaf : m_leaves) areas.push_back(m_tree->at(leaf).area_m2);
  std::nth_element(areas.begin(), areas.begin() + static_cast<std::ptrdiff_t>(areas.size() / 2), areas.end());
  const double median_m2 = areas[areas.size() / 2];
  std::vector<double> weights;
  for (const auto leaf : m_leaves) {
    const double density = std::pow(median_m2 / m_tree->at(leaf).area_m2, 0.4);
    weights.push_back(std::clamp(density, 0.3, 3.0) * std::exp(0.6 * random.next_normal()));
  }
  return weights;
}

void PlacePicker::place_corners(base::Random random, std::vector<double>& weights) {
  std::vector<std::size_t> by_area(m_leaves.size());
  for (std::size_t i = 0; i < by_area.size(); ++i) by_area[i] = i;
  std::sort(by_area.begin(), by_area.end(), [&](std::size_t a, std::size_t b) {
    const double area_a = m_tree->at(m_leaves[a]).area_m2, area_b = m_tree->at(m_leaves[b]).area_m2;
    return area_a != area_b ? area_a < area_b : a < b;
  });
  const std::size_t hot_count = 1 + m_leaves.size() / 90;
  for (std::size_t i = 0; i < hot_count; ++i) {
    const std::size_t chosen = by_area[random.next_below(1 + by_area.size() / 2)];
    auto& corners = m_corners_world[m_leaves[chosen].value];
    if (!corners.empty()) continue;  // drawn twice: hot once
    weights[chosen] *= random.next_between(5, 14);
    for (std::uint64_t n = 1 + random.next_below(3); n > 0; --n) corners.push_back(point_in(m_leaves[chosen], random));
  }
}

std::optional<Place> PlacePicker::pick(base::Random& random, bool street) const {
  if (m_leaves.empty()) return std::nullopt;
  const double wanted = random.next_unit() * m_cumulative.back();
  const auto found = std::upper_bound(m_cumulative.begin(), m_cumulative.end(), wanted);
  const auto index = std::min(static_cast<std::size_t>(found - m_cumulative.begin()), m_leaves.size() - 1);
  const model::DivisionIndex leaf = m_leaves[index];
  const auto corners = m_corners_world.find(leaf.value);
  if (street && corners != m_corners_world.end() && random.next_unit() < 0.7) {
    const Vec2d corner = corners->second[random.next_below(corners->second.size())];
    return near({leaf, corner}, 22, random);
  }
  return Place{leaf, point_in(leaf, random)};
}

Place PlacePicker::near(const Place& place, double deviation_m, base::Random& random) const {
  for (int i = 0; i < kTriesMax; ++i) {
    const double east_m = deviation_m * random.next_normal(), north_m = deviation_m * random.next_normal();
    const Vec2d point = place.point_world + Vec2d{east_m, north_m};
    if (inside(place.division, point) && border_distance_m(place.division, point) >= kBorderDistanceM) {
      return {place.division, point};
    }
  }
  return place;
}

// Of a leaf too narrow for the distance, the best of the tries.
Vec2d PlacePicker::point_in(model::DivisionIndex leaf, base::Random& random) const {
  Vec2d best{};
  double best_m = -1;
  for (int i = 0; i < kTriesMax && best_m < kBorderDistanceM; ++i) {
    const Vec2d point = point_in_triangles(leaf, random);
    const double distance_m = border_distance_m(leaf, point);
    if (distance_m <= best_m) continue;
    best = point;
    best_m = distance_m;
  }
  return best;
}

double PlacePicker::border_distance_m(model::DivisionIndex leaf, Vec2d point_world) const {
  double nearest2 = std::numeric_limits<double>::max();
  const model::Range rings = m_tree->at(leaf).rings;
  for (std::uint32_t r = rings.begin; r < rings.end; ++r) {
    const model::Range range = m_tree->rings()[r].vertices;
    Vec2d before = m_tree->to_world(m_tree->vertices()[range.end - 1]);
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
      const Vec2d corner = m_tree->to_world(m_tree->vertices()[i]);
      nearest2 = std::min(nearest2, squared_distance(point_world, before, corner));
      before = corner;
    }
  }
  return std::sqrt(nearest2);
}

// Uniform over the area.
Vec2d PlacePicker::point_in_triangles(model::DivisionIndex leaf, base::Random& random) const {
  const model::Range range = m_tree->at(leaf).triangle_indices;
  double area_m2 = 0;
  for (std::uint32_t i = range.begin; i < range.end; i += 3) area_m2 += triangle_at(*m_tree, i).area_m2();
  double left_m2 = random.next_unit() * area_m2;
  Triangle chosen = triangle_at(*m_tree, range.begin);
  for (std::uint32_t i = range.begin; i < range.end; i += 3) {
    const Triangle triangle = triangle_at(*m_tree, i);
    if (triangle.area_m2() <= 0) continue;
    chosen = triangle;
    left_m2 -= triangle.area_m2();
    if (left_m2 <= 0) break;
  }
  double u = random.next_unit(), v = random.next_unit();
  if (u + v > 1) {
    u = 1 - u;
    v = 1 - v;
  }
  const auto& [a, b, c] = chosen.corners;
  return a + (b - a) * u + (c - a) * v;
}

bool PlacePicker::inside(model::DivisionIndex leaf, Vec2d point_world) const {
  const model::Range range = m_tree->at(leaf).triangle_indices;
  for (std::uint32_t i = range.begin; i < range.end; i += 3) {
    if (triangle_at(*m_tree, i).contains(point_world)) return true;
  }
  return false;
}

}  // namespace gridwall::sim
