#include "geo/geodesy.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gridwall::geo {
namespace {

using base::Vec2d;

constexpr const char* kWebMercator = "EPSG:3857";
constexpr const char* kZone = "EPSG:4549";  // 3-degree Gauss-Krüger about 120 E

struct Place {
  Geodesy geodesy;
  Transform world_from_lonlat;
  explicit Place(const char* crs)
      : geodesy(Geodesy::create(crs).value()), world_from_lonlat(Transform::create(kLonLatCrs, crs).value()) {}
  [[nodiscard]] Vec2d at(double longitude, double latitude) const {
    return *world_from_lonlat.forward({longitude, latitude});
  }
};

// Radius of curvature across the meridian: what a degree of longitude is worth, without any geodesic library.
double metres_per_degree_east(double latitude_deg) {
  const double e2 = 0.00669437999014, phi = latitude_deg * M_PI / 180;
  return 6378137.0 / std::sqrt(1 - e2 * std::sin(phi) * std::sin(phi)) * std::cos(phi) * M_PI / 180;
}

TEST(Geodesy, a_short_way_east_is_that_of_the_parallel) {
  for (const char* crs : {kWebMercator, kZone}) {
    const Place place(crs);
    const auto leg = place.geodesy.leg(place.at(120.2, 36), place.at(120.21, 36));
    ASSERT_TRUE(leg.has_value());
    EXPECT_NEAR(leg->length_m / (0.01 * metres_per_degree_east(36)), 1, 1e-6) << crs;
    EXPECT_NEAR(leg->azimuth_deg, 90, 0.01) << crs;
  }
}

// Flinders Peak to Buninyong, the worked example of the geodetic datum's manual: 54 972.271 m, 306 degrees 52' 05.37".
TEST(Geodesy, agrees_with_a_published_line) {
  const Place place(kWebMercator);
  const Vec2d flinders = place.at(144 + 25 / 60.0 + 29.52440 / 3600, -(37 + 57 / 60.0 + 3.72030 / 3600));
  const Vec2d buninyong = place.at(143 + 55 / 60.0 + 35.38390 / 3600, -(37 + 39 / 60.0 + 10.15610 / 3600));
  const auto leg = place.geodesy.leg(flinders, buninyong);
  ASSERT_TRUE(leg.has_value());
  EXPECT_NEAR(leg->length_m, 54972.271, 0.01);
  EXPECT_NEAR(leg->azimuth_deg, 306 + 52 / 60.0 + 5.37 / 3600, 1e-5);
}

TEST(Geodesy, every_corner_of_a_ring_has_its_distance) {
  for (const char* crs : {kWebMercator, kZone}) {
    const Place place(crs);
    const Vec2d center = place.at(120.2, 36);
    const auto ring = place.geodesy.ring(center, 1000, 72);
    ASSERT_EQ(ring.size(), 72u);
    for (const Vec2d corner : ring) EXPECT_NEAR(place.geodesy.leg(center, corner)->length_m, 1000, 0.01) << crs;
    EXPECT_GT(ring[0].y, center.y);
    EXPECT_LT(ring[18].x, center.x);
  }
  // On the map it is as much larger as the projection stretches.
  const Place mercator(kWebMercator);
  const Vec2d center = mercator.at(120.2, 36);
  const double across = mercator.geodesy.ring(center, 1000, 72)[18].x - center.x;
  EXPECT_NEAR(-across * std::cos(36 * M_PI / 180) / 1000, 1, 0.002);
}

TEST(Geodesy, a_projected_metre_has_its_true_length) {
  const Place mercator(kWebMercator);
  for (const double latitude : {0.0, 23.0, 36.0, 53.0}) {
    const auto scale = mercator.geodesy.local_scale(mercator.at(120.2, latitude));
    ASSERT_TRUE(scale.has_value());
    const double expected = metres_per_degree_east(latitude) / (6378137.0 * M_PI / 180);
    EXPECT_NEAR(*scale / expected, 1, 1e-6) << latitude;
  }
  const Place zone(kZone);
  EXPECT_NEAR(*zone.geodesy.local_scale(zone.at(120, 36)), 1, 1e-6);
  EXPECT_LT(*zone.geodesy.local_scale(zone.at(121.5, 36)), 0.99985);
}

TEST(Geodesy, an_area_is_that_of_the_ground) {
  for (const char* crs : {kWebMercator, kZone}) {
    const Place place(crs);
    const auto square = place.geodesy.ring(place.at(120.2, 36), 1000, 4);
    EXPECT_NEAR(*place.geodesy.area_m2(square) / 2e6, 1, 1e-6) << crs;
    const Vec2d line[] = {square[0], square[1]};
    EXPECT_EQ(*place.geodesy.area_m2(line), 0);
  }
}

TEST(Geodesy, a_long_course_bends_to_the_pole_and_keeps_its_ends) {
  const Place place(kWebMercator);
  const Vec2d from = place.at(110, 36), to = place.at(130, 36);
  const auto course = place.geodesy.course(from, to, 8);
  ASSERT_EQ(course.size(), 9u);
  EXPECT_EQ(course.front(), from);
  EXPECT_EQ(course.back(), to);
  EXPECT_GT(course[4].y, from.y + 10'000);
  EXPECT_NEAR(place.geodesy.leg(from, course[4])->length_m, place.geodesy.leg(from, to)->length_m / 2, 1);
}

TEST(Geodesy, outside_the_system_nothing_is_measured) {
  const Place place(kWebMercator);
  const Vec2d nowhere{std::nan(""), 0}, here = place.at(120, 36);
  EXPECT_FALSE(place.geodesy.leg(here, nowhere).has_value());
  EXPECT_FALSE(place.geodesy.local_scale(nowhere).has_value());
  EXPECT_TRUE(place.geodesy.ring(nowhere, 1000, 8).empty());
  EXPECT_TRUE(place.geodesy.course(nowhere, here, 8).empty());
  const Vec2d corners[] = {here, nowhere, place.at(121, 36)};
  EXPECT_FALSE(place.geodesy.area_m2(corners).has_value());
  EXPECT_FALSE(Geodesy::create("EPSG:999999").ok());
}

}  // namespace
}  // namespace gridwall::geo
