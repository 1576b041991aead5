#include "geo/city_density.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.hpp"

namespace gridwall::geo {

using base::Box2d;
using base::Random;
using base::Vec2d;
using base::Vec2i;

namespace {

double distance(Vec2d a, Vec2d b) { return std::hypot(a.x - b.x, a.y - b.y); }

double lattice_value(std::uint64_t seed, std::int64_t i, std::int64_t j) {
  const auto key = static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15ull ^
                   static_cast<std::uint64_t>(j) * 0xc2b2ae3d27d4eb4full;
  return Random(seed ^ key).next_unit() * 2 - 1;
}

Box2d box_of(const CityPolygon& polygon) {
  Box2d box;
  for (const Vec2i p : polygon.front()) box.extend(Vec2d{static_cast<double>(p.x), static_cast<double>(p.y)});
  return box;
}

bool contains(const CityPolygon& polygon, Vec2d p) {
  bool inside = false;
  for (const auto& ring : polygon) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vec2i a = ring[i], b = ring[(i + 1) % ring.size()];
      if ((a.y > p.y) == (b.y > p.y)) continue;
      inside ^= p.x < a.x + (p.y - a.y) * (static_cast<double>(b.x) - a.x) / (static_cast<double>(b.y) - a.y);
    }
  }
  return inside;
}

double distance_to_rings(const CityPolygon& polygon, Vec2d p) {
  double best = INFINITY;
  for (const auto& ring : polygon) {
    for (const Vec2i q : ring) best = std::min(best, distance(p, {static_cast<double>(q.x), static_cast<double>(q.y)}));
  }
  return best;
}

Vec2d random_inside(const CityPolygon& polygon, const Box2d& box, Random& random) {
  for (int attempt = 0; attempt < 10'000; ++attempt) {
    const double x = random.next_between(box.min.x, box.max.x);
    const double y = random.next_between(box.min.y, box.max.y);
    if (contains(polygon, {x, y})) return {x, y};
  }
  const Vec2i corner = polygon.front().front();  // a sliver of an outline
  return {static_cast<double>(corner.x), static_cast<double>(corner.y)};
}

// Which squares of a raster have their centre inside, row by row.
class InsideMask {
 public:
  InsideMask(const CityPolygon& polygon, double step_mm) : m_box(box_of(polygon)), m_step(step_mm) {
    m_columns = static_cast<std::size_t>(m_box.width() / step_mm) + 1;
    m_rows = static_cast<std::size_t>(m_box.height() / step_mm) + 1;
    m_inside.assign(m_columns * m_rows, 0);
    std::vector<std::vector<double>> crossings(m_rows);
    for (const auto& ring : polygon) {
      for (std::size_t i = 0; i < ring.size(); ++i) add_crossings(ring[i], ring[(i + 1) % ring.size()], crossings);
    }
    for (std::size_t row = 0; row < m_rows; ++row) fill_row(row, crossings[row]);
  }
  [[nodiscard]] std::size_t columns() const { return m_columns; }
  [[nodiscard]] std::size_t rows() const { return m_rows; }
  [[nodiscard]] bool at(std::size_t column, std::size_t row) const { return m_inside[row * m_columns + column] != 0; }
  [[nodiscard]] Vec2d center(std::size_t column, std::size_t row) const {
    return {m_box.min.x + (static_cast<double>(column) + 0.5) * m_step,
            m_box.min.y + (static_cast<double>(row) + 0.5) * m_step};
  }
  [[nodiscard]] bool at(Vec2d p) const {
    if (!m_box.contains(p)) return false;
    return at(std::min(m_columns - 1, static_cast<std::size_t>((p.x - m_box.min.x) / m_step)),
              std::min(m_rows - 1, static_cast<std::size_t>((p.y - m_box.min.y) / m_step)));
  }
  // Inside, and so is a circle about it.
  [[nodiscard]] bool has_room(Vec2d p, double radius_mm) const {
    if (!at(p)) return false;
    for (int i = 0; i < 12; ++i) {
      const double angle = i * std::numbers::pi / 6;
      if (!at({p.x + radius_mm * std::cos(angle), p.y + radius_mm * std::sin(angle)})) return false;
    }
    return true;
  }

