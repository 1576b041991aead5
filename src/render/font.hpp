// Font: the system's Chinese font through FreeType: widths and letters as bitmaps. Noto Sans CJK (its SC face), else
// WenQuanYi Micro Hei, else DejaVu; a character that the first lacks is looked for in the next. No GL.
// Test: tests/unit/render/font_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/glyph_metrics.hpp"

namespace gridwall::render {

struct FontOptions {
  std::filesystem::path file{};  // empty: searched
  int face_index = 0;            // of a collection (.ttc); only with `file`
  std::vector<std::filesystem::path> search_folders{"/usr/share/fonts", "/usr/local/share/fonts"};
};

class Font final : public model::GlyphMetrics {
 public:
  // Error: NotFound with what to install, or Unreadable with the file.
  static base::Result<std::unique_ptr<Font>> open(const FontOptions& options);
  ~Font() override;

  [[nodiscard]] float advance_em(char32_t character) const override;
  [[nodiscard]] bool has(char32_t character) const;

  // Coverage of the letter in a square of glyph_cell.hpp, kCellPx * kOversampling pixels a side. A character that no
  // face has becomes a box with its code.
  [[nodiscard]] std::vector<std::uint8_t> rasterize(char32_t character) const;

  // Files in use, the first first.
  [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return m_files; }

 private:
  struct Library;  // FreeType stays in font.cpp
  explicit Font(std::unique_ptr<Library> library);

  std::unique_ptr<Library> m_library;
  std::vector<std::filesystem::path> m_files;
};

}  // namespace gridwall::render
