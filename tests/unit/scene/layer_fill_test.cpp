#include "scene/layer_fill.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scene/palette.hpp"
#include "support/sample_register.hpp"
#include "support/small_world.hpp"

namespace gridwall::scene {
namespace {

// Sixteen divisions of level 1 with four each of level 2; a layer "fill" of the figure "staff".
struct Fixture {
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree({{4, 2}, 8000, "EPSG:4549"});
  state::WorldSnapshot snapshot = test::SmallWorld(tree).snapshot();
  test::SampleRegister registers;
  model::ProfileTables tables;
  LayerFill fill;
  std::vector<std::string> shown{"fill"};

  explicit Fixture(const char* unit = "people") {
    model::FigureSpec figure;
    figure.id = "staff";
    figure.unit = unit;
    figure.number = 20;
    tables.figures = {figure};
    add_layer("fill", 1);
  }
  void add_layer(const char* id, std::size_t level, const char* figure = "staff") {
    model::LayerSpec layer;
    layer.id = id;
    layer.kind = "choropleth";
    layer.level = tree->levels().at(level).name_zh;
    layer.figure = figure;
    tables.layers.push_back(layer);
  }
  state::RegisterEntry& tell(const char* code, double value, double of = 0, const char* table = "staff") {
    auto& entry = registers.metric(table, "", "", value);
    entry.key += code;
    entry.division = tree->find(code);
    if (of > 0) entry.facts.of_milli = static_cast<std::int64_t>(of * 1000);
    return entry;
  }
  bool build(std::uint32_t drawn_level = 1) {
    snapshot.registers = registers.snapshot();
    return fill.build(snapshot, tables, shown, drawn_level);
  }
  [[nodiscard]] base::Color color(const char* code) const { return fill.colors().at(tree->find(code).value); }
  [[nodiscard]] bool hatched(const char* code) const { return fill.hatched().at(tree->find(code).value) != 0; }
};

TEST(LayerFill, what_lacks_of_the_norm_is_brighter_and_what_lacks_most_alone_is_warm) {
  Fixture f;
  const double staff[] = {20, 23, 19, 17, 15, 20, 21, 20, 20, 6, 20, 20, 20, 20, 20, 20};
  for (int i = 0; i < 16; ++i) {
    f.tell(((i < 9 ? "R0" : "R") + std::to_string(i + 1)).c_str(), staff[i], 20);
  }
  ASSERT_TRUE(f.build());
  EXPECT_EQ(f.fill.legend().entries.size(), kClassCount);
  EXPECT_EQ(f.color("R01"), kFillClasses[0]) << "the whole norm";
  EXPECT_EQ(f.color("R02"), kFillClasses[0]) << "more than the norm is not out of the way";
  EXPECT_EQ(f.color("R03"), kFillClasses[1]);
  EXPECT_EQ(f.color("R10"), kFillClasses[4]);
  EXPECT_EQ(std::ranges::count(f.fill.colors(), kFillClasses[4]), 1);
}

TEST(LayerFill, every_division_has_the_colour_that_the_legend_gives_its_share) {
  for (const double tenth : {0.0, 1.0, 2.9, 5.0, 7.0, 8.0, 8.5, 9.0, 9.9, 10.0, 12.0}) {
    Fixture f;
    for (const char* code : {"R01", "R02", "R03"}) f.tell(code, 90, 100.5);
    f.tell("R04", tenth * 10, 100.4);
    ASSERT_TRUE(f.build());
    const double share = tenth / 10.04;
    for (const LegendEntry& entry : f.fill.legend().entries) {
      if (share >= entry.above && share < entry.up_to) {
        EXPECT_EQ(f.color("R04"), entry.color) << share;
      }
    }
  }
}

TEST(LayerFill, an_edge_belongs_to_the_class_above_it) {
  Fixture f("%");
  for (const char* code : {"R01", "R02", "R03", "R04"}) f.tell(code, 95, 100);
  f.tell("R05", 90, 100);
  f.tell("R06", 100, 100);
  ASSERT_TRUE(f.build());
  ASSERT_NEAR(f.fill.legend().entries[3].above, 0.95, 1e-9) << "steps of a twentieth at least";
  EXPECT_EQ(f.color("R01"), f.fill.legend().entries[3].color);
  EXPECT_EQ(f.color("R05"), f.fill.legend().entries[2].color);
  EXPECT_EQ(f.color("R06"), f.fill.legend().entries[4].color);
}

TEST(LayerFill, numbers_without_a_norm_are_never_warm) {
  Fixture f;
  f.tell("R01", 0);
  f.tell("R02", 8);
  f.tell("R03", 900);
  ASSERT_TRUE(f.build());
  EXPECT_FALSE(f.fill.legend().layer->is_share);
  EXPECT_EQ(f.fill.legend().entries.size(), 1 + kClassCount) << "nought has a class of its own";
  EXPECT_EQ(f.color("R01"), kFillZero);
  EXPECT_EQ(f.color("R03"), kFillQuiet[4]);
  for (const base::Color color : f.fill.colors()) EXPECT_LT(saturation(color), 0.4);
}

TEST(LayerFill, a_division_that_nobody_told_of_is_hatched_and_the_legend_says_of_how_many_somebody_did) {
  Fixture f;
  f.tell("R01", 10, 20);
  f.tell("R02", 20, 20).simulated = true;
  ASSERT_TRUE(f.build());
  EXPECT_FALSE(f.hatched("R01"));
  EXPECT_TRUE(f.hatched("R03"));
  EXPECT_EQ(f.color("R03"), kFillNoData);
  ASSERT_TRUE(f.fill.legend().layer);
  EXPECT_EQ(f.fill.legend().layer->valued_count, 2u);
  EXPECT_EQ(f.fill.legend().layer->division_count, 16u);
  EXPECT_TRUE(f.fill.legend().layer->simulated);
}

TEST(LayerFill, a_count_of_one_to_four_is_told_as_such_and_not_by_its_class) {
  Fixture f;
  f.tell("R01", 4, 20);
  f.tell("R02", 5, 20);
  f.tell("R03", 0, 20);
  f.tell("R04", 1, 5);
  ASSERT_TRUE(f.build());
  EXPECT_EQ(f.color("R01"), kFillSmall);
  EXPECT_EQ(f.color("R04"), kFillSmall);
  EXPECT_NE(f.color("R02"), kFillSmall);
  EXPECT_NE(f.color("R03"), kFillSmall) << "nobody stands behind a nought";
  EXPECT_EQ(f.fill.legend().layer->small_count, 2u);
}

TEST(LayerFill, percentages_and_so_many_to_ten_thousand_residents_are_no_counts) {
  Fixture rate("%");
  rate.tell("R01", 3, 100);
  ASSERT_TRUE(rate.build());
  EXPECT_EQ(rate.color("R01"), kFillClasses[4]);
  Fixture ratio("per 10,000 residents");
  ratio.tell("R01", 3, 18);
  ASSERT_TRUE(ratio.build());
  EXPECT_EQ(ratio.color("R01"), kFillClasses[4]);
}

TEST(LayerFill, without_a_number_of_any_division_nothing_is_painted) {
  Fixture f;
  EXPECT_FALSE(f.build());
  f.tell("R", 500, 600);
  EXPECT_FALSE(f.build()) << "the whole district's number is no division's";
  f.shown = {"none such"};
  f.tell("R01", 10, 20);
  EXPECT_FALSE(f.build());
}

TEST(LayerFill, of_layers_for_each_level_the_one_of_the_drawn_level_is_painted_alone) {
  Fixture f;
  f.add_layer("finer", 2, "");
  f.shown = {"fill", "finer"};
  f.tell("R01", 10, 20);
  f.tell("R0101", 7, 0, "finer");
  for (const std::uint32_t drawn : {1u, 2u}) {
    ASSERT_TRUE(f.build(drawn));
    EXPECT_EQ(f.fill.legend().level_index, drawn);
    EXPECT_EQ(f.fill.legend().layer->layer_id, drawn == 1 ? "fill" : "finer");
    const auto painted = std::ranges::count(f.fill.covers(), true, &LayerFill::Cover::painted);
    EXPECT_EQ(painted, 1);
    EXPECT_EQ(f.fill.covers().size(), 2u);
  }
  f.shown = {"finer"};
  ASSERT_TRUE(f.build(1));
  EXPECT_EQ(f.fill.legend().level_index, 2u) << "alone it is painted from afar too";
}

TEST(LayerFill, what_is_told_at_a_coarser_level_is_painted_there) {
  Fixture f;
  f.add_layer("finer", 2);
  f.shown = {"finer"};
  f.tell("R01", 10, 20);
  ASSERT_TRUE(f.build(2));
  EXPECT_EQ(f.fill.legend().level_index, 1u);
  EXPECT_NE(f.color("R01"), kFillNoData);
}

TEST(LayerFill, steps_grow_when_outgrown_and_never_shrink_by_themselves) {
  Fixture f;
  f.tell("R01", 19, 20);
  ASSERT_TRUE(f.build());
  const double fine = f.fill.legend().entries.back().above - f.fill.legend().entries[3].above;
  f.tell("R02", 8, 20);
  f.tell("R03", 8, 20);
  ASSERT_TRUE(f.build());
  const Legend grown = f.fill.legend();
  EXPECT_GT(grown.entries.back().above - grown.entries[3].above, fine);
  Fixture calm;
  calm.tell("R01", 19, 20);
  f.snapshot.registers = calm.registers.snapshot();
  ASSERT_TRUE(f.fill.build(f.snapshot, f.tables, f.shown, 1));
  EXPECT_EQ(f.fill.legend().entries, grown.entries);
  f.fill.recompute();
  ASSERT_TRUE(f.fill.build(f.snapshot, f.tables, f.shown, 1));
  EXPECT_NE(f.fill.legend().entries, grown.entries);
}

}  // namespace
}  // namespace gridwall::scene
