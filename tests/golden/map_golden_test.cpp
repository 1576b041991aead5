// Pictures of the map, one a pass, on known trees: what a reader of numbers would miss, a reader of pictures sees.
#include <gtest/gtest.h>

#include "render/map_renderer.hpp"
#include "support/gl_stage.hpp"
#include "support/image_compare.hpp"
#include "support/jagged_tree.hpp"
#include "support/map_scenes.hpp"
#include "support/small_tree.hpp"

namespace gridwall {
namespace {

constexpr base::Vec2i kSizePx{800, 500};

gfx::Image picture_of(const scene::FrameScene& scene, const render::FontOptions& font = {}) {
  test::GlStage stage(scene.viewport.size_px);
  auto renderer = render::MapRenderer::create(stage.context(), test::shader_folder(), font);
  EXPECT_TRUE(renderer.ok()) << renderer.error().message;
  stage.begin();
  EXPECT_TRUE((*renderer)->draw(scene, scene.viewport.size_px, 0).ok());
  return stage.pixels();
}

scene::FrameScene jagged_scene(double px_per_m) {
  auto scene = test::map_scene(test::jagged_tree(), {.size_px = kSizePx, .px_per_m = px_per_m});
  test::color_by_step(scene);
  test::add_borders(scene);
  return scene;
}

TEST(MapGolden, whole_district_with_three_weights_of_borders) {
  test::expect_golden(picture_of(jagged_scene(0.055)), "borders/district");
}

TEST(MapGolden, close_view_keeps_widths_and_round_joins) {
  auto scene = jagged_scene(0.35);
  scene.viewport.view.center_world = scene.tree->origin_world() + base::Vec2d{1300, 1300};
  test::expect_golden(picture_of(scene), "borders/close");
}

TEST(MapGolden, hatch_hover_selection) {
  auto scene = jagged_scene(0.12);
  scene.division_hatched.assign(scene.division_colors.size(), 0);
  for (std::size_t i = 10; i < scene.division_hatched.size(); i += 5) scene.division_hatched[i] = 1;
  const std::uint32_t cells = scene.tree->levels()[2].divisions.begin;
  scene.hovered = {cells + 70};
  scene.selected = {5};
  test::expect_golden(picture_of(scene), "division_fill/highlights");
}

TEST(MapGolden, stale_map_and_markers_are_grey) {
  auto scene = jagged_scene(0.055);
  scene.stale_strength = 1;
  scene.markers = {{{0, 0}, 28, model::MarkerShape::Square, {255, 90, 60, 255}, {255, 255, 255, 255}, 0}};
  test::expect_golden(picture_of(scene), "division_fill/stale");
}

TEST(MapGolden, marker_shapes_in_three_sizes_with_ring_and_pulse) {
  auto scene =
      test::map_scene(test::small_tree(), {.size_px = {640, 360}, .px_per_m = 0.05, .fill = {24, 58, 88, 255}});
  const base::Color fills[] = {{255, 92, 72, 255}, {255, 176, 64, 255}, {120, 214, 150, 255}};
  const float sizes[] = {10, 18, 40};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 6; ++column) {
      scene::MarkerInstance marker;
      marker.position_units = {(column * 100 - 250) * 20000, (100 - row * 105) * 20000};
      marker.size_px = sizes[row];
      marker.shape = static_cast<model::MarkerShape>(column);
      marker.fill = fills[row];
      marker.ring = {255, 255, 255, column % 2 == 1 ? std::uint8_t{255} : std::uint8_t{0}};
      if (column == 2 || column == 3) marker.pulse = 0.35f;
      scene.markers.push_back(marker);
    }
  }
  test::expect_golden(picture_of(scene), "markers/shapes");
}

// The picture depends on the font's outlines: WenQuanYi Micro Hei is small and always the same.
TEST(MapGolden, chinese_labels_with_halo) {
  auto scene = jagged_scene(0.12);
  scene.labels = {{{400, 70}, "澄江街道 128", 40, {240, 246, 252, 255}, {8, 14, 22, 235}},
                  {{400, 150}, "徐霞客镇璜塘社区居委会", 26, {240, 246, 252, 255}, {8, 14, 22, 235}},
                  {{400, 220}, "江阴市网格化治理指挥中心", 18, {220, 232, 244, 255}, {8, 14, 22, 235}},
                  {{400, 270}, "第一网格 第二网格 疆鼎麟曦", 14, {220, 232, 244, 255}, {8, 14, 22, 235}},
                  {{400, 310}, "Xuxiake Town 3.6 km²", 14, {220, 232, 244, 255}, {8, 14, 22, 235}},
                  {{400, 400}, "缺字 \U0010fffd 框", 40, {255, 214, 120, 255}, {8, 14, 22, 235}}};
  const auto font = render::Font::open({});
  ASSERT_TRUE(font.ok()) << font.error().message;
  std::filesystem::path file;
  for (const auto& path : (*font)->files()) {
    if (path.filename() == "wqy-microhei.ttc") file = path;
  }
  ASSERT_FALSE(file.empty()) << "install the package fonts-wqy-microhei";
  test::expect_golden(picture_of(scene, {.file = file}), "labels/chinese");
}

}  // namespace
}  // namespace gridwall
