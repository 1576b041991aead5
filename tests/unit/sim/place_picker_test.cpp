#include "sim/place_picker.hpp"

#include <gtest/gtest.h>

#include <map>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

// Two leaves: a square with a square hole, and the L-shaped rest; ear clipping by hand.
std::shared_ptr<const model::DivisionTree> tree_with_hole() {
  model::TreeSpec spec;
  spec.unit_m = 1;
  model::DivisionRecord root, ring;
  root.code = "R";
  ring.code = "R1";
  ring.parent_code = "R";
  model::DivisionRecord::Part part;
  part.rings = {{{0, 0}, {90, 0}, {90, 90}, {0, 90}}, {{30, 30}, {30, 60}, {60, 60}, {60, 30}}};
  part.triangle_indices = {0, 1, 4, 1, 7, 4, 1, 2, 7, 2, 6, 7, 2, 3, 6, 3, 5, 6, 3, 0, 5, 0, 4, 5};
  ring.parts.push_back(part);
  spec.records = {root, ring};
  return std::make_shared<const model::DivisionTree>(model::assemble_tree(std::move(spec)).value());
}

TEST(PlacePicker, points_lie_inside_their_leaf_and_never_in_its_hole) {
  const auto tree = tree_with_hole();
  const sim::PlacePicker picker(tree, 1);
  base::Random random(2);
  for (int i = 0; i < 5000; ++i) {
    const auto place = picker.pick(random, i % 2 == 0);
    ASSERT_TRUE(place);
    ASSERT_TRUE(point_in_rings(*tree, place->division, place->point_world))
        << place->point_world.x << " " << place->point_world.y;
  }
}

TEST(PlacePicker, only_leaves_are_picked_and_all_of_them_sometimes) {
  const auto tree = small_tree();
  const sim::PlacePicker picker(tree, 3);
  base::Random random(4);
  std::map<std::uint32_t, int> hits;
  for (int i = 0; i < 5000; ++i) ++hits[picker.pick(random, false)->division.value];
  EXPECT_EQ(hits.size(), 16u);
  EXPECT_EQ(hits.begin()->first, 5u);
}

TEST(PlacePicker, a_hot_leaf_has_several_times_the_cases_of_the_middle_one) {
  const sim::PlacePicker picker(small_tree({.splits = {3, 6}}), 5);
  base::Random random(6);
  std::map<std::uint32_t, int> hits;
  for (int i = 0; i < 30000; ++i) ++hits[picker.pick(random, false)->division.value];
  std::vector<int> sorted;
  for (const auto& [leaf, count] : hits) sorted.push_back(count);
  std::sort(sorted.begin(), sorted.end());
  EXPECT_GT(sorted.back(), 3 * sorted[sorted.size() / 2]);
}

TEST(PlacePicker, a_tree_without_areas_has_no_place) {
  model::TreeSpec spec;
  model::DivisionRecord root;
  root.code = "R";
  spec.records = {root};
  const sim::PlacePicker picker(
      std::make_shared<const model::DivisionTree>(model::assemble_tree(std::move(spec)).value()), 1);
  base::Random random(1);
  EXPECT_FALSE(picker.pick(random, true));
}

}  // namespace
}  // namespace gridwall::test
