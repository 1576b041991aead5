// Divisions made coarser: nothing opens between neighbours, whatever falls on one point goes, and what is left stands
// where it stood within half a step.
#include "render/ground_mesh.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "support/jagged_tree.hpp"
#include "support/small_tree.hpp"

namespace gridwall::render {
namespace {

std::vector<std::uint32_t> level_divisions(const model::DivisionTree& tree, std::uint32_t level_index) {
  const model::Range range = tree.levels().at(level_index).divisions;
  std::vector<std::uint32_t> divisions(range.size());
  std::iota(divisions.begin(), divisions.end(), range.begin);
  return divisions;
}

double area_units2(const FillMesh& mesh) {
  double area = 0;
  for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
    const base::Vec2i a = mesh.vertices[mesh.indices[i]].position_units,
                      b = mesh.vertices[mesh.indices[i + 1]].position_units,
                      c = mesh.vertices[mesh.indices[i + 2]].position_units;
    area += 0.5 * ((double(b.x) - a.x) * (double(c.y) - a.y) - (double(b.y) - a.y) * (double(c.x) - a.x));
  }
  return area;
}

TEST(GroundMesh, a_step_is_a_power_of_two_no_wider_than_asked) {
  EXPECT_EQ(step_bits_for(0.001, 1.0), 9u);  // 1000 units a pixel: 512
  EXPECT_EQ(step_bits_for(1.0, 1.0), 0u);
  EXPECT_EQ(step_bits_for(1e-12, 1.0), 30u);
  for (const double px_per_unit : {1e-6, 3e-5, 0.002, 0.3}) {
    const double step_px = static_cast<double>(std::uint64_t{1} << step_bits_for(px_per_unit, 0.5)) * px_per_unit;
    EXPECT_LE(step_px, std::max(0.5, px_per_unit));
  }
}

TEST(GroundMesh, snapping_goes_to_the_nearest_and_is_the_same_for_everyone) {
  EXPECT_EQ(snapped({5, -5}, 3), (base::Vec2i{8, -8}));
  EXPECT_EQ(snapped({3, -3}, 3), (base::Vec2i{0, 0}));
  EXPECT_EQ(snapped({7, 7}, 0), (base::Vec2i{7, 7}));
  EXPECT_EQ(snapped({INT32_MAX, INT32_MIN}, 4), (base::Vec2i{INT32_MAX, INT32_MIN})) << "never around the edge";
}

TEST(GroundMesh, exact_at_step_zero) {
  const auto tree = test::jagged_tree();
  FillMesh mesh;
  append_fill(*tree, level_divisions(*tree, 2), 0, mesh);
  double area_m2 = 0;
  for (const std::uint32_t d : level_divisions(*tree, 2)) area_m2 += tree->divisions()[d].area_m2;
  EXPECT_NEAR(area_units2(mesh) * tree->unit_m() * tree->unit_m(), area_m2, area_m2 * 1e-9);
}

// The area of all cells is that of the whole at each step: no gap opens and nothing is counted twice.
TEST(GroundMesh, neighbours_stay_closed_at_every_step) {
  const auto tree = test::jagged_tree();
  for (std::uint32_t bits = 4; bits < 20; bits += 3) {
    FillMesh cells, whole;
    append_fill(*tree, level_divisions(*tree, 2), bits, cells);
    append_fill(*tree, level_divisions(*tree, 0), bits, whole);
    EXPECT_EQ(area_units2(cells), area_units2(whole)) << bits;
    const double step = static_cast<double>(std::uint64_t{1} << bits);
    for (const FillVertex& v : cells.vertices) {
      EXPECT_EQ(v.position_units, snapped(v.position_units, bits)) << step;
    }
  }
}

TEST(GroundMesh, what_is_smaller_than_the_step_leaves_nothing) {
  const auto tree = test::jagged_tree();  // cells of about 670 m
  FillMesh mesh;
  append_fill(*tree, level_divisions(*tree, 2), 24, mesh);  // 16.8 km
  EXPECT_TRUE(mesh.vertices.empty());
  EXPECT_TRUE(mesh.indices.empty());
}

TEST(GroundMesh, a_coarser_step_has_fewer_triangles_and_each_is_of_one_division) {
  const auto tree = test::jagged_tree({.points_per_side = 12});
  std::size_t before = SIZE_MAX;
  for (const std::uint32_t bits : {0u, 16u, 18u, 19u}) {
    FillMesh mesh;
    append_fill(*tree, level_divisions(*tree, 2), bits, mesh);
    EXPECT_LT(mesh.indices.size(), before);
    before = mesh.indices.size();
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
      const std::uint32_t d = mesh.vertices[mesh.indices[i]].division;
      EXPECT_EQ(mesh.vertices[mesh.indices[i + 1]].division, d);
      EXPECT_EQ(mesh.vertices[mesh.indices[i + 2]].division, d);
    }
  }
}

