#include "state/figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.hpp"

namespace gridwall::test {
namespace {

using model::Count;
using state::Durations;
using state::Figures;
using state::kBinCount;
using state::kBinEdgesMin;

constexpr std::int64_t kMinute = 60'000;

// The documented definition, from the sorted values themselves: the bin of the rank's value, and where in it the rank
// is.
std::int64_t quantile_by_definition(std::vector<std::int64_t> values, int per_mille) {
  std::sort(values.begin(), values.end());
  const auto count = static_cast<std::int64_t>(values.size());
  std::int64_t rank = 1;
  while (rank * 1000 < std::int64_t{per_mille} * count) ++rank;
  const std::int64_t value = values[static_cast<std::size_t>(rank - 1)];
  std::int64_t low = 0, high = -1;
  for (const std::int64_t edge : kBinEdgesMin) {
    if (value < edge * kMinute) {
      high = edge * kMinute;
      break;
    }
    low = edge * kMinute;
  }
  if (high < 0) return low;
  const auto below = std::lower_bound(values.begin(), values.end(), low) - values.begin();
  const auto in_bin = std::lower_bound(values.begin(), values.end(), high) - values.begin() - below;
  return low + (high - low) * (rank - below) / in_bin;
}

TEST(Durations, a_bin_holds_its_lower_edge_and_not_its_upper_one) {
  EXPECT_EQ(state::bin_of(0), 0u);
  for (std::size_t i = 0; i < kBinEdgesMin.size(); ++i) {
    EXPECT_EQ(state::bin_of(kBinEdgesMin[i] * kMinute - 1), i) << kBinEdgesMin[i];
    EXPECT_EQ(state::bin_of(kBinEdgesMin[i] * kMinute), i + 1) << kBinEdgesMin[i];
  }
  EXPECT_EQ(state::bin_of(INT64_MAX), kBinCount - 1);
}

TEST(Durations, nothing_has_no_mean_and_no_quantile) {
  Durations none;
  EXPECT_EQ(none.mean_ms(), -1);
  EXPECT_EQ(none.quantile_ms(500), -1);
  none.add(-1);
  none.subtract(-1);
  EXPECT_EQ(none, Durations{});
}

TEST(Durations, the_mean_is_whole_milliseconds_rounded_down) {
  Durations durations;
  durations.add(1), durations.add(2), durations.add(2);
  EXPECT_EQ(durations.mean_ms(), 1);
  durations.add(0);
  EXPECT_EQ(durations.mean_ms(), 1);
  durations.subtract(1);
  EXPECT_EQ(durations.mean_ms(), 1);
  EXPECT_EQ(durations.count, 3u);
}

TEST(Durations, quantiles_lie_where_the_rank_stands_in_its_bin) {
  Durations durations;
  durations.add(0);
  EXPECT_EQ(durations.quantile_ms(500), kMinute) << "one of one in [0, 1) minutes";
  EXPECT_EQ(durations.quantile_ms(0), kMinute) << "rank 1 at least";
  for (int i = 0; i < 3; ++i) durations.add(70 * kMinute);  // [60, 90)
  EXPECT_EQ(durations.quantile_ms(250), kMinute);
  EXPECT_EQ(durations.quantile_ms(251), 70 * kMinute);  // rank 2, the first of three
  EXPECT_EQ(durations.quantile_ms(500), 70 * kMinute);
  EXPECT_EQ(durations.quantile_ms(501), 80 * kMinute);
  EXPECT_EQ(durations.quantile_ms(750), 80 * kMinute);
  EXPECT_EQ(durations.quantile_ms(751), 90 * kMinute);
  EXPECT_EQ(durations.quantile_ms(1000), 90 * kMinute);
}

TEST(Durations, a_quantile_in_the_open_bin_is_its_lower_edge) {
  Durations durations;
  durations.add(28'800 * kMinute), durations.add(1'000'000 * kMinute);
  EXPECT_EQ(durations.quantile_ms(500), 28'800 * kMinute);
  EXPECT_EQ(durations.quantile_ms(900), 28'800 * kMinute);
  durations.add(28'800 * kMinute - 1);
  EXPECT_EQ(durations.quantile_ms(333), 28'800 * kMinute) << "the upper edge of the bin before";
}

TEST(Durations, quantiles_of_four_thousand_million_cases_do_not_overflow) {
  Durations durations;
  durations.count = 4'000'000'000u;
  durations.bins[kBinCount - 2] = durations.count;
  EXPECT_EQ(durations.quantile_ms(1000), 28'800 * kMinute);
  EXPECT_EQ(durations.quantile_ms(500), 21'600 * kMinute);
}

TEST(Durations, quantiles_agree_with_a_sorted_recount_while_values_come_and_go) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    base::Random random(seed);
    Durations durations;
    std::vector<std::int64_t> values;
    for (int step = 0; step < 120; ++step) {
      if (!values.empty() && random.next_below(3) == 0) {
        const auto gone = values.begin() + static_cast<std::ptrdiff_t>(random.next_below(values.size()));
        durations.subtract(*gone);
        values.erase(gone);
      } else {
        const auto edge = kBinEdgesMin[random.next_below(kBinEdgesMin.size())] * kMinute;
        const auto ms = random.next_below(2) == 0 ? edge - 1 + static_cast<std::int64_t>(random.next_below(3))
                                                  : static_cast<std::int64_t>(random.next_below(50'000 * kMinute));
        durations.add(ms);
        values.push_back(ms);
      }
      ASSERT_EQ(durations.count, values.size());
      if (values.empty()) continue;
      for (const int per_mille : {1, 250, 500, 900, 999, 1000}) {
        ASSERT_EQ(durations.quantile_ms(per_mille), quantile_by_definition(values, per_mille)) << seed << " " << step;
      }
      std::int64_t sum = 0;
      for (const std::int64_t ms : values) sum += ms;
      ASSERT_EQ(durations.mean_ms(), sum / static_cast<std::int64_t>(values.size()));
    }
    for (const std::int64_t ms : values) durations.subtract(ms);
    ASSERT_EQ(durations, Durations{});
  }
}

TEST(Figures, a_measure_counts_each_of_its_flags_and_its_times) {
  Figures figures;
  figures.add({model::flag(Count::Report) | model::flag(Count::Solved7), 5 * kMinute, -1});
  EXPECT_EQ(figures.of(Count::Report), 1u);
  EXPECT_EQ(figures.of(Count::Solved7), 1u);
  EXPECT_EQ(figures.of(Count::Accept), 0u);
  EXPECT_EQ(figures.accept.count, 1u);
  EXPECT_EQ(figures.accept.sum_ms, 5 * kMinute);
  EXPECT_EQ(figures.handle.count, 0u);
}

TEST(Figures, a_change_is_the_old_measure_taken_off_and_the_new_one_put_on) {
  base::Random random(3);
  const auto any_measure = [&] {
    const auto ms = [&] { return static_cast<std::int64_t>(random.next_below(1000)) * kMinute / 2 - kMinute; };
    model::CaseMeasure measure{random.next_u64() & ((model::CaseFlags{1} << model::kCountCount) - 1), ms(), ms()};
    if (measure.accept_ms < 0) measure.accept_ms = -1;
    if (measure.handle_ms < 0) measure.handle_ms = -1;
    return measure;
  };
  for (int i = 0; i < 500; ++i) {
    const auto other = any_measure(), before = any_measure();
    auto after = any_measure();
    if (i % 3 == 0) after.accept_ms = before.accept_ms;
    if (i % 5 == 0) after.handle_ms = before.handle_ms;
    Figures changed, wanted, sum, part;
    changed.add(other), changed.add(before), changed.change(before, after);
    wanted.add(after), wanted.add(other);
    ASSERT_EQ(changed, wanted);
    part.add(after), sum.add(other), sum += part;
    ASSERT_EQ(sum, wanted) << "figures are additive";
    changed.subtract(after), changed.subtract(other);
    ASSERT_EQ(changed, Figures{});
  }
}

}  // namespace
}  // namespace gridwall::test
