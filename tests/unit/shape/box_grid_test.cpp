#include "shape/box_grid.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/random.hpp"

namespace gridwall::shape {
namespace {

base::Box2d random_box(base::Random& random) {
  const double size = std::exp2(random.next_between(0, 31));
  const double x = random.next_between(-2147483648.0, 2147483647.0 - size);
  const double y = random.next_between(-2147483648.0, 2147483647.0 - size);
  return {{x, y}, {x + size * random.next_unit(), y + size}};
}

TEST(box_grid, every_box_that_meets_the_one_asked_for_is_found) {
  base::Random random(6);
  std::vector<base::Box2d> boxes;
  BoxGrid grid;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    boxes.push_back(random_box(random));
    grid.insert(boxes[i], i);
  }
  std::size_t meeting = 0;
  BoxGrid::Lists lists;
  for (int round = 0; round < 200; ++round) {
    const base::Box2d asked = random_box(random);
    grid.find(asked, BoxGrid::kSizeClasses, lists);
    std::set<std::uint32_t> found;
    for (const auto* list : lists) found.insert(list->begin(), list->end());
    for (std::uint32_t i = 0; i < boxes.size(); ++i) {
      if (!boxes[i].intersects(asked)) continue;
      ++meeting;
      ASSERT_TRUE(found.contains(i)) << round;
    }
  }
  EXPECT_GT(meeting, 200u);
}

TEST(box_grid, small_box_asks_for_few_of_many_far_away) {
  BoxGrid grid;
  for (std::uint32_t i = 0; i < 10000; ++i) {
    const double x = i % 100 * 1000.0, y = i / 100 * 1000.0;
    grid.insert({{x, y}, {x + 1000, y + 1000}}, i);
  }
  BoxGrid::Lists lists;
  grid.find({{50500, 50500}, {50600, 50600}}, 2, lists);
  std::size_t looked_at = 0;
  for (const auto* list : lists) looked_at += list->size();
  EXPECT_GE(looked_at, 1u);
  EXPECT_LE(looked_at, 16u);
}

}  // namespace
}  // namespace gridwall::shape
