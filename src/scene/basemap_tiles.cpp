#include "scene/basemap_tiles.hpp"

#include <algorithm>
#include <cmath>

#include "scene/camera.hpp"

namespace gridwall::scene {

using base::Box2d;
using base::Vec2d;
using model::TileKey;

namespace {

std::int32_t level_for(double px_per_m, std::int32_t finest_level) {
  const double level = std::ceil(std::log2(model::tile_px_m(0) * px_per_m / kTilePxOnScreenMax));
  return static_cast<std::int32_t>(std::clamp<double>(level, 0, finest_level));
}

struct TileRange {
  TileKey first, last;

  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(std::int64_t{last.x} - first.x + 1) *
           static_cast<std::size_t>(std::int64_t{last.y} - first.y + 1);
  }
};

TileRange range_of(const Box2d& box_world, std::int32_t level) {
  return {model::tile_at(level, box_world.min), model::tile_at(level, box_world.max)};
}

void sort_from(Vec2d middle_world, std::vector<TileKey>& tiles) {
  const auto distance = [&](const TileKey& key) {
    const Vec2d d = model::tile_box_world(key).center() - middle_world;
    return d.x * d.x + d.y * d.y;
  };
  std::ranges::sort(tiles, [&](const TileKey& a, const TileKey& b) {
    const double da = distance(a), db = distance(b);
    return da != db ? da < db : a < b;
  });
}

class Patcher {
 public:
  Patcher(const FindTile& find, std::vector<BasemapPatch>& patches) : m_find(find), m_patches(patches) {}

  void cover(TileKey key) {
    if (auto pixels = m_find(key)) return add(key, std::move(pixels), key);
    std::shared_ptr<const model::TilePixels> finer[4];
    bool is_finer = false;
    for (std::int32_t i = 0; i < 4; ++i) {
      finer[i] = m_find(child(key, i));
      is_finer = is_finer || finer[i] != nullptr;
    }
    TileKey above;
    std::shared_ptr<const model::TilePixels> coarser;
    for (std::int32_t up = 1; up <= key.level && coarser == nullptr; ++up) {
      above = model::tile_ancestor(key, up);
      coarser = m_find(above);
    }
    if (!is_finer && coarser != nullptr) return add(above, std::move(coarser), key);
    for (std::int32_t i = 0; is_finer && i < 4; ++i) {
      if (finer[i] != nullptr)
        add(child(key, i), std::move(finer[i]), child(key, i));
      else if (coarser != nullptr)
        add(above, coarser, child(key, i));
    }
  }

 private:
  static TileKey child(TileKey key, std::int32_t i) { return {key.level + 1, key.x * 2 + i % 2, key.y * 2 + i / 2}; }

  void add(TileKey tile, std::shared_ptr<const model::TilePixels> pixels, TileKey place) {
    if (!pixels->rgba.empty()) m_patches.push_back({tile, std::move(pixels), model::tile_box_world(place)});
  }

  const FindTile& m_find;
  std::vector<BasemapPatch>& m_patches;
};

}  // namespace

TileChoice choose_tiles(const Viewport& viewport, const model::BasemapExtent& extent, std::size_t count_max) {
  TileChoice choice;
  if (extent.world.empty() || viewport.size_px.x < 1 || viewport.size_px.y < 1) return choice;
  Box2d shown = visible_world(viewport);
  if (!shown.intersects(extent.world)) return choice;
  shown.min = {std::max(shown.min.x, extent.world.min.x), std::max(shown.min.y, extent.world.min.y)};
  shown.max = {std::min(shown.max.x, extent.world.max.x), std::min(shown.max.y, extent.world.max.y)};
  std::int32_t level = level_for(viewport.view.px_per_m, extent.finest_level);
  while (level > 0 && range_of(shown, level).count() > count_max) --level;
  const TileRange range = range_of(shown, level);
  if (range.count() > count_max) return choice;
  for (std::int32_t y = range.first.y; y <= range.last.y; ++y) {
    for (std::int32_t x = range.first.x; x <= range.last.x; ++x) choice.tiles.push_back({level, x, y});
  }
  sort_from(viewport.view.center_world, choice.tiles);
  const std::int32_t up = std::min(kStandInLevels, level);
  for (const TileKey& key : choice.tiles) {
    const TileKey above = model::tile_ancestor(key, up);
    if (up > 0 && std::ranges::find(choice.stand_ins, above) == choice.stand_ins.end()) {
      choice.stand_ins.push_back(above);
    }
  }
  return choice;
}

std::vector<BasemapPatch> lay_tiles(std::span<const TileKey> wanted, const FindTile& find) {
  std::vector<BasemapPatch> patches;
  patches.reserve(wanted.size());
  Patcher patcher(find, patches);
  for (const TileKey& key : wanted) patcher.cover(key);
  return patches;
}

}  // namespace gridwall::scene
