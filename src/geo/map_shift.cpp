#include "geo/map_shift.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numbers>
#include <string>

namespace gridwall::geo {

using base::Vec2d;

namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kDegree = kPi / 180;

// The ellipsoid is Krassovsky's in all published forms; with WGS 84's axis results differ by 0.011 m at most.
constexpr double kSemiMajor_m = 6378245.0;
constexpr double kEccentricitySquared = 0.00669342162296594323;
constexpr base::Box2d kShiftBox{{72.004, 0.8293}, {137.8347, 55.8271}};

constexpr Vec2d kBaiduOffset_deg{0.0065, 0.006};
constexpr double kBaiduWave = 3000.0 * kDegree;

// Both shifts change so slowly (by 2 % of a step at most) that each step leaves a fiftieth of the miss or less: one of
// 1e-10 degrees leaves 2e-12. Four or five do; more are needed only beside longitude 105, where a root has no slope.
constexpr int kStepsMax = 20;
constexpr double kSettled_deg = 1e-10;
// Farther than any shift outside the box nothing can come from inside.
constexpr double kReach_deg = 0.05;
constexpr double kEdgeSlack_deg = 1e-11;

// An angle by its sine and cosine, so that multiples cost no further sine: all waves of the shift are multiples of one.
struct Turn {
  double sine, cosine;

  static Turn of(double radians) { return {std::sin(radians), std::cos(radians)}; }
  [[nodiscard]] Turn twice() const { return {2 * sine * cosine, 1 - 2 * sine * sine}; }
  [[nodiscard]] Turn thrice() const { return {sine * (3 - 4 * sine * sine), cosine * (4 * cosine * cosine - 3)}; }
  [[nodiscard]] Turn plus(Turn other) const {
    return {sine * other.cosine + cosine * other.sine, cosine * other.cosine - sine * other.sine};
  }
};

// Sines of a coordinate's parts of half a turn: p pi, p pi / 3, p pi / 12, p pi / 30; and p pi itself for its
// multiples.
struct Waves {
  Turn whole;
  double third, twelfth, thirtieth;

