// The colours of the map in one place. Saturated colour belongs to what is abnormal: severities 1 and 2, and the top
// class of the choropleth by warmth only. Everything else is slate. Test: tests/unit/scene/palette_test.cpp.
#pragma once

#include <algorithm>
#include <array>

#include "base/geometry.hpp"
#include "model/incident.hpp"

namespace gridwall::scene {

inline constexpr base::Color kBackground{11, 14, 18, 255};
// Divisions: nothing there, then five classes from slate to soft teal; the last one is warm.
inline constexpr base::Color kFillZero{25, 31, 39, 255};
inline constexpr std::array<base::Color, 5> kFillClasses{
    {{35, 45, 55, 255}, {44, 60, 71, 255}, {54, 77, 87, 255}, {68, 97, 104, 255}, {138, 117, 86, 255}}};
// The same without a warm one: of numbers that are never out of the way.
inline constexpr std::array<base::Color, 5> kFillQuiet{
    {{35, 45, 55, 255}, {44, 60, 71, 255}, {54, 77, 87, 255}, {68, 97, 104, 255}, {86, 122, 126, 255}}};
inline constexpr base::Color kFillSmall{41, 44, 49, 255};  // grey: a count that is too small to tell
inline constexpr base::Color kFillNoData{20, 23, 28, 255};

inline constexpr base::Color kBorder{148, 166, 184, 255};
inline constexpr base::Color kLabel{226, 232, 238, 255};
inline constexpr base::Color kLabelQuiet{178, 190, 202, 255};
inline constexpr base::Color kNotice{236, 196, 120, 255};  // the map as a whole is not what it will be
inline constexpr base::Color kStaleCount{128, 131, 134, 255};  // a bubble's count that may not be believed
inline constexpr base::Color kHalo{8, 11, 15, 220};

// Severity 1 to 4: red, orange, sand, calm grey-blue; far apart for eyes that do not see red, green or blue too
// (palette_test.cpp).
inline constexpr std::array<base::Color, model::kSeverityCount> kSeverity{
    {{240, 72, 66, 255}, {248, 150, 40, 255}, {206, 190, 140, 255}, {126, 148, 170, 255}}};
inline constexpr base::Color kMarkerRing{8, 11, 15, 230};
inline constexpr base::Color kMarkerRingSelected{244, 248, 252, 255};
// What a person draws: as light as names, so that it is no border.
inline constexpr base::Color kSketchLine{226, 232, 238, 255};
inline constexpr base::Color kSketchCasing{8, 11, 15, 200};
inline constexpr base::Color kSketchRing{178, 190, 202, 150};
inline constexpr base::Color kBubbleFill{17, 23, 30, 236};

constexpr base::Color severity_color(model::Severity severity) { return kSeverity[model::severity_index(severity)]; }

constexpr base::Color with_alpha(base::Color color, std::uint8_t alpha) {
  color.a = alpha;
  return color;
}

// HSV saturation, 0..1.
constexpr double saturation(base::Color c) {
  const int high = std::max({c.r, c.g, c.b});
  const int low = std::min({c.r, c.g, c.b});
  return high == 0 ? 0.0 : static_cast<double>(high - low) / high;
}

}  // namespace gridwall::scene
