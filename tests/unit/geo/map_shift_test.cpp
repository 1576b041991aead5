#include "geo/map_shift.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include <fmt/format.h>

#include "base/random.hpp"

namespace gridwall::geo {
namespace {

using base::Vec2d;

double metres_between(Vec2d a, Vec2d b) {
  const double metres_per_degree = 111320;
  const double east = (a.x - b.x) * std::cos((a.y + b.y) / 2 * std::numbers::pi / 180);
  return std::hypot(east, a.y - b.y) * metres_per_degree;
}

double degrees_between(Vec2d a, Vec2d b) {
  return std::max(std::abs(a.x - b.x), std::abs(a.y - b.y));
}

struct Vector {
  const char* place;
  Vec2d wgs84, gcj02, bd09;
  double shift_gcj02_m, shift_bd09_m;
};

// Computed by another program from the published formulas; printed to eight digits and to the decimetre or metre.
constexpr Vector kVectors[] = {
    {"Jiangyin", {120.285, 31.911}, {120.28961481, 31.90904249}, {120.29618623, 31.91473088}, 487.0, 1134},
    {"Wujin", {119.942, 31.701}, {119.94668286, 31.69889919}, {119.95328836, 31.70456543}, 500.8, 1139},
    {"Lufeng", {115.652, 22.919}, {115.65658612, 22.91611692}, {115.66305892, 22.92223343}, 568.7, 1188},
    {"Qingjiangpu", {119.026, 33.553}, {119.03148930, 33.55161306}, {119.03788747, 33.55793218}, 531.5, 1231},
    {"Lianyuan", {111.664, 27.693}, {111.66942848, 27.68959084}, {111.67598222, 27.69529102}, 655.3, 1207},
    {"Beijing", {116.3972, 39.9075}, {116.40344336, 39.90890338}, {116.40981707, 39.91524401}, 554.9, 1378},
};

TEST(map_shift, carries_the_known_places_to_the_known_figures_and_back) {
  for (const Vector& v : kVectors) {
    EXPECT_LT(degrees_between(gcj02_from_wgs84(v.wgs84), v.gcj02), 0.6e-8) << v.place;
    EXPECT_LT(degrees_between(bd09_from_wgs84(v.wgs84), v.bd09), 0.6e-8) << v.place;
    EXPECT_LT(degrees_between(bd09_from_gcj02(v.gcj02), v.bd09), 1.2e-8) << v.place;
    EXPECT_LT(degrees_between(wgs84_from_gcj02(v.gcj02), v.wgs84), 1e-8) << v.place;
    EXPECT_LT(degrees_between(gcj02_from_bd09(v.bd09), v.gcj02), 1.2e-8) << v.place;
    EXPECT_LT(degrees_between(wgs84_from_bd09(v.bd09), v.wgs84), 1.2e-8) << v.place;
    // The printed lengths were measured on an ellipsoid; the sphere here is 0.5 % off at worst.
    EXPECT_NEAR(metres_between(v.wgs84, gcj02_from_wgs84(v.wgs84)), v.shift_gcj02_m, 0.005 * v.shift_gcj02_m);
    EXPECT_NEAR(metres_between(v.wgs84, bd09_from_wgs84(v.wgs84)), v.shift_bd09_m, 0.005 * v.shift_bd09_m);
  }
}

// A map vendor's document gives one place in three systems. Its WGS 84 is the one-step inverse, 1.75 m beside the exact
// one, so no better than 2.5 m may be asked of it; its BD-09 is printed to six digits.
TEST(map_shift, agrees_with_the_pair_of_a_map_vendors_document) {
  const Vec2d wgs84{120.021519, 30.281543}, gcj02{120.026268, 30.279164}, bd09{120.032768, 30.285238};
  EXPECT_LT(degrees_between(bd09_from_gcj02(gcj02), bd09), 1e-6);
  EXPECT_LT(degrees_between(gcj02_from_bd09(bd09), gcj02), 1e-6);
  EXPECT_LT(metres_between(wgs84_from_gcj02(gcj02), wgs84), 2.5);
  EXPECT_LT(metres_between(gcj02_from_wgs84(wgs84), gcj02), 2.5);
  const Vec2d one_step = gcj02 - (gcj02_from_wgs84(gcj02) - gcj02);
  EXPECT_LT(metres_between(one_step, wgs84), 0.1) << "the vendor's own form, by our formulas";
}

// Both points are rounded to five digits, so half a unit on either side.
TEST(map_shift, agrees_with_a_geographers_published_pair_at_its_printed_precision) {
  EXPECT_LT(degrees_between(gcj02_from_wgs84({116.42079, 39.90105}), {116.42703, 39.90245}), 1.01e-5);
}

// A city's live record carries both systems with 14 digits, made with the one-step form, which is 0.11 m off there.
TEST(map_shift, meets_a_citys_record_to_the_last_digit_in_one_step_and_to_the_steps_error_exactly) {
  const Vec2d bd09{117.04918347610868, 36.66600223072647}, gcj02{117.04261569143314, 36.66021865082022};
  EXPECT_LT(degrees_between(gcj02_from_bd09_in_one_step(bd09), gcj02), 3e-14);
  EXPECT_LT(metres_between(gcj02_from_bd09(bd09), gcj02), 0.12) << "what one step is off, and no more";
  EXPECT_LT(degrees_between(bd09_from_gcj02(gcj02_from_bd09(bd09)), bd09), 1e-12);
}

// The published formula as it is written everywhere, sine by sine.
Vec2d gcj02_as_published(Vec2d wgs84) {
  const double pi = std::numbers::pi, x = wgs84.x - 105, y = wgs84.y - 35;
  const double a = 6378245.0, ee = 0.00669342162296594323;
  double north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x));
  north += (20.0 * std::sin(6.0 * x * pi) + 20.0 * std::sin(2.0 * x * pi)) * 2.0 / 3.0;
  north += (20.0 * std::sin(y * pi) + 40.0 * std::sin(y / 3.0 * pi)) * 2.0 / 3.0;
  north += (160.0 * std::sin(y / 12.0 * pi) + 320 * std::sin(y * pi / 30.0)) * 2.0 / 3.0;
  double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x));
  east += (20.0 * std::sin(6.0 * x * pi) + 20.0 * std::sin(2.0 * x * pi)) * 2.0 / 3.0;
  east += (20.0 * std::sin(x * pi) + 40.0 * std::sin(x / 3.0 * pi)) * 2.0 / 3.0;
  east += (150.0 * std::sin(x / 12.0 * pi) + 300.0 * std::sin(x / 30.0 * pi)) * 2.0 / 3.0;
  const double phi = wgs84.y / 180.0 * pi, magic = 1 - ee * std::sin(phi) * std::sin(phi), root = std::sqrt(magic);
  return {wgs84.x + east * 180.0 / (a / root * std::cos(phi) * pi),
          wgs84.y + north * 180.0 / (a * (1 - ee) / (magic * root) * pi)};
}

