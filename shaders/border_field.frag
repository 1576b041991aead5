#version 450 core
#include "common/locations.glsl"

layout(location = U_RADIUS_PX) uniform float u_radius_px;
layout(location = U_CHANNEL) uniform vec4 u_channel;  // 1 in the channel of this level
layout(location = U_DASH_PX) uniform vec2 u_dash_px;   // a dash, and from dash to dash; the second 0: a whole line

layout(location = 0) in vec2 v_from_segment_px;
layout(location = 1) flat in float v_length_px;
layout(location = 2) in float v_dash_at_px;
layout(location = 0) out vec4 o_nearness;

void main() {
  float beyond_end = max(max(-v_from_segment_px.x, v_from_segment_px.x - v_length_px), 0.0);
  if (u_dash_px.y > 0.0) {
    // Beyond a dash's end as beyond the segment's: the gap's nearer side.
    float at = v_dash_at_px - floor(v_dash_at_px / u_dash_px.y) * u_dash_px.y;
    beyond_end = max(beyond_end, min(max(at - u_dash_px.x, 0.0), u_dash_px.y - at));
  }
  float distance_px = length(vec2(beyond_end, v_from_segment_px.y));
  o_nearness = u_channel * max(1.0 - distance_px / u_radius_px, 0.0);
}
