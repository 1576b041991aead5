#include "scene/border_segments.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "support/jagged_tree.hpp"
#include "support/small_tree.hpp"

namespace gridwall::scene {
namespace {

std::set<std::tuple<int, int, int, int>> as_set(const std::vector<BorderSegment>& segments) {
  std::set<std::tuple<int, int, int, int>> set;
  for (const BorderSegment& s : segments) set.insert({s.from.x, s.from.y, s.to.x, s.to.y});
  return set;
}

TEST(BorderSegments, an_edge_that_neighbours_share_is_kept_once) {
  // Two by two squares: 4 outer edges of the whole and 12 of the parts, 4 of which two parts share.
  const BorderSegments borders = extract_border_segments(*test::small_tree({.splits = {2}}));
  ASSERT_EQ(borders.levels.size(), 2u);
  EXPECT_EQ(borders.levels[0].size(), 4u);
  EXPECT_EQ(borders.levels[1].size(), 12u);
  EXPECT_EQ(as_set(borders.segments).size(), borders.segments.size());
}

TEST(BorderSegments, an_edge_of_parent_and_child_has_the_parents_level) {
  const auto tree = test::jagged_tree({.blocks = 2, .cells_per_block = 2, .points_per_side = 3});
  const BorderSegments borders = extract_border_segments(*tree);
  ASSERT_EQ(borders.levels.size(), 3u);
  EXPECT_EQ(borders.levels[0].size(), 4u * 4 * 3);  // the outline of 4 cells a side, 3 steps each
  EXPECT_EQ(borders.levels[1].size(), 2u * 4 * 3);  // one cross of 4 cells' length
  EXPECT_EQ(borders.levels[2].size(), 4u * 4 * 3);  // two more lines each way
  EXPECT_EQ(as_set(borders.segments).size(), borders.segments.size());
}

TEST(BorderSegments, levels_stand_one_after_the_other) {
  const BorderSegments borders = extract_border_segments(*test::small_tree());
  std::uint32_t end = 0;
  for (const model::Range& level : borders.levels) {
    EXPECT_EQ(level.begin, end);
    end = level.end;
  }
  EXPECT_EQ(end, borders.segments.size());
}

TEST(BorderSegments, a_division_without_an_area_has_no_segment_of_no_length) {
  model::TreeSpec spec;
  model::DivisionRecord record;
  record.code = "R";
  record.parts.push_back({{{{0, 0}, {0, 0}, {10, 0}, {10, 10}}}, {0, 2, 3}});
  spec.records.push_back(record);
  const auto tree = model::assemble_tree(std::move(spec));
  ASSERT_TRUE(tree.ok());
  const BorderSegments borders = extract_border_segments(*tree);
  EXPECT_EQ(borders.segments.size(), 3u);
  for (const BorderSegment& s : borders.segments) EXPECT_NE(s.from, s.to);
}

TEST(BorderSegments, thinning_joins_runs_and_keeps_where_borders_meet) {
  const test::JaggedTreeSpec spec{.blocks = 2, .cells_per_block = 2, .points_per_side = 6};
  const BorderSegments exact = extract_border_segments(*test::jagged_tree(spec));
  const BorderSegments thin = thin_out(exact, 1e12);
  // 4 x 4 cells: 40 sides of 6 segments; all joined, one is left of each, but for the corners of the whole, where a
  // run goes round.
  EXPECT_EQ(exact.segments.size(), 40u * 6);
  EXPECT_LE(thin.segments.size(), 40u * 2);
  std::set<std::pair<int, int>> nodes;
  for (const BorderSegment& s : thin.segments) nodes.insert({s.from.x, s.from.y});
  for (const BorderSegment& s : thin.segments) nodes.insert({s.to.x, s.to.y});
  std::map<std::pair<int, int>, int> meeting;
  for (const BorderSegment& s : exact.segments) {
    ++meeting[{s.from.x, s.from.y}];
    ++meeting[{s.to.x, s.to.y}];
  }
  for (const auto& [point, count] : meeting) {
    EXPECT_TRUE(count == 2 || nodes.contains(point)) << point.first << ", " << point.second;
  }
  ASSERT_EQ(thin.levels.size(), 3u);
  EXPECT_EQ(thin.levels[2].end, thin.segments.size());
}

TEST(BorderSegments, thinning_by_less_than_a_segment_changes_nothing) {
  const BorderSegments exact = extract_border_segments(*test::jagged_tree());
  EXPECT_EQ(thin_out(exact, 1).segments, exact.segments);
}

TEST(BorderSegments, the_outline_of_one_division_is_all_its_edges) {
  const auto tree = test::small_tree();
  const auto outline = outline_segments(*tree, tree->find("R01"));
  EXPECT_EQ(outline.size(), 4u);
}

}  // namespace
}  // namespace gridwall::scene
