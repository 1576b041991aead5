#include "render/chunks.hpp"

#include <gtest/gtest.h>

namespace gridwall::render {
namespace {

Chunk chunk(base::Vec2i low, base::Vec2i high, gfx::DrawRange range) {
  Chunk c;
  c.box.extend(low);
  c.box.extend(high);
  c.range = range;
  return c;
}

UnitBox box(base::Vec2i low, base::Vec2i high) {
  return chunk(low, high, {}).box;
}

const std::vector<Chunk> kRow{chunk({0, 0}, {9, 9}, {0, 30}), chunk({10, 0}, {19, 9}, {30, 30}),
                              chunk({20, 0}, {29, 9}, {60, 30})};

TEST(Chunks, neighbouring_ranges_become_one_draw) {
  std::vector<gfx::DrawRange> ranges;
  visible_ranges(kRow, box({5, 5}, {15, 6}), ranges);
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].first, 0u);
  EXPECT_EQ(ranges[0].count, 60u);
}

TEST(Chunks, what_lies_outside_is_left_out) {
  std::vector<gfx::DrawRange> ranges;
  visible_ranges(kRow, box({20, 0}, {50, 50}), ranges);
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].first, 60u);
  ranges.clear();
  visible_ranges(kRow, box({100, 0}, {150, 50}), ranges);
  EXPECT_TRUE(ranges.empty());
}

TEST(Chunks, extreme_coordinates_do_not_overflow) {
  constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
  EXPECT_TRUE(box({kMin, kMin}, {kMax, kMax}).intersects(box({kMax, kMax}, {kMax, kMax})));
}

}  // namespace
}  // namespace gridwall::render
