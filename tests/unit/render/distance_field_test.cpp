// The two-pass transform must agree with looking at every pixel.
#include "render/distance_field.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"

namespace gridwall::render {
namespace {

TEST(DistanceField, equals_the_nearest_of_all_pixels_on_random_bitmaps) {
  base::Random random(3);
  for (int round = 0; round < 30; ++round) {
    const base::Vec2i size{static_cast<int>(1 + random.next_below(17)), static_cast<int>(1 + random.next_below(13))};
    std::vector<std::uint8_t> set(static_cast<std::size_t>(size.x * size.y));
    for (auto& pixel : set) pixel = random.next_below(6) == 0 ? 1 : 0;
    set[random.next_below(set.size())] = 1;
    const auto field = squared_distances(set, size);
    for (int y = 0; y < size.y; ++y) {
      for (int x = 0; x < size.x; ++x) {
        int nearest = 1 << 30;
        for (int v = 0; v < size.y; ++v) {
          for (int u = 0; u < size.x; ++u) {
            if (set[static_cast<std::size_t>(v * size.x + u)] != 0) {
              nearest = std::min(nearest, (u - x) * (u - x) + (v - y) * (v - y));
            }
          }
        }
        ASSERT_EQ(field[static_cast<std::size_t>(y * size.x + x)], static_cast<float>(nearest)) << x << ", " << y;
      }
    }
  }
}

TEST(DistanceField, an_empty_bitmap_is_far_from_everything) {
  for (const float d : squared_distances(std::vector<std::uint8_t>(12), {4, 3})) EXPECT_GT(d, 1e9f);
}

TEST(DistanceField, is_positive_inside_negative_outside_and_zero_on_the_outline) {
  std::vector<std::uint8_t> half(10 * 4);
  for (std::size_t i = 0; i < half.size(); ++i) half[i] = i % 10 < 5 ? 255 : 0;
  const auto field = signed_distances(half, {10, 4});
  EXPECT_FLOAT_EQ(field[4], 0.5f);  // the last pixel inside, half a pixel from the outline
  EXPECT_FLOAT_EQ(field[5], -0.5f);
  EXPECT_FLOAT_EQ(field[0], 4.5f);
  EXPECT_FLOAT_EQ(field[9], -4.5f);
}

TEST(DistanceField, a_cell_runs_from_zero_to_full_over_twice_the_spread) {
  const int side = 24;
  const int large = side * 3;
  std::vector<std::uint8_t> half(static_cast<std::size_t>(large * large));
  for (std::size_t i = 0; i < half.size(); ++i) half[i] = static_cast<int>(i) % large < large / 2 ? 255 : 0;
  const auto cell = distance_cell(half, side, 3, 4);
  EXPECT_EQ(cell[0], 255);
  EXPECT_EQ(cell[23], 0);
  EXPECT_NEAR(cell[11], 128 + 16, 1);  // half a cell pixel inside
  EXPECT_NEAR(cell[12], 128 - 16, 1);
}

}  // namespace
}  // namespace gridwall::render
