#include "wire/csv_rows.hpp"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>

namespace gridwall::wire {

namespace {

// Owns libcsv's parser, whose callbacks are plain functions.
class CsvParser {
 public:
  explicit CsvParser(char delimiter) {
    // Allocates nothing before the first byte; its only failure is a null parser.
    const int failed = csv_init(&m_parser, 0);
    ASSERT(failed == 0, "csv_init: {}", failed);
    csv_set_delim(&m_parser, static_cast<unsigned char>(delimiter));
  }
  ~CsvParser() { csv_free(&m_parser); }
  CsvParser(const CsvParser&) = delete;
  CsvParser& operator=(const CsvParser&) = delete;

  base::Status feed(std::string_view line, std::uint64_t line_number) {
    m_line_number = line_number;
    if (m_cells.empty() && m_parser.pstate == kRowNotBegun) m_row_line = line_number;
    if (csv_parse(&m_parser, line.data(), line.size(), &on_cell, &on_row, this) != line.size()) return failure();
    if (m_parser.entry_pos > kCsvCellBytesMax) return too_long();
    return m_status;
  }
  base::Status finish() {
    // The library complains of it only where it complains of stray quotes in cells too, which feeds do have.
    if (m_parser.pstate == kCellBegun && m_parser.quoted != 0) {
      return base::Error{
          base::ErrorCode::Malformed,
          fmt::format("line {}: a quote is opened in the row that begins here and never closed", m_row_line)};
    }
    if (csv_fini(&m_parser, &on_cell, &on_row, this) != 0) return failure();
    return m_status;
  }
  std::vector<CsvRow> take() { return std::move(m_rows); }

 private:
  // States of csv_parser::pstate, which the library's header does not name.
  static constexpr int kRowNotBegun = 0, kCellBegun = 2;

  static void on_cell(void* bytes, std::size_t size, void* self) {
    static_cast<CsvParser*>(self)->add_cell({static_cast<const char*>(bytes), size});
  }
  static void on_row(int, void* self) { static_cast<CsvParser*>(self)->end_row(); }

  void add_cell(std::string_view cell) {
    if (cell.size() > kCsvCellBytesMax) {
      m_status = too_long();
    } else if (m_cells.size() == kCsvColumnsMax) {
      m_status = base::Error{base::ErrorCode::Malformed,
                             fmt::format("line {}: more than {} columns", m_row_line, kCsvColumnsMax)};
    } else {
      m_cells.emplace_back(cell);
    }
  }
  void end_row() {
    m_rows.push_back({m_row_line, std::move(m_cells)});
    m_cells.clear();
    m_row_line = m_line_number + 1;
  }
  base::Error too_long() const {
    return {base::ErrorCode::Malformed,
            fmt::format("line {}: a cell of more than {} bytes; is a quote not closed?", m_row_line, kCsvCellBytesMax)};
  }
  base::Error failure() {
    return {base::ErrorCode::Malformed, fmt::format("line {}: {}", m_line_number, csv_strerror(csv_error(&m_parser)))};
  }

  csv_parser m_parser{};
  std::vector<CsvRow> m_rows;
  std::vector<std::string> m_cells;
  std::uint64_t m_line_number = 0, m_row_line = 1;
  base::Status m_status;
};

}  // namespace

base::Result<std::vector<CsvRow>> read_csv(std::string_view text, char delimiter) {
  CsvParser parser(delimiter);
  // Line by line, because the library does not count them.
  std::uint64_t line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    TRY(parser.feed(text.substr(begin, end - begin), ++line_number));
    begin = end;
  }
  TRY(parser.finish());
  return parser.take();
}

}  // namespace gridwall::wire
