#include "geo/shift_check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/random.hpp"
#include "geo/map_shift.hpp"

namespace gridwall::geo {
namespace {

using base::Vec2d;

// A district of 35 km in cells of about 200 m, all in WGS 84; a cell's number is its code.
constexpr Vec2d kMiddle{120.285, 31.911};
constexpr double kReach_deg = 0.16, kCell_deg = 0.002;

bool inside(Vec2d p) {
  return std::hypot((p.x - kMiddle.x) * 0.85, p.y - kMiddle.y) <= kReach_deg;
}
std::int64_t code_of(Vec2d p) {
  if (!inside(p)) return -1;
  return std::llround(std::floor(p.x / kCell_deg)) * 1'000'000 + std::llround(std::floor(p.y / kCell_deg));
}

struct Sample {
  std::vector<Vec2d> points;
  std::vector<std::int64_t> codes;

  [[nodiscard]] ShiftReport by_code() const {
    return shift_check(points, [this](std::size_t i, Vec2d p) { return code_of(p) == codes[i]; });
  }
  [[nodiscard]] ShiftReport by_district() const {
    return shift_check(points, [](std::size_t, Vec2d p) { return inside(p); });
  }
};

// Places in the district, told as `told` makes of them, with the noise of a phone's position.
template <typename Told>
Sample sample(std::size_t count, std::uint64_t seed, const Told& told) {
  base::Random random(seed);
  Sample out;
  while (out.points.size() < count) {
    const Vec2d place{kMiddle.x + random.next_between(-0.2, 0.2), kMiddle.y + random.next_between(-0.2, 0.2)};
    if (!inside(place)) continue;
    const Vec2d noise{random.next_normal() * 5e-5, random.next_normal() * 5e-5};
    out.points.push_back(told(place + noise));
    out.codes.push_back(code_of(place));
  }
  return out;
}

Vec2d unshifted(Vec2d p) {
  return p;
}

struct Case {
  Vec2d (*told)(Vec2d);
  Reading reading;
  double shift_m;
  const char* word;
};
// The last two: the points are what they should be, and only the polygons are figures of a shifted system, which looks
// as if the points had been carried the other way.
constexpr Case kCases[] = {
    {gcj02_from_wgs84, Reading::PointsGcj02, 487, "if they are GCJ-02"},
    {bd09_from_wgs84, Reading::PointsBd09, 1134, "if they are BD-09"},
    {wgs84_from_gcj02, Reading::PolygonsGcj02, 487, "--crs GCJ-02 for the polygons' layer"},
    {wgs84_from_bd09, Reading::PolygonsBd09, 1134, "--crs BD-09 for the polygons' layer"},
};

TEST(shift_check, recognises_each_shift_by_the_codes_of_a_few_dozen_points_and_tells_the_figures) {
  for (const Case& it : kCases) {
    for (const std::size_t count : {25u, 200u}) {
      const ShiftReport report = sample(count, 7, it.told).by_code();
      EXPECT_EQ(report.point_count, count);
      EXPECT_EQ(report.best, it.reading) << it.word;
      EXPECT_LT(report.share(Reading::AsStated), 0.1) << it.word;
      EXPECT_GT(report.share(it.reading), 0.9) << it.word;
      EXPECT_NEAR(report.shift_m_mean, it.shift_m, 30) << it.word;
      const auto doubt = shift_doubt(report, "points of '/app'", "lie in the grid that their code names");
      ASSERT_TRUE(doubt.has_value()) << it.word;
      EXPECT_NE(doubt->find(it.word), std::string::npos) << *doubt;
      EXPECT_NE(doubt->find("points of '/app'"), std::string::npos) << *doubt;
      EXPECT_NE(doubt->find(std::to_string(report.of(it.reading).right_count)), std::string::npos) << *doubt;
    }
  }
}

TEST(shift_check, recognises_each_shift_by_the_rim_of_the_district_from_thousands_of_points) {
  for (const Case& it : kCases) {
    const ShiftReport report = sample(5000, 8, it.told).by_district();
    EXPECT_EQ(report.best, it.reading) << it.word;
    EXPECT_GT(report.share(Reading::AsStated), 0.9) << "only the rim tells";
    EXPECT_TRUE(is_clear(report)) << it.word << report.of(it.reading).gained_count;
  }
}

TEST(shift_check, says_nothing_of_points_that_are_where_they_should_be) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Sample right = sample(seed % 2 == 0 ? 60 : 400, seed, unshifted);
    EXPECT_FALSE(is_clear(right.by_code())) << seed;
    EXPECT_FALSE(is_clear(right.by_district())) << seed;
    EXPECT_EQ(right.by_code().best, Reading::AsStated) << seed;
  }
  EXPECT_FALSE(shift_doubt(sample(50, 1, unshifted).by_code(), "points", "lie inside").has_value());
}

