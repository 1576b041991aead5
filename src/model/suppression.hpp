// Suppression: which cells of a table of counts of people may be shown. A cell of 1 to 4 is small; a second one is
// covered where the small one could be reckoned from the total and the rest. Counts of people (staffing, sensitive
// classes, ledgers) pass through it before they are drawn or printed; counts of things do not. Pure.
// Invariant: for somebody who sees the total and the exact cells, and knows that small is 1 to 4 and that covers are
// taken from below, every hidden cell has two possible values or more.
// Test: tests/unit/model/suppression_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gridwall::model {

inline constexpr std::int64_t kSmallCellBelow = 5;

enum class CellShown : std::uint8_t {
  Exact,
  Small,    // 1 to 4: drawn as "‹5"
  Covered,  // 5 or more, hidden so that a small one cannot be reckoned: drawn as "⋯"
};

struct SuppressedRow {
  std::vector<CellShown> cells;        // as the cells asked about
  CellShown total = CellShown::Exact;  // not Exact: it must not be shown beside these cells either
};

// For cells that make up one total which stands beside them: the children of a division and what it has itself, the
// keys of one dimension. A nought is shown: nobody stands behind it. Counts are 0 or more. Any thread.
SuppressedRow suppress_small(std::span<const std::int64_t> cells);

// For a number that stands alone.
constexpr CellShown shown_alone(std::int64_t count) {
  return count > 0 && count < kSmallCellBelow ? CellShown::Small : CellShown::Exact;
}

// "12", "‹5", "⋯": the same in every language.
std::string cell_text(std::int64_t count, CellShown shown);
// For JSON: "small", "covered"; empty for Exact. The count itself is not written where there is a word.
std::string_view suppressed_word(CellShown shown);

}  // namespace gridwall::model
