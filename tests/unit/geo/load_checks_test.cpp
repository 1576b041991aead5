// What a loaded tree's report says of families, stated areas, overlays and shifts.
#include "geo/load_checks.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "geo/tree_builder.hpp"
#include "support/jagged_tree.hpp"
#include "support/layer_copies.hpp"
#include "unit/geo/layer_files.hpp"

namespace gridwall::geo {
namespace {

using test::box_wkt;
using test::LayerCopier;
using test::LayerCopy;
using test::TestLayer;
using test::write_layer;

LoadedTree loaded(const std::vector<std::string>& sources, const LayerRequest& more = {}) {
  LayerRequest request = more;
  request.sources = sources;
  auto result = load_division_tree(request);
  EXPECT_TRUE(result.ok()) << result.error().message;
  return std::move(result).value();
}

std::vector<std::string> codes_of(const std::vector<DivisionNote>& notes) {
  std::vector<std::string> codes;
  for (const DivisionNote& note : notes) codes.push_back(note.code);
  return codes;
}

using Texts = std::vector<std::string>;

TEST(load_checks, gaps_and_overlaps_are_told_with_area_and_place) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = {{"1", "镇", "", box_wkt(120, 31, 120.01, 31.01), 0},
                    {"11", "西", "1", box_wkt(120, 31, 120.006, 31.01), 1},
                    {"12", "东", "1", box_wkt(120.005, 31, 120.008, 31.01), 1}};
  write_layer(folder / "a.gpkg", layer);
  const LayerReport report = loaded({folder / "a.gpkg"}).report;
  ASSERT_EQ(codes_of(report.overlaps), Texts{"11"});
  EXPECT_NE(report.overlaps[0].reason.find("overlaps '12' by 1058"), std::string::npos) << report.overlaps[0].reason;
  ASSERT_EQ(codes_of(report.gaps), Texts{"1"});
  EXPECT_NE(report.gaps[0].reason.find("a gap of 2117"), std::string::npos) << report.gaps[0].reason;
  ASSERT_TRUE(report.gaps[0].place_lonlat.has_value());
  EXPECT_TRUE(report.gaps[0].place_lonlat->x > 120.008 && report.gaps[0].place_lonlat->x < 120.01);
  EXPECT_NEAR(report.levels[0].cover.worst, 0.8, 1e-6);
  EXPECT_FALSE(report.clean());
}

TEST(load_checks, neighbours_corner_on_a_long_border_in_degrees_is_no_gap) {
  const test::TemporaryFolder folder;
  TestLayer layer;  // the county's borders of 0.4 degrees bend by metres in Gauss-Krüger
  layer.features = test::nested_features();
  write_layer(folder / "a.gpkg", layer);
  const LoadedTree made = loaded({folder / "a.gpkg"});
  EXPECT_TRUE(made.report.clean()) << made.report.overlaps.size() << " overlaps, " << made.report.gaps.size()
                                   << " gaps";
  EXPECT_NEAR(made.report.levels[0].cover.worst, 1, 1e-9);
  // In metres an edge is straight as it stands, however long it is.
  layer.epsg = 4549;
  layer.features = {{"1", "米", "", box_wkt(500000, 3500000, 540000, 3530000)}};
  write_layer(folder / "metres.gpkg", layer);
  EXPECT_EQ(loaded({folder / "metres.gpkg"}).tree->vertices().size(), 4u);
}

TEST(load_checks, parents_by_containment_need_no_codes) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.fields = {"code", "name"};
  layer.features = test::nested_features();
  std::vector<std::string> parents;
  for (std::size_t i = 0; i < layer.features.size(); ++i) {
    parents.push_back(layer.features[i].parent);
    layer.features[i].code = std::string(1, static_cast<char>('g' - i));  // says nothing
  }
  write_layer(folder / "a.gpkg", layer);
  LayerRequest request;
  request.mapping.parent_by = model::ParentBy::Containment;
  const LoadedTree made = loaded({folder / "a.gpkg"}, request);
  EXPECT_EQ(made.report.parent_rule, "containment");
  EXPECT_TRUE(made.report.clean());
  ASSERT_EQ(made.tree->levels().size(), 3u);
  const auto parent_of = [&](const char* code) {
    return made.tree->at(made.tree->at(made.tree->find(code)).parent).code;
  };
  EXPECT_EQ(parent_of("f"), "g");
  EXPECT_EQ(parent_of("d"), "f");
  EXPECT_EQ(parent_of("a"), "e");
}

TEST(load_checks, stated_areas_are_compared_and_another_unit_is_told_once) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.fields = {"code", "mu"};
  for (int i = 0; i < 5; ++i) {
    const double west = 120 + 0.001 * i;
    layer.features.push_back(
        {std::to_string(10 + i), i == 3 ? "200.0" : "158.8", "", box_wkt(west, 31, west + 0.001, 31.01)});
  }
  write_layer(folder / "a.gpkg", layer);
  LayerRequest request;
  request.mapping.area_field = "mu";
  LayerReport report = loaded({folder / "a.gpkg"}, request).report;
  EXPECT_EQ(report.stated_area.compared_count, 5u);
  EXPECT_TRUE(report.stated_area.differing.empty());
  ASSERT_EQ(report.warnings.size(), 1u);
  EXPECT_NE(report.warnings[0].find("--area-unit"), std::string::npos);
  EXPECT_NE(report.warnings[0].find("666.7"), std::string::npos) << report.warnings[0];
  request.mapping.area_unit_m2 = 666.6667;
  report = loaded({folder / "a.gpkg"}, request).report;
  EXPECT_EQ(codes_of(report.stated_area.differing), Texts{"13"});
  EXPECT_NEAR(report.stated_area.ratio_median, 1, 1e-3);
  EXPECT_TRUE(report.warnings.empty());
}

