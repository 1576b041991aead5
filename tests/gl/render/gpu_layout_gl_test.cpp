// What the driver says of the blocks is what gpu_layout.hpp says, and the numbers of locations.glsl are those of C++.
#include "render/gpu_layout.hpp"

#include <gtest/gtest.h>

#include "../../../shaders/common/locations.glsl"
#include "base/text_file.hpp"
#include "gfx/program.hpp"
#include "render/glyph_cell.hpp"
#include "support/gl_stage.hpp"

namespace gridwall::render {
namespace {

gfx::Program program_of(test::GlStage& stage, const std::string& stem) {
  auto program = gfx::Program::create(stage.context(), {test::shader_folder(), stem + ".vert", stem + ".frag"}, "p");
  EXPECT_TRUE(program.ok()) << program.error().message;
  return std::move(program).value();
}

TEST(GpuLayout, frame_block_has_the_drivers_offsets) {
  test::GlStage stage;
  const gfx::Program program = program_of(stage, "division_ids");
  EXPECT_EQ(program.uniform_block_size("FrameBlock"), static_cast<std::int32_t>(sizeof(FrameBlock)));
  const auto same = [&](const char* name, std::size_t offset) {
    EXPECT_EQ(program.uniform_block_offset(name), static_cast<std::int32_t>(offset)) << name;
  };
  same("u_view_origin_units", offsetof(FrameBlock, view_origin_units));
  same("u_view_origin_map_px", offsetof(FrameBlock, view_origin_map_px));
  same("u_map_size_px", offsetof(FrameBlock, map_size_px));
  same("u_map_corner_px", offsetof(FrameBlock, map_corner_px));
  same("u_output_size_px", offsetof(FrameBlock, output_size_px));
  same("u_hatch_origin_px", offsetof(FrameBlock, hatch_origin_px));
  same("u_px_per_unit", offsetof(FrameBlock, px_per_unit));
  same("u_stale_strength", offsetof(FrameBlock, stale_strength));
  same("u_time_s", offsetof(FrameBlock, time_s));
}

TEST(GpuLayout, markers_have_the_drivers_offsets) {
  test::GlStage stage;
  const gfx::Program program = program_of(stage, "marker");
  EXPECT_EQ(program.storage_array_stride("u_markers[0].size_px"), static_cast<std::int32_t>(sizeof(GpuMarker)));
  const auto same = [&](const char* name, std::size_t offset) {
    EXPECT_EQ(program.storage_member_offset(name), static_cast<std::int32_t>(offset)) << name;
  };
  same("u_markers[0].position_units", offsetof(GpuMarker, position_units));
  same("u_markers[0].size_px", offsetof(GpuMarker, size_px));
  same("u_markers[0].shape", offsetof(GpuMarker, shape));
  same("u_markers[0].fill_rgba", offsetof(GpuMarker, fill_rgba));
  same("u_markers[0].ring_rgba", offsetof(GpuMarker, ring_rgba));
  same("u_markers[0].pulse", offsetof(GpuMarker, pulse));
}

TEST(GpuLayout, sprites_have_the_drivers_offsets) {
  test::GlStage stage;
  const gfx::Program program = program_of(stage, "marker_sprite");
  EXPECT_EQ(program.storage_array_stride("u_sprites[0].side_texels"), static_cast<std::int32_t>(sizeof(GpuSprite)));
  EXPECT_EQ(program.storage_member_offset("u_sprites[0].side_texels"),
            static_cast<std::int32_t>(offsetof(GpuSprite, side_texels)));
  EXPECT_EQ(program.storage_member_offset("u_markers[0].sprite"),
            static_cast<std::int32_t>(offsetof(GpuMarker, sprite)));
}

TEST(GpuLayout, glyphs_have_the_drivers_offsets) {
  test::GlStage stage;
  const gfx::Program program = program_of(stage, "label");
  EXPECT_EQ(program.storage_array_stride("u_glyphs[0].side_px"), static_cast<std::int32_t>(sizeof(GpuGlyph)));
  const auto same = [&](const char* name, std::size_t offset) {
    EXPECT_EQ(program.storage_member_offset(name), static_cast<std::int32_t>(offset)) << name;
  };
  same("u_glyphs[0].corner_px", offsetof(GpuGlyph, corner_px));
  same("u_glyphs[0].corner_texel", offsetof(GpuGlyph, corner_texel));
  same("u_glyphs[0].side_px", offsetof(GpuGlyph, side_px));
  same("u_glyphs[0].color_rgba", offsetof(GpuGlyph, color_rgba));
  same("u_glyphs[0].outset_px", offsetof(GpuGlyph, outset_px));
  same("u_glyphs[0].softness_px", offsetof(GpuGlyph, softness_px));
}

TEST(GpuLayout, tiles_have_the_drivers_offsets) {
  test::GlStage stage;
  const gfx::Program program = program_of(stage, "basemap");
  EXPECT_EQ(program.storage_array_stride("u_tiles[0].layer"), static_cast<std::int32_t>(sizeof(GpuTile)));
  const auto same = [&](const char* name, std::size_t offset) {
    EXPECT_EQ(program.storage_member_offset(name), static_cast<std::int32_t>(offset)) << name;
  };
  same("u_tiles[0].min_map_px", offsetof(GpuTile, min_map_px));
  same("u_tiles[0].max_map_px", offsetof(GpuTile, max_map_px));
  same("u_tiles[0].min_texel", offsetof(GpuTile, min_texel));
  same("u_tiles[0].max_texel", offsetof(GpuTile, max_texel));
  same("u_tiles[0].layer", offsetof(GpuTile, layer));
}

TEST(GpuLayout, locations_of_the_shaders_are_those_of_cpp) {
  EXPECT_EQ(A_POSITION_UNITS, kPositionLocation);
  EXPECT_EQ(A_DIVISION, kDivisionLocation);
  EXPECT_EQ(FRAME_BLOCK, kFrameBlockBinding);
  EXPECT_EQ(MARKER_BLOCK, kMarkerBlockBinding);
  EXPECT_EQ(GLYPH_BLOCK, kGlyphBlockBinding);
  EXPECT_EQ(SPRITE_BLOCK, kSpriteBlockBinding);
  EXPECT_EQ(MARKER_SPRITES, kMarkerSpritesUnit);
  EXPECT_EQ(TILE_BLOCK, kTileBlockBinding);
  EXPECT_EQ(TILES, kTilesUnit);
  EXPECT_EQ(U_TILE_STYLE, kTileStyleUniform);
  EXPECT_EQ(DIVISION_COLORS, kDivisionColorsUnit);
  EXPECT_EQ(DIVISION_FLAGS, kDivisionFlagsUnit);
  EXPECT_EQ(SEGMENTS, kSegmentsUnit);
  EXPECT_EQ(BORDER_FIELD, kBorderFieldUnit);
  EXPECT_EQ(GLYPH_ATLAS, kGlyphAtlasUnit);
  EXPECT_EQ(U_RADIUS_PX, kRadiusUniform);
  EXPECT_EQ(U_CHANNEL, kChannelUniform);
  EXPECT_EQ(U_DASH_PX, kDashUniform);
  EXPECT_EQ(U_HIGHLIGHT_COLOR, kHighlightColorUniform);
  EXPECT_EQ(U_HALF_WIDTHS_PX, kHalfWidthsUniform);
  EXPECT_EQ(U_RADII_PX, kRadiiUniform);
  EXPECT_EQ(U_SHADES, kShadesUniform);
  EXPECT_EQ(U_COLOR_0, kColorUniform);
  EXPECT_EQ(GROUND_IDS, kGroundIdsUnit);
  EXPECT_EQ(GROUND_LINES, kGroundLinesUnit);
  EXPECT_EQ(U_LAYER_SCALE, kLayerScaleUniform);
  EXPECT_EQ(U_LAYER_SHIFT_PX, kLayerShiftUniform);
  EXPECT_EQ(U_LAYER_WRAP_PX, kLayerWrapUniform);
  EXPECT_EQ(U_LAYER_HAS_LINES, kLayerHasLinesUniform);
  EXPECT_EQ(U_LAYER_HAS_FLAGS, kLayerHasFlagsUniform);
  EXPECT_EQ(U_LAYER_FILL_OPACITY, kLayerFillOpacityUniform);
}

TEST(GpuLayout, the_shaders_know_the_size_of_a_glyph_cell) {
  const auto text = base::read_text_file(test::shader_folder() / "common/glyph_block.glsl");
  ASSERT_TRUE(text.ok());
  EXPECT_NE(text->find(fmt::format("kCellTexels = {}.0;", kCellPx)), std::string::npos);
  EXPECT_NE(text->find(fmt::format("kSpreadTexels = {}.0;", kSpreadPx)), std::string::npos);
}

}  // namespace
}  // namespace gridwall::render
