#include "scene/register_layers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scene/palette.hpp"
#include "support/sample_register.hpp"
#include "support/small_world.hpp"

namespace gridwall::scene {
namespace {

struct Fixture {
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree();
  state::WorldSnapshot snapshot = test::SmallWorld(tree).snapshot();
  test::SampleRegister registers;
  model::ProfileTables tables;
  RegisterLayers layers;
  FrameScene scene;

  void add_layer(const char* kind, bool counts_only = false) {
    model::SiteSpec site;
    site.id = "s";
    site.kind = "command";
    site.counts_only = counts_only;
    site.count = 131;
    tables.sites = {site};
    model::LayerSpec layer;
    layer.id = "l";
    layer.kind = kind;
    layer.site = "s";
    tables.layers = {layer};
  }
  state::RegisterEntry& add_site(const std::string& key, bool located = true) {
    auto& entry = registers.add(model::RegisterKind::Site, "s", key);
    entry.division = tree->find("R01");
    entry.located = located;
    entry.point_units = {1000, 2000};
    return entry;
  }
  const LayerLegend& build() {
    snapshot.registers = registers.snapshot();
    const std::vector<std::string> shown = {"l", "none such"};
    layers.build(snapshot, tables, shown, 1, scene);
    return layers.legend().at(0);
  }
};

TEST(RegisterLayers, sites_are_hollow_marks_and_saturated_only_while_abnormal) {
  Fixture f;
  f.add_layer("points");
  f.add_site("a").facts.state = "online";
  f.add_site("b").facts.state = "offline";
  const LayerLegend& legend = f.build();
  ASSERT_EQ(f.scene.markers.size(), 2u);
  EXPECT_EQ(f.scene.markers[0].fill.a, 0);
  EXPECT_LT(saturation(f.scene.markers[0].ring), 0.3);
  EXPECT_GT(saturation(f.scene.markers[1].fill), 0.5);
  EXPECT_EQ(legend.shown, 2u);
  EXPECT_EQ(legend.abnormal, 1u);
  EXPECT_EQ(legend.stated, 131u);
  EXPECT_EQ(f.layers.legend().size(), 1u) << "an id that names no layer is passed over";
}

TEST(RegisterLayers, the_profile_says_which_of_its_states_want_somebody) {
  Fixture f;
  f.add_layer("points");
  f.tables.sites[0].states = {"online", "offline!", "moved"};
  for (const char* state : {"s1", "s2", "s3", "s9", "s0"}) f.add_site(state).facts.state = state;
  EXPECT_EQ(f.build().abnormal, 1u);
}

TEST(RegisterLayers, a_site_that_nobody_placed_counts_and_is_not_drawn) {
  Fixture f;
  f.add_layer("points");
  f.add_site("a", false);
  const LayerLegend& legend = f.build();
  EXPECT_TRUE(f.scene.markers.empty());
  EXPECT_EQ(legend.counted, 1u);
  EXPECT_EQ(legend.shown, 0u);
}

TEST(RegisterLayers, what_stands_for_homes_is_never_a_point_whatever_the_layer_asks_for) {
  for (const char* kind : {"points", "buffers", "areas", "density"}) {
    Fixture f;
    f.add_layer(kind, true);
    for (int i = 0; i < 9; ++i) f.add_site("h" + std::to_string(i));
    const LayerLegend& legend = f.build();
    EXPECT_EQ(legend.mark, LayerMark::Disc) << kind;
    ASSERT_EQ(f.scene.markers.size(), 1u) << kind;
    const auto middle = f.tree->to_units(f.tree->at(f.tree->find("R01")).anchor_world);
    EXPECT_EQ(f.scene.markers[0].position_units.x, middle.x) << kind << ": the division's middle, not a home";
    EXPECT_EQ(f.scene.markers[0].position_units.y, middle.y);
    EXPECT_TRUE(f.scene.lines.empty());
  }
}

TEST(RegisterLayers, a_division_with_fewer_than_five_homes_has_no_disc) {
  Fixture f;
  f.add_layer("density", true);
  for (int i = 0; i < 4; ++i) f.add_site("h" + std::to_string(i));
  EXPECT_EQ(f.build().counted, 4u);
  EXPECT_TRUE(f.scene.markers.empty());
}

TEST(RegisterLayers, a_circle_has_the_sites_own_radius) {
  Fixture f;
  f.add_layer("buffers");
  f.add_site("a").facts.radius_m = 500;
  f.build();
  ASSERT_EQ(f.scene.lines.size(), 1u);
  for (const BorderSegment& one : f.scene.lines[0].segments) {
    const double from = std::hypot(one.from.x - 1000.0, one.from.y - 2000.0) * f.tree->unit_m();
    EXPECT_NEAR(from, 500, 0.01);
  }
}

TEST(RegisterLayers, each_pair_of_department_and_community_is_one_arc_that_ends_there) {
  Fixture f;
  f.add_layer("arcs");
  for (const char* community : {"R01", "R04", "R04"}) {  // the last: another column of the same pair
    auto& entry = f.registers.metric("pairs", "dept-1", "", 1);
    entry.key += community + std::to_string(f.registers.snapshot()->entries.size());
    entry.division = f.tree->find(community);
  }
  const LayerLegend& legend = f.build();
  EXPECT_EQ(legend.shown, 2u);
  ASSERT_EQ(f.scene.lines.size(), 1u);
  const auto end = f.tree->to_units(f.tree->at(f.tree->find("R04")).anchor_world);
  const auto ends_there = [&](const BorderSegment& one) { return one.from == end || one.to == end; };
  EXPECT_TRUE(std::ranges::any_of(f.scene.lines[0].segments, ends_there));
}

TEST(RegisterLayers, areas_are_outlines_of_the_divisions_that_the_register_names_each_once) {
  Fixture f;
  f.add_layer("areas");
  f.add_site("a", false);
  f.add_site("b", false);
  const LayerLegend& legend = f.build();
  EXPECT_EQ(legend.shown, 1u);
  ASSERT_EQ(f.scene.lines.size(), 1u);
  EXPECT_EQ(f.scene.lines[0].segments, outline_segments(*f.tree, f.tree->find("R01")));
}

}  // namespace
}  // namespace gridwall::scene
