#include "scene/measure_sketch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "scene/camera.hpp"
#include "scene/label_placement.hpp"
#include "scene/measure_text.hpp"
#include "support/small_tree.hpp"

namespace gridwall::scene {
namespace {

using base::Vec2d;

struct PlainMetrics final : model::GlyphMetrics {
  [[nodiscard]] float advance_em(char32_t character) const override { return character < 0x80 ? 0.5f : 1.0f; }
};

GroundTools flat_ground() {
  GroundTools tools;
  tools.leg = [](Vec2d a, Vec2d b) -> std::optional<Measured> {
    return Measured{std::hypot(b.x - a.x, b.y - a.y), 90};
  };
  tools.area_m2 = [](std::span<const Vec2d>) -> std::optional<double> { return 84'320; };
  tools.course = [](Vec2d a, Vec2d b, int) { return std::vector<Vec2d>{a, b}; };
  tools.ring = [](Vec2d center, double radius, int corner_count) {
    std::vector<Vec2d> ring;
    for (int i = 0; i < corner_count; ++i) {
      const double angle = 2 * std::numbers::pi * i / corner_count;
      ring.push_back(center + Vec2d{-std::sin(angle), std::cos(angle)} * radius);
    }
    return ring;
  };
  return tools;
}

class MeasureSketchTest : public testing::Test {
 protected:
  MeasureSketchTest() { measure.toggle(); }
  void click_px(std::initializer_list<Vec2d> points_px) {
    for (const Vec2d px : points_px) measure.click(world_from_px(viewport, px), 0);
  }
  const MapSketch& draw() { return sketch.draw(measure, {*tree, words, metrics, viewport, 0.1, 1}); }
  bool has(const std::string& text) {
    return std::ranges::any_of(draw().labels, [&](const LabelInstance& label) { return label.text == text; });
  }

  std::shared_ptr<const model::DivisionTree> tree = test::small_tree();
  model::Words words =
      model::Words::load(std::filesystem::path(GRIDWALL_SOURCE_DIR) / "assets" / "words", model::Language::English)
          .value();
  PlainMetrics metrics;
  Viewport viewport{{100, 50}, {900, 700}, {{500000, 3500000}, 0.1}};
  Measure measure{flat_ground()};
  MeasureSketch sketch;
};

TEST_F(MeasureSketchTest, each_leg_says_its_length_and_the_last_its_direction) {
  click_px({{300, 300}, {600, 300}, {600, 400}});
  EXPECT_TRUE(has("3 km"));
  EXPECT_FALSE(has("1 km"));
  EXPECT_TRUE(has("Total 4 km"));
  EXPECT_TRUE(has("Last leg 1 km · azimuth 90.0°"));
  EXPECT_EQ(draw().markers.size(), 3u);
  const auto& avoided = draw().avoided_px;
  for (const Vec2d px : {Vec2d{300, 300}, {450, 300}, {600, 350}, {600, 400}}) {
    EXPECT_TRUE(std::ranges::any_of(avoided, [&](const base::Box2d& box) { return box.contains(px); })) << px.x;
  }
}

TEST_F(MeasureSketchTest, what_is_not_fixed_is_dashed) {
  click_px({{300, 300}});
  measure.point_at(world_from_px(viewport, {600, 300}));
  EXPECT_GT(draw().lines[0].segments.size(), 15u);
  EXPECT_EQ(draw().lines[1].segments.size(), 1u);
  click_px({{600, 300}});
  EXPECT_EQ(draw().lines[0].segments.size(), 1u);
}

TEST_F(MeasureSketchTest, a_far_line_is_cut_to_the_map) {
  click_px({{-1e6, 300}});
  measure.point_at(world_from_px(viewport, {1e6, 310}));
  const MapSketch& drawn = draw();
  EXPECT_LT(drawn.lines[0].segments.size(), 90u);
  for (const BorderSegment& one : drawn.lines[0].segments) {
    EXPECT_NEAR(px_from_world(viewport, tree->to_world(one.from)).x, 550, 550);
    EXPECT_NEAR(px_from_world(viewport, tree->to_world(one.to)).y, 305, 1);
  }
}

TEST_F(MeasureSketchTest, an_area_says_how_large_it_is_or_why_not) {
  click_px({{300, 300}, {600, 300}, {600, 600}, {300, 600}});
  measure.close();
  EXPECT_TRUE(has("Area 84320 m²"));
  EXPECT_TRUE(has("Perimeter 12 km"));
  measure.end();
  measure.toggle();
  click_px({{300, 300}, {600, 600}, {600, 300}, {300, 600}});
  measure.close();
  EXPECT_TRUE(has("Edges cross: no area"));
}

TEST_F(MeasureSketchTest, rings_lie_about_one_point_alone) {
  click_px({{500, 400}});
  EXPECT_TRUE(has("1 km"));
  EXPECT_TRUE(has("3 km"));
  EXPECT_EQ(draw().lines.size(), 3u);
  EXPECT_EQ(draw().avoided_px.size(), 1u);
  click_px({{600, 400}});
  EXPECT_EQ(draw().lines.size(), 2u);
}

TEST_F(MeasureSketchTest, no_text_lies_below_a_panel) {
  const base::Box2d panel{{100, 600}, {700, 750}};
  const SketchSetting setting{*tree, words, metrics, viewport, 0.1, 1, panel};
  const auto& hint = sketch.draw(measure, setting).labels.at(0);
  EXPECT_EQ(hint.text, words.get("measure.hint"));
  EXPECT_LT(hint.anchor_px.y, 100);
}

TEST_F(MeasureSketchTest, texts_lie_on_the_map_and_not_on_each_other) {
  for (double x = 100; x < 1000; x += 37) {
    for (double y = 50; y < 750; y += 41) {
      measure.end();
      measure.toggle();
      click_px({{x, y}, {500, 400}, {520, 380}, {480, 390}});
      measure.point_at(world_from_px(viewport, {x, y + 1}));
      const auto& labels = draw().labels;
      for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto box = [&](const LabelInstance& label) {
          return label_box_px({label.anchor_px.x, label.anchor_px.y}, label.text, label.size_px, metrics);
        };
        const base::Box2d one = box(labels[i]);
        EXPECT_TRUE(one.min.x >= 100 && one.max.x <= 1000 && one.min.y >= 50 && one.max.y <= 750) << labels[i].text;
        // The first is the hint, which yields to nobody, nor do the rows beside the pointer.
        for (std::size_t j = 3; j < i; ++j) EXPECT_FALSE(one.intersects(box(labels[j])));
      }
    }
  }
}

TEST(MeasureText, four_digits_and_a_unit) {
  const auto words =
      model::Words::load(std::filesystem::path(GRIDWALL_SOURCE_DIR) / "assets" / "words", model::Language::Chinese)
          .value();
  EXPECT_EQ(length_text(843.21, words), "843.2 米");
  EXPECT_EQ(length_text(1243.4, words), "1.243 公里");
  EXPECT_EQ(length_text(12'345'678, words), "12346 公里");
  EXPECT_EQ(area_text(84'320, words), "84320 平方米");
  EXPECT_EQ(area_text(1'243'400, words), "1.243 平方公里");
  EXPECT_EQ(azimuth_text(359.96), "0.0");
  EXPECT_EQ(azimuth_text(47.26), "47.3");
}

}  // namespace
}  // namespace gridwall::scene
