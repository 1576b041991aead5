#include "geo/tree_builder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "base/random.hpp"
#include "geo/transform.hpp"
#include "model/locator.hpp"
#include "unit/geo/layer_files.hpp"

namespace gridwall::geo {
namespace {

using base::Vec2d;
using model::DivisionIndex;
using model::DivisionTree;
using test::box_wkt;
using test::TestLayer;
using test::write_layer;

const std::filesystem::path kSource = GRIDWALL_SOURCE_DIR;
const std::filesystem::path kData = kSource / "tests/data/layers";

LoadedTree loaded(const LayerRequest& request) {
  auto result = load_division_tree(request);
  EXPECT_TRUE(result.ok()) << result.error().message;
  return std::move(result).value();
}

LayerRequest request_of(const std::filesystem::path& file) {
  LayerRequest request;
  request.sources = {file};
  return request;
}

std::string refusal(const LayerRequest& request) {
  const auto result = load_division_tree(request);
  EXPECT_FALSE(result.ok());
  return result.ok() ? "" : result.error().message;
}

std::map<std::string, std::string> parents_of(const DivisionTree& tree) {
  std::map<std::string, std::string> parents;
  for (const auto& division : tree.divisions()) {
    parents[std::string(division.code)] = division.parent.valid() ? tree.at(division.parent).code : "";
  }
  return parents;
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(tree_builder, four_formats_give_the_same_tree) {
  const test::TemporaryFolder folder;
  std::map<std::string, std::uint64_t> hashes;
  for (const auto& [driver, name] : std::map<std::string, std::string>{
           {"GPKG", "a.gpkg"}, {"GeoJSON", "a.geojson"}, {"ESRI Shapefile", "a.shp"}, {"FlatGeobuf", "a.fgb"}}) {
    TestLayer layer;
    layer.driver = driver;
    layer.epsg = 4326;
    layer.type = wkbPolygon;
    layer.features = test::nested_features();
    if (driver == "ESRI Shapefile") layer.options = {"ENCODING=UTF-8"};
    write_layer(folder / name, layer);
    const LoadedTree made = loaded(request_of(folder / name));
    EXPECT_EQ(made.tree->divisions().size(), 7u) << driver;
    EXPECT_TRUE(made.report.clean()) << driver;
    // A Shapefile turns its rings round; what they hold is the same.
    for (const char* code : {"320281", "320281002001"}) {
      hashes.emplace(code, static_cast<std::uint64_t>(std::lround(made.tree->at(made.tree->find(code)).area_m2)));
      EXPECT_EQ(std::lround(made.tree->at(made.tree->find(code)).area_m2), static_cast<long>(hashes[code])) << driver;
    }
    EXPECT_EQ(parents_of(*made.tree), parents_of(*loaded(request_of(folder / name)).tree));
    EXPECT_EQ(made.tree->at(made.tree->find("320281001002")).path, "320281/001/002/") << driver;
    if (driver == "GPKG" || driver == "GeoJSON") {
      hashes.emplace("hash", made.tree->content_hash());
      EXPECT_EQ(made.tree->content_hash(), hashes["hash"]) << driver;
    }
  }
}

TEST(tree_builder, parents_come_by_field_by_lengths_or_by_prefix) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = test::nested_features();
  write_layer(folder / "field.gpkg", layer);
  layer.fields = {"code", "name"};
  write_layer(folder / "codes.gpkg", layer);
  const LoadedTree by_field = loaded(request_of(folder / "field.gpkg"));
  const LoadedTree by_prefix = loaded(request_of(folder / "codes.gpkg"));
  LayerRequest request = request_of(folder / "codes.gpkg");
  request.mapping.code_lengths = {6, 9, 12};
  const LoadedTree by_lengths = loaded(request);
  EXPECT_EQ(by_field.report.parent_rule, "parent field");
  EXPECT_EQ(by_prefix.report.parent_rule, "longest known prefix");
  EXPECT_EQ(by_lengths.report.parent_rule, "code lengths");
  EXPECT_EQ(parents_of(*by_field.tree), parents_of(*by_prefix.tree));
  EXPECT_EQ(parents_of(*by_field.tree), parents_of(*by_lengths.tree));
}

TEST(tree_builder, report_tells_areas_counts_and_what_children_cover) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = test::nested_features();
  layer.features.pop_back();  // the hole of the second town's ring stays open
  write_layer(folder / "a.gpkg", layer);
  LayerRequest request = request_of(folder / "a.gpkg");
  request.levels = {{"市", "City", "admin", 0, false}, {"镇街", "Town", "party", 0, false}};
  const LoadedTree made = loaded(request);
  const LayerReport& report = made.report;
  ASSERT_EQ(report.sources.size(), 1u);
  EXPECT_EQ(report.sources[0].feature_count, 6u);
  EXPECT_EQ(report.sources[0].extent_lonlat.max.x, 120.4);
  ASSERT_EQ(report.levels.size(), 3u);
  EXPECT_EQ(report.levels[1].name_zh, "镇街");
  EXPECT_EQ(report.levels[1].division_count, 2u);
  EXPECT_EQ(made.tree->at(made.tree->find("320281001")).kind, "party");
  // A straight edge of 0.4 degrees is not quite two of 0.2.
  EXPECT_NEAR(report.levels[0].area_m2 / report.levels[1].area_m2, 1, 1e-5);
  EXPECT_NEAR(report.levels[0].cover.worst, 1, 1e-5);
  EXPECT_EQ(report.levels[1].cover.worst_code, "320281002");
  EXPECT_NEAR(report.levels[1].cover.worst, 0.75, 1e-4);
  EXPECT_LT(report.levels[2].cover.mean, 0);
  EXPECT_GT(report.triangle_count, 10u);
  EXPECT_EQ(report.area_error_worst, 0);
}

TEST(tree_builder, orphans_cycles_duplicates_and_repairs_are_told_by_code) {
  const LoadedTree made = loaded(request_of(kData / "troubled.geojson"));
  const auto codes = [](const std::vector<DivisionNote>& notes) {
    std::vector<std::string> out;
    for (const DivisionNote& note : notes) out.push_back(note.code);
    return out;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(codes(made.report.orphans), Texts{"orphan"});
  EXPECT_EQ(codes(made.report.cycles), Texts{"ring-a"});
  EXPECT_EQ(codes(made.report.duplicates), Texts{"twice"});
  EXPECT_EQ(codes(made.report.repairs), Texts{"bow-tie"});
  EXPECT_EQ(made.report.sources[0].without_polygon_count, 1u);
  EXPECT_EQ(made.tree->at(made.tree->find("twice")).name, "first");
  EXPECT_EQ(parents_of(*made.tree)["orphan"], "R");
  EXPECT_EQ(parents_of(*made.tree)["ring-a"], "R");
  EXPECT_EQ(parents_of(*made.tree)["ring-b"], "ring-a");
  EXPECT_FALSE(made.report.clean());
}

TEST(tree_builder, several_tops_and_files_get_an_added_root_named_after_the_first_file) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = {{"01", "甲", "", box_wkt(120, 31, 120.1, 31.1)}};
  write_layer(folder / "east.gpkg", layer);
  layer.features = {{"02", "乙", "", box_wkt(120.1, 31, 120.3, 31.1)}};
  write_layer(folder / "west.gpkg", layer);
  LayerRequest request;
  request.sources = {folder / "east.gpkg", folder / "west.gpkg"};
  const LoadedTree made = loaded(request);
  const auto& root = made.tree->at(made.tree->root());
  EXPECT_EQ(made.report.added_root_code, "ALL");
  EXPECT_EQ(root.code, "ALL");
  EXPECT_EQ(root.name, "east");
  EXPECT_EQ(root.rings.size(), 0u);
  EXPECT_NEAR(root.extent_world.width(), 28600, 300);  // of its children together
  EXPECT_EQ(made.tree->at(made.tree->find("02")).path, "ALL/02/");
}

TEST(tree_builder, without_a_code_field_feature_numbers_are_codes_and_a_warning_says_so) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.fields = {"label"};
  layer.features = {{"x", "", "", box_wkt(120, 31, 120.1, 31.1)}, {"y", "", "", box_wkt(120.1, 31, 120.2, 31.1)}};
  write_layer(folder / "a.gpkg", layer);
  const LoadedTree made = loaded(request_of(folder / "a.gpkg"));
  EXPECT_TRUE(made.tree->find("1").valid());
  EXPECT_TRUE(made.tree->find("2").valid());
  ASSERT_EQ(made.report.warnings.size(), 1u);
  EXPECT_SAYS(made.report.warnings[0], "--code-field");
}

