#include "geo/transform.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gridwall::geo {
namespace {

using base::Vec2d;

struct Vector {
  const char* place;
  Vec2d lonlat;
  const char* crs;
  Vec2d east_north;
};

// The table is rounded to the millimetre, and one of its last digits (Jiangyin, easting) is one too high.
constexpr double kTolerance_m = 0.0011;

constexpr Vector kVectors[] = {
    {"Jiangyin", {120.285, 31.911}, "EPSG:4549", {526956.577, 3532019.017}},
    {"Wujin", {119.942, 31.701}, "EPSG:4549", {494501.687, 3508699.521}},
    {"Lufeng", {115.652, 22.919}, "EPSG:4548", {361708.348, 2536200.962}},
    {"Qingjiangpu", {119.026, 33.553}, "EPSG:4549", {409546.927, 3714505.899}},
    {"Lianyuan", {111.664, 27.693}, "EPSG:4546", {565497.283, 3064597.317}},
    {"Jiangyin with zone", {120.285, 31.911}, "EPSG:4528", {40526956.577, 3532019.017}},
    {"Lianyuan with zone", {111.664, 27.693}, "EPSG:4525", {37565497.283, 3064597.317}},
};

Transform made(const std::string& from, const std::string& to) {
  auto transform = Transform::create(from, to);
  EXPECT_TRUE(transform.ok()) << transform.error().message;
  return std::move(transform).value();
}

TEST(transform, places_of_the_five_districts_fall_where_the_registry_says_to_the_millimetre) {
  for (const Vector& v : kVectors) {
    for (const char* source : {"EPSG:4490", "EPSG:4326"}) {
      const Transform transform = made(source, v.crs);
      const auto out = transform.forward(v.lonlat);
      ASSERT_TRUE(out.has_value()) << v.place;
      EXPECT_NEAR(out->x, v.east_north.x, kTolerance_m) << v.place;
      EXPECT_NEAR(out->y, v.east_north.y, kTolerance_m) << v.place;
      const auto back = transform.inverse(*out);
      ASSERT_TRUE(back.has_value()) << v.place;
      EXPECT_NEAR(back->x, v.lonlat.x, 1e-9) << v.place;
      EXPECT_NEAR(back->y, v.lonlat.y, 1e-9) << v.place;
    }
  }
}

TEST(transform, own_zone_string_agrees_with_the_registry_and_follows_the_longitude) {
  for (const Vector& v : kVectors) {
    if (v.east_north.x > 1e7) continue;
    const auto out = made(kLonLatCrs, gauss_kruger_crs(v.lonlat.x)).forward(v.lonlat);
    ASSERT_TRUE(out.has_value()) << v.place;
    EXPECT_NEAR(out->x, v.east_north.x, kTolerance_m) << v.place;
    EXPECT_NEAR(out->y, v.east_north.y, kTolerance_m) << v.place;
  }
}

TEST(transform, batch_gives_the_points_one_by_one_and_counts_what_cannot_be_done) {
  const Transform transform = made(kLonLatCrs, "EPSG:4549");
  std::vector<Vec2d> points{{120, 31}, {120.5, 31.5}, {120, 95}, {121, 32}};
  const std::vector<Vec2d> given = points;
  EXPECT_EQ(transform.forward(points), 1u);
  for (const std::size_t i : {0u, 1u, 3u}) EXPECT_EQ(points[i], transform.forward(given[i])) << i;
  EXPECT_FALSE(transform.forward(given[2]).has_value());
  EXPECT_FALSE(transform.forward({std::nan(""), 1}).has_value());
}

TEST(transform, tells_degrees_from_metres) {
  const Transform transform = made(kLonLatCrs, "EPSG:4549");
  EXPECT_TRUE(transform.from_degrees());
  EXPECT_FALSE(transform.to_degrees());
}

TEST(transform, unknown_system_is_named_in_the_error) {
  const auto nonsense = Transform::create("EPSG:4326", "EPSG:nonsense");
  ASSERT_FALSE(nonsense.ok());
  EXPECT_NE(nonsense.error().message.find("EPSG:nonsense"), std::string::npos) << nonsense.error().message;
  EXPECT_EQ(nonsense.error().code, base::ErrorCode::InvalidArgument);
  EXPECT_FALSE(Transform::create("", "EPSG:4326").ok());
}

TEST(transform, geodesic_area_of_a_degree_square_at_the_equator_is_the_known_one) {
  const std::vector<Vec2d> square{{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  const std::vector<Vec2d> reversed(square.rbegin(), square.rend());
  EXPECT_NEAR(geodesic_area_m2(square), 12308778361.5, 1);  // Karney's Planimeter
  EXPECT_EQ(geodesic_area_m2(square), geodesic_area_m2(reversed));
  EXPECT_EQ(geodesic_area_m2({}), 0);
}

}  // namespace
}  // namespace gridwall::geo
