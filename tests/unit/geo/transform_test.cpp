#include "geo/transform.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "geo/map_shift.hpp"

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
    {"Wujin with zone", {119.942, 31.701}, "EPSG:4528", {40494501.687, 3508699.521}},
    {"Lufeng with zone", {115.652, 22.919}, "EPSG:4527", {39361708.348, 2536200.962}},
    {"Qingjiangpu with zone", {119.026, 33.553}, "EPSG:4528", {40409546.927, 3714505.899}},
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

// Lufeng lies 1.348 degrees from 117 and 1.652 from 114: a survey there may use either zone, and the same figures mean
// places 3 degrees apart. What the data say is taken, and no zone is chosen from where the place ought to be.
TEST(transform, a_district_near_the_edge_of_a_zone_lies_where_its_stated_zone_says) {
  const Vec2d east_north{361708.348, 2536200.962};
  const auto by_117 = made("EPSG:4548", kLonLatCrs).forward(east_north);
  const auto by_114 = made("EPSG:4547", kLonLatCrs).forward(east_north);
  ASSERT_TRUE(by_117 && by_114);
  EXPECT_NEAR(by_117->x, 115.652, 1e-8);
  EXPECT_NEAR(by_114->x, 112.652, 1e-8);
  const auto in_114 = made(kLonLatCrs, "EPSG:4547").forward({115.652, 22.919});
  ASSERT_TRUE(in_114);
  EXPECT_NEAR(made("EPSG:4547", kLonLatCrs).forward(*in_114)->x, 115.652, 1e-9) << "beyond the zone, and still right";
}

constexpr const char* kZone40Wkt =
    R"(PROJCS["CGCS2000_3_Degree_GK_Zone_40",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",)"
    R"(SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],)"
    R"(PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",40500000.0],PARAMETER["False_Northing",0.0],)"
    R"(PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],)"
    R"(UNIT["Meter",1.0]])";
constexpr const char* kCgcs2000Wkt =
    R"(GEOGCRS["CGCS2000",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101]],CS[ellipsoidal,2],)"
    R"(AXIS["Geodetic latitude",north,ORDER[1]],AXIS["Geodetic longitude",east,ORDER[2]],)"
    R"(ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",4490]])";
constexpr const char* kNorthingFirstWkt =
    R"(PROJCRS["by hand",BASEGEOGCRS["CGCS2000",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101]]],)"
    R"(CONVERSION["GK",METHOD["Transverse Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural origin",0,)"
    R"(ANGLEUNIT["degree",0.0174532925199433]],PARAMETER["Longitude of natural origin",120,)"
    R"(ANGLEUNIT["degree",0.0174532925199433]],PARAMETER["Scale factor at natural origin",1],)"
    R"(PARAMETER["False easting",40500000,LENGTHUNIT["metre",1]],PARAMETER["False northing",0,LENGTHUNIT["metre",1]]],)"
    R"(CS[Cartesian,2],AXIS["northing",north,ORDER[1]],AXIS["easting",east,ORDER[2]],LENGTHUNIT["metre",1]])";

void expect_x_is_east(const char* degrees, const char* zone) {
  const Vec2d lonlat{120.285, 31.911}, metres{40526956.577, 3532019.017};
  const Transform transform = made(degrees, zone);
  const auto there = transform.forward(lonlat), back = transform.inverse(metres);
  ASSERT_TRUE(there && back) << degrees << " to " << zone;
  EXPECT_NEAR(there->x, metres.x, kTolerance_m) << degrees << " to " << zone;
  EXPECT_NEAR(there->y, metres.y, kTolerance_m) << degrees << " to " << zone;
  EXPECT_NEAR(back->x, lonlat.x, 1e-7) << zone << " to " << degrees;
  EXPECT_NEAR(back->y, lonlat.y, 1e-7) << zone << " to " << degrees;
}

TEST(transform, x_is_east_in_every_written_form_of_systems_whose_authority_puts_north_first) {
  for (const char* degrees :
       {"EPSG:4326", "epsg:4326", "EPSG:4490", "urn:ogc:def:crs:EPSG::4490", "urn:ogc:def:crs:EPSG::4326",
        "http://www.opengis.net/def/crs/EPSG/0/4490", "urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84",
        "+proj=longlat +datum=WGS84 +no_defs", kCgcs2000Wkt}) {
    expect_x_is_east(degrees, "EPSG:4528");
  }
  for (const char* zone : {"urn:ogc:def:crs:EPSG::4528", kZone40Wkt, kNorthingFirstWkt,
                           "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=40500000 +y_0=0 +ellps=GRS80 +units=m"}) {
    expect_x_is_east("EPSG:4490", zone);
  }
  expect_x_is_east(kCgcs2000Wkt, kNorthingFirstWkt);
}

