#include "scene/border_segments.hpp"

#include <gtest/gtest.h>

#include "support/small_tree.hpp"

namespace gridwall::scene {
namespace {

TEST(BorderSegments, a_division_without_an_area_has_no_segment_of_no_length) {
  model::TreeSpec spec;
  model::DivisionRecord record;
  record.code = "R";
  record.parts.push_back({{{{0, 0}, {0, 0}, {10, 0}, {10, 10}}}, {0, 2, 3}});
  spec.records.push_back(record);
  const auto tree = model::assemble_tree(std::move(spec));
  ASSERT_TRUE(tree.ok());
  const auto outline = outline_segments(*tree, model::DivisionIndex{0});
  EXPECT_EQ(outline.size(), 3u);
  for (const BorderSegment& s : outline) EXPECT_NE(s.from, s.to);
}

TEST(BorderSegments, the_outline_of_one_division_is_all_its_edges) {
  const auto tree = test::small_tree();
  const auto outline = outline_segments(*tree, tree->find("R01"));
  EXPECT_EQ(outline.size(), 4u);
}

}  // namespace
}  // namespace gridwall::scene
