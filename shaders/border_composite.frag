#version 450 core
// Turns nearness into lines, over what is drawn already.
#include "common/frame_block.glsl"
#include "common/lines.glsl"

layout(binding = BORDER_FIELD) uniform sampler2D u_border_field;
layout(location = U_HALF_WIDTHS_PX) uniform vec4 u_half_widths_px;
layout(location = U_RADII_PX) uniform vec4 u_radii_px;
layout(location = U_SHADES) uniform vec4 u_shades;
layout(location = U_COLOR_0) uniform vec4 u_colors[4];

layout(location = 0) out vec4 o_color;

void main() {
  vec4 nearness = texelFetch(u_border_field, ivec2(gl_FragCoord.xy - u_map_corner_px), 0);
  if (nearness == vec4(0.0)) discard;
  o_color = lines_over(vec4(0.0), nearness, LineStyles(u_half_widths_px, u_radii_px, u_shades), u_colors);
}