 private:
  void add_crossings(Vec2i a, Vec2i b, std::vector<std::vector<double>>& crossings) const {
    if (a.y > b.y) std::swap(a, b);
    const double first = std::ceil((a.y - m_box.min.y) / m_step - 0.5);
    const double last = std::ceil((b.y - m_box.min.y) / m_step - 0.5);
    const auto begin = static_cast<std::size_t>(std::max(0.0, first));
    const auto end = std::min(m_rows, static_cast<std::size_t>(std::max(0.0, last)));
    for (std::size_t row = begin; row < end; ++row) {
      const double y = center(0, row).y;
      crossings[row].push_back(a.x + (y - a.y) * (static_cast<double>(b.x) - a.x) / (static_cast<double>(b.y) - a.y));
    }
  }
  void fill_row(std::size_t row, std::vector<double>& crossings) {
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      for (std::size_t column = 0; column < m_columns; ++column) {
        const double x = center(column, row).x;
        if (x >= crossings[i] && x < crossings[i + 1]) m_inside[row * m_columns + column] = 1;
      }
    }
  }

  Box2d m_box;
  double m_step;
  std::size_t m_columns = 0, m_rows = 0;
  std::vector<std::uint8_t> m_inside;
};

}  // namespace

double smooth_noise(std::uint64_t seed, double x_mm, double y_mm, double size_mm) {
  const double u = x_mm / size_mm, v = y_mm / size_mm;
  const double fu = std::floor(u), fv = std::floor(v);
  const auto i = static_cast<std::int64_t>(fu), j = static_cast<std::int64_t>(fv);
  const auto ease = [](double t) { return t * t * (3 - 2 * t); };
  const double s = ease(u - fu), t = ease(v - fv);
  const double low = lattice_value(seed, i, j) * (1 - s) + lattice_value(seed, i + 1, j) * s;
  const double high = lattice_value(seed, i, j + 1) * (1 - s) + lattice_value(seed, i + 1, j + 1) * s;
  return low * (1 - t) + high * t;
}

CityDensity::CityDensity(const CityPolygon& mainland, std::uint32_t street_count, std::uint32_t town_count,
                         std::uint64_t seed)
    : m_extent_mm(std::sqrt(static_cast<double>(doubled_area_mm2(mainland)) / 2)), m_seed(seed) {
  place_towns(mainland, street_count, town_count, seed);
  Random random = Random(seed).fork(2);
  const Box2d box = box_of(mainland);
  for (std::size_t i = 1; i < m_town_centres.size(); ++i) {
    const bool street = i < street_count;
    m_spots.push_back({m_town_centres[i], random.next_between(6, street ? 14 : 11),
                       m_extent_mm * random.next_between(0.013, 0.024)});
  }
  const std::size_t hamlets = 4 * m_town_centres.size();
  for (std::size_t i = 0; i < hamlets; ++i) {
    m_spots.push_back({random_inside(mainland, box, random), random.next_between(1, 4),
                       m_extent_mm * random.next_between(0.006, 0.014)});
  }
  m_box = box;
  m_raster.reserve(kRasterSide * kRasterSide);
  for (std::size_t row = 0; row < kRasterSide; ++row) {
    const double y = box.min.y + box.height() * static_cast<double>(row) / (kRasterSide - 1);
    for (std::size_t column = 0; column < kRasterSide; ++column) {
      m_raster.push_back(compute({box.min.x + box.width() * static_cast<double>(column) / (kRasterSide - 1), y}));
    }
  }
}

void CityDensity::place_towns(const CityPolygon& mainland, std::uint32_t street_count, std::uint32_t town_count,
                              std::uint64_t seed) {
  Random random = Random(seed).fork(1);
  const Box2d box = box_of(mainland);
  // The main centre: well inside and not far from the middle.
  Vec2d main;
  double best = -INFINITY;
  for (int i = 0; i < 40; ++i) {
    const Vec2d p = random_inside(mainland, box, random);
    const double room = std::min(distance_to_rings(mainland, p), 0.12 * m_extent_mm);
    const double score = room - 0.25 * distance(p, box.center());
    if (score > best) main = p, best = score;
  }
  m_spots.push_back({main, 16, 0.055 * m_extent_mm});
  m_town_centres.push_back(main);
  // Each further centre is the candidate that lies farthest from those before it; streets crowd about the main one.
  const double reach = m_extent_mm * 0.06 * std::sqrt(std::max(1.0, static_cast<double>(street_count)));
  for (std::uint32_t i = 1; i < town_count; ++i) {
    Vec2d chosen;
    double farthest = -1;
    for (int candidate = 0; candidate < 30; ++candidate) {
      const Vec2d p = random_inside(mainland, box, random);
      const bool fits = i >= street_count || distance(p, main) < reach;
      if (!fits && candidate < 29) continue;
      double nearest = std::min(distance(p, m_town_centres.front()), 2 * distance_to_rings(mainland, p));
      for (const Vec2d other : m_town_centres) nearest = std::min(nearest, distance(p, other));
      if (!fits) nearest = 0;
      if (nearest > farthest) chosen = p, farthest = nearest;
    }
    m_town_centres.push_back(chosen);
  }
  const auto streets_end = m_town_centres.begin() + std::min<std::ptrdiff_t>(street_count, town_count);
  if (streets_end > m_town_centres.begin()) {
    std::sort(m_town_centres.begin() + 1, streets_end,
              [&](Vec2d a, Vec2d b) { return distance(a, main) < distance(b, main); });
  }
}