  explicit Waves(double p) {
    const Turn sixtieth = Turn::of(p * kPi / 60), double_turn = sixtieth.twice();
    const Turn of_12 = double_turn.plus(sixtieth.thrice()), of_3 = of_12.twice().twice();
    whole = of_3.thrice();
    third = of_3.sine;
    twelfth = of_12.sine;
    thirtieth = double_turn.sine;
  }
};

// Without regard to the box: smooth beyond its edges, so an iteration may cross them.
Vec2d gcj02_anywhere(Vec2d wgs84) {
  const double x = wgs84.x - 105, y = wgs84.y - 35;
  const Waves along(x), across(y);
  const Turn double_turn = along.whole.twice();
  const double common_m = 20 * double_turn.thrice().sine + 20 * double_turn.sine;  // 6 x pi and 2 x pi
  const double root_m = std::sqrt(std::abs(x));
  const double north_m =
      -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root_m +
      (common_m + 20 * across.whole.sine + 40 * across.third + 160 * across.twelfth + 320 * across.thirtieth) * 2 / 3;
  const double east_m =
      300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root_m +
      (common_m + 20 * along.whole.sine + 40 * along.third + 150 * along.twelfth + 300 * along.thirtieth) * 2 / 3;
  const Turn latitude = Turn::of(wgs84.y * kDegree);
  const double m = 1 - kEccentricitySquared * latitude.sine * latitude.sine;
  const double root = std::sqrt(m);
  const double meridian_m = kSemiMajor_m * (1 - kEccentricitySquared) / (m * root) * kDegree;  // of a degree
  const double parallel_m = kSemiMajor_m / root * latitude.cosine * kDegree;
  return {wgs84.x + east_m / parallel_m, wgs84.y + north_m / meridian_m};
}

Vec2d bd09_anywhere(Vec2d gcj02) {
  const double radius = std::hypot(gcj02.x, gcj02.y) + 0.00002 * std::sin(gcj02.y * kBaiduWave);
  const double angle = std::atan2(gcj02.y, gcj02.x) + 0.000003 * std::cos(gcj02.x * kBaiduWave);
  return {radius * std::cos(angle) + kBaiduOffset_deg.x, radius * std::sin(angle) + kBaiduOffset_deg.y};
}

// One step: the waves are taken where the point is, not where it comes from.
Vec2d unbaidu_once(Vec2d bd09) {
  const Vec2d p = bd09 - kBaiduOffset_deg;
  const double radius = std::hypot(p.x, p.y) - 0.00002 * std::sin(p.y * kBaiduWave);
  const double angle = std::atan2(p.y, p.x) - 0.000003 * std::cos(p.x * kBaiduWave);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

template <typename Shift>
Vec2d solved(const Shift& shift, Vec2d shifted, Vec2d guess) {
  for (int i = 0; i < kStepsMax; ++i) {
    const Vec2d miss = shift(guess) - shifted;
    guess = guess - miss;
    if (std::max(std::abs(miss.x), std::abs(miss.y)) <= kSettled_deg) break;
  }
  return guess;
}

Vec2d wgs84_anywhere(Vec2d gcj02) {
  return solved(gcj02_anywhere, gcj02, gcj02 - (gcj02_anywhere(gcj02) - gcj02));
}

// The exact inverse, though the one known pair of figures (a city's record with both systems) was made with one step
// and is met by that to the last digit: points come from Baidu through the forward form, and only this undoes that
// form. The price is to differ from such records by the 0.11 m that they themselves are off.
Vec2d gcj02_anywhere_from_bd09(Vec2d bd09) {
  return solved(bd09_anywhere, bd09, unbaidu_once(bd09));
}

bool within_reach(Vec2d p) {
  return p.x >= kShiftBox.min.x - kReach_deg && p.x <= kShiftBox.max.x + kReach_deg &&
         p.y >= kShiftBox.min.y - kReach_deg && p.y <= kShiftBox.max.y + kReach_deg;
}

// `undo` regardless of the box, then only what comes from inside it.
template <typename Undo>
Vec2d undone(const Undo& undo, Vec2d shifted) {
  if (!within_reach(shifted)) return shifted;
  const Vec2d source = undo(shifted);
  // A point on the edge comes back a rounding beside it.
  const Vec2d held{std::clamp(source.x, kShiftBox.min.x, kShiftBox.max.x),
                   std::clamp(source.y, kShiftBox.min.y, kShiftBox.max.y)};
  const double outside_deg = std::max(std::abs(held.x - source.x), std::abs(held.y - source.y));
  return outside_deg <= kEdgeSlack_deg ? held : shifted;
}

std::string folded(std::string_view name) {
  constexpr std::size_t kNameMax = 32;  // longer ones are no names
  std::string out;
  if (name.size() > kNameMax) return out;
  for (const char c : name) {
    if (c != '-' && c != '_' && c != ' ') out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace

bool in_shift_box(Vec2d lonlat) {
  return kShiftBox.contains(lonlat);  // false for what is not a number
}

Vec2d gcj02_from_wgs84(Vec2d lonlat) {
  return in_shift_box(lonlat) ? gcj02_anywhere(lonlat) : lonlat;
}

Vec2d bd09_from_gcj02(Vec2d lonlat) {
  return in_shift_box(lonlat) ? bd09_anywhere(lonlat) : lonlat;
}

// In one go, not by way of the two above: a point at the box's edge takes both shifts or none.
Vec2d bd09_from_wgs84(Vec2d lonlat) {
  return in_shift_box(lonlat) ? bd09_anywhere(gcj02_anywhere(lonlat)) : lonlat;
}

Vec2d wgs84_from_gcj02(Vec2d lonlat) {
  return undone(wgs84_anywhere, lonlat);
}

Vec2d gcj02_from_bd09(Vec2d lonlat) {
  return undone(gcj02_anywhere_from_bd09, lonlat);
}

Vec2d wgs84_from_bd09(Vec2d lonlat) {
  return undone([](Vec2d p) { return wgs84_anywhere(gcj02_anywhere_from_bd09(p)); }, lonlat);
}

Vec2d gcj02_from_bd09_in_one_step(Vec2d lonlat) {
  return undone(unbaidu_once, lonlat);
}

std::optional<ShiftedSystem> shifted_system(std::string_view name) {
  const std::string plain = folded(name);
  if (plain == "GCJ02") return ShiftedSystem::Gcj02;
  if (plain == "BD09" || plain == "BD09LL") return ShiftedSystem::Bd09;
  return std::nullopt;
}

bool names_baidu_metres(std::string_view name) {
  return folded(name) == "BD09MC";
}

Vec2d wgs84_from(ShiftedSystem system, Vec2d lonlat) {
  return system == ShiftedSystem::Gcj02 ? wgs84_from_gcj02(lonlat) : wgs84_from_bd09(lonlat);
}

Vec2d shifted_from_wgs84(ShiftedSystem system, Vec2d lonlat) {
  return system == ShiftedSystem::Gcj02 ? gcj02_from_wgs84(lonlat) : bd09_from_wgs84(lonlat);
}

}  // namespace gridwall::geo
