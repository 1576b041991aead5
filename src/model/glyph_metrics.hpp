// GlyphMetrics: how wide text will be, so that scene can place labels without knowing FreeType (render implements).
#pragma once

namespace gridwall::model {

class GlyphMetrics {
 public:
  virtual ~GlyphMetrics() = default;
  // Advance in em (1.0 = the font size). Unknown characters give the fallback box's.
  [[nodiscard]] virtual float advance_em(char32_t character) const = 0;
};

}  // namespace gridwall::model
