#include "geo/crs_doubts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "geo/transform.hpp"

namespace gridwall::geo {
namespace {

using base::Box2d;
using base::Vec2d;

Box2d around(Vec2d center, double reach) {
  return {{center.x - reach, center.y - reach}, {center.x + reach, center.y + reach}};
}
Box2d swapped(const Box2d& box) {
  return {{box.min.y, box.min.x}, {box.max.y, box.max.x}};
}
std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

struct District {
  const char* place;
  Vec2d lonlat;
  int zone;
  const char *plain, *prefixed;
  Vec2d east_north;
};
constexpr District kDistricts[] = {
    {"Jiangyin", {120.285, 31.911}, 40, "EPSG:4549", "EPSG:4528", {526956.577, 3532019.017}},
    {"Wujin", {119.942, 31.701}, 40, "EPSG:4549", "EPSG:4528", {494501.687, 3508699.521}},
    {"Lufeng", {115.652, 22.919}, 39, "EPSG:4548", "EPSG:4527", {361708.348, 2536200.962}},
    {"Qingjiangpu", {119.026, 33.553}, 40, "EPSG:4549", "EPSG:4528", {409546.927, 3714505.899}},
    {"Lianyuan", {111.664, 27.693}, 37, "EPSG:4546", "EPSG:4525", {565497.283, 3064597.317}},
};
Box2d plain_box(const District& d) {
  return around(d.east_north, 20'000);
}
Box2d prefixed_box(const District& d) {
  return around(d.east_north + Vec2d{d.zone * 1e6, 0}, 20'000);
}

void expect_one(const std::string& crs, const Box2d& box, const std::vector<std::string>& words) {
  const auto doubts = crs_doubts(crs, box);
  ASSERT_EQ(doubts.size(), 1u) << crs << ": " << joined(doubts);
  for (const std::string& word : words) EXPECT_NE(doubts[0].find(word), std::string::npos) << doubts[0] << "\n" << word;
}
void expect_none(const std::string& crs, const Box2d& box) {
  EXPECT_EQ(joined(crs_doubts(crs, box)), "") << crs;
}

TEST(crs_doubts, says_nothing_where_figures_and_system_agree) {
  for (const District& d : kDistricts) {
    expect_none("EPSG:4490", around(d.lonlat, 0.2));
    expect_none("GCJ-02", around(d.lonlat, 0.2));
    expect_none(d.plain, plain_box(d));
    expect_none(d.prefixed, prefixed_box(d));
    expect_none(gauss_kruger_crs(d.lonlat.x), plain_box(d));
  }
  expect_none("EPSG:3857", around({13390164, 3752270}, 30'000));
}

TEST(crs_doubts, says_nothing_of_the_rest_of_the_world) {
  expect_none("EPSG:4326", {{-180, -90}, {180, 84}});
  expect_none("EPSG:4326", {{-125, 24}, {-66, 50}});
  expect_none("EPSG:4326", {{10, 76}, {33.6, 80.8}});    // Svalbard
  expect_none("EPSG:4326", {{19, 79}, {27, 80.5}});      // its east alone
  expect_none("EPSG:4326", {{23, 70.1}, {31.2, 71.2}});  // northernmost Norway
  expect_none("EPSG:4326", {{44, 79.7}, {65.5, 81.9}});  // Franz Josef Land
  expect_none("EPSG:32632", {{250'000, 5'200'000}, {800'000, 6'100'000}});
  expect_none("EPSG:2154", {{100'000, 6'050'000}, {1'240'000, 7'100'000}});
}

TEST(crs_doubts, says_nothing_without_figures_or_without_a_system_that_is_understood) {
  expect_none("EPSG:4490", {});
  expect_none("EPSG:4490", {{std::nan(""), 0}, {1, 1}});
  expect_none("EPSG:4490", {{0, 0}, {std::numeric_limits<double>::infinity(), 1}});
  expect_none("the city's own", around({120, 31}, 1));
  expect_none("", around({120, 31}, 1));
  expect_none("+proj=pipeline +step +proj=noop", around({120, 31}, 1));
}

TEST(crs_doubts, names_the_zone_that_metres_under_stated_degrees_begin_with) {
  for (const District& d : kDistricts) {
    for (const char* degrees : {"EPSG:4490", "EPSG:4326", "GCJ-02", "bd09"}) {
      expect_one(degrees, prefixed_box(d),
                 {"counts degrees", fmt::format("3-degree zone {} ", d.zone), fmt::format("say --crs {}", d.prefixed),
                  fmt::format("{:.0f}", prefixed_box(d).min.x)});
    }
    expect_one("EPSG:4490", swapped(prefixed_box(d)),
               {fmt::format("--crs {} --axes yx", d.prefixed), "northing before"});
    // Without a number the zone cannot be told from the figures, least of all Lufeng's, which lies beside two.
    expect_one("EPSG:4490", plain_box(d), {"without the zone's number", "the zone must be known", "4534", "4554"});
    EXPECT_EQ(crs_doubts("EPSG:4490", plain_box(d))[0].find(d.plain), std::string::npos);
  }
  expect_one("EPSG:4490", around({20'526'956, 3'532'019}, 20'000), {"6-degree zone 20 ", "--crs EPSG:4498"});
  expect_one("EPSG:4490", around({13'500'000, 4'400'000}, 20'000), {"6-degree zone 13 ", "EPSG:4491", "EPSG:3857"});
  expect_one("EPSG:4326", around({13'390'164, 3'752'270}, 30'000), {"EPSG:3857"});
  expect_one("EPSG:4326", around({1e9, 1e9}, 10), {"metres or another unit", "--crs"});
  expect_one("EPSG:4326", {{119, 31}, {121, 3'500'000}}, {"metres or another unit"});
}

TEST(crs_doubts, tells_degrees_under_a_system_of_metres) {
  for (const District& d : kDistricts) {
    expect_one(d.plain, around(d.lonlat, 0.2),
               {"counts metres", "degrees of longitude and latitude", "--crs EPSG:4490"});
    expect_one(d.prefixed, swapped(around(d.lonlat, 0.2)), {"latitude before longitude", "--axes yx"});
  }
  expect_one("EPSG:3857", around({-74, 40.7}, 0.2), {"counts metres", "EPSG:4326"});
}

TEST(crs_doubts, names_the_sibling_code_where_the_zones_number_is_there_or_missing_against_the_system) {
  for (const District& d : kDistricts) {
    expect_one(d.plain, prefixed_box(d),
               {fmt::format("zone {} ", d.zone), "the same", fmt::format("say --crs {}", d.prefixed)});
    expect_one(d.prefixed, plain_box(d), {"without the zone's number", fmt::format("say --crs {}", d.plain)});
    expect_one(gauss_kruger_crs(d.lonlat.x), prefixed_box(d), {fmt::format("say --crs {}", d.prefixed)});
  }
  // Lufeng's data in zone 39 under the county's supposed zone 38: the figures decide, with or without a number stated.
  expect_one("EPSG:4526", prefixed_box(kDistricts[2]), {"begin with zone 39", "117, not 114", "--crs EPSG:4527"});
  expect_one("EPSG:4547", prefixed_box(kDistricts[2]), {"begin with zone 39", "117, not 114", "--crs EPSG:4527"});
  expect_one("EPSG:4528", around({20'526'956, 3'532'019}, 20'000), {"6 degrees wide", "--crs EPSG:4498"});
}

TEST(crs_doubts, takes_zone_and_prefix_from_the_system_itself_where_it_is_wkt) {
  const auto wkt = [](const char* datum, const char* false_easting) {
    return fmt::format(
        R"(PROJCS["by_hand",GEOGCS["x",DATUM["{}",SPHEROID["x",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],)"
        R"(UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{}],)"
        R"(PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],)"
        R"(PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]])",
        datum, false_easting);
  };
  const Box2d plain = plain_box(kDistricts[0]), prefixed = prefixed_box(kDistricts[0]);
  expect_one(wkt("D_China_2000", "500000.0"), prefixed, {"by_hand", "--crs EPSG:4528"});
  expect_one(wkt("D_China_2000", "40500000.0"), plain, {"by_hand", "--crs EPSG:4549"});
  expect_one(wkt("D_Xian_1980", "500000.0"), prefixed, {"--crs EPSG:2364"});
  expect_one(wkt("D_Beijing_1954", "40500000.0"), plain, {"--crs EPSG:2437"});
  expect_none(wkt("D_China_2000", "500000.0"), plain);
  expect_none(wkt("D_China_2000", "40500000.0"), prefixed);
}

TEST(crs_doubts, every_code_of_the_registry_has_the_sibling_that_only_differs_by_the_zones_number) {
  struct Family {
    int prefixed, plain, count, first_zone, width;
  };
  for (const Family& f :
       {Family{4513, 4534, 21, 25, 3}, Family{4491, 4502, 11, 13, 6}, Family{2349, 2370, 21, 25, 3},
        Family{2327, 2338, 11, 13, 6}, Family{2401, 2422, 21, 25, 3}, Family{21413, 21453, 11, 13, 6}}) {
    for (int i = 0; i < f.count; ++i) {
      const int zone = f.first_zone + i;
      const Vec2d plain{500'000, 5'000'000}, prefixed{zone * 1e6 + 500'000, 5'000'000};
      expect_one(fmt::format("EPSG:{}", f.plain + i), around(prefixed, 1000),
                 {fmt::format("--crs EPSG:{}", f.prefixed + i)});
      expect_one(fmt::format("EPSG:{}", f.prefixed + i), around(plain, 1000),
                 {fmt::format("--crs EPSG:{}", f.plain + i)});
    }
  }
}

TEST(crs_doubts, tells_swapped_axes_of_metres_and_the_wrong_prefix_beside_them) {
  for (const District& d : kDistricts) {
    expect_one(d.plain, swapped(plain_box(d)),
               {"x looks like a northing", "--axes yx", fmt::format("{:.0f}", plain_box(d).min.y)});
    expect_one(d.prefixed, swapped(prefixed_box(d)), {"x looks like a northing", "--axes yx"});
    const auto both = crs_doubts(d.plain, swapped(prefixed_box(d)));
    ASSERT_EQ(both.size(), 2u) << joined(both);
    EXPECT_NE(both[0].find("--axes yx"), std::string::npos);
    EXPECT_NE(both[1].find(fmt::format("--crs {}", d.prefixed)), std::string::npos);
  }
}

TEST(crs_doubts, tells_swapped_axes_of_degrees) {
  for (const District& d : kDistricts) {
    for (const char* crs : {"EPSG:4490", "EPSG:4326", "GCJ-02", "BD-09"}) {
      expect_one(crs, swapped(around(d.lonlat, 0.2)), {"look swapped", "--axes yx", "no latitude of China"});
    }
  }
  const Box2d kashgar = around({76, 39.5}, 0.3);  // its longitude could be a latitude
  expect_one("EPSG:4490", swapped(kashgar), {"--axes yx"});
  expect_one("EPSG:4326", swapped(kashgar), {"--axes yx"});
  expect_one("EPSG:4490", {{44, 79.7}, {54, 81.9}}, {"--axes yx"});
  expect_one("EPSG:4490", around({-74, 40.7}, 1), {"a system of China", "--axes yx"});
}

TEST(crs_doubts, tells_a_layer_far_outside_the_area_of_its_system_in_degrees) {
  // 15,000 km of easting in a plain zone: no pattern of China.
  expect_one("EPSG:4549", around({3'000'000, 4'000'000}, 20'000), {"far outside", "118.50 to 121.50", "longitude 14"});
  expect_one("EPSG:4549", around({500'000, 800'000}, 20'000), {"far outside", "latitude 7."});
  expect_none("EPSG:4548", around({361'708, 2'536'200}, 20'000));
  // A district that hangs half over a zone's edge keeps its zone.
  expect_none("EPSG:4547", around({784'000, 2'536'200}, 14'000));
  expect_one("EPSG:4490", around({100, 5}, 0.2), {"far outside"});
  expect_one("EPSG:4258", around({116, 40}, 0.2), {"far outside"});
}

TEST(crs_doubts, tells_that_an_old_datum_is_taken_over_without_a_transformation) {
  const Box2d plain = plain_box(kDistricts[0]);
  expect_one("EPSG:2385", plain, {"Xian 1980", "no transformation", "here", "100 m off", "+proj=pipeline"});
  expect_one("EPSG:4610", around({120.285, 31.911}, 0.1), {"no transformation"});
  expect_one("EPSG:4214", around({119, 38.5}, 0.1), {"Beijing 1954", "no transformation"});
  expect_one("EPSG:2437", plain, {"Beijing 1954", "good to 15 m only", "+proj=pipeline"});
  // The figures' own sentence comes first and alone.
  expect_one("EPSG:2385", prefixed_box(kDistricts[0]), {"--crs EPSG:2364"});
}

TEST(crs_doubts, keeps_its_sentences_short_whatever_the_figures) {
  for (const char* crs : {"EPSG:4490", "EPSG:4528", "EPSG:3857", "BD-09"}) {
    for (const Box2d& box :
         {Box2d{{-1e308, -1e308}, {1e308, 1e308}}, Box2d{{1e300, 0}, {1e308, 1}}, Box2d{{0, 0}, {0, 0}}}) {
      for (const std::string& line : crs_doubts(crs, box)) EXPECT_LT(line.size(), 500u) << line;
    }
  }
}

TEST(crs_doubts, hints_at_what_figures_without_any_system_look_like) {
  for (const District& d : kDistricts) {
    EXPECT_NE(crs_hint(prefixed_box(d)).find(d.prefixed), std::string::npos) << crs_hint(prefixed_box(d));
    EXPECT_NE(crs_hint(plain_box(d)).find("the zone must be known"), std::string::npos) << crs_hint(plain_box(d));
    EXPECT_NE(crs_hint(around(d.lonlat, 0.2)).find("GCJ-02"), std::string::npos);
    EXPECT_NE(crs_hint(swapped(around(d.lonlat, 0.2))).find("--axes yx"), std::string::npos);
  }
  EXPECT_EQ(crs_hint({}), "");
  EXPECT_EQ(crs_hint(around({-74, 40.7}, 1)), "");
  EXPECT_EQ(crs_hint({{0, 0}, {std::nan(""), 1}}), "");
}

}  // namespace
}  // namespace gridwall::geo
