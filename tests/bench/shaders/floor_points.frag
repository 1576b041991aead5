#version 450 core
// A disc by its distance, anti-aliased, blended.
layout(location = 0) uniform vec2 u_px_per_unit_and_size;
layout(location = 0) in vec2 v_from_middle_px;
layout(location = 0) out vec4 o_color;

void main() {
  float coverage = clamp(0.5 + u_px_per_unit_and_size.y * 0.5 - length(v_from_middle_px), 0.0, 1.0);
  o_color = vec4(0.3, 0.6, 0.9, 1.0) * coverage;
}
