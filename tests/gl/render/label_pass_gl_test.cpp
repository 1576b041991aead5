// Text stands where scene's placement thinks it stands, with a halo, and nowhere else.
#include "render/label_pass.hpp"

#include <gtest/gtest.h>

#include "render/map_renderer.hpp"
#include "render/utf8.hpp"
#include "support/gl_stage.hpp"

namespace gridwall::render {
namespace {

constexpr base::Vec2i kSizePx{320, 120};

struct Ink {
  int left = 1000, top = 1000, right = -1, bottom = -1, pixels = 0;
};

class LabelPassGl : public testing::Test {
 protected:
  LabelPassGl() {
    auto made = MapRenderer::create(stage.context(), test::shader_folder(), {});
    EXPECT_TRUE(made.ok()) << made.error().message;
    renderer = std::move(made).value();
    scene.viewport = {{0, 0}, kSizePx, {}};
    scene.background = {0, 0, 0, 255};
  }
  Ink ink_of(const scene::LabelInstance& label) {
    scene.labels = {label};
    scene.tree = nullptr;
    stage.begin();
    EXPECT_TRUE(renderer->draw(scene, kSizePx, 0).ok());
    const gfx::Image image = stage.pixels();
    Ink ink;
    for (int y = 0; y < kSizePx.y; ++y) {
      for (int x = 0; x < kSizePx.x; ++x) {
        if (image.at(x, y).g < 90) continue;
        ++ink.pixels;
        ink.left = std::min(ink.left, x);
        ink.right = std::max(ink.right, x);
        ink.top = std::min(ink.top, y);
        ink.bottom = std::max(ink.bottom, y);
      }
    }
    return ink;
  }
  float width_px(const std::string& text, float size_px) const {
    float em = 0;
    for (const char32_t c : characters_of(text)) em += renderer->glyph_metrics().advance_em(c);
    return em * size_px;
  }

  test::GlStage stage{kSizePx};
  std::unique_ptr<MapRenderer> renderer;
  scene::FrameScene scene;
};

constexpr base::Color kWhite{255, 255, 255, 255};
constexpr base::Color kNone{0, 0, 0, 0};

TEST_F(LabelPassGl, a_line_fills_its_box_and_does_not_leave_it) {
  const std::string text = "国网国网";
  const float size_px = 30;
  const Ink ink = ink_of({{160, 60}, text, size_px, kWhite, kNone});
  const float width = width_px(text, size_px);
  EXPECT_NEAR(width, 4 * size_px, 2);
  EXPECT_GE(ink.left, 160 - width / 2 - 1);
  EXPECT_LE(ink.right, 160 + width / 2 + 1);
  EXPECT_GT(ink.right - ink.left, width * 0.85);
  EXPECT_GE(ink.top, 60 - size_px / 2 - 1);
  EXPECT_LE(ink.bottom, 60 + size_px / 2 + 1);
  EXPECT_NEAR((ink.top + ink.bottom) / 2.0, 60, 2) << "the middle of the characters is the anchor";
}

TEST_F(LabelPassGl, a_halo_surrounds_the_letters_and_does_not_thin_them) {
  const Ink plain = ink_of({{160, 60}, "网", 40, kWhite, kNone});
  const Ink haloed = ink_of({{160, 60}, "网", 40, kWhite, {40, 40, 40, 255}});
  EXPECT_NEAR(haloed.pixels, plain.pixels, plain.pixels * 0.08);  // the darker halo is below the threshold
  const Ink halo_ink = ink_of({{160, 60}, "网", 40, kWhite, {200, 200, 200, 255}});
  EXPECT_LT(halo_ink.left, plain.left - 2);
  EXPECT_GT(halo_ink.right, plain.right + 2);
}

TEST_F(LabelPassGl, a_character_that_no_font_has_is_a_box_and_not_nothing) {
  const Ink ink = ink_of({{160, 60}, "\xf4\x8f\xbf\xbd", 40, kWhite, kNone});  // U+10FFFD
  EXPECT_GT(ink.pixels, 100);
}

TEST_F(LabelPassGl, a_letter_is_uploaded_once) {
  ink_of({{160, 60}, "澄澄澄", 20, kWhite, kNone});
  EXPECT_EQ(renderer->glyph_atlas().letter_count(), 1u);
  ink_of({{100, 60}, "澄江", 50, kWhite, kNone});
  EXPECT_EQ(renderer->glyph_atlas().letter_count(), 2u);
}

TEST_F(LabelPassGl, an_empty_line_draws_nothing) {
  EXPECT_EQ(ink_of({{160, 60}, "", 20, kWhite, kNone}).pixels, 0);
}

}  // namespace
}  // namespace gridwall::render
