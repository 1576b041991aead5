// The kept ground is only a short cut: whatever changes, the picture is the one that a fresh renderer draws.
#include "render/ground_cache.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "render/map_renderer.hpp"
#include "scene/camera.hpp"
#include "support/gl_stage.hpp"
#include "support/jagged_tree.hpp"
#include "support/map_scenes.hpp"
#include "support/small_tree.hpp"

namespace gridwall::render {
namespace {

constexpr base::Vec2i kSizePx{320, 200};

class GroundCacheGl : public testing::Test {
 protected:
  std::unique_ptr<MapRenderer> make_renderer() {
    auto made = MapRenderer::create(stage.context(), test::shader_folder(), {});
    EXPECT_TRUE(made.ok()) << made.error().message;
    return std::move(made).value();
  }
  gfx::Image draw(MapRenderer& with, const scene::FrameScene& scene) {
    stage.begin();
    EXPECT_TRUE(with.draw(scene, kSizePx, 0).ok());
    stats = stage.context().frame_stats();
    return stage.pixels();
  }
  static scene::FrameScene scene_of_grids() {
    auto scene = test::map_scene(test::small_tree(), {.px_per_m = 0.03});
    test::color_by_step(scene);
    test::add_borders(scene);
    return scene;
  }

  test::GlStage stage{kSizePx};
  std::unique_ptr<MapRenderer> renderer = make_renderer();
  gfx::FrameStats stats;
};

TEST_F(GroundCacheGl, an_unchanged_ground_is_copied_and_not_drawn) {
  const auto scene = scene_of_grids();
  const gfx::Image first = draw(*renderer, scene);
  EXPECT_GT(stats.draws, 0u);
  const gfx::Image second = draw(*renderer, scene);
  EXPECT_EQ(stats.draws, 0u);
  EXPECT_EQ(stats.bytes_uploaded, 0u);
  EXPECT_EQ(first, second);
}

TEST_F(GroundCacheGl, markers_and_outlines_are_drawn_over_a_kept_ground_and_leave_no_trace_in_it) {
  auto scene = scene_of_grids();
  const gfx::Image plain = draw(*renderer, scene);
  scene.markers.push_back({{0, 0}, 20, model::MarkerShape::Circle, {255, 0, 0, 255}, {0, 0, 0, 0}, 0});
  scene.hovered = model::DivisionIndex{2};
  const gfx::Image marked = draw(*renderer, scene);
  EXPECT_NE(marked, plain);
  EXPECT_EQ(marked, draw(*make_renderer(), scene));
  scene.markers.clear();
  scene.hovered = model::DivisionIndex::none();
  EXPECT_EQ(draw(*renderer, scene), plain);
}

TEST_F(GroundCacheGl, whatever_changes_the_picture_is_that_of_a_fresh_renderer) {
  const std::pair<const char*, std::function<void(scene::FrameScene&)>> changes[] = {
      {"view", [](auto& s) { s.viewport.view.center_world.x += 40; }},
      {"zoom", [](auto& s) { s.viewport.view.px_per_m *= 0.6; }},
      {"place in the output",
       [](auto& s) {
         s.viewport.offset_px = {20, 10}, s.viewport.size_px = {200, 150};
       }},
      {"colours",
       [](auto& s) {
         s.division_colors.back() = {250, 10, 10, 255}, ++s.colors_version;
       }},
      {"level", [](auto& s) { s.fill_level = 1; }},
      {"border",
       [](auto& s) {
         s.borders[1].color = {255, 255, 0, 255};
       }},
      {"stale", [](auto& s) { s.stale_strength = 1; }},
      {"hatch", [](auto& s) { s.division_hatched.assign(s.division_colors.size(), 1), ++s.colors_version; }},
      {"background",
       [](auto& s) {
         s.background = {60, 0, 0, 255};
       }},
      {"tree",
       [](auto& s) {
         const auto borders = s.borders;
         s = test::map_scene(test::small_tree({.splits = {3, 2}}), {.px_per_m = 0.03});
         s.borders = borders;
       }},
  };
  auto scene = scene_of_grids();
  gfx::Image before = draw(*renderer, scene);
  for (const auto& [what, change] : changes) {
    change(scene);
    const gfx::Image after = draw(*renderer, scene);
    EXPECT_NE(after, before) << what;
    EXPECT_EQ(after, draw(*make_renderer(), scene)) << what;
    before = after;
  }
}

// Pixels whose difference anyone could see.
std::size_t different_count(const gfx::Image& a, const gfx::Image& b) {
  constexpr int kSeen = 24;
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.rgba.size(); i += 4) {
    int most = 0;
    for (std::size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(int{a.rgba[i + c]} - int{b.rgba[i + c]}));
    count += most > kSeen ? 1 : 0;
  }
  return count;
}

TEST_F(GroundCacheGl, a_view_that_moved_by_whole_pixels_draws_the_strips_that_came_into_sight) {
  const test::JaggedTreeSpec many{.blocks = 20, .cells_per_block = 4, .points_per_side = 4, .size_m = 10'000};
  auto scene = test::map_scene(test::jagged_tree(many), {.size_px = kSizePx, .px_per_m = 0.03});
  test::color_by_step(scene);
  test::add_borders(scene);
  scene.division_hatched.assign(scene.division_colors.size(), 1);
  scene.viewport.view = scene::on_pixels(scene.viewport.view);
  draw(*renderer, scene);
  const std::uint64_t whole_triangles = stats.triangles;
  for (const base::Vec2d step : {base::Vec2d{5, 0}, {-17, 0}, {0, 9}, {0, -3}, {11, 7}, {-4, 6}, {-12, -9}}) {
    auto& center = scene.viewport.view.center_world;
    center = center + step * (1 / scene.viewport.view.px_per_m);
    const gfx::Image moved = draw(*renderer, scene);
    EXPECT_LT(stats.triangles, whole_triangles / 2);
    EXPECT_EQ(different_count(moved, draw(*make_renderer(), scene)), 0u) << step.x << ", " << step.y;
  }
  scene.viewport.view.center_world.x += 400 / scene.viewport.view.px_per_m;
  EXPECT_EQ(different_count(draw(*renderer, scene), draw(*make_renderer(), scene)), 0u)
      << "farther than the map is wide";
  scene.viewport.view.center_world.x -= 0.5 / scene.viewport.view.px_per_m;
  EXPECT_EQ(draw(*renderer, scene), draw(*make_renderer(), scene)) << "half a pixel is another picture";
}

}  // namespace
}  // namespace gridwall::render
