#include "wall/wall_profile.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::wall {
namespace {

const std::filesystem::path kWalls = std::filesystem::path(GRIDWALL_SOURCE_DIR) / "config" / "walls";

TEST(WallProfile, character_heights_are_those_of_the_legibility_table) {
  const struct {
    double distance_m, at_16, at_20, at_22;
  } table[] = {{3, 14.0, 17.5, 19.2},
               {5, 23.3, 29.1, 32.0},
               {8, 37.2, 46.5, 51.2},
               {10, 46.5, 58.2, 64.0},
               {15, 69.8, 87.3, 96.0}};
  for (const auto& row : table) {
    EXPECT_NEAR(character_height_mm(row.distance_m, 16), row.at_16, 0.051);
    EXPECT_NEAR(character_height_mm(row.distance_m, 20), row.at_20, 0.051);
    EXPECT_NEAR(character_height_mm(row.distance_m, 22), row.at_22, 0.051);
  }
}

TEST(WallProfile, ten_metres_at_common_led_pitches_need_the_known_pixels) {
  const struct { double pitch_mm, height_px; } table[] = {{0.9, 52}, {1.2, 39}, {1.5, 31}, {1.8, 26}};
  for (const auto& row : table) {
    const WallProfile profile{{1920, 1080}, row.pitch_mm, 10, 20};
    EXPECT_NEAR(font_size_px(profile, {1920, 1080}, 16) * kGlyphHeightPerEm, row.height_px, 0.5);
  }
}

TEST(WallProfile, the_same_screen_with_finer_pixels_gets_more_of_them) {
  const WallProfile desk;
  EXPECT_NEAR(font_size_px(desk, {3840, 2160}, 20), 2 * font_size_px(desk, {1920, 1080}, 20), 1e-9);
  EXPECT_NEAR(arc_minutes_of(desk, {1920, 1080}, font_size_px(desk, {1920, 1080}, 18)), 18, 1e-6);
}

TEST(WallProfile, every_profile_of_the_product_loads_and_asks_for_legible_type) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kWalls)) {
    const auto profile = load_wall_profile(entry.path());
    ASSERT_TRUE(profile.ok()) << profile.error().message;
    EXPECT_GE(profile->body_arc_minutes, 20);
    ++count;
  }
  EXPECT_GE(count, 3);
}

TEST(WallProfile, a_wrong_value_is_named_with_its_file_and_line) {
  const auto file = test::process_folder() / "wrong-wall.toml";
  ASSERT_TRUE(base::write_text_file(file,
                                    "native_width_px = 1920\nnative_height_px = 1080\npixel_pitch_mm = 1.2\n"
                                    "viewing_distance_m = 10\nbody_arc_minutes = 9\n")
                  .ok());
  const auto profile = load_wall_profile(file);
  ASSERT_FALSE(profile.ok());
  EXPECT_NE(profile.error().message.find("wrong-wall.toml:5: body_arc_minutes"), std::string::npos)
      << profile.error().message;
}

}  // namespace
}  // namespace gridwall::wall
