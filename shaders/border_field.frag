#version 450 core
#include "common/locations.glsl"

layout(location = U_RADIUS_PX) uniform float u_radius_px;
layout(location = U_CHANNEL) uniform vec4 u_channel;  // 1 in the channel of this level

layout(location = 0) in vec2 v_from_segment_px;
layout(location = 1) flat in float v_length_px;
layout(location = 0) out vec4 o_nearness;

void main() {
  float beyond_end = max(max(-v_from_segment_px.x, v_from_segment_px.x - v_length_px), 0.0);
  float distance_px = length(vec2(beyond_end, v_from_segment_px.y));
  o_nearness = u_channel * max(1.0 - distance_px / u_radius_px, 0.0);
}
