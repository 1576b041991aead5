// Shapes that an operator can tell apart, at the size a wall shows them.
#include "render/map_renderer.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/gl_stage.hpp"
#include "support/map_scenes.hpp"
#include "support/small_tree.hpp"

namespace gridwall::render {
namespace {

constexpr base::Vec2i kSizePx{64, 64};
constexpr base::Color kNone{0, 0, 0, 0};

gfx::Image marker_picture(const scene::MarkerInstance& marker) {
  test::GlStage stage(kSizePx);
  auto renderer = MapRenderer::create(stage.context(), test::shader_folder(), {});
  EXPECT_TRUE(renderer.ok()) << renderer.error().message;
  auto scene = test::map_scene(test::small_tree(), {.size_px = kSizePx, .px_per_m = 0.1, .fill = {0, 0, 0, 255}});
  scene.markers = {marker};
  stage.begin();
  EXPECT_TRUE((*renderer)->draw(scene, kSizePx, 0).ok());
  return stage.pixels();
}

double red_area_px(const gfx::Image& image) {
  double area = 0;
  for (int y = 0; y < image.size_px.y; ++y) {
    for (int x = 0; x < image.size_px.x; ++x) area += image.at(x, y).r / 255.0;
  }
  return area;
}

TEST(MarkerPass, any_two_shapes_differ_in_many_pixels_at_sixteen_pixels) {
  std::vector<gfx::Image> pictures;
  for (int shape = 0; shape < 6; ++shape) {
    pictures.push_back(
        marker_picture({{0, 0}, 16, static_cast<model::MarkerShape>(shape), {255, 0, 0, 255}, kNone, 0}));
    const double area = red_area_px(pictures.back());
    EXPECT_GT(area, 16 * 16 * 0.4) << shape;
    EXPECT_LT(area, 16 * 16 * 1.0) << shape;
  }
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = a + 1; b < 6; ++b) {
      double different = 0;
      for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x) different += std::abs(pictures[a].at(x, y).r - pictures[b].at(x, y).r) / 255.0;
      }
      EXPECT_GT(different, 14) << a << " and " << b;
    }
  }
}

TEST(MarkerPass, a_circle_has_the_area_of_its_size) {
  const double area = red_area_px(marker_picture({{0, 0}, 40, model::MarkerShape::Circle, {255, 0, 0, 255}, kNone, 0}));
  EXPECT_NEAR(area, 3.14159 * 20 * 20, 14);  // the dark edge has a trace of red
}

TEST(MarkerPass, a_later_marker_lies_above) {
  test::GlStage stage(kSizePx);
  auto renderer = MapRenderer::create(stage.context(), test::shader_folder(), {});
  ASSERT_TRUE(renderer.ok());
  auto scene = test::map_scene(test::small_tree(), {.size_px = kSizePx});
  scene.markers = {{{0, 0}, 20, model::MarkerShape::Circle, {255, 0, 0, 255}, kNone, 0},
                   {{0, 0}, 20, model::MarkerShape::Square, {0, 255, 0, 255}, kNone, 0}};
  stage.begin();
  ASSERT_TRUE((*renderer)->draw(scene, kSizePx, 0).ok());
  EXPECT_EQ(stage.pixels().at(32, 32), (base::Color{0, 255, 0, 255}));
}

TEST(MarkerPass, a_pulse_grows_and_fades) {
  const scene::MarkerInstance young{{0, 0}, 16, model::MarkerShape::Circle, {255, 0, 0, 255}, kNone, 0.2f};
  scene::MarkerInstance old = young;
  old.pulse = 0.9f;
  const auto brightest_from = [](const gfx::Image& image, int from) {
    int brightest = 0;
    for (int x = from; x < 64; ++x) brightest = std::max(brightest, int{image.at(x, 32).r});
    return brightest;
  };
  const int young_ring = brightest_from(marker_picture(young), 32 + 11);
  const int old_ring = brightest_from(marker_picture(old), 32 + 22);
  EXPECT_GT(young_ring, 100);
  EXPECT_GT(old_ring, 0);
  EXPECT_LT(old_ring, young_ring / 4);
}

TEST(MarkerPass, a_few_changes_among_many_upload_a_few_markers) {
  test::GlStage stage(kSizePx);
  auto renderer = MapRenderer::create(stage.context(), test::shader_folder(), {});
  ASSERT_TRUE(renderer.ok()) << renderer.error().message;
  auto scene = test::map_scene(test::small_tree(), {.size_px = kSizePx, .px_per_m = 0.1});
  for (int i = 0; i < 5000; ++i) {
    scene.markers.push_back({{i * 10, i}, 6, model::MarkerShape::Circle, {255, 0, 0, 255}, kNone, 0});
  }
  scene.markers[2500].fill.g = 99;  // so that its picture is known
  const auto uploaded = [&] {
    stage.begin();
    EXPECT_TRUE((*renderer)->draw(scene, kSizePx, 0).ok());
    return stage.context().frame_stats().bytes_uploaded;
  };
  EXPECT_GE(uploaded(), 5000 * sizeof(GpuMarker));
  EXPECT_EQ(uploaded(), 0u);
  for (const std::size_t i : {0u, 1u, 77u, 4999u}) scene.markers[i].fill.g = 99;
  EXPECT_EQ(uploaded(), 4 * sizeof(GpuMarker));
  scene.markers.resize(4000);
  EXPECT_EQ(uploaded(), 0u) << "fewer of the same";
  scene.markers.resize(4003, scene.markers.front());
  EXPECT_EQ(uploaded(), 3 * sizeof(GpuMarker)) << "what was left out is not known any more";
}

// A copy is what the formula draws, at whole pixels: nothing of any shape is cut off.
TEST(MarkerPass, a_copy_is_the_marker_that_its_formula_draws) {
  for (int shape = 0; shape < 6; ++shape) {
    for (const float size_px : {6.0f, 13.0f, 30.0f}) {
      for (const base::Color ring : {kNone, base::Color{255, 255, 255, 255}}) {
        scene::MarkerInstance marker{{5000, 5000},     size_px, static_cast<model::MarkerShape>(shape),
                                     {255, 0, 0, 255}, ring,    0};
        const gfx::Image copy = marker_picture(marker);
        // A pulse that has just ended its ring: too faint to be seen, but drawn by the formula.
        marker.pulse = 0.9999f;
        const gfx::Image drawn = marker_picture(marker);
        int most = 0;
        for (std::size_t i = 0; i < copy.rgba.size(); ++i)
          most = std::max(most, std::abs(copy.rgba[i] - drawn.rgba[i]));
        EXPECT_LE(most, 2) << shape << " of " << size_px << " px";
      }
    }
  }
}

}  // namespace
}  // namespace gridwall::render