double CityDensity::compute(Vec2d p) const {
  double density = 1;
  for (const Spot& spot : m_spots) {
    const Vec2d apart = p - spot.point;
    const double d2 = (apart.x * apart.x + apart.y * apart.y) / (spot.radius_mm * spot.radius_mm);
    if (d2 < 100) density += spot.height * std::exp(-std::sqrt(d2));
  }
  const double noise = 0.7 * smooth_noise(m_seed ^ 11, p.x, p.y, 0.12 * m_extent_mm) +
                       0.5 * smooth_noise(m_seed ^ 12, p.x, p.y, 0.04 * m_extent_mm);
  return std::max(0.2, density * std::exp(noise));
}

double CityDensity::at(Vec2d p) const {
  constexpr double kLast = kRasterSide - 1;
  const double u = std::clamp((p.x - m_box.min.x) / m_box.width() * kLast, 0.0, kLast - 1e-6);
  const double v = std::clamp((p.y - m_box.min.y) / m_box.height() * kLast, 0.0, kLast - 1e-6);
  const auto column = static_cast<std::size_t>(u), row = static_cast<std::size_t>(v);
  const double s = u - std::floor(u), t = v - std::floor(v);
  const double* node = &m_raster[row * kRasterSide + column];
  return (node[0] * (1 - s) + node[1] * s) * (1 - t) + (node[kRasterSide] * (1 - s) + node[kRasterSide + 1] * s) * t;
}

namespace {

// How many points each square of the mask should get, in all `count`; `per_density` is the number for density 1.
std::vector<double> wanted_points(const InsideMask& mask, const CityDensity& density, double count,
                                  double& per_density) {
  std::vector<double> wanted(mask.columns() * mask.rows(), 0);
  double sum = 0;
  for (std::size_t row = 0; row < mask.rows(); ++row) {
    for (std::size_t column = 0; column < mask.columns(); ++column) {
      if (!mask.at(column, row)) continue;
      sum += wanted[row * mask.columns() + column] = density.at(mask.center(column, row));
    }
  }
  per_density = count / std::max(sum, 1e-9);
  for (double& value : wanted) value *= per_density;
  return wanted;
}

// Hands what a square did not use to the squares that come after it (Floyd and Steinberg's shares, rows walked back
// and forth), so that points keep their distance.
void hand_on(std::vector<double>& wanted, std::size_t columns, std::size_t at, bool forward, double rest) {
  const std::size_t column = at % columns;
  const auto give = [&](std::size_t rows_on, int side, double part) {
    const std::ptrdiff_t to = static_cast<std::ptrdiff_t>(column) + (forward ? side : -side);
    if (to < 0 || to >= static_cast<std::ptrdiff_t>(columns)) return;
    const std::size_t target = at - column + rows_on * columns + static_cast<std::size_t>(to);
    if (target < wanted.size()) wanted[target] += rest * part;
  };
  give(0, 1, 7.0 / 16);
  give(1, -1, 3.0 / 16);
  give(1, 0, 5.0 / 16);
  give(1, 1, 1.0 / 16);
}

}  // namespace

CityPoints scatter_points(const CityPolygon& mainland, const CityDensity& density, std::uint32_t count,
                          std::uint64_t seed) {
  const double area = static_cast<double>(doubled_area_mm2(mainland)) / 2;
  const double step = std::sqrt(area / count) / 4.5;  // the densest places hold nearly a point a square
  const InsideMask mask(mainland, step);
  double per_density = 0;
  std::vector<double> wanted = wanted_points(mask, density, count, per_density);
  CityPoints result;
  result.spacing_mm = step / std::sqrt(per_density);
  Random random = Random(seed).fork(3);
  for (std::size_t row = 0; row < mask.rows(); ++row) {
    const bool forward = row % 2 == 0;
    for (std::size_t k = 0; k < mask.columns(); ++k) {
      const std::size_t column = forward ? k : mask.columns() - 1 - k;
      if (!mask.at(column, row)) continue;
      const std::size_t at = row * mask.columns() + column;
      double rest = wanted[at];
      if (rest >= random.next_between(0.3, 0.7)) {
        rest -= 1;
        const Vec2d center = mask.center(column, row);
        const Vec2d p{center.x + random.next_between(-0.5, 0.5) * step,
                      center.y + random.next_between(-0.5, 0.5) * step};
        if (mask.has_room(p, 0.55 * result.spacing_mm / std::sqrt(density.at(p)))) {
          result.points.push_back({static_cast<std::int32_t>(p.x), static_cast<std::int32_t>(p.y)});
        }
      }
      hand_on(wanted, mask.columns(), at, forward, rest);
    }
  }
  return result;
}

}  // namespace gridwall::geo
