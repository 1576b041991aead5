#include "geo/ellipsoid_area.hpp"

#include <cmath>
#include <numbers>

#include "geo/transform.hpp"

namespace gridwall::geo {

using base::Vec2d;

namespace {

constexpr double kSemiMajor_m = 6378137.0;
constexpr double kFlattening = 1.0 / 298.257222101;
constexpr double kEccentricity2 = kFlattening * (2 - kFlattening);
constexpr double kRadians = std::numbers::pi / 180;
// Between an edge that is straight on the authalic cylinder and the geodesic lies an area that grows with the cube of
// its length: at 500 m below 1 m², and the opposite edge takes most of it back.
constexpr double kShortEdgeMax_deg = 0.005;

// Twice the area north of the equator per radian of longitude, in units of the squared semi-major axis (Snyder, Map
// Projections: A Working Manual, 1987, eq. 3-12).
double authalic_q(double latitude_deg) {
  static const double e = std::sqrt(kEccentricity2);
  const double s = std::sin(latitude_deg * kRadians);
  return (1 - kEccentricity2) * (s / (1 - kEccentricity2 * s * s) + std::atanh(e * s) / e);
}

// authalic_q as it differs from that of a first latitude. Near by it is the integral of its derivative by the sine,
// 2 (1 - e2) / (1 - e2 s2)2, by Gauss's two points: what that leaves out lies below the last digit, it is many times
// quicker, and small differences keep the digits that two large values would lose.
class NearbyQ {
 public:
  explicit NearbyQ(double latitude_deg)
      : m_latitude_deg(latitude_deg),
        m_sin(std::sin(latitude_deg * kRadians)),
        m_cos(std::cos(latitude_deg * kRadians)) {}

  [[nodiscard]] double difference(double latitude_deg) const {
    const double d = (latitude_deg - m_latitude_deg) * kRadians, d2 = d * d;
    if (!(std::abs(d) <= kNearMax)) return authalic_q(latitude_deg) - authalic_q(m_latitude_deg);
    const double sine = d * (1 - d2 * (1.0 / 6 - d2 * (1.0 / 120)));
    const double one_less_cosine = d2 * (1.0 / 2 - d2 * (1.0 / 24 - d2 * (1.0 / 720)));
    const double ds = m_cos * sine - m_sin * one_less_cosine;
    const double middle = m_sin + ds / 2, aside = ds * (0.5 / std::numbers::sqrt3);
    return ds / 2 * (derivative(middle - aside) + derivative(middle + aside));
  }

 private:
  static constexpr double kNearMax = 0.01;  // radians, some 64 km

  static double derivative(double s) {
    const double w = 1 - kEccentricity2 * s * s;
    return 2 * (1 - kEccentricity2) / (w * w);
  }

  double m_latitude_deg, m_sin, m_cos;
};

bool has_short_edges(std::span<const Vec2d> ring) {
  Vec2d previous = ring.back();
  for (const Vec2d p : ring) {
    if (!(std::abs(p.x - previous.x) <= kShortEdgeMax_deg && std::abs(p.y - previous.y) <= kShortEdgeMax_deg)) {
      return false;
    }
    previous = p;
  }
  return true;
}

}  // namespace

double ellipsoid_area_m2(std::span<const Vec2d> ring_lonlat) {
  if (ring_lonlat.size() < 3) return 0;
  if (!has_short_edges(ring_lonlat)) return geodesic_area_m2(ring_lonlat);
  // Against the first vertex, so that a small ring's digits are not lost below its distance from the equator.
  const Vec2d origin = ring_lonlat[0];
  const NearbyQ q(origin.y);
  Vec2d previous{0, 0};
  double sum = 0;
  for (std::size_t i = 1; i < ring_lonlat.size(); ++i) {
    const Vec2d p{ring_lonlat[i].x - origin.x, q.difference(ring_lonlat[i].y)};
    sum += previous.x * p.y - p.x * previous.y;
    previous = p;
  }
  return std::abs(sum) * kRadians * kSemiMajor_m * kSemiMajor_m / 4;
}

}  // namespace gridwall::geo