TEST(tree_builder, feature_numbers_that_begin_like_others_make_nobody_a_parent) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.fields = {"label"};
  for (int i = 0; i < 12; ++i) {
    layer.features.push_back({"x", "", "", box_wkt(120 + 0.01 * i, 31, 120.01 + 0.01 * i, 31.01)});
  }
  write_layer(folder / "a.gpkg", layer);
  const LoadedTree made = loaded(request_of(folder / "a.gpkg"));
  ASSERT_EQ(made.tree->levels().size(), 2u);  // 12 is not below 1
  EXPECT_EQ(made.tree->levels()[1].divisions.size(), 12u);
}

TEST(tree_builder, neighbours_share_their_vertices_exactly) {
  const LoadedTree made = loaded(request_of(kData / "nested.geojson"));
  const auto& tree = *made.tree;
  std::map<std::pair<int, int>, int> uses;
  for (const auto& division : tree.divisions()) {
    for (auto v = division.vertices.begin; v < division.vertices.end; ++v) {
      ++uses[{tree.vertices()[v].x, tree.vertices()[v].y}];
    }
  }
  for (const auto& [vertex, count] : uses) EXPECT_GE(count, 2) << vertex.first << " " << vertex.second;
}

TEST(tree_builder, world_is_the_zone_of_the_centre_or_mercator_when_wide_or_what_is_asked) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = {{"1", "陆丰", "", box_wkt(115.5, 22.7, 116.2, 23.1)}};
  write_layer(folder / "near.gpkg", layer);
  const LoadedTree near = loaded(request_of(folder / "near.gpkg"));
  EXPECT_SAYS(near.tree->world_crs(), "lon_0=117");
  EXPECT_EQ(near.tree->unit_m(), 0.001);
  layer.features = {{"1", "全球", "", box_wkt(-170, -90, 170, 90)}};
  write_layer(folder / "wide.gpkg", layer);
  const LoadedTree wide = loaded(request_of(folder / "wide.gpkg"));
  EXPECT_EQ(wide.tree->world_crs(), "EPSG:3857");
  EXPECT_EQ(wide.tree->unit_m(), 0.1);
  EXPECT_NEAR(wide.tree->at(wide.tree->root()).extent_world.max.y, 19971868.88, 0.2);  // 85 degrees
  LayerRequest request = request_of(folder / "near.gpkg");
  request.world_crs = "EPSG:4547";
  EXPECT_EQ(loaded(request).tree->world_crs(), "EPSG:4547");
  request.world_crs = "EPSG:4326";
  EXPECT_SAYS(refusal(request), "counts degrees");
  request.world_crs = "EPSG:0";
  EXPECT_SAYS(refusal(request), "EPSG:0");
}

