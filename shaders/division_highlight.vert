#version 450 core
// The hovered or selected division: its triangles once more, in one light colour.
#include "common/frame_block.glsl"

layout(location = A_POSITION_UNITS) in ivec2 a_position_units;

void main() { gl_Position = clip_from_map_px(map_px_from_units(a_position_units)); }