TEST(transform, shifted_systems_lead_everywhere_and_back) {
  const Vec2d wgs84{120.285, 31.911};
  for (const char* name : {"GCJ-02", "GCJ02", "gcj_02", "gcj 02", "BD-09", "bd09", "BD_09", "BD 09", "bd09ll"}) {
    const bool baidu = name[0] == 'B' || name[0] == 'b';
    const Vec2d shifted = baidu ? bd09_from_wgs84(wgs84) : gcj02_from_wgs84(wgs84);
    const Transform to_lonlat = made(name, kLonLatCrs), from_lonlat = made(kLonLatCrs, name);
    EXPECT_TRUE(to_lonlat.from_degrees() && to_lonlat.to_degrees() && from_lonlat.to_degrees());
    EXPECT_NEAR(to_lonlat.forward(shifted)->x, wgs84.x, 1e-11) << name;
    EXPECT_NEAR(to_lonlat.forward(shifted)->y, wgs84.y, 1e-11) << name;
    EXPECT_NEAR(from_lonlat.forward(wgs84)->x, shifted.x, 1e-11) << name;
    EXPECT_NEAR(from_lonlat.inverse(shifted)->y, wgs84.y, 1e-11) << name;
  }
  for (const char* name : {"GCJ-02", "BD-09"}) {
    const Vec2d shifted = name[0] == 'B' ? bd09_from_wgs84(wgs84) : gcj02_from_wgs84(wgs84);
    const Transform to_zone = made(name, "EPSG:4528"), from_zone = made("EPSG:4549", name);
    EXPECT_NEAR(to_zone.forward(shifted)->x, 40526956.577, kTolerance_m) << name;
    EXPECT_NEAR(to_zone.inverse({40526956.577, 3532019.017})->x, shifted.x, 2e-8) << name;
    EXPECT_NEAR(from_zone.forward({526956.577, 3532019.017})->y, shifted.y, 2e-8) << name;
  }
  const Transform between = made("BD-09", "GCJ-02");
  EXPECT_NEAR(between.forward({120.29618623, 31.91473088})->x, 120.28961481, 2e-8);
  EXPECT_NEAR(between.inverse({120.28961481, 31.90904249})->y, 31.91473088, 2e-8);
}

TEST(transform, batch_of_a_shifted_system_gives_the_points_one_by_one_and_counts_what_cannot_be_done) {
  for (const char* target : {"EPSG:4326", "EPSG:4528", "GCJ-02"}) {
    const Transform transform = made("BD-09", target);
    std::vector<Vec2d> points{{120, 31},           {std::nan(""), 31}, {-74, 40.7},
                              {40526956, 3532019}, {120.5, HUGE_VAL},  {121, 32}};
    const std::vector<Vec2d> given = points;
    EXPECT_EQ(transform.forward(points), 3u) << target;
    for (const std::size_t i : {0u, 2u, 5u}) EXPECT_EQ(points[i], transform.forward(given[i])) << target << i;
    for (const std::size_t i : {1u, 3u, 4u}) EXPECT_FALSE(transform.forward(given[i]).has_value()) << target << i;
    for (const std::size_t i : {1u, 3u, 4u}) EXPECT_TRUE(std::isinf(points[i].x)) << target << i;
  }
}

// A made-up city system: the zone's metres turned, scaled and moved by four parameters.
constexpr double kTurn_arcsec = 3600, kScale = 1.00002, kMoveX_m = -450'000, kMoveY_m = -3'480'000;
constexpr const char* kCitySystem =
    "+proj=pipeline "
    "+step +inv +proj=helmert +x=-450000 +y=-3480000 +s=1.00002 +theta=3600 "
    "+step +inv +proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg";

// The two-dimensional Helmert transform as textbooks have it; PROJ counts the angle clockwise.
Vec2d city_from_zone(Vec2d zone) {
  const double angle = kTurn_arcsec / 3600 * std::numbers::pi / 180;
  const double c = kScale * std::cos(angle), s = kScale * std::sin(angle);
  return {c * zone.x + s * zone.y + kMoveX_m, -s * zone.x + c * zone.y + kMoveY_m};
}

