#version 450 core
// Markers: a quad for each, fetched by vertex number, wide enough for edge, ring and pulse.
#include "common/frame_block.glsl"
#include "common/marker_block.glsl"

layout(location = 0) out vec2 v_from_middle_px;
layout(location = 1) flat out int v_marker;

const vec2 kCorners[6] = vec2[](vec2(-1, -1), vec2(1, -1), vec2(1, 1), vec2(-1, -1), vec2(1, 1), vec2(-1, 1));

void main() {
  v_marker = gl_VertexID / 6;
  Marker marker = u_markers[v_marker];
  v_from_middle_px = kCorners[gl_VertexID % 6] * marker_reach_px(marker);
  gl_Position = clip_from_map_px(map_px_from_units(marker.position_units) + v_from_middle_px);
}
