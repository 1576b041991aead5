// The basemap's colours stand at the right pixels, smooth between tiles, styled, and below the divisions.
#include "render/basemap_pass.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "render/map_renderer.hpp"
#include "scene/basemap_tiles.hpp"
#include "scene/camera.hpp"
#include "scene/tile_store.hpp"
#include "support/gl_stage.hpp"
#include "support/map_scenes.hpp"
#include "support/small_tree.hpp"

namespace gridwall::render {
namespace {

using model::TileKey;

constexpr base::Color kMagenta{255, 0, 255, 255};
constexpr base::Vec2i kSizePx{320, 200};

using ColorOfWorld = std::function<base::Color(base::Vec2d)>;

// A tile of a picture that is a rule of the world's coordinates, opaque.
std::shared_ptr<const model::TilePixels> tile_of(TileKey key, const ColorOfWorld& color) {
  auto tile = std::make_shared<model::TilePixels>();
  const base::Box2d box = model::tile_box_world(key);
  const double px_m = model::tile_px_m(key.level);
  for (int y = 0; y < model::kTileStoredPx; ++y) {
    for (int x = 0; x < model::kTileStoredPx; ++x) {
      const base::Color c = color({box.min.x + (x - 0.5) * px_m, box.max.y - (y - 0.5) * px_m});
      tile->rgba.insert(tile->rgba.end(), {c.r, c.g, c.b, c.a});
    }
  }
  return tile;
}

// Four quarters about the tree's middle: north-west red, north-east green, south-west blue, south-east white.
ColorOfWorld quarters(base::Vec2d middle) {
  return [middle](base::Vec2d p) {
    if (p.y > middle.y) return p.x < middle.x ? base::Color{200, 0, 0, 255} : base::Color{0, 200, 0, 255};
    return p.x < middle.x ? base::Color{0, 0, 200, 255} : base::Color{200, 200, 200, 255};
  };
}

// What a wall would draw with all tiles of the view.
scene::Basemap basemap_of(const scene::Viewport& viewport, const ColorOfWorld& color, std::int32_t coarser = 0) {
  const auto choice = scene::choose_tiles(viewport, {{{-1e7, -1e7}, {1e7, 1e7}}, 24}, 600);
  scene::TileStore store(600);
  for (const TileKey& key : choice.tiles) {
    const TileKey loaded = model::tile_ancestor(key, coarser);
    if (!store.holds(loaded)) store.add(loaded, tile_of(loaded, color));
  }
  scene::Basemap basemap;
  basemap.patches = scene::lay_tiles(choice.tiles, [&](const TileKey& key) { return store.find(key); });
  return basemap;
}

class BasemapGl : public testing::Test {
 protected:
  BasemapGl() {
    auto made = MapRenderer::create(stage.context(), test::shader_folder(), {});
    EXPECT_TRUE(made.ok()) << made.error().message;
    renderer = std::move(made).value();
    scene = test::map_scene(test::small_tree(), {.px_per_m = 0.1, .fill = {0, 0, 0, 0}});
    scene.background = kMagenta;
  }
  gfx::Image draw() {
    stage.begin();
    EXPECT_TRUE(renderer->draw(scene, kSizePx, 0).ok());
    stats = stage.context().frame_stats();
    return stage.pixels();
  }
  [[nodiscard]] base::Vec2d middle() const { return scene.tree->origin_world(); }

