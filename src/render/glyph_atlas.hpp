// GlyphAtlas: one texture of signed distances, a cell a letter, filled on demand; when it is full the letter unused
// for longest gives way. Test: tests/gl/render/label_pass_gl_test.cpp, tests/unit/render/cell_cache_test.cpp.
#pragma once

#include <optional>

#include "gfx/texture.hpp"
#include "render/cell_cache.hpp"
#include "render/font.hpp"

namespace gridwall::render {

class GlyphAtlas {
 public:
  GlyphAtlas(gfx::Context& context, const Font& font);

  void begin_frame() { m_cells.begin_frame(); }
  // Top left texel of the letter's cell. Nothing: the frame has more different letters than the atlas has cells; the
  // letter is left out and counted.
  std::optional<base::Vec2f> cell_of(char32_t character);

  [[nodiscard]] const gfx::Texture& texture() const { return m_texture; }
  [[nodiscard]] std::uint64_t left_out_count() const { return m_left_out_count; }
  [[nodiscard]] std::size_t letter_count() const { return m_cells.size(); }

 private:
  const Font& m_font;
  gfx::Texture m_texture;
  CellCache m_cells;
  std::uint64_t m_left_out_count = 0;
};

}  // namespace gridwall::render
