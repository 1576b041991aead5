// Where people live in a made-up city: one main centre, a smaller one for each town, hamlets, and a slow unevenness.
// Decides how densely the generator scatters points, so that grids are small in towns and large in the country.
// Private to this room. Test: tests/unit/geo/city_generator_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "base/geometry.hpp"
#include "geo/city_outline.hpp"

namespace gridwall::geo {

// Smooth noise of deviation about 0.4 and features of `size_mm`; the same for the same seed on every machine.
double smooth_noise(std::uint64_t seed, double x_mm, double y_mm, double size_mm);

class CityDensity {
 public:
  // The first `street_count` of the `town_count` centres lie about the main centre, the nearest first.
  CityDensity(const CityPolygon& mainland, std::uint32_t street_count, std::uint32_t town_count, std::uint64_t seed);

  // Of people, about 1 in the open country; never below 0.2. Between the nodes of a raster it is interpolated.
  [[nodiscard]] double at(base::Vec2d point_mm) const;
  [[nodiscard]] const std::vector<base::Vec2d>& town_centres() const { return m_town_centres; }

 private:
  static constexpr std::size_t kRasterSide = 600;
  struct Spot {
    base::Vec2d point;
    double height = 0, radius_mm = 1;
  };
  [[nodiscard]] double compute(base::Vec2d point_mm) const;
  void place_towns(const CityPolygon& mainland, std::uint32_t street_count, std::uint32_t town_count,
                   std::uint64_t seed);

  double m_extent_mm = 1;  // side of the square with the mainland's area
  std::uint64_t m_seed;
  std::vector<base::Vec2d> m_town_centres;
  std::vector<Spot> m_spots;
  base::Box2d m_box;
  std::vector<double> m_raster;  // kRasterSide squared nodes over the box
};

// Points inside the polygon, about `count` of them, as dense as the field says and evenly spread; none nearer to a
// ring than about half their own spacing. `spacing_mm` of density 1 comes back.
struct CityPoints {
  std::vector<base::Vec2i> points;
  double spacing_mm = 1;
};
CityPoints scatter_points(const CityPolygon& mainland, const CityDensity& density, std::uint32_t count,
                          std::uint64_t seed);

}  // namespace gridwall::geo
