#include "model/suppression.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <set>

#include "base/random.hpp"

namespace gridwall::test {
namespace {

using model::CellShown;
using model::suppress_small;
using model::SuppressedRow;
using Cells = std::vector<std::int64_t>;

constexpr auto kExact = CellShown::Exact, kSmall = CellShown::Small, kCovered = CellShown::Covered;

TEST(Suppression, one_to_four_are_hidden_and_nought_and_five_are_shown) {
  EXPECT_EQ(model::shown_alone(0), kExact);
  EXPECT_EQ(model::shown_alone(1), kSmall);
  EXPECT_EQ(model::shown_alone(4), kSmall);
  EXPECT_EQ(model::shown_alone(5), kExact);
  EXPECT_EQ(model::cell_text(4, kSmall), "‹5");
  EXPECT_EQ(model::cell_text(9, kCovered), "⋯");
  EXPECT_EQ(model::cell_text(12, kExact), "12");
}

TEST(Suppression, a_single_small_cell_takes_the_next_smallest_with_it) {
  const SuppressedRow row = suppress_small(Cells{40, 3, 0, 12, 25});
  EXPECT_EQ(row.cells, (std::vector<CellShown>{kExact, kSmall, kExact, kCovered, kExact}));
  EXPECT_EQ(row.total, kExact);
}

TEST(Suppression, two_small_cells_cover_each_other_unless_their_sum_tells_them) {
  EXPECT_EQ(suppress_small(Cells{3, 2, 30}).cells, (std::vector<CellShown>{kSmall, kSmall, kExact}));
  EXPECT_EQ(suppress_small(Cells{1, 1, 30}).cells, (std::vector<CellShown>{kSmall, kSmall, kCovered}));
  EXPECT_EQ(suppress_small(Cells{4, 4, 30}).cells, (std::vector<CellShown>{kSmall, kSmall, kCovered}));
}

TEST(Suppression, where_nothing_is_left_to_hide_behind_the_total_goes_too) {
  EXPECT_EQ(suppress_small(Cells{4, 4}).total, kCovered);
  EXPECT_EQ(suppress_small(Cells{3}).total, kSmall);
  EXPECT_EQ(suppress_small(Cells{1, 2, 0}).total, kSmall);
}

TEST(Suppression, tables_without_small_cells_are_shown_whole) {
  EXPECT_EQ(suppress_small(Cells{5, 0, 800}).cells, (std::vector<CellShown>{kExact, kExact, kExact}));
  EXPECT_TRUE(suppress_small(Cells{}).cells.empty());
}

// Every table of the same look is tried out: what a reader could find.
TEST(Suppression, every_hidden_cell_has_two_possible_values_or_more) {
  base::Random random(20261123);
  for (int round = 0; round < 400; ++round) {
    Cells cells(1 + random.next_below(4));
    for (auto& cell : cells) cell = static_cast<std::int64_t>(random.next_below(10));
    const SuppressedRow row = suppress_small(cells);
    const std::int64_t total = std::accumulate(cells.begin(), cells.end(), std::int64_t{0});
    std::int64_t highest = 30;  // no cover is larger than what is shown
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (row.cells[i] == kExact && cells[i] >= 5) highest = std::min(highest, cells[i]);
    }
    std::vector<std::set<std::int64_t>> possible(cells.size());
    Cells other(cells.size());
    const std::function<void(std::size_t)> try_all = [&](std::size_t at) {
      if (at == cells.size()) {
        const std::int64_t sum = std::accumulate(other.begin(), other.end(), std::int64_t{0});
        if (row.total == kExact && sum != total) return;
        for (std::size_t i = 0; i < cells.size(); ++i) possible[i].insert(other[i]);
        return;
      }
      if (row.cells[at] == kExact) {
        other[at] = cells[at];
        return try_all(at + 1);
      }
      const std::int64_t low = row.cells[at] == kSmall ? 1 : 5, high = row.cells[at] == kSmall ? 4 : highest;
      for (other[at] = low; other[at] <= high; ++other[at]) try_all(at + 1);
    };
    try_all(0);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (row.cells[i] == kExact) continue;
      EXPECT_GE(possible[i].size(), 2u) << testing::PrintToString(cells) << " cell " << i;
    }
  }
}

}  // namespace
}  // namespace gridwall::test