TEST(transform, a_deployers_pipeline_leads_from_the_citys_own_system_and_back) {
  const Transform to_lonlat = made(kCitySystem, kLonLatCrs), to_zone = made(kCitySystem, "EPSG:4528");
  const Transform to_gcj02 = made(kCitySystem, "GCJ-02");
  EXPECT_FALSE(to_lonlat.from_degrees());
  std::vector<Vec2d> batch;
  for (const Vector& v : kVectors) {
    if (std::string(v.crs) != "EPSG:4549") continue;
    const Vec2d city = city_from_zone(v.east_north);
    batch.push_back(city);
    ASSERT_TRUE(to_lonlat.forward(city)) << v.place;
    EXPECT_NEAR(to_lonlat.forward(city)->x, v.lonlat.x, 2e-8) << v.place;
    EXPECT_NEAR(to_lonlat.forward(city)->y, v.lonlat.y, 2e-8) << v.place;
    EXPECT_NEAR(to_zone.forward(city)->x, 40e6 + v.east_north.x, kTolerance_m) << v.place;
    EXPECT_NEAR(to_zone.inverse(*to_zone.forward(city))->y, city.y, 1e-4) << v.place;
    EXPECT_NEAR(to_lonlat.inverse(v.lonlat)->x, city.x, 2 * kTolerance_m) << v.place;
    EXPECT_NEAR(to_gcj02.forward(city)->x, gcj02_from_wgs84(v.lonlat).x, 2e-8) << v.place;
  }
  const std::vector<Vec2d> given = batch;
  batch.push_back({std::nan(""), 0});
  EXPECT_EQ(to_zone.forward(batch), 1u);
  for (std::size_t i = 0; i < given.size(); ++i) EXPECT_EQ(batch[i], to_zone.forward(given[i]));
}

TEST(transform, a_pipeline_takes_the_files_order_and_swaps_only_where_it_says_so) {
  const std::string tail =
      "+step +inv +proj=tmerc +lon_0=120 +x_0=500000 +ellps=GRS80 +step +proj=unitconvert +xy_in=rad "
      "+xy_out=deg";
  const Transform straight = made("+proj=pipeline " + tail, kLonLatCrs);
  const Transform swapped = made("+proj=pipeline +step +proj=axisswap +order=2,1 " + tail, kLonLatCrs);
  EXPECT_NEAR(straight.forward({526956.577, 3532019.017})->x, 120.285, 1e-7);
  EXPECT_NEAR(swapped.forward({3532019.017, 526956.577})->x, 120.285, 1e-7);
}

TEST(transform, a_pipeline_that_does_not_end_in_degrees_carries_nothing_or_is_refused) {
  const auto radians = Transform::create("+proj=pipeline +step +inv +proj=tmerc +lon_0=120 +ellps=GRS80", kLonLatCrs);
  ASSERT_FALSE(radians.ok());
  EXPECT_NE(radians.error().message.find("ends in radians; end it with"), std::string::npos);
  const auto begins = Transform::create("+proj=pipeline +step +proj=tmerc +lon_0=120 +ellps=GRS80", kLonLatCrs);
  ASSERT_FALSE(begins.ok());
  EXPECT_NE(begins.error().message.find("begins in radians"), std::string::npos);
  const Transform metres = made("+proj=pipeline +step +proj=affine +xoff=1", "EPSG:4528");
  EXPECT_FALSE(metres.forward({526956, 3532019}).has_value()) << "metres at the end of a pipeline are no degrees";
  EXPECT_TRUE(metres.forward({119, 31}).has_value());
  for (const char* degrees : {kLonLatCrs, "GCJ-02"}) {
    const Transform to_degrees = made("+proj=pipeline +step +proj=affine +xoff=1", degrees);
    EXPECT_FALSE(to_degrees.forward({526956, 3532019}).has_value()) << degrees;
    EXPECT_TRUE(to_degrees.forward({119, 31}).has_value()) << degrees;
  }
}

TEST(transform, what_cannot_be_used_is_refused_with_a_sentence_that_says_what_can) {
  struct Case {
    const char *from, *to, *expected;
  };
  const Case cases[] = {
      {"the city's own", kLonLatCrs, "write EPSG:n, GCJ-02, BD-09, WKT, a PROJ string, or +proj=pipeline"},
      {kLonLatCrs, "GCJ", "write EPSG:n, GCJ-02, BD-09"},
      {"BD09MC", kLonLatCrs, "Baidu's metres"},
      {kLonLatCrs, "bd-09-mc", "Baidu's metres"},
      {kLonLatCrs, kCitySystem, "can only say where coordinates come from"},
      {"+proj=pipeline", kLonLatCrs, "the PROJ pipeline '+proj=pipeline' cannot be used"},
      {"+proj=pipeline +step +proj=hgridshift +grids=not_here.gsb", kLonLatCrs, "none is fetched from a network"},
      {"+proj=pipeline +step +proj=hgridshift +grids=https://127.0.0.1:1/x.tif", kLonLatCrs, "cannot be used"},
      {"+proj=pipeline +step +proj=nonsense", kLonLatCrs, "cannot be used"},
      {"+proj=helmert +x=3", kLonLatCrs, "no way from"},
  };
  for (const Case& it : cases) {
    const auto made = Transform::create(it.from, it.to);
    ASSERT_FALSE(made.ok()) << it.from;
    EXPECT_NE(made.error().message.find(it.expected), std::string::npos) << made.error().message;
  }
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
