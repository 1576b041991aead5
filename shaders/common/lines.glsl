// From nearness to lines of exact width, the lightest below and the heaviest (channel 0) on top. Where a heavier line
// stands, lighter ones are not seen through it: a border that parents share looks like the parent's alone.
#include "common/color.glsl"

struct LineStyles {
  vec4 half_widths_px;
  vec4 radii_px;
  vec4 shades;  // how dark the soft shade beside a line is
};

vec4 line_over(vec4 below, float nearness, float half_width_px, float radius_px, float shade_most, vec4 color) {
  float distance_px = (1.0 - nearness) * radius_px;
  float edge_px = half_width_px + 0.5;
  // A line thinner than a pixel is fainter, not thinner.
  float coverage = clamp(edge_px - distance_px, 0.0, min(1.0, 2.0 * half_width_px));
  float shade = clamp((radius_px - distance_px) / max(radius_px - edge_px, 1e-3), 0.0, 1.0);
  below = over(vec4(0.0, 0.0, 0.0, shade_most * shade * shade), below);
  return below * (1.0 - coverage) + premultiplied(vec4(color.rgb, color.a * coverage));
}

vec4 lines_over(vec4 below, vec4 nearness, LineStyles styles, vec4 colors[4]) {
  for (int i = 3; i >= 0; --i) {
    if (nearness[i] <= 0.0) continue;
    below = line_over(below, nearness[i], styles.half_widths_px[i], styles.radii_px[i], styles.shades[i], colors[i]);
  }
  return below;
}
