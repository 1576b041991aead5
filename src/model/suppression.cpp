#include "model/suppression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace gridwall::model {

namespace {

constexpr std::int64_t kSmallMax = kSmallCellBelow - 1;

// What somebody knows who sees the total and the exact cells, and knows the rule.
struct Hidden {
  std::int64_t sum = 0;
  std::int64_t small_count = 0, covered_count = 0;
  std::int64_t covered_max = 0;  // the smallest exact cell of 5 or more: covers are taken from below
};

// Whether a cell whose own values lie in [low, high] has two values or more when the others can be anything in
// [others_low, others_high].
bool has_two(const Hidden& hidden, std::int64_t low, std::int64_t high, std::int64_t others_low,
             std::int64_t others_high) {
  return std::max(low, hidden.sum - others_high) < std::min(high, hidden.sum - others_low);
}

bool is_safe(const Hidden& hidden) {
  if (hidden.small_count + hidden.covered_count == 0) return true;
  // No cell is larger than what is hidden together, so that nothing overflows.
  const std::int64_t top = std::min(hidden.covered_max, hidden.sum);
  const std::int64_t low = hidden.small_count + hidden.covered_count * kSmallCellBelow;
  const std::int64_t high = hidden.small_count * kSmallMax + hidden.covered_count * top;
  if (hidden.small_count > 0 && !has_two(hidden, 1, kSmallMax, low - 1, high - kSmallMax)) return false;
  return hidden.covered_count == 0 || has_two(hidden, kSmallCellBelow, top, low - kSmallCellBelow, high - top);
}

std::int64_t smallest_exact(std::span<const std::int64_t> cells, const SuppressedRow& row, std::size_t& at) {
  std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (row.cells[i] != CellShown::Exact || cells[i] < kSmallCellBelow || cells[i] >= smallest) continue;
    smallest = cells[i];
    at = i;
  }
  return smallest;
}

}  // namespace

SuppressedRow suppress_small(std::span<const std::int64_t> cells) {
  SuppressedRow row;
  row.cells.reserve(cells.size());
  Hidden hidden;
  for (const std::int64_t cell : cells) {
    row.cells.push_back(shown_alone(cell));
    if (row.cells.back() == CellShown::Exact) continue;
    ++hidden.small_count;
    hidden.sum += cell;
  }
  if (hidden.small_count == 0) return row;
  row.total = shown_alone(std::accumulate(cells.begin(), cells.end(), std::int64_t{0}));
  if (row.total != CellShown::Exact) return row;
  for (;;) {
    std::size_t next = cells.size();
    hidden.covered_max = smallest_exact(cells, row, next);
    if (is_safe(hidden)) return row;
    if (next == cells.size()) break;
    row.cells[next] = CellShown::Covered;
    ++hidden.covered_count;
    hidden.sum += cells[next];
  }
  row.total = CellShown::Covered;  // nothing is left to hide behind
  return row;
}

std::string cell_text(std::int64_t count, CellShown shown) {
  if (shown == CellShown::Exact) return fmt::format("{}", count);
  return shown == CellShown::Small ? fmt::format("‹{}", kSmallCellBelow) : "⋯";
}

std::string_view suppressed_word(CellShown shown) {
  if (shown == CellShown::Exact) return {};
  return shown == CellShown::Small ? "small" : "covered";
}

}  // namespace gridwall::model