TEST(tree_builder, position_in_the_world_is_the_projected_one_to_the_millimetre) {
  const LoadedTree made = loaded(request_of(kData / "nested.geojson"));
  auto transform = Transform::create(kLonLatCrs, made.tree->world_crs());
  ASSERT_TRUE(transform.ok());
  const auto corner = transform->forward({120.0, 31.0});
  const auto& tree = *made.tree;
  double nearest_m = 1e9;
  for (const auto v : tree.vertices()) {
    const base::Vec2d gap = tree.to_world(v) - *corner;
    nearest_m = std::min(nearest_m, std::hypot(gap.x, gap.y));
  }
  EXPECT_LT(nearest_m, 0.001);
}

TEST(tree_builder, coordinates_that_do_not_fit_their_system_are_refused_with_the_way_out) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = {{"1", "米", "", box_wkt(526956, 3532019, 527956, 3533019)}};
  write_layer(folder / "metres.gpkg", layer);
  EXPECT_SAYS(refusal(request_of(folder / "metres.gpkg")), "--crs");
  LayerRequest request = request_of(folder / "metres.gpkg");
  request.reading.crs = "EPSG:4549";
  EXPECT_NEAR(loaded(request).report.sources[0].extent_lonlat.min.x, 120.285, 1e-4);
}

