#include "scene/palette.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gridwall::scene {
namespace {

double distance(base::Color a, base::Color b) { return std::hypot(a.r - b.r, a.g - b.g, a.b - b.b); }
int brightness(base::Color c) { return c.r * 2 + c.g * 5 + c.b; }

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

TEST(Palette, severities_can_be_told_apart) {
  for (std::size_t i = 0; i < kSeverity.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_GT(distance(kSeverity[i], kSeverity[j]), 60) << i << " and " << j;
  }
}

}  // namespace
}  // namespace gridwall::scene
