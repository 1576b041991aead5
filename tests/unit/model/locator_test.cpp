#include "model/locator.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "support/small_tree.hpp"

namespace gridwall::model {
namespace {

using base::Vec2d;
using base::Vec2i;

// Written apart from the locator: winding by crossing count in long double, every division tried.
bool polygon_contains(const DivisionTree& tree, std::uint32_t index, Vec2i p) {
  const Division& division = tree.divisions()[index];
  if (division.rings.size() == 0) return true;
  int crossings = 0;
  for (auto r = division.rings.begin; r < division.rings.end; ++r) {
    const Range ring = tree.rings()[r].vertices;
    for (std::uint32_t k = 0; k < ring.size(); ++k) {
      const Vec2i a = tree.vertices()[ring.begin + k], b = tree.vertices()[ring.begin + (k + 1) % ring.size()];
      if ((a.y > p.y) == (b.y > p.y)) continue;
      const long double x = a.x + (static_cast<long double>(p.y) - a.y) * (static_cast<long double>(b.x) - a.x) /
                                      (static_cast<long double>(b.y) - a.y);
      crossings += x > p.x;
    }
  }
  return crossings % 2 == 1;
}

DivisionIndex brute_force(const DivisionTree& tree, Vec2d point_world) {
  const Vec2i p = tree.to_units(point_world);
  DivisionIndex best = DivisionIndex::none();
  for (std::uint32_t i = 0; i < tree.divisions().size(); ++i) {
    bool inside = tree.divisions()[i].rings.size() > 0;
    for (DivisionIndex up{i}; inside && up.valid(); up = tree.at(up).parent)
      inside = polygon_contains(tree, up.value, p);
    if (inside && (!best.valid() || tree.divisions()[i].level_index > tree.at(best).level_index))
      best = DivisionIndex{i};
  }
  return best;
}

DivisionRecord record(const std::string& code, const std::string& parent, std::vector<std::vector<Vec2i>> rings) {
  DivisionRecord made;
  made.code = made.name = code;
  made.parent_code = parent;
  if (!rings.empty()) made.parts.push_back({std::move(rings), {}});
  return made;
}

std::vector<Vec2i> box(std::int32_t west, std::int32_t south, std::int32_t east, std::int32_t north) {
  return {{west, south}, {east, south}, {east, north}, {west, north}};
}

std::shared_ptr<const DivisionTree> tree_of(std::vector<DivisionRecord> records) {
  TreeSpec spec;
  spec.records = std::move(records);
  spec.unit_m = 1;
  auto built = assemble_tree(std::move(spec));
  EXPECT_TRUE(built.ok()) << built.error().message;
  return std::make_shared<const DivisionTree>(std::move(built).value());
}

std::string code_at(const Locator& locator, Vec2d point_world) {
  const DivisionIndex found = locator.locate(point_world);
  return std::string(found.valid() ? locator.tree().at(found).code : "");
}

TEST(locator, agrees_with_brute_force_in_small_and_large_families) {
  for (const auto& splits : std::vector<std::vector<int>>{{2, 2}, {7, 3}, {2, 9}, {}}) {
    const auto tree = test::small_tree({splits});
    const Locator locator(tree);
    base::Random random(5);
    for (int i = 0; i < 3000; ++i) {
      const Vec2d p{500000 + random.next_between(-5000, 5000), 3500000 + random.next_between(-5000, 5000)};
      ASSERT_EQ(locator.locate(p), brute_force(*tree, p)) << p.x << " " << p.y;
    }
  }
}

// A jagged town: every border point of the ragged columns belongs to exactly one of them.
TEST(locator, agrees_with_brute_force_on_ragged_borders_holes_and_gaps) {
  base::Random random(6);
  constexpr int kColumns = 40, kSteps = 20;
  std::vector<std::vector<Vec2i>> borders;
  for (int c = 0; c <= kColumns; ++c) {
    std::vector<Vec2i> border;
    for (int k = 0; k <= kSteps; ++k) {
      const auto jag = static_cast<std::int32_t>(random.next_below(80));
      border.push_back({c * 100 + (c > 0 && c < kColumns ? jag : 0), k * 50});
    }
    borders.push_back(border);
  }
  std::vector<DivisionRecord> records{record("R", "", {box(0, 0, kColumns * 100, kSteps * 50)})};
  for (int c = 0; c < kColumns; ++c) {
    if (c % 7 == 3) continue;  // a gap: the parent's own ground
    std::vector<Vec2i> ring = borders[static_cast<std::size_t>(c)];
    const auto& right = borders[static_cast<std::size_t>(c) + 1];
    ring.insert(ring.end(), right.rbegin(), right.rend());
    records.push_back(record("R" + std::to_string(100 + c), "R", {ring, box(c * 100 + 85, 410, c * 100 + 95, 420)}));
  }
  const auto tree = tree_of(std::move(records));
  const Locator locator(tree);
  int in_parent = 0;
  for (int i = 0; i < 20000; ++i) {
    const Vec2d p{std::floor(random.next_between(-50, 4050)), std::floor(random.next_between(-50, 1050))};
    const DivisionIndex found = locator.locate(p);
    ASSERT_EQ(found, brute_force(*tree, p)) << p.x << " " << p.y;
    in_parent += found == tree->root();
  }
  EXPECT_GT(in_parent, 500);
}

TEST(locator, point_in_no_child_is_the_parents_and_outside_is_nobodys) {
  const Locator locator(tree_of({record("R", "", {box(0, 0, 100, 100)}), record("A", "R", {box(0, 0, 50, 50)})}));
  EXPECT_EQ(code_at(locator, {10, 10}), "A");
  EXPECT_EQ(code_at(locator, {75, 75}), "R");
  EXPECT_EQ(code_at(locator, {101, 50}), "");
  EXPECT_EQ(code_at(locator, {std::nan(""), 50}), "");
  EXPECT_EQ(code_at(locator, {1e300, -1e300}), "");
}

TEST(locator, point_on_a_shared_border_belongs_to_exactly_one_neighbour) {
  const Locator locator(tree_of({record("R", "", {box(0, 0, 100, 100)}), record("A", "R", {box(0, 0, 50, 100)}),
                                 record("B", "R", {box(50, 0, 100, 100)})}));
  EXPECT_EQ(code_at(locator, {50, 30}), "B");
  EXPECT_EQ(code_at(locator, {0, 0}), "A");
  EXPECT_EQ(code_at(locator, {100, 30}), "");  // half-open: the east edge is the next one's
}

TEST(locator, hole_belongs_to_the_division_that_fills_it) {
  const Locator locator(
      tree_of({record("R", "", {box(0, 0, 100, 100)}), record("A", "R", {box(0, 0, 100, 100), box(40, 40, 60, 60)}),
               record("B", "R", {box(40, 40, 50, 60)})}));
  EXPECT_EQ(code_at(locator, {10, 50}), "A");
  EXPECT_EQ(code_at(locator, {45, 50}), "B");
  EXPECT_EQ(code_at(locator, {55, 50}), "R");
}

TEST(locator, parent_without_polygon_is_transparent) {
  const Locator locator(tree_of({record("ALL", "", {}), record("M", "ALL", {}), record("A", "M", {box(0, 0, 10, 10)}),
                                 record("B", "ALL", {box(20, 0, 30, 10)})}));
  EXPECT_EQ(code_at(locator, {5, 5}), "A");
  EXPECT_EQ(code_at(locator, {25, 5}), "B");
  EXPECT_EQ(code_at(locator, {15, 5}), "");
  EXPECT_TRUE(std::isinf(locator.distance_to_border_m({5, 5}, locator.tree().root())));
}

TEST(locator, level_asked_for_is_the_one_answered) {
  const auto tree = test::small_tree();
  const Locator locator(tree);
  const Vec2d p{500000 - 3000, 3500000 - 3000};
  EXPECT_EQ(tree->at(locator.locate_at_level(p, 0)).code, "R");
  EXPECT_EQ(tree->at(locator.locate_at_level(p, 1)).code, "R01");
  EXPECT_EQ(tree->at(locator.locate_at_level(p, 2)).code, "R0101");
  EXPECT_FALSE(locator.locate_at_level(p, 3).valid());
  EXPECT_FALSE(locator.locate_at_level({0, 0}, 1).valid());
}

TEST(locator, distance_to_the_border_is_in_metres_from_both_sides) {
  const auto tree = test::small_tree();  // units of a millimetre
  const Locator locator(tree);
  const DivisionIndex town = tree->find("R01");  // the south-west quarter: 4 km
  EXPECT_NEAR(locator.distance_to_border_m({500000 - 3, 3500000 - 1000}, town), 3, 1e-6);
  EXPECT_NEAR(locator.distance_to_border_m({500000 + 4.5, 3500000 - 1000}, town), 4.5, 1e-6);
  EXPECT_NEAR(locator.distance_to_border_m({500003, 3500004}, town), 5, 1e-6);  // from a corner
}

}  // namespace
}  // namespace gridwall::model
