#include "app/measuring.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "scene/camera.hpp"
#include "scene/measure_text.hpp"
#include "support/small_world.hpp"
#include "ui/text_format.hpp"

namespace gridwall::app {
namespace {

using base::Vec2d;

constexpr const char* kWebMercator = "EPSG:3857";

struct PlainMetrics final : model::GlyphMetrics {
  [[nodiscard]] float advance_em(char32_t character) const override { return character < 0x80 ? 0.5f : 1.0f; }
};

struct Ground {
  model::Words words =
      model::Words::load(std::filesystem::path(GRIDWALL_SOURCE_DIR) / "assets" / "words", model::Language::English)
          .value();
  PlainMetrics metrics;
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree({{2, 2}, 8000, kWebMercator});
  std::unique_ptr<Measuring> measuring = Measuring::create(tree, words, metrics).value();
  geo::Geodesy geodesy = geo::Geodesy::create(kWebMercator).value();
  geo::Transform world_from_lonlat = geo::Transform::create(geo::kLonLatCrs, kWebMercator).value();

  [[nodiscard]] Vec2d at(double longitude, double latitude) const {
    return *world_from_lonlat.forward({longitude, latitude});
  }
};

TEST(Measuring, the_scale_bar_is_as_long_as_it_says) {
  Ground ground;
  for (const double latitude : {0.0, 36.0, 53.0}) {
    for (const double px_per_m : {0.002, 0.02, 0.5}) {
      const scene::Viewport viewport{{0, 0}, {1200, 800}, {ground.at(120.2, latitude), px_per_m}};
      const ui::ScaleBar bar = ui::scale_bar(ground.measuring->px_per_true_m(viewport.view), 100);
      const Vec2d left = scene::world_from_px(viewport, {600 - bar.length_px / 2, 400});
      const Vec2d right = scene::world_from_px(viewport, {600 + bar.length_px / 2, 400});
      EXPECT_NEAR(ground.geodesy.leg(left, right)->length_m / bar.length_m, 1, 0.001) << latitude << " " << px_per_m;
    }
  }
}

TEST(Measuring, where_the_projection_ends_a_metre_is_its_own) {
  Ground ground;
  EXPECT_EQ(ground.measuring->px_per_true_m({{std::nan(""), 0}, 0.25}), 0.25);
  EXPECT_GT(ground.measuring->px_per_true_m({ground.at(120.2, 36), 0.25}), 0.3);
}

platform::KeyPress character(char letter) {
  return {.key = platform::Key::Character, .character = letter};
}

std::vector<std::string> texts(const scene::MapSketch& sketch) {
  std::vector<std::string> all;
  for (const scene::LabelInstance& label : sketch.labels) all.push_back(label.text);
  return all;
}

bool has_text(const scene::MapSketch& sketch, const std::string& text) {
  return std::ranges::any_of(sketch.labels, [&](const scene::LabelInstance& label) { return label.text == text; });
}

// In Web Mercator, whose metres are four fifths there.
TEST(Measuring, rings_at_36_north_lie_where_they_say) {
  Ground ground;
  const Vec2d center = ground.at(120.2, 36);
  const scene::Viewport viewport{{0, 0}, {900, 900}, {center, 0.1}};
  ground.measuring->handle_key(character('M'));
  ground.measuring->click(viewport, {450, 450});
  const scene::MapSketch& sketch = ground.measuring->sketch(viewport, 1);
  ASSERT_EQ(sketch.markers.size(), 1u);
  for (const char* text : {"1 km", "2 km", "3 km"}) EXPECT_TRUE(has_text(sketch, text)) << text;
  ASSERT_EQ(sketch.lines.size(), 3u);
  int count = 0;
  for (const scene::BorderSegment& one : sketch.lines[2].segments) {
    for (const base::Vec2i corner : {one.from, one.to}) {
      const double radius_m = ground.geodesy.leg(center, ground.tree->to_world(corner))->length_m;
      EXPECT_NEAR(radius_m / (1000 * std::round(radius_m / 1000)), 1, 0.001);
      ++count;
    }
  }
  EXPECT_EQ(count, 3 * 2 * 120);
}

TEST(Measuring, keys_and_clicks_measure_a_polygon) {
  Ground ground;
  Measuring& measuring = *ground.measuring;
  const scene::Viewport viewport{{0, 0}, {900, 900}, {ground.at(120.2, 36), 0.1}};
  EXPECT_FALSE(measuring.handle_key({.key = platform::Key::Escape}));
  EXPECT_TRUE(measuring.handle_key(character('M')));
  EXPECT_FALSE(measuring.handle_key(character('H')));
  for (const Vec2d point_px : {Vec2d{400, 400}, {500, 400}, {500, 500}}) measuring.click(viewport, point_px);
  measuring.point_at(Vec2d{400, 500});
  // A hundred pixels are a projected kilometre, and that is 0.81 on the ground.
  EXPECT_TRUE(std::ranges::any_of(texts(measuring.sketch(viewport, 1)),
                                  [](const std::string& text) { return text.starts_with("Total 2.42"); }));
  measuring.click(viewport, {400, 500});
  measuring.click(viewport, {403, 397});
  const Vec2d corners[] = {scene::world_from_px(viewport, {400, 400}), scene::world_from_px(viewport, {500, 400}),
                           scene::world_from_px(viewport, {500, 500}), scene::world_from_px(viewport, {400, 500})};
  const double area_m2 = *ground.geodesy.area_m2(corners);
  EXPECT_NEAR(area_m2, 0.65e6, 0.01e6);
  EXPECT_TRUE(has_text(measuring.sketch(viewport, 1), "Area " + scene::area_text(area_m2, ground.words)));
  EXPECT_TRUE(measuring.handle_key({.key = platform::Key::Escape}));
  EXPECT_FALSE(measuring.is_on());
  EXPECT_TRUE(measuring.sketch(viewport, 1).labels.empty());
}

TEST(Measuring, a_given_course_closes_where_it_began) {
  Ground ground;
  const Vec2d a = ground.at(120.2, 36), b = ground.at(120.21, 36), c = ground.at(120.2, 36.01);
  ground.measuring->measure(std::vector<Vec2d>{a, b, c, a});
  const scene::Viewport viewport{{0, 0}, {900, 900}, {a, 0.1}};
  const auto all = texts(ground.measuring->sketch(viewport, 1));
  EXPECT_TRUE(std::ranges::any_of(all, [](const std::string& text) { return text.starts_with("Area 0.5"); }));
}

}  // namespace
}  // namespace gridwall::app
