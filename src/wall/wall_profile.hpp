// WallProfile: what a wall is physically, from config/walls/<name>.toml, and what size of type that asks for.
// Character height follows the angle at the eye: h = distance * tan(angle) (NUREG-0700: at least 16 minutes of arc).
// Test: tests/unit/wall/wall_profile_test.cpp.
#pragma once

#include <filesystem>

#include "base/geometry.hpp"
#include "base/result.hpp"

namespace gridwall::wall {

inline constexpr double kLeastArcMinutes = 16;
// A Chinese character fills this part of the font size.
inline constexpr double kGlyphHeightPerEm = 0.92;

struct WallProfile {
  base::Vec2i native_size_px{1920, 1080};
  double pixel_pitch_mm = 0.277;  // at the native size
  double viewing_distance_m = 0.65;
  double body_arc_minutes = 22;
};

base::Result<WallProfile> load_wall_profile(const std::filesystem::path& file);

double character_height_mm(double viewing_distance_m, double arc_minutes);

// The same picture on another number of pixels: a 4K desk has finer pixels, not a larger screen.
double pixel_pitch_mm_at(const WallProfile& profile, base::Vec2i size_px);

// Font size whose characters stand `arc_minutes` high at the eye.
double font_size_px(const WallProfile& profile, base::Vec2i size_px, double arc_minutes);
// And back: what a font size looks like from the viewing distance.
double arc_minutes_of(const WallProfile& profile, base::Vec2i size_px, double font_size_px);

}  // namespace gridwall::wall
