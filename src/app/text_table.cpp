#include "app/text_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gridwall::app {

namespace {

constexpr std::size_t kGap = 2;  // between columns

// East Asian wide and full-width blocks, as far as names and labels use them.
constexpr std::array<std::pair<char32_t, char32_t>, 7> kWide{{{0x1100, 0x115F},
                                                              {0x2E80, 0x303E},
                                                              {0x3041, 0xA4CF},
                                                              {0xAC00, 0xD7A3},
                                                              {0xF900, 0xFAFF},
                                                              {0xFE30, 0xFF60},
                                                              {0x20000, 0x3FFFD}}};

// The code point that begins at `text[i]`; moves `i` behind it. Names come from outside: bytes that are no UTF-8 count
// as one place each.
char32_t next_code_point(std::string_view text, std::size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t code = more == 0 ? lead : lead & (0x3Fu >> more);
  for (int k = 0; k < more && i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0u) == 0x80u; ++k) {
    code = (code << 6) | (static_cast<unsigned char>(text[i++]) & 0x3Fu);
  }
  return code;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t code = next_code_point(text, i);
    const bool wide = std::any_of(kWide.begin(), kWide.end(),
                                  [&](const auto& range) { return code >= range.first && code <= range.second; });
    width += wide ? 2 : 1;
  }
  return width;
}

std::string TextTable::text(std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : m_rows) {
    if (row.size() < 2) continue;
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string out;
  for (const auto& row : m_rows) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(row.size() < 2 ? 0 : widths[i] - display_width(row[i]), ' ');
      if (i > 0) line.append(kGap, ' ');
      line += i == 0 ? row[i] + padding : padding + row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace gridwall::app