TEST(load_checks, overlay_shares_the_hierarchys_integers_and_a_shift_is_told_with_its_figure) {
  const test::TemporaryFolder folder;
  const auto truth = test::jagged_tree({.blocks = 4, .cells_per_block = 6, .size_m = 2400});
  LayerCopier(*truth, {.driver = "GPKG", .epsg = 4490}).write(folder / "grids.gpkg");
  LayerCopier(*truth, {.driver = "GPKG", .epsg = 4490, .level_first = 2}).write(folder / "police.gpkg");
  LayerCopier(*truth, {.driver = "GPKG", .epsg = 4490, .really = "GCJ-02", .level_first = 2})
      .write(folder / "app.gpkg");
  const LoadedTree main = loaded({folder / "grids.gpkg"});
  LayerRequest over;
  over.frame = main.tree;
  const LoadedTree right = loaded({folder / "police.gpkg"}, over);
  EXPECT_EQ(right.tree->origin_world(), main.tree->origin_world());
  EXPECT_EQ(right.tree->world_crs(), main.tree->world_crs());
  ASSERT_EQ(right.report.placed_points.size(), 1u);
  EXPECT_EQ(right.report.placed_points[0].share_as_stated, 1);
  const LoadedTree shifted = loaded({folder / "app.gpkg"}, over);
  ASSERT_EQ(shifted.report.placed_points.size(), 1u);
  EXPECT_LT(shifted.report.placed_points[0].share_as_stated, 0.9);
  EXPECT_EQ(shifted.report.placed_points[0].share_if_gcj02, 1);
  ASSERT_FALSE(shifted.report.warnings.empty());
  EXPECT_NE(shifted.report.warnings.back().find("GCJ-02"), std::string::npos) << shifted.report.warnings.back();
  over.reading.crs = "GCJ-02";
  EXPECT_EQ(loaded({folder / "app.gpkg"}, over).report.placed_points[0].share_as_stated, 1);
}

TEST(load_checks, grids_from_a_phone_app_below_surveyed_towns_are_recognised_by_their_parents) {
  const test::TemporaryFolder folder;
  const auto truth = test::jagged_tree({.blocks = 4, .cells_per_block = 6, .size_m = 2400});
  LayerCopier(*truth, {.driver = "GPKG", .epsg = 4490, .level_last = 1}).write(folder / "towns.gpkg");
  LayerCopier(*truth, {.driver = "GPKG", .epsg = 4490, .really = "BD-09", .level_first = 2})
      .write(folder / "cells.gpkg");
  const LayerReport report = loaded({folder / "towns.gpkg", folder / "cells.gpkg"}).report;
  ASSERT_EQ(report.placed_points.size(), 1u);
  EXPECT_TRUE(report.placed_points[0].by_code);
  EXPECT_EQ(report.placed_points[0].share_if_bd09, 1);
  const bool told = std::any_of(report.warnings.begin(), report.warnings.end(),
                                [](const std::string& text) { return text.find("BD-09") != std::string::npos; });
  EXPECT_TRUE(told);
}

TEST(load_checks, points_of_another_system_are_told_and_never_moved) {
  const test::TemporaryFolder folder;
  const auto truth = test::jagged_tree({.blocks = 4, .cells_per_block = 6, .size_m = 2400});
  LayerCopier(*truth, {.driver = "GPKG", .epsg = 4490}).write(folder / "grids.gpkg");
  LoadedTree main = loaded({folder / "grids.gpkg"});
  auto shift = Transform::create(main.tree->world_crs(), "GCJ-02");
  ASSERT_TRUE(shift.ok());
  std::ofstream file(folder / "points.csv");
  file << "code,lon,lat\n";
  for (const model::Division& division : main.tree->divisions()) {
    const auto p = shift->forward(division.anchor_world);
    file << fmt::format("{},{:.8f},{:.8f}\n", division.code, p->x, p->y);
  }
  file << "nowhere,x,y\n";
  file.close();
  LayerQuery query;
  query.source = folder / "points.csv";
  query.reading.crs = "EPSG:4326";
  ASSERT_TRUE(check_points_into(main.report, query, main.tree).ok());
  ASSERT_EQ(main.report.placed_points.size(), 1u);
  EXPECT_TRUE(main.report.placed_points[0].by_code);
  EXPECT_LT(main.report.placed_points[0].share_as_stated, 0.1);
  EXPECT_GT(main.report.placed_points[0].share_if_gcj02, 0.95);
  EXPECT_NE(main.report.warnings.back().find("GCJ-02"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::geo
