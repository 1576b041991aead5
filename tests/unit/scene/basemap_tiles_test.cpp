#include "scene/basemap_tiles.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "scene/camera.hpp"

namespace gridwall::scene {
namespace {

using model::TileKey;

constexpr base::Vec2d kMiddle{527000, 3532000};

Viewport view_of(double px_per_m, base::Vec2i size_px = {1920, 1080}) {
  return {{0, 0}, size_px, {kMiddle, px_per_m}};
}

model::BasemapExtent everywhere(std::int32_t finest_level = 20) {
  return {{{-1e7, -1e7}, {1e7, 1e7}}, finest_level};
}

TEST(TileKey, a_tile_lies_in_its_ancestors_also_west_and_south_of_the_origin) {
  for (const base::Vec2d point : {base::Vec2d{527000.5, 3532000.25}, {-10.5, -0.25}, {-1e6, 5.0}}) {
    const TileKey key = model::tile_at(17, point);
    EXPECT_TRUE(model::tile_box_world(key).contains(point));
    for (std::int32_t up = 1; up < 10; ++up) {
      EXPECT_EQ(model::tile_ancestor(key, up), model::tile_at(17 - up, point));
    }
  }
  EXPECT_EQ(model::tile_px_m(17), 1);
}

TEST(ChooseTiles, covers_the_view_with_pixels_that_are_neither_coarse_nor_wasted) {
  for (double px_per_m = 0.001; px_per_m < 8; px_per_m *= 1.17) {
    const Viewport viewport = view_of(px_per_m);
    const TileChoice choice = choose_tiles(viewport, everywhere(), 1000);
    ASSERT_FALSE(choice.tiles.empty());
    const double on_screen = model::tile_px_m(choice.tiles[0].level) * px_per_m;
    EXPECT_LE(on_screen, 1.4);
    EXPECT_GT(on_screen, 0.7);
    base::Box2d covered;
    for (const TileKey& key : choice.tiles) {
      EXPECT_EQ(key.level, choice.tiles[0].level);
      EXPECT_TRUE(model::tile_box_world(key).intersects(visible_world(viewport)));
      covered.extend(model::tile_box_world(key));
    }
    const base::Box2d shown = visible_world(viewport);
    EXPECT_TRUE(covered.contains(shown.min) && covered.contains(shown.max));
    const double side = model::tile_side_m(choice.tiles[0].level);
    EXPECT_EQ(std::lround(covered.width() / side) * std::lround(covered.height() / side),
              static_cast<long>(choice.tiles.size()));
    EXPECT_EQ(std::set(choice.tiles.begin(), choice.tiles.end()).size(), choice.tiles.size());
  }
}

TEST(ChooseTiles, begins_in_the_middle_of_the_view) {
  const TileChoice choice = choose_tiles(view_of(0.1), everywhere(), 1000);
  double before = 0;
  for (const TileKey& key : choice.tiles) {
    const base::Vec2d d = model::tile_box_world(key).center() - kMiddle;
    EXPECT_GE(std::hypot(d.x, d.y), before - 1e-6);
    before = std::hypot(d.x, d.y);
  }
  EXPECT_TRUE(model::tile_box_world(choice.tiles.front()).contains(kMiddle));
}

TEST(ChooseTiles, never_asks_for_more_than_the_source_has) {
  EXPECT_EQ(choose_tiles(view_of(2), everywhere(14), 1000).tiles.at(0).level, 14);
  model::BasemapExtent small = everywhere();
  small.world = {{527000, 3532000}, {527100, 3532100}};
  for (const TileKey& key : choose_tiles(view_of(0.1), small, 1000).tiles) {
    EXPECT_TRUE(model::tile_box_world(key).intersects(small.world));
  }
  small.world = {{0, 0}, {100, 100}};
  EXPECT_EQ(choose_tiles(view_of(0.1), small, 1000), TileChoice{}) << "the view lies beside it";
}

TEST(ChooseTiles, a_wall_that_needs_too_many_gets_a_coarser_level) {
  const Viewport wall = view_of(0.1, {7680, 2160});
  const TileChoice all = choose_tiles(wall, everywhere(), 1000), few = choose_tiles(wall, everywhere(), 100);
  EXPECT_GT(all.tiles.size(), 100u);
  EXPECT_LE(few.tiles.size(), 100u);
  EXPECT_LT(few.tiles.at(0).level, all.tiles.at(0).level);
}

TEST(ChooseTiles, a_few_coarse_tiles_stand_over_all_others) {
  const TileChoice choice = choose_tiles(view_of(0.1), everywhere(), 1000);
  EXPECT_LE(choice.stand_ins.size(), 6u);
  for (const TileKey& key : choice.tiles) {
    const TileKey above = model::tile_ancestor(key, kStandInLevels);
    EXPECT_NE(std::ranges::find(choice.stand_ins, above), choice.stand_ins.end());
  }
}

class LayTiles : public testing::Test {
 protected:
  void load(TileKey key, bool visible = true) {
    auto pixels = std::make_shared<model::TilePixels>();
    if (visible) pixels->rgba.resize(4);
    m_loaded[key] = pixels;
  }
  std::vector<BasemapPatch> lay(std::vector<TileKey> wanted) {
    return lay_tiles(wanted, [&](const TileKey& key) {
      const auto found = m_loaded.find(key);
      return found != m_loaded.end() ? found->second : nullptr;
    });
  }
  std::map<TileKey, std::shared_ptr<const model::TilePixels>> m_loaded;
};

TEST_F(LayTiles, a_loaded_tile_covers_its_place) {
  load({10, 3, 4});
  load({7, 0, 0});
  const auto patches = lay({{10, 3, 4}});
  ASSERT_EQ(patches.size(), 1u);
  EXPECT_EQ(patches[0].tile, (TileKey{10, 3, 4}));
  EXPECT_EQ(patches[0].box_world.min, model::tile_box_world({10, 3, 4}).min);
}

TEST_F(LayTiles, the_nearest_coarser_tile_stands_in_for_a_missing_one) {
  load({7, 0, 0});
  load({5, 0, 0});
  const auto patches = lay({{10, 3, 4}});
  ASSERT_EQ(patches.size(), 1u);
  EXPECT_EQ(patches[0].tile, (TileKey{7, 0, 0}));
  EXPECT_EQ(patches[0].box_world.max, model::tile_box_world({10, 3, 4}).max);
}

TEST_F(LayTiles, finer_tiles_stand_in_where_they_are_and_the_coarser_one_fills_the_rest_once) {
  load({11, 6, 8});
  load({11, 7, 9});
  load({8, 0, 1});
  const auto patches = lay({{10, 3, 4}});
  ASSERT_EQ(patches.size(), 4u);
  double area = 0;
  for (const BasemapPatch& patch : patches) {
    area += patch.box_world.width() * patch.box_world.height();
    EXPECT_TRUE(patch.tile.level == 11 || patch.tile == (TileKey{8, 0, 1}));
  }
  EXPECT_DOUBLE_EQ(area, model::tile_side_m(10) * model::tile_side_m(10));
}

TEST_F(LayTiles, what_is_empty_or_unknown_draws_nothing) {
  load({10, 3, 4}, false);
  load({9, 1, 2});
  EXPECT_TRUE(lay({{10, 3, 4}}).empty()) << "known to be empty: nothing stands in";
  EXPECT_TRUE(lay({{10, 90, 90}}).empty());
}

}  // namespace
}  // namespace gridwall::scene
