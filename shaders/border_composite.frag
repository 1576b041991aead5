#version 450 core
// Turns nearness into lines of exact width, the lightest level below and the heaviest on top.
#include "common/frame_block.glsl"
#include "common/color.glsl"

layout(binding = BORDER_FIELD) uniform sampler2D u_border_field;
layout(location = U_HALF_WIDTHS_PX) uniform vec4 u_half_widths_px;
layout(location = U_RADII_PX) uniform vec4 u_radii_px;
layout(location = U_SHADES) uniform vec4 u_shades;  // how dark the soft shade beside a line is
layout(location = U_COLOR_0) uniform vec4 u_colors[4];

layout(location = 0) out vec4 o_color;

void main() {
  vec4 nearness = texelFetch(u_border_field, ivec2(gl_FragCoord.xy - u_map_corner_px), 0);
  if (nearness == vec4(0.0)) discard;
  o_color = vec4(0.0);
  for (int i = 3; i >= 0; --i) {
    if (nearness[i] <= 0.0) continue;
    float distance_px = (1.0 - nearness[i]) * u_radii_px[i];
    float edge_px = u_half_widths_px[i] + 0.5;
    // A line thinner than a pixel is fainter, not thinner.
    float coverage = clamp(edge_px - distance_px, 0.0, min(1.0, 2.0 * u_half_widths_px[i]));
    float shade = clamp((u_radii_px[i] - distance_px) / max(u_radii_px[i] - edge_px, 1e-3), 0.0, 1.0);
    o_color = over(vec4(0.0, 0.0, 0.0, u_shades[i] * shade * shade), o_color);
    o_color = over(premultiplied(vec4(u_colors[i].rgb, u_colors[i].a * coverage)), o_color);
  }
}
