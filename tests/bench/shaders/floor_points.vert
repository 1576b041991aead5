#version 450 core
// The floor of markers: a square of the size of each, one colour, nothing else.
layout(std430, binding = 0) readonly buffer Points { ivec2 u_points[]; };
layout(location = 0) uniform vec2 u_px_per_unit_and_size;
layout(location = 1) uniform vec2 u_map_size_px;

layout(location = 0) out vec2 v_from_middle_px;

const vec2 kCorners[6] = vec2[](vec2(-1, -1), vec2(1, -1), vec2(1, 1), vec2(-1, -1), vec2(1, 1), vec2(-1, 1));

void main() {
  v_from_middle_px = kCorners[gl_VertexID % 6] * (u_px_per_unit_and_size.y * 0.5 + 0.5);
  vec2 px = vec2(u_points[gl_VertexID / 6]) * u_px_per_unit_and_size.x + u_map_size_px * 0.5 + v_from_middle_px;
  gl_Position = vec4(px / u_map_size_px * 2.0 - 1.0, 0.0, 1.0);
}
