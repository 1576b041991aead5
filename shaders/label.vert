#version 450 core
// Labels: a square for each letter (and one below it for its halo), fetched by vertex number.
#include "common/frame_block.glsl"
#include "common/glyph_block.glsl"

layout(location = 0) out vec2 v_texel;
layout(location = 1) flat out int v_glyph;

const vec2 kCorners[6] = vec2[](vec2(0, 0), vec2(1, 0), vec2(1, 1), vec2(0, 0), vec2(1, 1), vec2(0, 1));

void main() {
  v_glyph = gl_VertexID / 6;
  vec2 corner = kCorners[gl_VertexID % 6];
  vec2 position_px = u_glyphs[v_glyph].corner_px + corner * u_glyphs[v_glyph].side_px;
  v_texel = u_glyphs[v_glyph].corner_texel + corner * kCellTexels;
  vec2 clip = position_px / u_output_size_px * 2.0 - 1.0;
  gl_Position = vec4(clip.x, -clip.y, 0.0, 1.0);
}
