#include "wall/wall_profile.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "model/config_table.hpp"

namespace gridwall::wall {

namespace {

constexpr double kRadiansPerArcMinute = std::numbers::pi / (180.0 * 60.0);

}  // namespace

base::Result<WallProfile> load_wall_profile(const std::filesystem::path& file) {
  TRY_ASSIGN(const auto table, model::ConfigTable::open(file));
  TRY(table.expect_only({"native_width_px", "native_height_px", "pixel_pitch_mm", "viewing_distance_m",
                         "body_arc_minutes"}));
  WallProfile profile;
  TRY_ASSIGN(const auto width, table.integer("native_width_px", 64, 65536));
  TRY_ASSIGN(const auto height, table.integer("native_height_px", 64, 65536));
  profile.native_size_px = {static_cast<std::int32_t>(width), static_cast<std::int32_t>(height)};
  TRY_ASSIGN(profile.pixel_pitch_mm, table.number("pixel_pitch_mm", 0.02, 50));
  TRY_ASSIGN(profile.viewing_distance_m, table.number("viewing_distance_m", 0.2, 200));
  TRY_ASSIGN(profile.body_arc_minutes, table.number("body_arc_minutes", kLeastArcMinutes, 60));
  return profile;
}

double character_height_mm(double viewing_distance_m, double arc_minutes) {
  return viewing_distance_m * 1000 * std::tan(arc_minutes * kRadiansPerArcMinute);
}

double pixel_pitch_mm_at(const WallProfile& profile, base::Vec2i size_px) {
  const double scale = std::min(static_cast<double>(std::max(1, size_px.x)) / profile.native_size_px.x,
                                static_cast<double>(std::max(1, size_px.y)) / profile.native_size_px.y);
  return profile.pixel_pitch_mm / scale;
}

double font_size_px(const WallProfile& profile, base::Vec2i size_px, double arc_minutes) {
  return character_height_mm(profile.viewing_distance_m, arc_minutes) / pixel_pitch_mm_at(profile, size_px) /
         kGlyphHeightPerEm;
}

double arc_minutes_of(const WallProfile& profile, base::Vec2i size_px, double font_size) {
  const double height_mm = font_size * kGlyphHeightPerEm * pixel_pitch_mm_at(profile, size_px);
  return std::atan(height_mm / (profile.viewing_distance_m * 1000)) / kRadiansPerArcMinute;
}

}  // namespace gridwall::wall
