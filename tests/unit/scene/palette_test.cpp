#include "scene/palette.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gridwall::scene {
namespace {

double distance(base::Color a, base::Color b) {
  return std::hypot(a.r - b.r, a.g - b.g, a.b - b.b);
}
int brightness(base::Color c) {
  return c.r * 2 + c.g * 5 + c.b;
}

TEST(Palette, only_what_is_abnormal_is_saturated) {
  for (const base::Color color : kFillClasses) EXPECT_LE(saturation(color), 0.5);
  EXPECT_LE(saturation(kFillZero), 0.5);
  EXPECT_LE(saturation(kBackground), 0.5);
  EXPECT_LE(saturation(severity_color(model::Severity::Minor)), 0.5);
  EXPECT_GT(saturation(severity_color(model::Severity::Critical)), 0.6);
  EXPECT_GT(saturation(severity_color(model::Severity::Major)), 0.6);
}

TEST(Palette, classes_grow_brighter_and_can_be_told_apart) {
  base::Color last = kFillZero;
  for (const base::Color color : kFillClasses) {
    EXPECT_GT(brightness(color), brightness(last));
    EXPECT_GT(distance(color, last), 15);
    last = color;
  }
}

// How eyes without one kind of cones see linear sRGB: Machado, Oliveira and Fernandes 2009, table of severity 1.0.
using Sight = std::array<std::array<double, 3>, 3>;
constexpr Sight kSights[] = {
    {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}};

// CIE L*a*b*, D65.
std::array<double, 3> lab_seen(base::Color color, const Sight& sight) {
  const auto linear = [](std::uint8_t byte) {
    const double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double rgb[] = {linear(color.r), linear(color.g), linear(color.b)};
  double seen[3];
  for (std::size_t i = 0; i < 3; ++i) {
    seen[i] = std::clamp(sight[i][0] * rgb[0] + sight[i][1] * rgb[1] + sight[i][2] * rgb[2], 0.0, 1.0);
  }
  const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
  const double x = f((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047);
  const double y = f(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
  const double z = f((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double difference_seen(base::Color a, base::Color b, const Sight& sight) {
  const auto p = lab_seen(a, sight), q = lab_seen(b, sight);
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

TEST(Palette, severities_and_classes_can_be_told_apart_without_red_green_or_blue) {
  for (const Sight& sight : kSights) {
    for (std::size_t i = 0; i < kSeverity.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) EXPECT_GT(difference_seen(kSeverity[i], kSeverity[j], sight), 24);
    }
    base::Color last = kFillZero;
    for (const base::Color color : kFillClasses) {
      EXPECT_GT(difference_seen(color, last, sight), 6) << "2.3 is what can just be noticed";
      last = color;
    }
  }
}

TEST(Palette, severities_can_be_told_apart) {
  for (std::size_t i = 0; i < kSeverity.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_GT(distance(kSeverity[i], kSeverity[j]), 60) << i << " and " << j;
  }
}

}  // namespace
}  // namespace gridwall::scene
