#include "support/image_compare.hpp"

#include <gtest/gtest.h>

namespace gridwall::test {
namespace {

const gfx::Image kGrey = gfx::Image::filled({100, 100}, {100, 100, 100, 255});

TEST(ImageCompare, equal_pictures_are_the_same) {
  const Comparison c = compare_images(kGrey, kGrey, {});
  EXPECT_TRUE(c.same);
  EXPECT_EQ(c.worst, 0);
}

TEST(ImageCompare, small_differences_everywhere_are_below_the_threshold) {
  EXPECT_TRUE(compare_images(gfx::Image::filled({100, 100}, {102, 99, 100, 255}), kGrey, {}).same);
  EXPECT_FALSE(compare_images(gfx::Image::filled({100, 100}, {103, 100, 100, 255}), kGrey, {}).same);
}

TEST(ImageCompare, one_pixel_may_differ_a_little_but_not_beyond_the_hard_limit) {
  gfx::Image actual = kGrey;
  actual.set(3, 7, {130, 100, 100, 255});
  EXPECT_TRUE(compare_images(actual, kGrey, {}).same);
  actual.set(3, 7, {200, 100, 100, 255});
  const Comparison c = compare_images(actual, kGrey, {});
  EXPECT_FALSE(c.same);
  EXPECT_EQ(c.worst, 100);
  EXPECT_EQ(c.first_px, (base::Vec2i{3, 7}));
}

TEST(ImageCompare, too_many_differing_pixels_fail) {
  gfx::Image actual = kGrey;
  for (int x = 0; x < 3; ++x) actual.set(x, 0, {110, 100, 100, 255});
  EXPECT_FALSE(compare_images(actual, kGrey, {}).same);
}

TEST(ImageCompare, another_size_fails) {
  EXPECT_FALSE(compare_images(kGrey, gfx::Image::filled({100, 99}, {}), {}).same_size);
}

}  // namespace
}  // namespace gridwall::test