TEST(GroundMesh, a_border_that_two_share_is_there_once) {
  const auto tree = test::small_tree();
  std::vector<scene::BorderSegment> both, one;
  const auto divisions = level_divisions(*tree, 1);
  append_borders(*tree, divisions, 0, both);
  std::size_t apart = 0;
  for (const std::uint32_t d : divisions) {
    one.clear();
    append_borders(*tree, {&d, 1}, 0, one);
    apart += one.size();
  }
  EXPECT_LT(both.size(), apart);
  std::set<std::tuple<int, int, int, int>> known;
  for (const scene::BorderSegment& s : both) {
    EXPECT_TRUE(known.insert({s.from.x, s.from.y, s.to.x, s.to.y}).second);
  }
}

// Straightening must not tear a line: neighbours that are asked alone leave out the same vertices, but for those where
// three meet.
TEST(GroundMesh, neighbours_straighten_their_common_border_alike) {
  const auto tree = test::jagged_tree({.blocks = 2, .cells_per_block = 4, .points_per_side = 40, .wiggle = 0.002});
  std::map<std::tuple<int, int, int, int>, int> count_of;
  std::size_t segment_count = 0, source_count = 0;
  for (const std::uint32_t d : level_divisions(*tree, 2)) {
    std::vector<scene::BorderSegment> own;
    append_borders(*tree, {&d, 1}, 12, own);
    segment_count += own.size();
    source_count += tree->divisions()[d].vertices.size();
    for (const scene::BorderSegment& s : own) ++count_of[{s.from.x, s.from.y, s.to.x, s.to.y}];
  }
  EXPECT_LT(segment_count * 2, source_count) << "straight stretches lose most of their vertices";
  std::size_t shared = 0;
  for (const auto& [segment, count] : count_of) shared += count == 2 ? 2 : 0;
  // The outer border has one side only: 32 of 224 sides of cells. The rest differs where three meet.
  EXPECT_GT(static_cast<double>(shared), 0.70 * static_cast<double>(segment_count));
}

TEST(GroundMesh, a_level_is_in_chunks_of_neighbours_each_division_in_one) {
  const auto tree = test::jagged_tree({.blocks = 6, .cells_per_block = 6});
  const auto chunks = chunks_of_level(*tree, 2);
  std::set<std::uint32_t> seen;
  double chunk_area = 0;
  for (const DivisionChunk& chunk : chunks) {
    for (const std::uint32_t d : chunk.divisions) EXPECT_TRUE(seen.insert(d).second);
    chunk_area +=
        (double(chunk.box.max_x) - double(chunk.box.min_x)) * (double(chunk.box.max_y) - double(chunk.box.min_y));
  }
  EXPECT_EQ(seen.size(), tree->levels()[2].divisions.size());
  const base::Box2d all = tree->at(tree->root()).extent_world;
  const double whole_area = all.width() * all.height() / (tree->unit_m() * tree->unit_m());
  EXPECT_LT(chunk_area, 3 * whole_area) << "chunks are compact";
}

}  // namespace
}  // namespace gridwall::render