TEST(tree_builder, synthetic_layers_make_a_synthetic_tree) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.fields = {"code", "name", "parent", "level", "synthetic"};
  layer.features = test::nested_features();
  write_layer(folder / "real.gpkg", layer);
  EXPECT_FALSE(loaded(request_of(folder / "real.gpkg")).tree->synthetic());
  for (auto& feature : layer.features) feature.synthetic = 1;
  write_layer(folder / "made.gpkg", layer);
  EXPECT_TRUE(loaded(request_of(folder / "made.gpkg")).tree->synthetic());
}

TEST(tree_builder, the_five_bundled_outlines_load_with_code_name_and_exact_triangles) {
  const std::map<std::string, std::pair<std::string, std::string>> expected{{"jiangyin", {"320281", "江阴市"}},
                                                                            {"lianyuan", {"431382", "涟源市"}},
                                                                            {"lufeng", {"441581", "陆丰市"}},
                                                                            {"qingjiangpu", {"320812", "清江浦区"}},
                                                                            {"wujin", {"320412", "武进区"}}};
  for (const auto& [district, names] : expected) {
    const LoadedTree made = loaded(request_of(kSource / "assets/districts" / district / "boundary.geojson"));
    ASSERT_EQ(made.tree->divisions().size(), 1u) << district;
    const auto& root = made.tree->at(made.tree->root());
    EXPECT_EQ(root.code, names.first);
    EXPECT_EQ(root.name, names.second);
    EXPECT_EQ(made.report.area_error_worst, 0) << district;
    // Planar and geodesic differ by the zone's scale only.
    EXPECT_NEAR(root.area_m2 / made.report.sources[0].area_m2, 1, 5e-4) << district;
    EXPECT_EQ(model::Locator(made.tree).locate(root.anchor_world), made.tree->root()) << district;
  }
}

TEST(tree_builder, progress_rises_to_one) {
  std::vector<double> shares;
  const auto result = load_division_tree(request_of(kData / "nested.geojson"),
                                         [&](std::string_view, double share) { shares.push_back(share); });
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_EQ(shares.back(), 1);
}

TEST(tree_builder, locator_finds_in_a_loaded_tree_what_brute_force_finds) {
  const LoadedTree made = loaded(request_of(kData / "nested.geojson"));
  const model::Locator locator(made.tree);
  auto to_lonlat = Transform::create(made.tree->world_crs(), kLonLatCrs);
  ASSERT_TRUE(to_lonlat.ok());
  base::Random random(3);
  const auto& extent = made.tree->at(made.tree->root()).extent_world;
  for (int i = 0; i < 2000; ++i) {
    const base::Vec2d p{random.next_between(extent.min.x, extent.max.x),
                        random.next_between(extent.min.y, extent.max.y)};
    const auto lonlat = to_lonlat->forward(p);
    // The data's own geometry: boxes in degrees, whose long borders bend in the projection. Two millimetres are left
    // out.
    const auto near = [&](double v) { return std::abs(lonlat->x - v) < 2e-8 || std::abs(lonlat->y - v) < 2e-8; };
    if (near(120.0) || near(120.1) || near(120.2) || near(120.25) || near(120.35) || near(120.4) || near(31.0) ||
        near(31.05) || near(31.15) || near(31.2)) {
      continue;
    }
    const bool in_hole = lonlat->x > 120.25 && lonlat->x < 120.35 && lonlat->y > 31.05 && lonlat->y < 31.15;
    const bool outside = lonlat->x < 120 || lonlat->x > 120.4 || lonlat->y < 31 || lonlat->y > 31.2;
    const std::string expected = lonlat->x < 120.1   ? "320281001001"
                                 : lonlat->x < 120.2 ? "320281001002"
                                 : in_hole           ? "320281002002"
                                                     : "320281002001";
    const DivisionIndex found = locator.locate(p);
    EXPECT_EQ(found.valid() ? made.tree->at(found).code : "", outside ? "" : expected) << lonlat->x << " " << lonlat->y;
  }
}

