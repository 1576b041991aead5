#version 450 core
// Fills: one vertex of a division's triangles; its colour comes from a table, so a recolour uploads colours only.
#include "common/frame_block.glsl"
#include "common/color.glsl"

layout(location = A_POSITION_UNITS) in ivec2 a_position_units;
layout(location = A_DIVISION) in uint a_division;
layout(binding = DIVISION_COLORS) uniform samplerBuffer u_division_colors;
layout(binding = DIVISION_FLAGS) uniform usamplerBuffer u_division_flags;

layout(location = 0) flat out vec4 v_color;
layout(location = 1) flat out uint v_flags;

void main() {
  gl_Position = clip_from_map_px(map_px_from_units(a_position_units));
  vec4 color = texelFetch(u_division_colors, int(a_division));
  v_color = premultiplied(vec4(stale_color(color.rgb, u_stale_strength), color.a));
  v_flags = texelFetch(u_division_flags, int(a_division)).r;
}
