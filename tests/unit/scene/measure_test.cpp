#include "scene/measure.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace gridwall::scene {
namespace {

using base::Vec2d;

constexpr double kEdge = 1e6;  // where the flat ground ends

// A flat ground, on which a metre is a metre.
GroundTools flat_ground() {
  GroundTools tools;
  tools.leg = [](Vec2d a, Vec2d b) -> std::optional<Measured> {
    if (std::abs(b.x) > kEdge) return std::nullopt;
    const double azimuth = std::atan2(b.x - a.x, b.y - a.y) * 180 / std::numbers::pi;
    return Measured{std::hypot(b.x - a.x, b.y - a.y), azimuth < 0 ? azimuth + 360 : azimuth};
  };
  tools.area_m2 = [](std::span<const Vec2d> ring) -> std::optional<double> {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vec2d a = ring[i], b = ring[(i + 1) % ring.size()];
      sum += a.x * b.y - b.x * a.y;
    }
    return std::abs(sum) / 2;
  };
  tools.course = [](Vec2d a, Vec2d b, int part_count) {
    std::vector<Vec2d> points;
    for (int i = 0; i <= part_count; ++i) points.push_back(a + (b - a) * (static_cast<double>(i) / part_count));
    return points;
  };
  tools.ring = [](Vec2d, double, int) { return std::vector<Vec2d>{}; };
  return tools;
}

class MeasureTest : public testing::Test {
 protected:
  MeasureTest() { measure.toggle(); }
  void click_all(std::initializer_list<Vec2d> points) {
    for (const Vec2d point : points) measure.click(point, 5);
  }
  Measure measure{flat_ground()};
};

TEST_F(MeasureTest, each_click_adds_a_leg_and_the_last_one_follows_the_pointer) {
  click_all({{0, 0}, {300, 0}});
  measure.point_at(Vec2d{300, -400});
  ASSERT_EQ(measure.legs().size(), 1u);
  EXPECT_EQ(measure.legs()[0].measured, (Measured{300, 90}));
  EXPECT_EQ(measure.open_leg()->measured, (Measured{400, 180}));
  EXPECT_EQ(measure.total_m(), 700);
  measure.point_at(std::nullopt);
  EXPECT_FALSE(measure.open_leg().has_value());
  EXPECT_EQ(measure.total_m(), 300);
}

TEST_F(MeasureTest, a_click_at_the_first_of_three_points_closes_and_the_next_begins_anew) {
  click_all({{0, 0}, {300, 0}, {2, 2}});
  EXPECT_FALSE(measure.is_closed());  // two points make no polygon: that was a third
  EXPECT_EQ(measure.points().size(), 3u);
  measure.undo();
  click_all({{300, 400}, {3, -3}});
  ASSERT_TRUE(measure.is_closed());
  EXPECT_EQ(measure.total_m(), 300 + 400 + 500);
  EXPECT_EQ(measure.area_m2(), 300 * 400 / 2);
  measure.point_at(Vec2d{50, 50});
  EXPECT_FALSE(measure.open_leg().has_value());
  click_all({{900, 900}});
  EXPECT_FALSE(measure.is_closed());
  EXPECT_EQ(measure.points().size(), 1u);
  EXPECT_FALSE(measure.area_m2().has_value());
}

TEST_F(MeasureTest, closing_needs_three_points) {
  EXPECT_FALSE(measure.close());
  click_all({{0, 0}, {300, 0}});
  EXPECT_FALSE(measure.close());
  click_all({{300, 400}});
  EXPECT_TRUE(measure.close());
  EXPECT_FALSE(measure.close());
}

TEST_F(MeasureTest, backspace_opens_what_is_closed_then_takes_points_back) {
  click_all({{0, 0}, {300, 0}, {300, 400}});
  ASSERT_TRUE(measure.close());
  measure.undo();
  EXPECT_FALSE(measure.is_closed());
  EXPECT_EQ(measure.points().size(), 3u);
  EXPECT_EQ(measure.total_m(), 700);
  for (int i = 0; i < 5; ++i) measure.undo();
  EXPECT_TRUE(measure.points().empty());
  EXPECT_EQ(measure.total_m(), 0);
  EXPECT_TRUE(measure.is_on());
}

TEST_F(MeasureTest, ending_forgets_everything_and_clicks_then_do_nothing) {
  click_all({{0, 0}, {300, 0}});
  measure.point_at(Vec2d{10, 10});
  measure.toggle();
  EXPECT_FALSE(measure.is_on());
  click_all({{0, 0}});
  EXPECT_TRUE(measure.points().empty());
  EXPECT_TRUE(measure.legs().empty());
  EXPECT_FALSE(measure.open_leg().has_value());
  measure.toggle();
  EXPECT_TRUE(measure.is_on());
  EXPECT_TRUE(measure.points().empty());
}

TEST_F(MeasureTest, a_double_click_sets_one_point) {
  click_all({{0, 0}, {300, 0}, {301, 1}});
  EXPECT_EQ(measure.points().size(), 2u);
}

TEST_F(MeasureTest, beyond_the_projection_nothing_is_set) {
  click_all({{2 * kEdge, 0}});
  EXPECT_TRUE(measure.points().empty());
  click_all({{0, 0}, {2 * kEdge, 0}});
  EXPECT_EQ(measure.points().size(), 1u);
  measure.point_at(Vec2d{2 * kEdge, 0});
  EXPECT_FALSE(measure.open_leg().has_value());
}

TEST_F(MeasureTest, edges_that_cross_have_no_area) {
  click_all({{0, 0}, {300, 300}, {300, 0}, {0, 300}});
  ASSERT_TRUE(measure.close());
  EXPECT_TRUE(measure.is_crossing());
  EXPECT_FALSE(measure.area_m2().has_value());
  measure.undo();
  EXPECT_FALSE(measure.is_crossing());
  const Vec2d square[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}}, touching[] = {{0, 0}, {2, 0}, {1, 1}, {1, 0}};
  EXPECT_FALSE(edges_cross(square));
  EXPECT_TRUE(edges_cross(touching));
}

TEST_F(MeasureTest, only_a_long_leg_is_bent) {
  click_all({{0, 0}, {300, 0}, {100'000, 0}});
  EXPECT_EQ(measure.legs()[0].course_world.size(), 2u);
  EXPECT_GT(measure.legs()[1].course_world.size(), 10u);
}

TEST(Measure, rings_are_round_and_three_to_seven) {
  for (double reach = 0.7; reach < 3e6; reach *= 1.31) {
    const auto radii = ring_radii_m(reach);
    EXPECT_GE(radii.size(), 3u) << reach;
    EXPECT_LE(radii.size(), 7u) << reach;
    EXPECT_LE(radii.back(), reach);
    const double digit = radii[0] / std::pow(10, std::floor(std::log10(radii[0]) + 1e-9));
    EXPECT_TRUE(std::abs(digit - 1) < 1e-6 || std::abs(digit - 2) < 1e-6 || std::abs(digit - 5) < 1e-6) << digit;
  }
  EXPECT_EQ(ring_radii_m(3500), (std::vector<double>{1000, 2000, 3000}));
  EXPECT_TRUE(ring_radii_m(0).empty());
}

}  // namespace
}  // namespace gridwall::scene