// A circle of many vertices.
std::string round_wkt(Vec2d center, double radius, int count) {
  std::string text;
  for (int i = 0; i <= count; ++i) {
    const double angle = 2 * std::numbers::pi * (i % count) / count;
    text += fmt::format("{}{:.9f} {:.9f}", i > 0 ? "," : "", center.x + radius * std::cos(angle),
                        center.y + radius * std::sin(angle));
  }
  return "POLYGON((" + text + "))";
}

double distance(Vec2d a, Vec2d b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

TEST(tree_builder, a_preview_has_all_divisions_and_borders_as_fine_as_a_pixel) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = test::nested_features();
  layer.features.push_back({"320281002003", "圆格", "320281002", round_wkt({120.22, 31.02}, 0.01, 5000), 2});
  layer.features.push_back({"320281002004", "点格", "320281002", box_wkt(120.22, 31.12, 120.22001, 31.12001), 2});
  write_layer(folder / "a.gpkg", layer);
  LayerRequest request = request_of(folder / "a.gpkg");
  const LoadedTree whole = loaded(request);
  constexpr std::uint32_t kPx = 1000;
  request.preview_px = kPx;
  const LoadedTree preview = loaded(request);
  EXPECT_EQ(parents_of(*preview.tree), parents_of(*whole.tree));
  EXPECT_EQ(preview.tree->world_crs(), whole.tree->world_crs());
  EXPECT_LT(preview.tree->vertices().size(), whole.tree->vertices().size() / 10);
  const double px_m = whole.tree->at(whole.tree->root()).extent_world.width() / kPx;
  for (const auto& division : whole.tree->divisions()) {
    const auto& coarse = preview.tree->at(preview.tree->find(division.code));
    EXPECT_EQ(coarse.name, division.name);
    EXPECT_EQ(coarse.path, division.path);
    if (division.code == "320281002004") {
      EXPECT_EQ(coarse.rings.size(), 0u) << "less than a pixel";
      continue;
    }
    EXPECT_LT(distance(coarse.extent_world.min, division.extent_world.min), px_m) << division.code;
    EXPECT_LT(distance(coarse.extent_world.max, division.extent_world.max), px_m) << division.code;
    EXPECT_LT(distance(coarse.anchor_world, division.anchor_world), 0.05 * division.extent_world.width() + 2 * px_m)
        << division.code;
  }
}

TEST(tree_builder, there_is_no_preview_of_what_does_not_state_its_extent) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.driver = "GeoJSONSeq";
  layer.epsg = 4326;
  layer.features = test::nested_features();
  write_layer(folder / "a.geojsonl", layer);
  LayerRequest request = request_of(folder / "a.geojsonl");
  request.preview_px = 1000;
  EXPECT_SAYS(refusal(request), "does not state its extent");
}

TEST(tree_builder, loading_that_was_stopped_ends_with_a_sentence) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = test::nested_features();
  write_layer(folder / "a.gpkg", layer);
  std::stop_source source;
  LayerRequest request = request_of(folder / "a.gpkg");
  request.stop = source.get_token();
  EXPECT_TRUE(load_division_tree(request).ok());
  source.request_stop();
  EXPECT_SAYS(refusal(request), "loading was stopped");
}

}  // namespace
}  // namespace gridwall::geo