TEST(map_shift, saves_sines_without_leaving_the_published_formula) {
  base::Random random(7);
  for (int i = 0; i < 10'000; ++i) {
    const Vec2d p{random.next_between(72.004, 137.8347), random.next_between(0.8293, 55.8271)};
    ASSERT_LT(degrees_between(gcj02_from_wgs84(p), gcj02_as_published(p)), 1e-13) << p.x << " " << p.y;
  }
}

TEST(map_shift, goes_there_and_back_within_a_micrometre_all_over_china) {
  constexpr double kTolerance_deg = 1e-11;
  base::Random random(20261122);
  double worst_gcj02 = 0, worst_bd09 = 0, worst_both = 0, worst_back = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Vec2d wgs84{random.next_between(73, 135), random.next_between(3, 54)};
    const Vec2d gcj02 = gcj02_from_wgs84(wgs84);
    ASSERT_GT(metres_between(wgs84, gcj02), 5) << wgs84.x << " " << wgs84.y;
    ASSERT_LT(metres_between(wgs84, gcj02), 1500) << wgs84.x << " " << wgs84.y;
    worst_gcj02 = std::max(worst_gcj02, degrees_between(wgs84_from_gcj02(gcj02), wgs84));
    worst_back = std::max(worst_back, degrees_between(gcj02_from_wgs84(wgs84_from_gcj02(wgs84)), wgs84));
    worst_bd09 = std::max(worst_bd09, degrees_between(gcj02_from_bd09(bd09_from_gcj02(gcj02)), gcj02));
    worst_both = std::max(worst_both, degrees_between(wgs84_from_bd09(bd09_from_wgs84(wgs84)), wgs84));
  }
  EXPECT_LT(worst_gcj02, kTolerance_deg);
  EXPECT_LT(worst_back, kTolerance_deg);
  EXPECT_LT(worst_bd09, kTolerance_deg);
  EXPECT_LT(worst_both, kTolerance_deg);
  RecordProperty("worst_gcj02_deg", fmt::format("{:.3g}", worst_gcj02));
  RecordProperty("worst_bd09_deg", fmt::format("{:.3g}", worst_bd09));
}

