#include "scene/choropleth.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "scene/palette.hpp"
#include "support/small_world.hpp"

namespace gridwall::scene {
namespace {

state::WorldSnapshot with_counts(const std::vector<int>& counts) {
  const auto tree = test::small_tree({{4}, 8000, "EPSG:4549"});
  test::SmallWorld world(tree);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string code = std::string("R") + (i + 1 < 10 ? "0" : "") + std::to_string(i + 1);
    for (int k = 0; k < counts[i]; ++k) world.add({code + "-" + std::to_string(k), code});
  }
  return world.snapshot();
}

TEST(Choropleth, round_steps_are_one_two_five_times_a_power_of_ten) {
  EXPECT_EQ(round_step(0, true), 1);
  EXPECT_EQ(round_step(1.2, true), 2);
  EXPECT_EQ(round_step(2.1, true), 5);
  EXPECT_EQ(round_step(51, true), 100);
  EXPECT_NEAR(round_step(0.13, false), 0.2, 1e-12);
}

TEST(Choropleth, class_k_holds_its_upper_edge_and_not_its_lower) {
  EXPECT_EQ(class_of(1, 5), 0u);
  EXPECT_EQ(class_of(5, 5), 0u);
  EXPECT_EQ(class_of(6, 5), 1u);
  EXPECT_EQ(class_of(20, 5), 3u);
  EXPECT_EQ(class_of(21, 5), 4u);
  EXPECT_EQ(class_of(1e9, 5), 4u);
  EXPECT_EQ(class_of(3 * 0.1, 0.1), 2u);
}

TEST(Choropleth, every_division_has_the_colour_that_the_legend_gives_its_value) {
  const auto snapshot = with_counts({0, 1, 2, 3, 7, 9, 12, 40});
  Choropleth choropleth;
  std::vector<base::Color> colors;
  choropleth.paint(snapshot, model::Indicator::OpenCount, 1, {}, colors);
  const Legend& legend = choropleth.legend();
  ASSERT_EQ(legend.entries.size(), 1 + kClassCount);
  const model::Range range = snapshot.tree->levels()[1].divisions;
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const double value = indicator_value(snapshot, model::Indicator::OpenCount, model::DivisionIndex{i});
    for (const LegendEntry& entry : legend.entries) {
      const bool holds = value == 0 ? entry.up_to == 0 : value > entry.above && value <= entry.up_to;
      if (holds) {
        EXPECT_EQ(colors[i], entry.color) << "value " << value;
      }
    }
  }
  EXPECT_TRUE(std::isinf(legend.entries.back().up_to));
}

TEST(Choropleth, the_same_figures_give_the_same_legend) {
  std::vector<base::Color> first_colors, second_colors;
  Choropleth first, second;
  first.paint(with_counts({3, 8, 20, 1}), model::Indicator::OpenCount, 1, {}, first_colors);
  second.paint(with_counts({3, 8, 20, 1}), model::Indicator::OpenCount, 1, {}, second_colors);
  EXPECT_EQ(first.legend(), second.legend());
  EXPECT_EQ(first_colors, second_colors);
}

TEST(Choropleth, a_legend_stays_while_figures_wander_and_never_shrinks_by_itself) {
  Choropleth choropleth;
  std::vector<base::Color> colors;
  choropleth.paint(with_counts({8, 8, 8, 8, 9}), model::Indicator::OpenCount, 1, {}, colors);
  const Legend before = choropleth.legend();
  choropleth.paint(with_counts({9, 10, 8, 7, 11}), model::Indicator::OpenCount, 1, {}, colors);
  EXPECT_EQ(choropleth.legend(), before);
  choropleth.paint(with_counts({1, 0, 0, 1, 0}), model::Indicator::OpenCount, 1, {}, colors);
  EXPECT_EQ(choropleth.legend(), before);
  choropleth.recompute();
  choropleth.paint(with_counts({1, 0, 0, 1, 0}), model::Indicator::OpenCount, 1, {}, colors);
  EXPECT_NE(choropleth.legend(), before);
}

TEST(Choropleth, a_legend_grows_when_the_figures_outgrow_it) {
  Choropleth choropleth;
  std::vector<base::Color> colors;
  choropleth.paint(with_counts({1, 1, 1}), model::Indicator::OpenCount, 1, {}, colors);
  const Legend before = choropleth.legend();
  choropleth.paint(with_counts({60, 60, 60}), model::Indicator::OpenCount, 1, {}, colors);
  EXPECT_GT(choropleth.legend().entries.back().above, before.entries.back().above);
}

TEST(Choropleth, density_divides_by_the_area) {
  const auto snapshot = with_counts({8});
  // 8 km cut into four: 2 km a side.
  const model::DivisionIndex first = snapshot.tree->find("R01");
  EXPECT_NEAR(indicator_value(snapshot, model::Indicator::OpenPerKm2, first), 8 / 4.0, 1e-9);
}

TEST(Choropleth, the_profile_says_how_classes_are_cut) {
  const auto snapshot = with_counts({1, 2, 2, 3, 20, 21, 90, 400});
  std::vector<base::Color> colors;
  const auto edges = [&](const model::ColouringSpec& colouring) {
    Choropleth choropleth;
    choropleth.paint(snapshot, model::Indicator::OpenCount, 1, colouring, colors);
    std::vector<double> upper;
    for (std::size_t k = 1; k < kClassCount; ++k) upper.push_back(choropleth.legend().entries[k].up_to);
    return upper;
  };
  EXPECT_EQ(edges({model::ClassRule::Natural, {}}), (std::vector<double>{2, 3, 21, 90}));
  EXPECT_EQ(edges({model::ClassRule::Quantiles, {}}), (std::vector<double>{2, 3, 20, 90}));
  EXPECT_EQ(edges({model::ClassRule::Fixed, {5, 10, 50, 99}}), (std::vector<double>{5, 10, 50, 99}));
}

TEST(Choropleth, another_rule_cuts_anew_and_equal_counts_are_not_painted_again) {
  const auto snapshot = with_counts({1, 2, 2, 3, 20, 21, 90, 400});
  std::vector<base::Color> colors;
  Choropleth choropleth;
  choropleth.paint(snapshot, model::Indicator::OpenCount, 1, {}, colors);
  const Legend steps = choropleth.legend();
  choropleth.paint(snapshot, model::Indicator::OpenCount, 1, {model::ClassRule::Natural, {}}, colors);
  EXPECT_NE(choropleth.legend(), steps);
  colors.assign(colors.size(), {1, 2, 3, 4});
  choropleth.paint(snapshot, model::Indicator::OpenCount, 1, {model::ClassRule::Natural, {}}, colors);
  EXPECT_EQ(colors.back(), (base::Color{1, 2, 3, 4})) << "nothing changed";
  choropleth.recompute();
  choropleth.paint(snapshot, model::Indicator::OpenCount, 1, {model::ClassRule::Natural, {}}, colors);
  EXPECT_NE(colors.back(), (base::Color{1, 2, 3, 4}));
}

}  // namespace
}  // namespace gridwall::scene