  test::GlStage stage{kSizePx};
  std::unique_ptr<MapRenderer> renderer;
  scene::FrameScene scene;
  gfx::FrameStats stats;
};

bool is_near(base::Color a, base::Color b, int by = 2) {
  return std::abs(a.r - b.r) <= by && std::abs(a.g - b.g) <= by && std::abs(a.b - b.b) <= by;
}

TEST_F(BasemapGl, each_colour_stands_at_its_pixels_at_any_zoom) {
  for (const double px_per_m : {0.0003, 0.011, 0.1, 0.7, 5.0, 20.0}) {
    scene.viewport.view.px_per_m = px_per_m;
    const ColorOfWorld color = quarters(middle());
    scene.basemap = basemap_of(scene.viewport, color);
    const gfx::Image image = draw();
    int wrong = 0;
    for (int y = 0; y < kSizePx.y; ++y) {
      for (int x = 0; x < kSizePx.x; ++x) {
        if (std::abs(x - 160) < 3 || std::abs(y - 100) < 3) continue;  // between the colours
        const base::Vec2d world = scene::world_from_px(scene.viewport, {x + 0.5, y + 0.5});
        wrong += is_near(image.at(x, y), color(world)) ? 0 : 1;
      }
    }
    EXPECT_EQ(wrong, 0) << px_per_m << " px/m";
  }
}

TEST_F(BasemapGl, the_edge_between_two_colours_lies_within_half_a_pixel) {
  const ColorOfWorld color = quarters(middle());
  scene.basemap = basemap_of(scene.viewport, color);
  const gfx::Image image = draw();
  double red_px = 0;  // of row 50: red up to the middle
  for (int x = 0; x < kSizePx.x; ++x) red_px += image.at(x, 50).r / 200.0;
  EXPECT_NEAR(red_px, 160, 0.5);
  double red_rows = 0;
  for (int y = 0; y < kSizePx.y; ++y) red_rows += image.at(80, y).r / 200.0;
  EXPECT_NEAR(red_rows, 100, 0.5);
}

TEST_F(BasemapGl, there_is_no_seam_between_tiles_also_where_a_coarse_one_is_magnified) {
  // A slope of colour over the whole view: each pixel is at most a step darker than its neighbour.
  const base::Vec2d corner = scene::world_from_px(scene.viewport, {0, 200});
  const ColorOfWorld slope = [&](base::Vec2d p) {
    const double along = (p.x - corner.x + 400) / 4000;
    const auto level = static_cast<std::uint8_t>(std::lround(std::clamp(255 * along, 0.0, 255.0)));
    return base::Color{level, level, level, 255};
  };
  for (const std::int32_t coarser : {0, 1, 3}) {
    scene.basemap = basemap_of(scene.viewport, slope, coarser);
    const gfx::Image image = draw();
    for (int x = 2; x < kSizePx.x - 2; ++x) {
      const base::Vec2d world = scene::world_from_px(scene.viewport, {x + 0.5, 77.5});
      EXPECT_NEAR(image.at(x, 77).r, slope(world).r, 2) << x << " from " << coarser << " levels above";
    }
  }
}

TEST_F(BasemapGl, an_unchanged_view_uploads_nothing_and_is_one_draw) {
  scene.basemap = basemap_of(scene.viewport, quarters(middle()));
  ASSERT_GE(scene.basemap.patches.size(), 4u);
  scene.tree = nullptr;
  draw();
  EXPECT_GE(stats.bytes_uploaded, scene.basemap.patches.size() * model::kTileBytes);
  draw();
  EXPECT_EQ(stats.bytes_uploaded, 0u);
  EXPECT_EQ(stats.draws, 1u);
}

TEST_F(BasemapGl, a_bright_map_becomes_a_calm_ground) {
  const ColorOfWorld orange = [](base::Vec2d) { return base::Color{240, 160, 40, 255}; };
  scene.basemap = basemap_of(scene.viewport, orange);
  EXPECT_TRUE(is_near(draw().at(50, 50), {240, 160, 40, 255}));
  scene.basemap.style.brightness = 0.5f;
  EXPECT_TRUE(is_near(draw().at(50, 50), {120, 80, 20, 255}));
  scene.basemap.style = {1, 1, 0};
  const base::Color grey = draw().at(50, 50);
  EXPECT_TRUE(is_near(grey, {170, 170, 170, 255}, 3)) << int{grey.r} << " " << int{grey.g};
  scene.basemap.style = {0.25f, 1, 1};
  EXPECT_TRUE(is_near(draw().at(50, 50), {251, 40, 201, 255})) << "a quarter over the background";
  scene.basemap.style = {};
  scene.stale_strength = 1;
  const base::Color stale = draw().at(50, 50);
  EXPECT_EQ(stale.r, stale.b) << "grey with the rest";
}

TEST_F(BasemapGl, transparent_parts_show_the_background) {
  const ColorOfWorld half = [&](base::Vec2d p) {
    return p.x < middle().x ? base::Color{0, 0, 0, 0} : base::Color{0, 60, 0, 128};
  };
  scene.basemap = basemap_of(scene.viewport, half);
  const gfx::Image image = draw();
  EXPECT_EQ(image.at(50, 50), kMagenta);
  EXPECT_TRUE(is_near(image.at(300, 50), {127, 60, 127, 255}));
}

TEST_F(BasemapGl, divisions_lie_above_and_the_ground_keeps_none_of_it) {
  scene.viewport.view.px_per_m = 0.02;  // the tree's square: x from 80 to 240
  scene.division_colors.assign(scene.tree->divisions().size(), base::Color{40, 90, 140, 255});
  ++scene.colors_version;
  const ColorOfWorld green = [](base::Vec2d) { return base::Color{0, 200, 0, 255}; };
  const scene::Basemap basemap = basemap_of(scene.viewport, green);
  EXPECT_EQ(draw().at(20, 100), kMagenta);
  for (int i = 0; i < 2; ++i) {
    scene.basemap = basemap;
    EXPECT_TRUE(is_near(draw().at(20, 100), {0, 200, 0, 255}));
    EXPECT_TRUE(is_near(draw().at(160, 60), {40, 90, 140, 255}));
    scene.basemap = {};
    EXPECT_EQ(draw().at(20, 100), kMagenta) << "gone when it is gone";
  }
}

TEST_F(BasemapGl, a_large_wall_gets_the_room_it_needs) {
  auto pass = BasemapPass::create(stage.context(), test::shader_folder());
  ASSERT_TRUE(pass.ok());
  scene::Basemap basemap;
  for (std::int32_t x = 0; x < 70; ++x) {
    const TileKey key{12, x, 0};
    basemap.patches.push_back({key,
                               tile_of(key,
                                       [](base::Vec2d) {
                                         return base::Color{9, 9, 9, 255};
                                       }),
                               model::tile_box_world(key)});
  }
  stage.begin();
  EXPECT_EQ(pass->layer_count(), 0) << "no texture before there is a basemap";
  pass->draw(stage.context(), basemap, scene.viewport);
  EXPECT_EQ(pass->layer_count(), 128);
  basemap.patches.resize(2);
  pass->draw(stage.context(), basemap, scene.viewport);
  EXPECT_EQ(pass->layer_count(), 128);
}

}  // namespace
}  // namespace gridwall::render
