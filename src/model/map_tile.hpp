// Tiles of a basemap: squares of 256 x 256 pixels, aligned to the world's origin and halved from level to level, so
// that a tile's key means the same place whatever the source and the view. A pixel of level 0 is 2^17 m wide, one of
// level 17 is 1 m. x counts to the east, y to the north; both may be negative. Values and pure rules.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::model {

inline constexpr std::int32_t kTileSidePx = 256;
// Pixels of the neighbours on each side, so that a picture smoothed between pixels has no seams between tiles.
inline constexpr std::int32_t kTileGutterPx = 1;
inline constexpr std::int32_t kTileStoredPx = kTileSidePx + 2 * kTileGutterPx;
inline constexpr std::size_t kTileBytes = std::size_t{4} * kTileStoredPx * kTileStoredPx;
inline constexpr std::int32_t kTileLevelMax = 26;  // 2 mm a pixel

struct TileKey {
  std::int32_t level = 0, x = 0, y = 0;
  auto operator<=>(const TileKey&) const = default;
};

struct TileKeyHash {
  std::size_t operator()(const TileKey& key) const {
    const std::uint64_t mixed =
        (static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.x)) << 32 | static_cast<std::uint32_t>(key.y)) *
            0x9E3779B97F4A7C15u +
        static_cast<std::uint64_t>(key.level);
    return std::hash<std::uint64_t>()(mixed ^ mixed >> 29);
  }
};

// RGBA, premultiplied, rows from the north, gutter included: kTileBytes; empty: nothing is to be seen there.
struct TilePixels {
  std::vector<std::uint8_t> rgba;
};

inline double tile_px_m(std::int32_t level) {
  return std::ldexp(1.0, 17 - level);
}
inline double tile_side_m(std::int32_t level) {
  return tile_px_m(level) * kTileSidePx;
}

inline base::Box2d tile_box_world(TileKey key) {
  const double side = tile_side_m(key.level);
  return {{key.x * side, key.y * side}, {(key.x + 1.0) * side, (key.y + 1.0) * side}};
}

// The tile of `level` that holds `point_world`.
inline TileKey tile_at(std::int32_t level, base::Vec2d point_world) {
  const double side = tile_side_m(level);
  const auto index = [&](double value) {
    return static_cast<std::int32_t>(std::clamp(std::floor(value / side), -2e9, 2e9));
  };
  return {level, index(point_world.x), index(point_world.y)};
}

// The tile `up` levels coarser in which this one lies.
inline TileKey tile_ancestor(TileKey key, std::int32_t up) {
  return {key.level - up, key.x >> up, key.y >> up};
}

// What is known of a basemap before any tile of it is read.
struct BasemapExtent {
  base::Box2d world;              // nothing is outside
  std::int32_t finest_level = 0;  // whose pixels are not coarser than the source's own
  bool operator==(const BasemapExtent&) const = default;
};

}  // namespace gridwall::model
