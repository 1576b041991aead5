// CSV as rows of texts: the only door to libcsv. Quoted fields may hold commas and line ends; each row knows the line
// of the file where it begins. Private to wire. Test: tests/unit/wire/csv_rows_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace gridwall::wire {

struct CsvRow {
  std::uint64_t line_number = 1;
  std::vector<std::string> cells;
};

inline constexpr std::size_t kCsvCellBytesMax = 256 * 1024;
inline constexpr std::size_t kCsvColumnsMax = 1024;

// Empty lines are no rows. Errors name the line: a quote that is never closed, a cell or a row beyond the bounds.
base::Result<std::vector<CsvRow>> read_csv(std::string_view text, char delimiter = ',');

}  // namespace gridwall::wire
