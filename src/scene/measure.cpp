#include "scene/measure.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::scene {

using base::Vec2d;

namespace {

// Over a shorter way the geodesic is as straight on the map as a line of a pixel's width.
constexpr double kStraight_m = 2000;
constexpr int kCourseParts = 24;
constexpr int kRingsLeast = 3;

// Twice the area left of a-b-c; its sign is the turn.
double turn(Vec2d a, Vec2d b, Vec2d c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool is_between(Vec2d a, Vec2d b, Vec2d p) {
  return std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= p.y &&
         p.y <= std::max(a.y, b.y);
}

bool have_common_point(Vec2d a, Vec2d b, Vec2d c, Vec2d d) {
  const double c_side = turn(a, b, c), d_side = turn(a, b, d), a_side = turn(c, d, a), b_side = turn(c, d, b);
  if (c_side * d_side < 0 && a_side * b_side < 0) return true;
  return (c_side == 0 && is_between(a, b, c)) || (d_side == 0 && is_between(a, b, d)) ||
         (a_side == 0 && is_between(c, d, a)) || (b_side == 0 && is_between(c, d, b));
}

bool is_near(Vec2d a, Vec2d b, double slack) {
  return std::hypot(a.x - b.x, a.y - b.y) <= slack;
}

}  // namespace

bool edges_cross(std::span<const Vec2d> ring) {
  const std::size_t count = ring.size();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 2; j < count; ++j) {
      if (i == 0 && j + 1 == count) continue;  // neighbours around the end
      if (have_common_point(ring[i], ring[i + 1], ring[j], ring[(j + 1) % count])) return true;
    }
  }
  return false;
}

std::vector<double> ring_radii_m(double reach_m) {
  if (!(reach_m > 0) || !std::isfinite(reach_m)) return {};
  const double step_max = reach_m / kRingsLeast;
  const double power = std::pow(10.0, std::floor(std::log10(step_max)));
  double step = power;
  for (const double digit : {2.0, 5.0}) {
    if (digit * power <= step_max) step = digit * power;
  }
  std::vector<double> radii;
  for (int i = 1; i * step <= reach_m; ++i) radii.push_back(i * step);
  return radii;
}

void Measure::clear() {
  m_is_closed = m_is_crossing = false;
  m_points.clear();
  m_legs.clear();
  m_open_leg.reset();
  m_area_m2.reset();
}

void Measure::toggle() {
  if (m_is_on) return end();
  clear();
  m_is_on = true;
}

void Measure::end() {
  clear();
  m_is_on = false;
}

std::optional<MeasureLeg> Measure::measured(Vec2d from_world, Vec2d to_world) const {
  const auto figures = m_tools.leg(from_world, to_world);
  if (!figures) return std::nullopt;
  MeasureLeg leg{*figures, {}};
  if (figures->length_m > kStraight_m) leg.course_world = m_tools.course(from_world, to_world, kCourseParts);
  if (leg.course_world.size() < 2) leg.course_world = {from_world, to_world};
  return leg;
}

void Measure::click(Vec2d point_world, double slack_world) {
  if (!m_is_on) return;
  if (m_is_closed) clear();
  if (m_points.size() >= 3 && is_near(point_world, m_points.front(), slack_world)) {
    close();
    return;
  }
  if (m_points.size() >= kPointsMax) return;
  if (!m_points.empty() && is_near(point_world, m_points.back(), slack_world)) return;
  auto leg = measured(m_points.empty() ? point_world : m_points.back(), point_world);
  if (!leg) return;
  if (!m_points.empty()) m_legs.push_back(std::move(*leg));
  m_points.push_back(point_world);
  follow_pointer();
}

bool Measure::close() {
  if (!m_is_on || m_is_closed || m_points.size() < 3) return false;
  auto last = measured(m_points.back(), m_points.front());
  if (!last) return false;
  m_legs.push_back(std::move(*last));
  m_is_closed = true;
  m_is_crossing = edges_cross(m_points);
  if (!m_is_crossing) m_area_m2 = m_tools.area_m2(m_points);
  m_open_leg.reset();
  return true;
}

void Measure::undo() {
  if (!m_legs.empty()) m_legs.pop_back();
  if (m_is_closed) {
    m_is_closed = m_is_crossing = false;
    m_area_m2.reset();
  } else if (!m_points.empty()) {
    m_points.pop_back();
  }
  follow_pointer();
}

void Measure::point_at(std::optional<Vec2d> point_world) {
  if (point_world == m_pointer) return;
  m_pointer = point_world;
  follow_pointer();
}

void Measure::follow_pointer() {
  m_open_leg.reset();
  if (!m_is_on || m_is_closed || m_points.empty() || !m_pointer || *m_pointer == m_points.back()) return;
  m_open_leg = measured(m_points.back(), *m_pointer);
}

double Measure::total_m() const {
  double total_m = m_open_leg ? m_open_leg->measured.length_m : 0;
  for (const MeasureLeg& leg : m_legs) total_m += leg.measured.length_m;
  return total_m;
}

}  // namespace gridwall::scene
