// One city's grids as a Shapefile in zone-prefixed Gauss-Krüger with GBK names, as GeoJSON with nine decimals and as a
// GeoPackage in CGCS2000 degrees: one tree comes out. (The same picture: tests/gl/geo/same_grids_gl_test.cpp.)
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <unordered_map>

#include "base/random.hpp"
#include "geo/tree_builder.hpp"
#include "model/locator.hpp"
#include "support/jagged_tree.hpp"
#include "support/layer_copies.hpp"
#include "unit/geo/layer_files.hpp"

namespace gridwall::geo {
namespace {

using base::Vec2d;
using model::DivisionTree;

constexpr double kTolerance_m = 0.001;
constexpr int kPoints = 10'000;
constexpr double kBorderMargin_m = 0.01;

std::vector<std::shared_ptr<const DivisionTree>> loaded_copies(const DivisionTree& truth) {
  const test::TemporaryFolder folder;
  std::vector<std::shared_ptr<const DivisionTree>> trees;
  for (const test::NamedCopy& named : test::three_copies()) {
    test::LayerCopier(truth, named.copy).write(folder / named.file);
    LayerRequest request;
    request.sources = {(folder / named.file).string()};
    request.world_crs = test::kCopyWorldCrs;
    auto loaded = load_division_tree(request);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_TRUE(loaded->report.clean()) << named.file;
    trees.push_back(loaded->tree);
  }
  return trees;
}

// The farthest that any vertex of `division` lies from its nearest in `others`, on either axis.
double worst_gap_m(const DivisionTree& tree, const model::Division& division, const std::vector<Vec2d>& others) {
  double worst = 0;
  for (std::uint32_t v = division.vertices.begin; v < division.vertices.end; ++v) {
    const Vec2d p = tree.to_world(tree.vertices()[v]);
    double best = 1e9;
    for (const Vec2d q : others) best = std::min(best, std::max(std::abs(p.x - q.x), std::abs(p.y - q.y)));
    worst = std::max(worst, best);
  }
  return worst;
}

TEST(same_grids, give_the_same_codes_names_parents_and_vertices_within_a_millimetre) {
  const auto truth = test::jagged_tree();
  const auto trees = loaded_copies(*truth);
  for (const auto& tree : trees) {
    ASSERT_EQ(tree->divisions().size(), truth->divisions().size());
    ASSERT_EQ(tree->vertices().size(), truth->vertices().size());
    for (std::size_t i = 0; i < truth->divisions().size(); ++i) {
      const model::Division& expected = truth->divisions()[i];
      const model::Division& division = tree->divisions()[i];
      EXPECT_EQ(division.code, expected.code);
      EXPECT_EQ(division.path, expected.path);
      EXPECT_EQ(division.name, test::copy_name(expected));
      std::vector<Vec2d> vertices;
      for (std::uint32_t v = expected.vertices.begin; v < expected.vertices.end; ++v) {
        vertices.push_back(test::kCopyCenter_world +
                           Vec2d{truth->vertices()[v].x * 0.001, truth->vertices()[v].y * 0.001});
      }
      EXPECT_LE(worst_gap_m(*tree, division, vertices), kTolerance_m + 1e-9) << division.code;
    }
  }
}

TEST(same_grids, put_points_that_are_off_a_border_into_the_same_division) {
  const auto truth = test::jagged_tree();
  const auto trees = loaded_copies(*truth);
  std::vector<model::Locator> locators;
  for (const auto& tree : trees) locators.emplace_back(tree);
  const base::Box2d box = trees[0]->at(trees[0]->root()).extent_world;
  base::Random random(11);
  int compared = 0, deepest = 0;
  while (compared < kPoints) {
    const Vec2d point{random.next_between(box.min.x, box.max.x), random.next_between(box.min.y, box.max.y)};
    const model::DivisionIndex found = locators[0].locate(point);
    if (found.valid() && locators[0].distance_to_border_m(point, found) <= kBorderMargin_m) continue;
    const std::string_view code = found.valid() ? trees[0]->at(found).code : "outside";
    for (std::size_t t = 1; t < trees.size(); ++t) {
      const model::DivisionIndex other = locators[t].locate(point);
      ASSERT_EQ(other.valid() ? trees[t]->at(other).code : "outside", code) << point.x << " " << point.y;
    }
    ++compared;
    deepest += found.valid() && trees[0]->at(found).level_index == 2;
  }
  EXPECT_GT(deepest, kPoints * 9 / 10);
}

}  // namespace
}  // namespace gridwall::geo
