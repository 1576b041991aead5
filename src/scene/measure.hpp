// Measure: what a person measures on the map: points set one by one, a leg that follows the pointer, and after closing
// an area. Knows no projection: how the ground is measured is given. Invariant: the sum is that of the legs shown.
// Pure. Main thread only. Test: tests/unit/scene/measure_test.cpp.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::scene {

struct Measured {
  double length_m = 0;
  double azimuth_deg = 0;  // from the north, clockwise
  bool operator==(const Measured&) const = default;
};

// True metres between points of the projected world; nothing where the projection ends.
struct GroundTools {
  std::function<std::optional<Measured>(base::Vec2d from_world, base::Vec2d to_world)> leg;
  std::function<std::optional<double>(std::span<const base::Vec2d> ring_world)> area_m2;
  // The shortest way in equal parts, both ends included.
  std::function<std::vector<base::Vec2d>(base::Vec2d from_world, base::Vec2d to_world, int part_count)> course;
  // All points of one distance, from the north counter-clockwise; not closed.
  std::function<std::vector<base::Vec2d>(base::Vec2d center_world, double radius_m, int corner_count)> ring;
};

struct MeasureLeg {
  Measured measured;
  std::vector<base::Vec2d> course_world;  // its ends included
};

class Measure {
 public:
  static constexpr std::size_t kPointsMax = 500;

  explicit Measure(GroundTools tools) : m_tools(std::move(tools)) {}

  void toggle();
  void end();
  // A point; or the end of the polygon, where it lies within `slack_world` of the first of at least three. On the last
  // point again it is nothing (a double click), and after closing it begins anew. Outside the projection: nothing.
  void click(base::Vec2d point_world, double slack_world);
  // False: fewer than three points, nothing closed.
  bool close();
  // The last point, or the closing.
  void undo();
  // Where the pointer is; nullopt: off the map.
  void point_at(std::optional<base::Vec2d> point_world);

  [[nodiscard]] bool is_on() const { return m_is_on; }
  [[nodiscard]] bool is_closed() const { return m_is_closed; }
  [[nodiscard]] const std::vector<base::Vec2d>& points() const { return m_points; }
  // Between the points; closed, the last one leads back to the first.
  [[nodiscard]] const std::vector<MeasureLeg>& legs() const { return m_legs; }
  // From the last point to the pointer, while the line is open.
  [[nodiscard]] const std::optional<MeasureLeg>& open_leg() const { return m_open_leg; }
  // The leg to the pointer with the others.
  [[nodiscard]] double total_m() const;
  // Nothing: not closed, or its edges cross, so that inside and outside are nobody's.
  [[nodiscard]] std::optional<double> area_m2() const { return m_area_m2; }
  [[nodiscard]] bool is_crossing() const { return m_is_crossing; }
  [[nodiscard]] const GroundTools& tools() const { return m_tools; }

 private:
  [[nodiscard]] std::optional<MeasureLeg> measured(base::Vec2d from_world, base::Vec2d to_world) const;
  void clear();
  void follow_pointer();

  GroundTools m_tools;
  bool m_is_on = false, m_is_closed = false, m_is_crossing = false;
  std::vector<base::Vec2d> m_points;
  std::vector<MeasureLeg> m_legs;
  std::optional<base::Vec2d> m_pointer;
  std::optional<MeasureLeg> m_open_leg;
  std::optional<double> m_area_m2;
};

// Two edges of the closed ring, not neighbours, have a point in common.
bool edges_cross(std::span<const base::Vec2d> ring_world);

// Of range rings: 1, 2 or 5 times a power of ten and its multiples, three to seven up to `reach_m`.
std::vector<double> ring_radii_m(double reach_m);

}  // namespace gridwall::scene
