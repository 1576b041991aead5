// Which tiles of a basemap a view wants, and what is drawn while some are missing: never a hole where anything coarser
// or finer is known. Pure. Test: tests/unit/scene/basemap_tiles_test.cpp.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "scene/frame_scene.hpp"

namespace gridwall::scene {

// A tile's pixel covers at most this many of the screen's; the level above would be coarser.
inline constexpr double kTilePxOnScreenMax = 1.4;
// Tiles this many levels above are asked for first: a few cover the whole view until the others are there, and go on
// covering it after the next step of the hand.
inline constexpr std::int32_t kStandInLevels = 3;

struct TileChoice {
  std::vector<model::TileKey> tiles;      // of one level, those in the middle of the view first
  std::vector<model::TileKey> stand_ins;  // coarser ones above them
  bool operator==(const TileChoice&) const = default;
};

// At most `count_max` tiles: a view that needs more gets a coarser level. Empty beside the basemap.
TileChoice choose_tiles(const Viewport& viewport, const model::BasemapExtent& extent, std::size_t count_max);

// The pixels of a tile; null: not there yet.
using FindTile = std::function<std::shared_ptr<const model::TilePixels>(const model::TileKey&)>;

// What covers the wanted tiles, each place once: the tile itself, else its finer ones where they are known and the
// nearest coarser one elsewhere. Tiles without a visible pixel are left out.
std::vector<BasemapPatch> lay_tiles(std::span<const model::TileKey> wanted, const FindTile& find);

}  // namespace gridwall::scene
