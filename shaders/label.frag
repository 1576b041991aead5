#version 450 core
#include "common/frame_block.glsl"
#include "common/glyph_block.glsl"
#include "common/color.glsl"

layout(binding = GLYPH_ATLAS) uniform sampler2D u_atlas;

layout(location = 0) in vec2 v_texel;
layout(location = 1) flat in int v_glyph;
layout(location = 0) out vec4 o_color;

void main() {
  Glyph glyph = u_glyphs[v_glyph];
  // Half a texel from the cell's border, so that the filter never reads the neighbour.
  vec2 low = glyph.corner_texel + 0.5;
  vec2 texel = clamp(v_texel, low, low + kCellTexels - 1.0);
  float nearness = texture(u_atlas, texel / vec2(textureSize(u_atlas, 0))).r;
  float px_per_texel = glyph.side_px / kCellTexels;
  float inside_px = (nearness - 0.5) * 2.0 * kSpreadTexels * px_per_texel;
  float coverage = smoothstep(-glyph.softness_px, glyph.softness_px, inside_px + glyph.outset_px);
  vec4 color = unpackUnorm4x8(glyph.color_rgba);
  o_color = premultiplied(vec4(color.rgb, color.a * coverage));
}
