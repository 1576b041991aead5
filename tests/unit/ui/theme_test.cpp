#include "ui/theme.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "scene/palette.hpp"

namespace gridwall::ui {
namespace {

// Relative luminance and contrast as WCAG 2 defines them.
double luminance(base::Color color) {
  const auto linear = [](double v) {
    v /= 255;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

double contrast(base::Color a, base::Color b) {
  const double high = std::max(luminance(a), luminance(b));
  const double low = std::min(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

TEST(Theme, all_text_has_enough_contrast_on_its_ground) {
  for (const base::Color ground : {kPage, kPanel}) {
    EXPECT_GE(contrast(kText, ground), 12);
    for (const base::Color text : {kTextQuiet, kTextFaint, kWarn, kAlarm, kLive}) {
      EXPECT_GE(contrast(text, ground), 4.5);
    }
    // Greyed figures are meant to step back, but must still be read.
    EXPECT_GE(contrast(kStaleText, ground), 3.5);
  }
  EXPECT_GE(contrast(kTextQuiet, kSelected), 4.5);
  EXPECT_GE(contrast(kTextFaint, kHover), 4.5);
}

TEST(Theme, calm_things_are_not_saturated_and_abnormal_ones_are) {
  for (const base::Color calm : {kText, kTextQuiet, kTextFaint, kBar, kBarStrong, kLive, kStaleText, kPanel}) {
    EXPECT_LE(scene::saturation(calm), 0.5);
  }
  EXPECT_GT(scene::saturation(kWarn), 0.6);
  EXPECT_GT(scene::saturation(kAlarm), 0.6);
}

TEST(Theme, small_text_stays_at_sixteen_minutes_of_arc_where_body_has_twenty) {
  EXPECT_GE(20 * font_em(FontRole::Small), 16);
  for (std::size_t i = 1; i < kFontRoleCount; ++i) EXPECT_GT(kFontEm[i], kFontEm[i - 1]);
}

}  // namespace
}  // namespace gridwall::ui