TEST(shift_check, says_nothing_of_noise) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    base::Random random(seed);
    Sample noise;
    for (int i = 0; i < 300; ++i) {
      noise.points.push_back({kMiddle.x + random.next_between(-0.3, 0.3), kMiddle.y + random.next_between(-0.3, 0.3)});
      noise.codes.push_back(code_of(noise.points[random.next_below(noise.points.size())]));
    }
    EXPECT_FALSE(is_clear(noise.by_code())) << seed;
    EXPECT_FALSE(is_clear(noise.by_district())) << seed;
  }
}

TEST(shift_check, says_nothing_of_a_few_points_or_of_a_lopsided_surrounding) {
  EXPECT_FALSE(is_clear(sample(19, 3, gcj02_from_wgs84).by_code()));
  EXPECT_TRUE(is_clear(sample(20, 3, gcj02_from_wgs84).by_code()));
  // 4 points in 100 from a town close beyond the eastern border: a shift to the west would take them in, and would lose
  // the district's own western rim, which tells the one from the other.
  Sample lopsided = sample(3000, 4, unshifted);
  base::Random random(4);
  for (int i = 0; i < 120; ++i) {
    const double y = random.next_between(-0.02, 0.02);
    const double rim_x = std::sqrt(kReach_deg * kReach_deg - y * y) / 0.85;
    lopsided.points.push_back({kMiddle.x + rim_x + random.next_between(0.0005, 0.003), kMiddle.y + y});
  }
  const ShiftReport report = lopsided.by_district();
  const ShiftReport::Count count = report.of(Reading::PointsGcj02);
  EXPECT_EQ(report.best, Reading::PointsGcj02) << "the case is a real one";
  EXPECT_GT(count.gained_count, 100u) << "far beyond chance";
  EXPECT_GT(count.lost_count, count.gained_count / 3);
  EXPECT_FALSE(is_clear(report));
}

TEST(shift_check, says_nothing_of_a_handful_among_thousands) {
  // Nobody lives at the rim, so no reading loses a point, and half a point in 100 lies just beyond the eastern border.
  std::vector<Vec2d> points(5000, kMiddle);
  for (int i = 0; i < 25; ++i) points.push_back({kMiddle.x + kReach_deg / 0.85 + 0.001, kMiddle.y});
  const auto lies_inside = [](std::size_t, Vec2d p) { return inside(p); };
  EXPECT_EQ(shift_check(points, lies_inside).of(Reading::PointsGcj02).gained_count, 25u);
  EXPECT_FALSE(is_clear(shift_check(points, lies_inside)));
  points.resize(points.size() + 50, points.back());
  EXPECT_TRUE(is_clear(shift_check(points, lies_inside))) << "one and a half are told";
}

TEST(shift_check, says_nothing_where_no_reading_puts_most_points_right) {
  // Codes of another year: four in five name cells elsewhere, the rest fit after the shift.
  Sample mixed = sample(500, 5, gcj02_from_wgs84);
  for (std::size_t i = 0; i < mixed.codes.size(); ++i) mixed.codes[i] += i % 5 == 0 ? 0 : 7'000'000;
  EXPECT_EQ(mixed.by_code().best, Reading::PointsGcj02);
  EXPECT_FALSE(is_clear(mixed.by_code()));
}

TEST(shift_check, says_nothing_outside_china_where_nothing_shifts) {
  const std::vector<Vec2d> points(50, Vec2d{-74, 40.7});
  const ShiftReport report = shift_check(points, [](std::size_t i, Vec2d) { return i % 2 == 0; });
  EXPECT_EQ(report.best, Reading::AsStated);
  for (const auto& count : report.counts) EXPECT_EQ(count.right_count, 25u);
}

TEST(shift_check, thins_what_is_many_and_leaves_out_what_is_not_finite) {
  std::vector<Vec2d> points(100'001, kMiddle);
  std::size_t asked_count = 0;
  const auto count_questions = [&](std::size_t, Vec2d) { return ++asked_count > 0; };
  const ShiftReport report = shift_check(points, count_questions);
  EXPECT_GT(report.point_count, kShiftCheckPointsMax / 2);
  EXPECT_LE(report.point_count, kShiftCheckPointsMax);
  EXPECT_EQ(asked_count, kReadingCount * report.point_count);

  EXPECT_EQ(shift_check(std::vector<Vec2d>(kShiftCheckPointsMax, kMiddle), count_questions).point_count,
            kShiftCheckPointsMax);
  EXPECT_EQ(shift_check({}, count_questions).point_count, 0u);
  EXPECT_EQ(shift_check({}, count_questions).share(Reading::AsStated), 0);
  points = {kMiddle, {std::nan(""), 31}, {120, std::numeric_limits<double>::infinity()}};
  EXPECT_EQ(shift_check(points, count_questions).point_count, 1u);
}

}  // namespace
}  // namespace gridwall::geo
