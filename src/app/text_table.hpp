// TextTable: rows of cells as aligned text for a terminal: the first column to the left, the others to the right.
// Chinese characters take two places. Test: tests/e2e/indicators/answers.py.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gridwall::app {

// Places that UTF-8 text takes in a terminal.
std::size_t display_width(std::string_view text);

class TextTable {
 public:
  void add(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
  // A line across the columns, such as a heading.
  void add_heading(std::string text) { m_rows.push_back({std::move(text)}); }
  [[nodiscard]] bool empty() const { return m_rows.empty(); }
  // Each line begins with `indent` blanks and ends without any.
  [[nodiscard]] std::string text(std::size_t indent) const;

 private:
  std::vector<std::vector<std::string>> m_rows;
};

}  // namespace gridwall::app
