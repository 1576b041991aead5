#version 450 core
// Borders, first step: a quad around each segment, fetched by vertex number. The fragment shader writes how near the
// segment is; GL_MAX keeps the nearest, so joins are round and nothing is blended twice.
#include "common/frame_block.glsl"

layout(binding = SEGMENTS) uniform isamplerBuffer u_segments;  // from.xy, to.xy
layout(location = U_RADIUS_PX) uniform float u_radius_px;

layout(location = 0) out vec2 v_from_segment_px;   // along and across, from its first end
layout(location = 1) flat out float v_length_px;
layout(location = 2) out float v_dash_at_px;  // along the axis that the segment keeps closer to

const vec2 kCorners[6] = vec2[](vec2(0, -1), vec2(1, -1), vec2(1, 1), vec2(0, -1), vec2(1, 1), vec2(0, 1));

void main() {
  ivec4 segment = texelFetch(u_segments, gl_VertexID / 6);
  vec2 corner = kCorners[gl_VertexID % 6];
  vec2 from_px = map_px_from_units(segment.xy);
  vec2 to_px = map_px_from_units(segment.zw);
  float length_px = distance(from_px, to_px);
  vec2 along = length_px > 1e-6 ? (to_px - from_px) / length_px : vec2(1, 0);
  vec2 across = vec2(-along.y, along.x);
  v_length_px = length_px;
  v_from_segment_px = vec2(corner.x * length_px + (corner.x * 2.0 - 1.0) * u_radius_px, corner.y * u_radius_px);
  vec2 corner_px = from_px + along * v_from_segment_px.x + across * v_from_segment_px.y;
  // Of the world's own pixels, so that dashes stay where they are while the map moves, and neighbours agree on them.
  vec2 in_world_px = from_px + along * v_from_segment_px.x - (u_hatch_origin_px - u_map_corner_px);
  v_dash_at_px = abs(along.x) >= abs(along.y) ? in_world_px.x : in_world_px.y;
  gl_Position = clip_from_map_px(corner_px);
}
