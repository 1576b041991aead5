// A fluent map: while a new scale is drawn the last one stands in, no frame does all the work, and what is left when
// all is drawn is the picture that would have been drawn at once.
#include "render/ground.hpp"

#include <gtest/gtest.h>

#include "render/map_renderer.hpp"
#include "scene/camera.hpp"
#include "support/gl_stage.hpp"
#include "support/jagged_tree.hpp"
#include "support/map_scenes.hpp"

namespace gridwall::render {
namespace {

constexpr base::Vec2i kSizePx{640, 400};

class GroundGl : public testing::Test {
 protected:
  std::unique_ptr<MapRenderer> make_renderer(Pace pace = Pace::AtOnce) {
    auto made = MapRenderer::create(stage.context(), test::shader_folder(), {});
    EXPECT_TRUE(made.ok()) << made.error().message;
    (*made)->set_pace(pace);
    return std::move(made).value();
  }
  gfx::Image draw(MapRenderer& with) {
    stage.begin();
    EXPECT_TRUE(with.draw(scene, kSizePx, 0).ok());
    stats = stage.context().frame_stats();
    return stage.pixels();
  }
  static scene::FrameScene scene_of(const test::JaggedTreeSpec& spec, double px_per_m) {
    auto scene = test::map_scene(test::jagged_tree(spec), {.size_px = kSizePx, .px_per_m = px_per_m});
    scene.viewport.view = scene::on_pixels(scene.viewport.view);
    test::color_by_step(scene);
    test::add_borders(scene);
    return scene;
  }
  void zoom(double factor) {
    scene.viewport.view.px_per_m *= factor;
    scene.viewport.view = scene::on_pixels(scene.viewport.view);
  }
  // So many cells that a frame's budget does not reach for a whole picture.
  static constexpr test::JaggedTreeSpec kMany{
      .blocks = 10, .cells_per_block = 15, .points_per_side = 20, .size_m = 10'000, .wiggle = 0.04};

  test::GlStage stage{kSizePx};
  scene::FrameScene scene = scene_of(kMany, 0.036);
  gfx::FrameStats stats;
};

TEST_F(GroundGl, a_fluent_picture_ends_as_the_one_that_is_drawn_at_once) {
  const auto fluent = make_renderer(Pace::Fluent), at_once = make_renderer();
  for (const double factor : {1.0, 1.4, 1.3, 0.5, 1.02}) {
    zoom(factor);
    gfx::Image last = draw(*fluent);
    int frames = 1;
    for (; fluent->is_refining() && frames < 100; ++frames) last = draw(*fluent);
    EXPECT_FALSE(fluent->is_refining());
    EXPECT_GT(frames, factor == 1.0 ? 1 : 0) << "the test's map is too small for its purpose";
    EXPECT_EQ(last, draw(*at_once)) << factor;
  }
}

TEST_F(GroundGl, after_a_zoom_the_last_picture_stands_in_and_nothing_is_empty) {
  const auto fluent = make_renderer(Pace::Fluent);
  scene.background = {255, 0, 255, 255};
  while (draw(*fluent), fluent->is_refining()) {
  }
  zoom(1.9);
  const gfx::Image image = draw(*fluent);
  EXPECT_TRUE(fluent->is_refining());
  int empty = 0;
  for (int y = 0; y < kSizePx.y; ++y) {
    for (int x = 140; x < 500; ++x) empty += image.at(x, y) == scene.background ? 1 : 0;
  }
  EXPECT_EQ(empty, 0);
}

TEST_F(GroundGl, no_frame_of_a_fluent_map_draws_all) {
  const auto at_once = make_renderer();
  draw(*at_once);
  const std::uint64_t whole = stats.triangles;
  const auto fluent = make_renderer(Pace::Fluent);
  std::uint64_t most = 0;
  do {
    draw(*fluent);
    most = std::max(most, stats.triangles);
  } while (fluent->is_refining());
  EXPECT_LT(most * (stage.context().is_software() ? 2 : 0), whole);
}

TEST_F(GroundGl, a_map_that_is_zoomed_all_the_time_is_refined_all_the_same) {
  const auto fluent = make_renderer(Pace::Fluent);
  while (draw(*fluent), fluent->is_refining()) {
  }
  // A flight: every frame has its own scale. The layer that is drawn stays at its own until it is done.
  int frames = 0;
  for (; frames < 60; ++frames) {
    zoom(1.005);
    draw(*fluent);
  }
  while (draw(*fluent), fluent->is_refining() && ++frames < 200) {
  }
  EXPECT_LT(frames, 100);
  EXPECT_EQ(draw(*fluent), draw(*make_renderer()));
}

TEST_F(GroundGl, a_recolour_while_refining_colours_both) {
  const auto fluent = make_renderer(Pace::Fluent);
  scene.borders.clear();
  while (draw(*fluent), fluent->is_refining()) {
  }
  zoom(1.6);
  draw(*fluent);
  EXPECT_TRUE(fluent->is_refining());
  scene.division_colors.assign(scene.division_colors.size(), {9, 99, 199, 255});
  ++scene.colors_version;
  const gfx::Image image = draw(*fluent);
  int old_colors = 0;
  for (int y = 20; y < kSizePx.y - 20; y += 7) {
    for (int x = 160; x < 480; x += 7) {
      const base::Color c = image.at(x, y);
      old_colors += c.b > c.r && c.r > 60 && c.g > 140 ? 1 : 0;  // the two lightest steps of before
    }
  }
  EXPECT_EQ(old_colors, 0);
}

// What is resident follows the pixels: from afar a twentieth of the vertices, close by those in sight.
TEST_F(GroundGl, memory_on_the_card_follows_the_pixels) {
  const std::uint64_t before = stage.context().live_stats().buffer_bytes;
  const auto renderer = make_renderer();
  for (int i = 0; i < 12; ++i) {
    draw(*renderer);
    zoom(1.5);
  }
  // The tree's own arrays would be 29 MB of fills, and as much of borders, for each scale that was seen.
  const std::uint64_t tree_bytes = 12 * scene.tree->vertices().size() + 4 * scene.tree->triangle_indices().size();
  EXPECT_LT(stage.context().live_stats().buffer_bytes - before, 4 * tree_bytes);
}

// Any number of levels of borders: four lines a round.
TEST_F(GroundGl, more_styles_than_channels_are_all_drawn) {
  scene = scene_of({.blocks = 2, .cells_per_block = 2}, 0.03);
  const auto renderer = make_renderer();
  scene.borders.clear();
  const gfx::Image none = draw(*renderer);
  scene.borders = {{0, 9.0f, {255, 0, 0, 255}},
                   {0, 7.0f, {255, 80, 0, 255}},
                   {1, 5.0f, {0, 255, 0, 255}},
                   {1, 3.0f, {0, 255, 99, 255}},
                   {2, 2.0f, {0, 0, 255, 255}}};
  const gfx::Image all = draw(*renderer);
  scene.borders.pop_back();
  EXPECT_NE(draw(*renderer), all) << "the fifth";
  EXPECT_NE(all, none);
}

}  // namespace
}  // namespace gridwall::render
