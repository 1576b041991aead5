#version 450 core
// One vertex of a division's triangles.
#include "common/frame_block.glsl"

layout(location = A_POSITION_UNITS) in ivec2 a_position_units;
layout(location = A_DIVISION) in uint a_division;

layout(location = 0) flat out uint v_division;

void main() {
  gl_Position = clip_from_map_px(map_px_from_units(a_position_units));
  v_division = a_division;
}
