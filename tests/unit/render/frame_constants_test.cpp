#include "render/frame_constants.hpp"

#include <gtest/gtest.h>

#include "support/map_scenes.hpp"
#include "support/small_tree.hpp"

namespace gridwall::render {
namespace {

// Where a point of the tree comes to stand, as the shader computes it.
base::Vec2f map_px(const FrameBlock& f, base::Vec2i p) {
  return {static_cast<float>(p.x - f.view_origin_units.x) * f.px_per_unit + f.view_origin_map_px.x,
          static_cast<float>(p.y - f.view_origin_units.y) * f.px_per_unit + f.view_origin_map_px.y};
}

TEST(FrameConstants, the_views_middle_is_the_maps_middle) {
  const auto scene = test::map_scene(test::small_tree(), {.size_px = {320, 200}});
  const base::Vec2f p = map_px(frame_constants(scene, {320, 200}, 0), {0, 0});
  EXPECT_FLOAT_EQ(p.x, 160);
  EXPECT_FLOAT_EQ(p.y, 100);
}

TEST(FrameConstants, parts_of_a_unit_move_the_picture_and_whole_units_stay_exact) {
  auto scene = test::map_scene(test::small_tree(), {.size_px = {320, 200}, .px_per_m = 20});
  scene.viewport.view.center_world = scene.tree->origin_world() + base::Vec2d{3000.0004, 0};
  const FrameBlock frame = frame_constants(scene, {320, 200}, 0);
  EXPECT_EQ(frame.view_origin_units, (base::Vec2i{3000000, 0}));
  EXPECT_NEAR(map_px(frame, {3000000, 0}).x, 160 - 0.008, 1e-4);
}

TEST(FrameConstants, the_maps_rectangle_counts_from_the_bottom) {
  scene::Viewport viewport{{30, 10}, {100, 50}, {}};
  EXPECT_EQ(map_rect(viewport, {200, 90}), (gfx::PixelRect{30, 30, 100, 50}));
}

TEST(FrameConstants, visible_units_hold_the_corners_and_the_margin) {
  const auto scene = test::map_scene(test::small_tree(), {.size_px = {320, 200}, .px_per_m = 0.1});
  const UnitBox box = visible_units(frame_constants(scene, {320, 200}, 0), 10);
  EXPECT_NEAR(static_cast<double>(box.min_x), -1700000, 2);
  EXPECT_NEAR(static_cast<double>(box.max_y), 1100000, 2);
}

TEST(FrameConstants, strength_outside_zero_to_one_is_clamped) {
  auto scene = test::map_scene(test::small_tree());
  scene.stale_strength = 3;
  EXPECT_EQ(frame_constants(scene, {320, 200}, 0).stale_strength, 1.0f);
}

}  // namespace
}  // namespace gridwall::render
