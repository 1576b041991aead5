// FontSet: the fonts of all roles for one body size, in ImGui's atlas. Body text has common Simplified Chinese and
// every character of the texts given; larger roles have only what is written in them, so that the atlas stays small.
// Digits get one width, so that figures do not dance. Test: tests/unit/ui/wall_ui_test.cpp.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "ui/theme.hpp"

struct ImFont;

namespace gridwall::ui {

// A face of a font file. Noto's collection holds one face per region.
struct FontFace {
  std::filesystem::path file;
  int number = 0;
};

// The Chinese font of this machine. Error: NotFound with the packages that have one.
base::Result<FontFace> find_chinese_font();
// The bold face beside it, or the same face where there is none.
FontFace bold_beside(const FontFace& regular);

struct FontTexts {
  std::string body;   // any text that may appear in Small and Body (names of divisions, classes, words)
  std::string title;  // in the larger roles
};

class FontSet {
 public:
  // Replaces all fonts of the current ImGui context. Sizes are whole pixels. Error: Unreadable, names the file.
  base::Status build(const FontFace& regular, double body_px, const FontTexts& texts);
  [[nodiscard]] ImFont* font(FontRole role) const { return m_fonts[static_cast<std::size_t>(role)]; }
  // What ImGui wants as the size of the role's text: its lines, which are higher than its em.
  [[nodiscard]] double line_px(FontRole role) const { return m_line_px[static_cast<std::size_t>(role)]; }
  // Size of one em of the role, in pixels.
  [[nodiscard]] double size_px(FontRole role) const;
  [[nodiscard]] double body_px() const { return m_body_px; }

 private:
  std::array<ImFont*, kFontRoleCount> m_fonts{};
  std::array<double, kFontRoleCount> m_line_px{};
  double m_body_px = 0;
};

}  // namespace gridwall::ui
