// What a picture must keep at any zoom: no crack between neighbours, lines of one width, uploads only of what changed.
#include "render/map_renderer.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/gl_stage.hpp"
#include "support/jagged_tree.hpp"
#include "support/map_scenes.hpp"
#include "support/small_tree.hpp"

namespace gridwall::render {
namespace {

constexpr base::Color kMagenta{255, 0, 255, 255};
constexpr base::Color kNone{0, 0, 0, 0};
constexpr base::Vec2i kSizePx{320, 200};

class MapRendererGl : public testing::Test {
 protected:
  MapRendererGl() {
    auto made = MapRenderer::create(stage.context(), test::shader_folder(), {});
    EXPECT_TRUE(made.ok()) << made.error().message;
    renderer = std::move(made).value();
  }
  gfx::Image draw(const scene::FrameScene& scene) {
    stage.begin();
    EXPECT_TRUE(renderer->draw(scene, kSizePx, 0).ok());
    stats = stage.context().frame_stats();
    return stage.pixels();
  }

  test::GlStage stage{kSizePx};
  std::unique_ptr<MapRenderer> renderer;
  gfx::FrameStats stats;
};

int count_of(const gfx::Image& image, base::Color color) {
  int count = 0;
  for (int y = 0; y < image.size_px.y; ++y) {
    for (int x = 0; x < image.size_px.x; ++x) count += image.at(x, y) == color ? 1 : 0;
  }
  return count;
}

TEST_F(MapRendererGl, a_fill_covers_exactly_the_pixels_whose_middle_it_contains) {
  // The square is 8000 m: 160 px wide, from (80, 20) to (240, 180).
  auto scene = test::map_scene(test::small_tree(), {.px_per_m = 0.02});
  scene.background = kMagenta;
  const gfx::Image image = draw(scene);
  int wrong = 0;
  for (int y = 0; y < kSizePx.y; ++y) {
    for (int x = 0; x < kSizePx.x; ++x) {
      const bool inside = x >= 80 && x < 240 && y >= 20 && y < 180;
      wrong += image.at(x, y) != (inside ? base::Color{40, 90, 140, 255} : kMagenta) ? 1 : 0;
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST_F(MapRendererGl, shared_borders_never_crack_at_any_zoom_or_offset) {
  const auto tree = test::jagged_tree();
  for (const double px_per_m : {0.06, 0.11, 0.83, 7.0, 20.0}) {
    for (const base::Vec2d offset : {base::Vec2d{0, 0}, base::Vec2d{311.37, -205.11}, base::Vec2d{-666.7, 12.049}}) {
      auto scene = test::map_scene(tree, {.px_per_m = px_per_m, .center_offset_m = offset});
      scene.background = kMagenta;
      EXPECT_EQ(count_of(draw(scene), kMagenta), 0) << px_per_m << " px/m at " << offset.x << ", " << offset.y;
    }
  }
}

TEST_F(MapRendererGl, a_step_of_one_pixel_moves_the_picture_by_one_pixel_at_the_door_step) {
  // 5 cm a pixel, far from the origin of the tree: floats of metres would stutter here.
  auto scene =
      test::map_scene(test::jagged_tree({.size_m = 60000}), {.px_per_m = 20, .center_offset_m = {25000, 25000}});
  test::color_by_step(scene);
  test::add_borders(scene);
  // Snap the middle to the unit grid so that both pictures sample alike.
  const gfx::Image before = draw(scene);
  scene.viewport.view.center_world.x += 0.05 * 7;
  const gfx::Image after = draw(scene);
  int different = 0;
  for (int y = 0; y < kSizePx.y; ++y) {
    for (int x = 0; x < kSizePx.x - 7; ++x) {
      const auto a = before.at(x + 7, y);
      const auto b = after.at(x, y);
      different += std::abs(a.r - b.r) > 2 || std::abs(a.g - b.g) > 2 || std::abs(a.b - b.b) > 2 ? 1 : 0;
    }
  }
  EXPECT_EQ(different, 0);
}

TEST_F(MapRendererGl, a_border_is_as_wide_at_every_zoom) {
  for (const double px_per_m : {0.02, 0.2, 2.0, 20.0}) {
    // The middle cross of the tree runs through the middle of the picture.
    auto scene = test::map_scene(test::small_tree(), {.px_per_m = px_per_m, .fill = {0, 0, 0, 255}});
    scene.borders = {{1, 3.0f, {255, 255, 255, 255}}};
    const gfx::Image image = draw(scene);
    double width_px = 0;
    for (int x = 150; x < 170; ++x) width_px += image.at(x, 60).g / 255.0;
    EXPECT_NEAR(width_px, 3.0, 0.06) << px_per_m;
  }
}

TEST_F(MapRendererGl, translucent_borders_do_not_darken_where_segments_meet) {
  auto scene = test::map_scene(test::small_tree(), {.px_per_m = 0.02, .fill = {0, 0, 0, 255}});
  scene.borders = {{1, 6.0f, {200, 200, 200, 128}}};
  const gfx::Image image = draw(scene);
  EXPECT_EQ(image.at(160, 100), image.at(160, 60));  // the crossing and a place between
  EXPECT_NEAR(image.at(160, 60).g, 100, 2);
}

TEST_F(MapRendererGl, dashes_have_gaps_and_stay_on_the_ground_while_the_map_moves) {
  constexpr base::Color kWhite{255, 255, 255, 255};
  auto scene = test::map_scene(test::small_tree(), {.px_per_m = 0.02});
  scene.borders = {{0, 3.0f, kWhite}};
  const int whole = count_of(draw(scene), kWhite);
  scene.borders[0].is_dashed = true;
  const gfx::Image dashed = draw(scene);
  const int lit = count_of(dashed, kWhite);
  EXPECT_GT(lit, whole / 2);
  EXPECT_LT(lit, whole * 9 / 10);  // dashes end round
  // Moved by 37 and 21 pixels, in steps and at once: the same dashes, elsewhere.
  const model::MapView home = scene.viewport.view;
  const auto moved = [&](int right, int up) {
    scene.viewport.view.center_world = home.center_world + base::Vec2d{right / 0.02, up / 0.02};
    return draw(scene);
  };
  for (int step = 1; step < 21; ++step) (void)moved(step, step);
  const gfx::Image stepped = moved(37, 21);
  renderer = MapRenderer::create(stage.context(), test::shader_folder(), {}).value();
  EXPECT_EQ(count_of(moved(37, 21), kWhite), count_of(stepped, kWhite));
  int wrong = 0;
  for (int y = 0; y < kSizePx.y - 21; ++y) {
    for (int x = 37; x < kSizePx.x; ++x) {
      wrong += (dashed.at(x, y) == kWhite) != (stepped.at(x - 37, y + 21) == kWhite) ? 1 : 0;
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST_F(MapRendererGl, a_recolour_uploads_the_colours_and_nothing_else) {
  auto scene = test::map_scene(test::small_tree());
  test::add_borders(scene);
  scene.markers = {{{0, 0}, 12, model::MarkerShape::Circle, {255, 0, 0, 255}, kNone, 0}};
  scene.labels = {{{100, 100}, "江阴", 18, {255, 255, 255, 255}, {0, 0, 0, 255}}};
  draw(scene);
  draw(scene);
  EXPECT_EQ(stats.bytes_uploaded, 0u) << "an unchanged scene";
  test::color_by_step(scene);
  draw(scene);
  EXPECT_EQ(stats.bytes_uploaded, 4u * scene.tree->divisions().size());
}

TEST_F(MapRendererGl, a_close_view_submits_a_small_part_of_the_triangles) {
  auto scene = test::map_scene(test::jagged_tree({.blocks = 6, .cells_per_block = 6}), {.px_per_m = 0.02});
  draw(scene);
  const auto whole = stats.triangles;
  scene.viewport.view.px_per_m = 2;
  draw(scene);
  EXPECT_LT(stats.triangles * 5, whole);
  EXPECT_EQ(stats.draws, 2u) << "what lies where, and its colours";
}

TEST_F(MapRendererGl, stale_colours_are_clearly_grey) {
  auto scene = test::map_scene(test::small_tree(), {.fill = {200, 40, 40, 255}});
  scene.stale_strength = 1;
  const base::Color color = draw(scene).at(160, 90);
  EXPECT_EQ(color.r, color.g);
  EXPECT_EQ(color.g, color.b);
}

TEST_F(MapRendererGl, only_the_viewport_of_the_scene_is_drawn) {
  auto scene = test::map_scene(test::small_tree(), {.size_px = {100, 80}, .px_per_m = 1});
  scene.viewport.offset_px = {200, 10};
  scene.labels = {{{200, 50}, "出界的长长的标签", 30, {255, 255, 255, 255}, {0, 0, 0, 255}}};
  const gfx::Image image = draw(scene);
  for (int y = 0; y < kSizePx.y; ++y) {
    for (int x = 0; x < kSizePx.x; ++x) {
      const bool inside = x >= 200 && x < 300 && y >= 10 && y < 90;
      ASSERT_EQ(image.at(x, y) == kMagenta, !inside) << x << ", " << y;
    }
  }
}

TEST_F(MapRendererGl, hover_and_selection_lighten_and_outline_one_division) {
  auto scene = test::map_scene(test::small_tree(), {.px_per_m = 0.02});
  const gfx::Image before = draw(scene);
  scene.selected = scene.tree->find("R01");  // lower left quarter: 80..160, 100..180
  scene.hovered = scene.tree->find("R04");
  const gfx::Image after = draw(scene);
  EXPECT_GT(after.at(120, 140).r, before.at(120, 140).r);
  EXPECT_GT(after.at(200, 60).r, before.at(200, 60).r);
  EXPECT_EQ(after.at(120, 60), before.at(120, 60));
  EXPECT_GT(after.at(80, 140).r, 200);
  scene.hovered = {99999};  // out of range: ignored
  scene.selected = model::DivisionIndex::none();
  EXPECT_EQ(draw(scene), before);
}

TEST_F(MapRendererGl, nothing_lives_after_the_renderer_is_gone) {
  auto scene = test::map_scene(test::small_tree());
  test::add_borders(scene);
  scene.selected = {1};
  draw(scene);
  renderer.reset();
  EXPECT_EQ(stage.context().live_stats().objects(), 2u) << "the stage's own framebuffer and its texture";
}

TEST_F(MapRendererGl, shaders_can_be_compiled_again_while_running) {
  EXPECT_TRUE(renderer->reload_shaders().ok());
}

TEST_F(MapRendererGl, a_scene_without_a_tree_is_its_background) {
  scene::FrameScene scene;
  scene.viewport = {{0, 0}, kSizePx, {}};
  const gfx::Image image = draw(scene);
  EXPECT_EQ(count_of(image, scene.background), kSizePx.x * kSizePx.y);
}

}  // namespace
}  // namespace gridwall::render
