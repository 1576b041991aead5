#include "render/unit_box.hpp"

#include <gtest/gtest.h>

namespace gridwall::render {
namespace {

UnitBox box(base::Vec2i low, base::Vec2i high) {
  UnitBox box;
  box.extend(low);
  box.extend(high);
  return box;
}

TEST(UnitBox, boxes_that_share_a_point_meet) {
  EXPECT_TRUE(box({0, 0}, {9, 9}).intersects(box({9, 9}, {12, 12})));
  EXPECT_FALSE(box({0, 0}, {9, 9}).intersects(box({10, 0}, {12, 9})));
  EXPECT_FALSE(UnitBox{}.intersects(box({0, 0}, {9, 9}))) << "an empty one meets nothing";
}

TEST(UnitBox, extreme_coordinates_do_not_overflow) {
  constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
  EXPECT_TRUE(box({kMin, kMin}, {kMax, kMax}).intersects(box({kMax, kMax}, {kMax, kMax})));
}

}  // namespace
}  // namespace gridwall::render
