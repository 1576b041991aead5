#include "shape/crossing_estimate.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace gridwall::shape {
namespace {

// Every bar crosses every beam.
std::vector<IntSegment> lattice(std::int32_t count) {
  std::vector<IntSegment> segments;
  for (std::int32_t i = 1; i <= count; ++i) {
    segments.push_back({{i, 0}, {i, count + 1}});
    segments.push_back({{0, i}, {count + 1, i}});
  }
  return segments;
}

TEST(crossing_estimate, few_segments_are_counted_exactly) {
  EXPECT_EQ(estimate_crossings({}), 0u);
  EXPECT_EQ(estimate_crossings(lattice(1)), 1u);
  EXPECT_EQ(estimate_crossings(lattice(300)), 90000u);
}

TEST(crossing_estimate, touching_is_not_crossing) {
  EXPECT_EQ(estimate_crossings({{{0, 0}, {10, 0}}, {{10, 0}, {10, 10}}, {{5, 0}, {5, 5}}, {{2, 0}, {8, 0}}}), 0u);
  const std::int32_t far = 2147483647;
  EXPECT_EQ(estimate_crossings({{{-far, -far}, {far, far}}, {{-far, far}, {far, -far}}}), 1u);
}

TEST(crossing_estimate, many_segments_are_estimated_within_a_tenth_and_the_same_each_time) {
  base::Random random(7);
  std::vector<IntSegment> segments;
  for (int i = 0; i < 6000; ++i) {
    const auto at = [&] { return static_cast<std::int32_t>(random.next_below(1000000)); };
    segments.push_back({{at(), at()}, {at(), at()}});
  }
  const auto exact = static_cast<double>(estimate_crossings(segments, 1'000'000'000));
  const auto sampled = static_cast<double>(estimate_crossings(segments, 3'000'000));
  EXPECT_NE(exact, sampled);
  EXPECT_NEAR(sampled / exact, 1, 0.1);
  EXPECT_EQ(sampled, static_cast<double>(estimate_crossings(segments, 3'000'000)));
}

}  // namespace
}  // namespace gridwall::shape
