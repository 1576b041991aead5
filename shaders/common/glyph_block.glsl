// Mirrored by render/gpu_layout.hpp. Output pixels from the top left, y downward.
#include "common/locations.glsl"

struct Glyph {
  vec2 corner_px;       // top left of the cell's square
  vec2 corner_texel;    // of the cell in the atlas
  float side_px;
  uint color_rgba;
  float outset_px;      // 0: the letter; more: its halo
  float softness_px;    // half of the width of the edge
};

layout(std430, binding = GLYPH_BLOCK) readonly buffer GlyphBlock { Glyph u_glyphs[]; };

const float kCellTexels = 48.0;    // render/glyph_cell.hpp
const float kSpreadTexels = 6.0;
