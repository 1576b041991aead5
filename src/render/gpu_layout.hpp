// The blocks of shaders/common as C++ sees them, byte for byte. The GL test compares the offsets with what the driver
// reports: tests/gl/render/gpu_layout_gl_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/geometry.hpp"

namespace gridwall::render {

// Locations and bindings; the same numbers as shaders/common/locations.glsl.
inline constexpr std::uint32_t kPositionLocation = 0, kDivisionLocation = 1;
inline constexpr std::uint32_t kFrameBlockBinding = 0;
inline constexpr std::uint32_t kMarkerBlockBinding = 0, kGlyphBlockBinding = 1, kSpriteBlockBinding = 2,
                               kTileBlockBinding = 0;
inline constexpr std::uint32_t kDivisionColorsUnit = 0, kDivisionFlagsUnit = 1, kGroundIdsUnit = 2;
inline constexpr std::uint32_t kGroundLinesUnit = 3;
inline constexpr std::uint32_t kSegmentsUnit = 0, kBorderFieldUnit = 0, kGlyphAtlasUnit = 0,
                               kMarkerSpritesUnit = 0, kTilesUnit = 0;
// The hatch's diagonal period, sqrt(2) * 10 px (ground.frag), and that of dashes.
inline constexpr float kHatchRepeatPx = 14.142135623730951f;

inline constexpr std::int32_t kRadiusUniform = 0, kChannelUniform = 1, kDashUniform = 2;
inline constexpr std::int32_t kHighlightColorUniform = 0, kTileStyleUniform = 0;
inline constexpr std::int32_t kHalfWidthsUniform = 0, kRadiiUniform = 1, kShadesUniform = 2, kColorUniform = 3;
inline constexpr std::int32_t kLayerScaleUniform = 0, kLayerShiftUniform = 1, kLayerWrapUniform = 2,
                              kLayerHasLinesUniform = 3, kLayerHasFlagsUniform = 4,
                              kLayerFillOpacityUniform = 5;

struct alignas(16) FrameBlock {
  base::Vec2i view_origin_units;
  base::Vec2f view_origin_map_px;
  base::Vec2f map_size_px;
  base::Vec2f map_corner_px;
  base::Vec2f output_size_px;
  base::Vec2f hatch_origin_px;  // modulo kHatchRepeatPx
  float px_per_unit = 1;
  float stale_strength = 0;
  float time_s = 0;
  float reserved = 0;
  bool operator==(const FrameBlock&) const = default;
};
static_assert(sizeof(FrameBlock) == 64);
static_assert(offsetof(FrameBlock, view_origin_map_px) == 8);
static_assert(offsetof(FrameBlock, map_size_px) == 16);
static_assert(offsetof(FrameBlock, map_corner_px) == 24);
static_assert(offsetof(FrameBlock, output_size_px) == 32);
static_assert(offsetof(FrameBlock, hatch_origin_px) == 40);
static_assert(offsetof(FrameBlock, px_per_unit) == 48);
static_assert(offsetof(FrameBlock, stale_strength) == 52);
static_assert(offsetof(FrameBlock, time_s) == 56);

struct GpuMarker {
  base::Vec2i position_units;
  float size_px = 0;
  std::uint32_t shape = 0;
  std::uint32_t fill_rgba = 0;
  std::uint32_t ring_rgba = 0;
  float pulse = 0;
  std::uint32_t sprite = 0;
};
static_assert(sizeof(GpuMarker) == 32);
static_assert(offsetof(GpuMarker, fill_rgba) == 16);

struct GpuSprite {
  base::Vec2f corner_texel;
  float side_texels = 0;
  float reserved = 0;
};
static_assert(sizeof(GpuSprite) == 16);

struct GpuGlyph {
  base::Vec2f corner_px;
  base::Vec2f corner_texel;
  float side_px = 0;
  std::uint32_t color_rgba = 0;
  float outset_px = 0;
  float softness_px = 0;
};
static_assert(sizeof(GpuGlyph) == 32);
static_assert(offsetof(GpuGlyph, side_px) == 16);

// A patch of the basemap.
struct GpuTile {
  base::Vec2f min_map_px, max_map_px;  // south-west and north-east
  base::Vec2f min_texel, max_texel;    // south-west and north-east in its layer
  std::int32_t layer = 0;
  std::int32_t reserved = 0;
};
static_assert(sizeof(GpuTile) == 40);
static_assert(offsetof(GpuTile, layer) == 32);

// As unpackUnorm4x8 reads it.
inline std::uint32_t packed_rgba(base::Color c) {
  return std::uint32_t{c.r} | (std::uint32_t{c.g} << 8) | (std::uint32_t{c.b} << 16) | (std::uint32_t{c.a} << 24);
}

inline std::array<float, 4> unit_rgba(base::Color c) {
  return {static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255, static_cast<float>(c.b) / 255,
          static_cast<float>(c.a) / 255};
}

}  // namespace gridwall::render
