// The look of the panels in one place: colours, type scale, spacing. Colours of the map and of severities are
// scene's (scene/palette.hpp). Lengths are in em, the size of body text, so that everything grows together.
// Test: tests/unit/ui/theme_test.cpp (contrast, saturation, sizes).
#pragma once

#include <array>
#include <cstdint>

#include "base/geometry.hpp"

namespace gridwall::ui {

inline constexpr base::Color kPage{11, 14, 18, 255};
inline constexpr base::Color kPanel{17, 21, 27, 255};
inline constexpr base::Color kPanelEdge{33, 40, 49, 255};
inline constexpr base::Color kTrack{34, 41, 50, 255};       // the empty part of a bar
inline constexpr base::Color kText{228, 233, 239, 255};
inline constexpr base::Color kTextQuiet{158, 170, 183, 255};
inline constexpr base::Color kTextFaint{128, 141, 155, 255};
inline constexpr base::Color kBar{94, 122, 138, 255};       // calm data
inline constexpr base::Color kBarStrong{132, 164, 178, 255};
inline constexpr base::Color kStaleText{112, 119, 127, 255};  // figures that may not be believed
inline constexpr base::Color kStaleBar{74, 80, 87, 255};
inline constexpr base::Color kLive{128, 178, 158, 255};
inline constexpr base::Color kWarn{232, 168, 76, 255};
inline constexpr base::Color kAlarm{240, 80, 72, 255};
inline constexpr base::Color kHover{28, 35, 44, 255};
inline constexpr base::Color kSelected{38, 48, 60, 255};

// What a font is for. Sizes in em; Small stays above 16 minutes of arc where Body has 20.
enum class FontRole : std::uint8_t { Small, Body, Title, Figure, Clock, Hero };
inline constexpr std::size_t kFontRoleCount = 6;
inline constexpr std::array<double, kFontRoleCount> kFontEm{0.82, 1.0, 1.5, 1.75, 2.1, 3.1};
constexpr double font_em(FontRole role) { return kFontEm[static_cast<std::size_t>(role)]; }

inline constexpr double kPadEm = 0.85;    // from a panel's edge to what it holds
inline constexpr double kRowEm = 1.45;    // one line of a list
inline constexpr double kTitleRowEm = 2.2;
inline constexpr double kSectionGapEm = 0.55;
inline constexpr double kRoundEm = 0.25;

}  // namespace gridwall::ui
