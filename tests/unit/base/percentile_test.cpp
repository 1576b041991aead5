#include "base/percentile.hpp"

#include <gtest/gtest.h>

namespace gridwall::base {
namespace {

TEST(Percentile, is_the_smallest_value_that_so_many_do_not_exceed) {
  const std::vector<double> values{15, 20, 35, 40, 50};
  EXPECT_EQ(percentile(values, 0.05), 15);
  EXPECT_EQ(percentile(values, 0.3), 20);
  EXPECT_EQ(percentile(values, 0.4), 20);
  EXPECT_EQ(percentile(values, 0.5), 35);
  EXPECT_EQ(percentile(values, 1.0), 50);
}

TEST(Percentile, of_few_values_the_99th_is_the_largest_and_of_none_zero) {
  EXPECT_EQ(percentile(std::vector<float>{3, 9, 1}, 0.99), 9);
  EXPECT_EQ(percentile(std::vector<float>{7}, 0.0), 7);
  EXPECT_EQ(percentile(std::vector<float>{}, 0.5), 0);
}

}  // namespace
}  // namespace gridwall::base
