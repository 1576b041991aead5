#include "scene/class_breaks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/random.hpp"

namespace gridwall::scene {
namespace {

double squares(const std::vector<double>& sorted, std::size_t begin, std::size_t end) {
  double mean = 0, sum = 0;
  for (std::size_t i = begin; i < end; ++i) mean += sorted[i] / static_cast<double>(end - begin);
  for (std::size_t i = begin; i < end; ++i) sum += (sorted[i] - mean) * (sorted[i] - mean);
  return sum;
}

double squares_of_classes(const std::vector<double>& sorted, const std::vector<double>& edges) {
  double sum = 0;
  std::size_t begin = 0;
  for (std::size_t k = 0; k <= edges.size(); ++k) {
    std::size_t end = begin;
    while (end < sorted.size() && (k == edges.size() || sorted[end] <= edges[k])) ++end;
    if (end > begin) sum += squares(sorted, begin, end);
    begin = end;
  }
  return sum;
}

TEST(ClassBreaks, quantiles_hold_as_many_each) {
  EXPECT_EQ(quantile_edges({10, 1, 9, 2, 8, 3, 7, 4, 6, 5}, 5, 0.01), (std::vector<double>{2, 4, 6, 8}));
}

TEST(ClassBreaks, edges_of_few_different_values_stand_apart) {
  EXPECT_EQ(quantile_edges({3, 3, 3, 3}, 5, 1), (std::vector<double>{3, 4, 5, 6}));
  EXPECT_EQ(natural_edges({3, 3, 3, 3}, 5, 1), (std::vector<double>{3, 4, 5, 6}));
  EXPECT_EQ(natural_edges({7}, 5, 1), (std::vector<double>{7, 8, 9, 10}));
}

TEST(ClassBreaks, natural_breaks_lie_in_the_gaps) {
  EXPECT_EQ(natural_edges({1, 2, 2, 3, 20, 21, 22, 90, 91, 400, 401, 402, 2000, 2001}, 5, 1),
            (std::vector<double>{3, 22, 91, 402}));
}

// Against every way to cut.
TEST(ClassBreaks, no_other_cuts_have_a_smaller_sum_of_squares) {
  base::Random random(4);
  for (int round = 0; round < 30; ++round) {
    std::vector<double> values;
    const auto count = 8 + random.next_below(12);
    for (std::uint64_t i = 0; i < count; ++i) values.push_back(random.next_between(0, 100));
    std::vector<double> sorted = values;
    std::ranges::sort(sorted);
    double least = std::numeric_limits<double>::infinity();
    const std::size_t n = sorted.size();
    for (std::size_t a = 1; a < n - 2; ++a) {
      for (std::size_t b = a + 1; b < n - 1; ++b) {
        for (std::size_t c = b + 1; c < n; ++c) {
          least = std::min(
              least, squares(sorted, 0, a) + squares(sorted, a, b) + squares(sorted, b, c) + squares(sorted, c, n));
        }
      }
    }
    EXPECT_NEAR(squares_of_classes(sorted, natural_edges(values, 4, 1e-9)), least, 1e-6 * (1 + least));
  }
}

TEST(ClassBreaks, many_values_are_done_at_once_and_nearly_as_well) {
  base::Random random(9);
  std::vector<double> values;
  for (int i = 0; i < 100'000; ++i) values.push_back(random.next_between(0, 1) * (i % 5 + 1) * 10);
  const auto edges = natural_edges(values, 5, 0.01);
  EXPECT_TRUE(std::ranges::is_sorted(edges));
  std::ranges::sort(values);
  EXPECT_LT(squares_of_classes(values, edges), squares_of_classes(values, quantile_edges(values, 5, 0.01)));
}

}  // namespace
}  // namespace gridwall::scene