TEST(map_shift, converges_beside_the_lines_where_the_formula_has_no_slope) {
  for (const double dx : {0.0, 1e-15, 1e-13, -1e-12, 1e-10, -1e-8}) {
    for (const double dy : {0.0, 1e-13, -1e-9}) {
      const Vec2d wgs84{105 + dx, 35 + dy};
      EXPECT_LT(degrees_between(wgs84_from_gcj02(gcj02_from_wgs84(wgs84)), wgs84), 1e-11) << dx << " " << dy;
      EXPECT_LT(degrees_between(gcj02_from_wgs84(wgs84_from_gcj02(wgs84)), wgs84), 1e-11) << dx << " " << dy;
    }
  }
}

TEST(map_shift, shifts_nothing_outside_the_box_and_everything_on_its_edge) {
  const double low_x = 72.004, high_x = 137.8347, low_y = 0.8293, high_y = 55.8271;
  for (const Vec2d inside : {Vec2d{low_x, 30}, Vec2d{high_x, 30}, Vec2d{100, low_y}, Vec2d{100, high_y},
                             Vec2d{low_x, low_y}, Vec2d{high_x, high_y}, Vec2d{high_x, low_y}, Vec2d{low_x, high_y}}) {
    EXPECT_TRUE(in_shift_box(inside));
    EXPECT_NE(gcj02_from_wgs84(inside), inside);
    EXPECT_LT(degrees_between(wgs84_from_gcj02(gcj02_from_wgs84(inside)), inside), 1e-11)
        << inside.x << " " << inside.y;
    EXPECT_LT(degrees_between(wgs84_from_bd09(bd09_from_wgs84(inside)), inside), 1e-11) << inside.x << " " << inside.y;
    EXPECT_LT(degrees_between(gcj02_from_bd09(bd09_from_gcj02(inside)), inside), 1e-11) << inside.x << " " << inside.y;
  }
  for (const Vec2d outside : {Vec2d{72.0039, 30}, Vec2d{137.8348, 30}, Vec2d{100, 0.8292}, Vec2d{100, 55.8272},
                              Vec2d{-74, 40.7}, Vec2d{0, 0}, Vec2d{180, 90}, Vec2d{120, -90}, Vec2d{1e300, 30}}) {
    EXPECT_FALSE(in_shift_box(outside));
    EXPECT_EQ(gcj02_from_wgs84(outside), outside);
    EXPECT_EQ(bd09_from_wgs84(outside), outside);
    EXPECT_EQ(bd09_from_gcj02(outside), outside);
  }
  for (const Vec2d far : {Vec2d{71, 30}, Vec2d{71.97, 30}, Vec2d{137.87, 30}, Vec2d{100, 55.86}, Vec2d{139, 30},
                          Vec2d{100, 0.5}, Vec2d{100, 56}, Vec2d{-120, 30}}) {
    EXPECT_EQ(wgs84_from_gcj02(far), far);
    EXPECT_EQ(gcj02_from_bd09(far), far);
    EXPECT_EQ(wgs84_from_bd09(far), far);
  }
}

TEST(map_shift, leaves_what_is_not_finite_as_it_is) {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  for (const auto shift : {gcj02_from_wgs84, wgs84_from_gcj02, bd09_from_gcj02, gcj02_from_bd09, bd09_from_wgs84,
                           wgs84_from_bd09, gcj02_from_bd09_in_one_step}) {
    EXPECT_TRUE(std::isnan(shift({nan, 30}).x));
    EXPECT_EQ(shift({nan, 30}).y, 30);
    EXPECT_TRUE(std::isnan(shift({120, nan}).y));
    EXPECT_EQ(shift({infinity, 30}), (Vec2d{infinity, 30}));
    EXPECT_EQ(shift({120, -infinity}), (Vec2d{120, -infinity}));
    EXPECT_EQ(shift({1e308, 1e308}), (Vec2d{1e308, 1e308}));
  }
}

}  // namespace
}  // namespace gridwall::geo
