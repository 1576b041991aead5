// New items hold whatever is there; everything else is as with a plain vector.
#include "base/unset_vector.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include "base/geometry.hpp"

namespace gridwall::base {
namespace {

TEST(UnsetVector, leaves_what_lies_in_its_memory_and_keeps_what_was_written) {
  UnsetVector<std::uint32_t> numbers;
  numbers.reserve(8);
  numbers.resize(8);
  for (std::uint32_t i = 0; i < 8; ++i) numbers[i] = 10 + i;
  numbers.resize(2);
  numbers.resize(8);
  EXPECT_EQ(numbers[7], 17u) << "resize() wrote it";
  numbers.resize(5'000);
  EXPECT_EQ(numbers.size(), 5'000u);
  for (std::uint32_t i = 0; i < 8; ++i) EXPECT_EQ(numbers[i], 10 + i);
}

TEST(UnsetVector, sets_what_it_is_given) {
  UnsetVector<Vec2i> points(3, Vec2i{4, 5});
  points.push_back({6, 7});
  points.emplace_back(Vec2i{8, 9});
  points.resize(6, Vec2i{1, 2});
  const UnsetVector<Vec2i> expected{{4, 5}, {4, 5}, {4, 5}, {6, 7}, {8, 9}, {1, 2}};
  EXPECT_EQ(points, expected);
  const UnsetVector<Vec2i> copy = points;
  EXPECT_EQ(copy, expected);
}

}  // namespace
}  // namespace gridwall::base
