#include "render/glyph_atlas.hpp"

#include "base/log.hpp"
#include "render/distance_field.hpp"
#include "render/glyph_cell.hpp"

namespace gridwall::render {

GlyphAtlas::GlyphAtlas(gfx::Context& context, const Font& font)
    : m_font(font),
      m_texture(gfx::Texture::create(
          context,
          {.size_px = {kAtlasSidePx, kAtlasSidePx}, .format = gfx::PixelFormat::R8, .filter = gfx::Filter::Linear},
          "glyph atlas")),
      m_cells(kCellCount) {
  m_texture.clear();
}

std::optional<base::Vec2f> GlyphAtlas::cell_of(char32_t character) {
  const std::optional<CellUse> use = m_cells.use(character);
  if (!use.has_value()) {
    if (m_left_out_count++ == 0) {
      base::log_warning("render", "letters_left_out cells={} hint=\"show fewer labels at once\"", kCellCount);
    }
    return std::nullopt;
  }
  const int column = static_cast<int>(use->cell) % kCellsPerRow;
  const int row = static_cast<int>(use->cell) / kCellsPerRow;
  if (use->fresh) {
    m_texture.upload({column * kCellPx, row * kCellPx, kCellPx, kCellPx},
                     distance_cell(m_font.rasterize(character), kCellPx, kOversampling, kSpreadPx));
  }
  return base::Vec2f{static_cast<float>(column * kCellPx), static_cast<float>(row * kCellPx)};
}

}  // namespace gridwall::render
