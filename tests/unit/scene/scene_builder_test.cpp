#include "scene/scene_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scene/camera.hpp"
#include "scene/palette.hpp"
#include "support/sample_register.hpp"
#include "support/small_world.hpp"

namespace gridwall::scene {
namespace {

struct PlainMetrics final : model::GlyphMetrics {
  [[nodiscard]] float advance_em(char32_t character) const override { return character < 0x80 ? 0.5f : 1.0f; }
};

struct Fixture {
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree({{4, 3}, 8000, "EPSG:4549"});
  test::SmallWorld world{tree};
  model::Vocabulary vocabulary;
  PlainMetrics metrics;
  SceneBuilder builder{metrics};
  Viewport viewport{{0, 0}, {900, 900}, {tree->at(tree->root()).anchor_world, 0.1}};
  SceneOptions options;

  const FrameScene& build() { return builder.build(world.snapshot(), vocabulary, viewport, options); }
};

TEST(SceneBuilder, colours_get_a_new_version_only_when_one_changes) {
  Fixture f;
  f.world.add({"a", "R0101"});
  const std::uint64_t first = f.build().colors_version;
  f.viewport.view = panned(f.viewport, {30, 10});
  EXPECT_EQ(f.build().colors_version, first);
  f.world.add({"b", "R0203"});
  EXPECT_GT(f.build().colors_version, first);
}

TEST(SceneBuilder, one_colour_for_each_division_of_the_filled_level) {
  Fixture f;
  const FrameScene& scene = f.build();
  EXPECT_EQ(scene.division_colors.size(), f.tree->divisions().size());
  EXPECT_EQ(scene.fill_level, f.builder.levels().fill_level);
  EXPECT_EQ(f.builder.legend().level_index, scene.fill_level);
}

TEST(SceneBuilder, what_a_person_draws_lies_on_top_and_names_keep_off_it) {
  Fixture f;
  f.world.add({"a", "R0101"});
  const std::vector<LabelInstance> names = f.build().labels;
  ASSERT_FALSE(names.empty());
  MapSketch sketch;
  sketch.lines.push_back({{{{0, 0}, {1000, 0}}}, 2, kSketchLine});
  sketch.markers.push_back({{0, 0}, 9, model::MarkerShape::Circle, kSketchLine, kMarkerRing, 0});
  sketch.labels.push_back({names.back().anchor_px, "1.243 km", 15, kLabel, kHalo});
  f.options.sketch = &sketch;
  const FrameScene& scene = f.build();
  EXPECT_EQ(scene.lines.front(), sketch.lines[0]);
  EXPECT_EQ(scene.markers.back().size_px, 9);
  EXPECT_EQ(scene.labels.back().text, "1.243 km");
  for (const LabelInstance& label : scene.labels) {
    EXPECT_FALSE(label.text == names.back().text && label.anchor_px == names.back().anchor_px);
  }
}

TEST(SceneBuilder, no_count_stands_beside_a_measured_number) {
  Fixture f;
  f.viewport.view.px_per_m = 0.02;
  for (const char* id : {"a", "b", "c", "d", "e", "f", "g"}) f.world.add({id, "R0101"});
  const auto has_count = [](const FrameScene& scene) {
    return std::ranges::any_of(scene.labels, [](const LabelInstance& label) { return label.text == "7"; });
  };
  ASSERT_TRUE(has_count(f.build()));
  const base::Vec2d at = f.builder.bubbles().at(0).position_px;
  MapSketch sketch;
  sketch.labels.push_back({{static_cast<float>(at.x) + 30, static_cast<float>(at.y)}, "Area 3 km", 15, kLabel, kHalo});
  f.options.sketch = &sketch;
  EXPECT_FALSE(has_count(f.build()));
  f.options.sketch = nullptr;
  EXPECT_TRUE(has_count(f.build()));
}

TEST(SceneBuilder, whose_map_it_is_stands_in_the_corner_and_no_name_lies_on_it) {
  Fixture f;
  const auto count_before = f.build().labels.size();
  EXPECT_EQ(f.build().fill_opacity, 1);
  Basemap basemap;
  basemap.patches.push_back({{3, 0, 0}, std::make_shared<model::TilePixels>(), {}});
  f.options.basemap = &basemap;
  f.options.fill_opacity = 0.5f;
  f.options.basemap_credit = "Basemap: somebody";
  const FrameScene& scene = f.build();
  EXPECT_EQ(scene.basemap.patches.size(), 1u);
  EXPECT_EQ(scene.fill_opacity, 0.5f);
  const auto credit = std::ranges::find(scene.labels, "Basemap: somebody", &LabelInstance::text);
  ASSERT_NE(credit, scene.labels.end());
  const auto box_of = [&](const LabelInstance& label) {
    const base::Vec2d anchor_px{static_cast<double>(label.anchor_px.x), static_cast<double>(label.anchor_px.y)};
    return label_box_px(anchor_px, label.text, label.size_px, f.metrics);
  };
  const base::Box2d box = box_of(*credit);
  EXPECT_NEAR(box.max.x, 900, 0.01);
  EXPECT_NEAR(box.max.y, 900, 0.01);
  for (const LabelInstance& label : scene.labels) {
    if (&label == &*credit) continue;
    EXPECT_FALSE(box_of(label).intersects(box)) << label.text;
  }
  f.options.basemap = nullptr;
  f.options.basemap_credit.clear();
  EXPECT_EQ(f.build().labels.size(), count_before);
  EXPECT_TRUE(f.build().basemap.patches.empty());
}

TEST(SceneBuilder, a_layer_that_is_on_stands_in_the_place_of_the_indicator_and_gives_it_back) {
  Fixture f;
  model::ProfileTables tables;
  model::LayerSpec layer;
  layer.id = layer.figure = "fill";
  layer.kind = "choropleth";
  layer.level = f.tree->levels()[1].name_zh;
  tables.layers = {layer};
  test::SampleRegister registers;
  registers.metric("fill", "", "", 900).division = f.tree->find("R01");
  f.world.add({"a", "R0201"});
  state::WorldSnapshot snapshot = f.world.snapshot();
  snapshot.registers = registers.snapshot();
  f.options.tables = &tables;
  const auto build = [&]() -> const FrameScene& {
    return f.builder.build(snapshot, f.vocabulary, f.viewport, f.options);
  };
  const FrameScene& scene = build();
  const auto before = scene.division_colors;
  const std::uint64_t version = scene.colors_version;
  f.options.layers = {"fill"};
  build();
  ASSERT_TRUE(f.builder.legend().layer);
  EXPECT_EQ(scene.fill_level, 1u);
  EXPECT_EQ(f.builder.levels().fill_level, 1u) << "the pointer finds what is filled";
  EXPECT_EQ(scene.division_colors[f.tree->find("R01").value], f.builder.legend().entries[1].color);
  EXPECT_NE(scene.division_colors[f.tree->find("R01").value], before[f.tree->find("R01").value]);
  EXPECT_TRUE(scene.division_hatched[f.tree->find("R02").value]);
  EXPECT_GT(scene.colors_version, version);
  EXPECT_TRUE(f.builder.layer_legend().at(0).painted);
  EXPECT_EQ(f.builder.layer_legend().at(0).shown, 1u);
  EXPECT_EQ(f.builder.layer_legend().at(0).counted, 16u);
  f.options.layers.clear();
  build();
  EXPECT_FALSE(f.builder.legend().layer);
  EXPECT_EQ(scene.division_colors, before);
  EXPECT_TRUE(scene.division_hatched.empty());
}

TEST(SceneBuilder, higher_levels_have_heavier_borders) {
  Fixture f;
  const FrameScene& scene = f.build();
  ASSERT_GE(scene.borders.size(), 2u);
  for (std::size_t i = 1; i < scene.borders.size(); ++i) {
    EXPECT_GT(scene.borders[i - 1].width_px, scene.borders[i].width_px);
    EXPECT_LT(scene.borders[i - 1].level_index, scene.borders[i].level_index);
  }
}

TEST(SceneBuilder, generated_borders_are_dashed_and_the_outline_and_real_ones_are_not) {
  for (const bool synthetic : {false, true}) {
    Fixture f;
    f.tree = test::small_tree({.splits = {4, 3}, .synthetic = synthetic});
    f.world = test::SmallWorld(f.tree);
    const FrameScene& scene = f.build();
    ASSERT_GE(scene.borders.size(), 2u);
    for (const BorderStyle& border : scene.borders) {
      EXPECT_EQ(border.is_dashed, synthetic && border.level_index > 0) << border.level_index;
    }
  }
}

TEST(SceneBuilder, a_bubble_shows_its_divisions_count_and_its_name_stands_below) {
  Fixture f;
  f.viewport.view.px_per_m = 0.06;
  for (int i = 0; i < 40; ++i) f.world.add({"a" + std::to_string(i), "R0101"});
  const FrameScene& scene = f.build();
  ASSERT_EQ(f.builder.bubbles().size(), 1u);
  const auto find = [&](std::string_view text) {
    return std::find_if(scene.labels.begin(), scene.labels.end(), [&](const auto& l) { return l.text == text; });
  };
  const auto count = find("40");
  const auto name = find("区R01");
  ASSERT_NE(count, scene.labels.end());
  ASSERT_NE(name, scene.labels.end());
  EXPECT_GT(name->anchor_px.y, count->anchor_px.y + f.builder.bubbles()[0].size_px / 2);
}

TEST(SceneBuilder, a_name_follows_the_bubble_that_stepped_aside_for_what_is_critical) {
  Fixture f;
  f.viewport.view.px_per_m = 0.02;
  for (int i = 0; i < 40; ++i) f.world.add({"c" + std::to_string(i), "R0101"});
  f.world.add({"grave", "R0101", model::Severity::Critical});
  f.options.finest_level = 1;
  const FrameScene& scene = f.build();
  ASSERT_EQ(f.builder.bubbles().size(), 1u);
  const Bubble& bubble = f.builder.bubbles()[0];
  const base::Vec2d own = px_from_world(f.viewport, f.tree->at(bubble.division).anchor_world);
  EXPECT_GT(std::hypot(bubble.position_px.x - own.x, bubble.position_px.y - own.y), 1) << "it stepped aside";
  const std::string name(short_name(f.tree->at(bubble.division).name, ""));
  const auto label = std::ranges::find(scene.labels, name, &LabelInstance::text);
  ASSERT_NE(label, scene.labels.end()) << "the name is there";
  EXPECT_NEAR(label->anchor_px.x, bubble.position_px.x, 1);
  EXPECT_LT(bubble.position_px.y, own.y) << "upward, so the name goes above";
  EXPECT_LT(label->anchor_px.y, bubble.position_px.y - bubble.size_px / 2);
}

TEST(SceneBuilder, the_map_greys_with_the_feed) {
  EXPECT_EQ(stale_strength(model::FeedState::Live), 0);
  EXPECT_EQ(stale_strength(model::FeedState::Static), 0);
  EXPECT_GT(stale_strength(model::FeedState::Behind), 0);
  for (const auto state : {model::FeedState::Connecting, model::FeedState::Stale, model::FeedState::Refused,
                           model::FeedState::Mismatch}) {
    EXPECT_EQ(stale_strength(state), 1);
  }
}

TEST(SceneBuilder, the_count_of_a_bubble_greys_with_the_feed) {
  Fixture f;
  for (int i = 0; i < 40; ++i) f.world.add({"a" + std::to_string(i), "R0101"});
  const auto count_color = [&](model::FeedState state) {
    f.options.feed_state = state;
    const FrameScene& scene = f.build();
    const auto count = std::find_if(scene.labels.begin(), scene.labels.end(), [](auto& l) { return l.text == "40"; });
    EXPECT_NE(count, scene.labels.end());
    return count->color;
  };
  EXPECT_EQ(count_color(model::FeedState::Live), kLabel);
  EXPECT_EQ(count_color(model::FeedState::Stale), kStaleCount);
}

TEST(SceneBuilder, names_lose_the_first_ending_that_fits_and_never_all) {
  EXPECT_EQ(short_name("文富社区居委会", "居委会|村委会"), "文富社区");
  EXPECT_EQ(short_name("定山村村委会", "居委会|村委会"), "定山村");
  EXPECT_EQ(short_name("村委会", "居委会|村委会"), "村委会");
  EXPECT_EQ(short_name("澄江街道", ""), "澄江街道");
}

}  // namespace
}  // namespace gridwall::scene
