#version 450 core
#include "common/frame_block.glsl"

const float kHatchPeriodPx = 10.0;
const float kHatchWidthPx = 1.6;

layout(location = 0) flat in vec4 v_color;
layout(location = 1) flat in uint v_flags;
layout(location = 0) out vec4 o_color;

// 1 on the lines of a diagonal hatch that moves with the map, anti-aliased.
float hatch_coverage() {
  vec2 p = gl_FragCoord.xy - u_hatch_origin_px;
  float along = mod(p.x - p.y, kHatchPeriodPx * 1.41421356) / 1.41421356;
  float distance_px = min(along, kHatchPeriodPx - along);
  return clamp(kHatchWidthPx * 0.5 + 0.5 - distance_px, 0.0, 1.0);
}

void main() {
  o_color = v_color;
  if (v_flags != 0u) o_color.rgb += hatch_coverage() * 0.16 * v_color.a;
}
