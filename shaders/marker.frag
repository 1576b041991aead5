#version 450 core
// A marker by signed distances in pixels: crisp at any size. Bottom to top: pulse, ring, dark edge, fill.
#include "common/frame_block.glsl"
#include "common/marker_block.glsl"
#include "common/color.glsl"

const uint kCircle = 0u, kSquare = 1u, kDiamond = 2u, kTriangle = 3u, kHexagon = 4u, kCross = 5u;
const vec4 kEdgeColor = vec4(0.03, 0.05, 0.08, 0.92);

layout(location = 0) in vec2 v_from_middle_px;
layout(location = 1) flat in int v_marker;
layout(location = 0) out vec4 o_color;

float box_distance(vec2 p, vec2 half_size) {
  vec2 d = abs(p) - half_size;
  return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}

// A regular polygon of `sides`, a corner upward, its sides `inradius` from the middle. Exact outside a side, a little
// short beyond a corner: that rounds nothing and keeps the edge's mitre.
float polygon_distance(vec2 p, float sides, float inradius) {
  float sector = 6.28318531 / sides;
  float angle = atan(p.x, p.y) - sector * 0.5;
  angle -= sector * floor(angle / sector + 0.5);
  return cos(angle) * length(p) - inradius;
}

// Sizes are chosen so that all shapes look equally large.
float shape_distance(uint shape, vec2 p, float radius) {
  if (shape == kSquare) return box_distance(p, vec2(radius * 0.86));
  if (shape == kDiamond) return box_distance(mat2(0.70710678, 0.70710678, -0.70710678, 0.70710678) * p,
                                             vec2(radius * 0.80));
  if (shape == kTriangle) return polygon_distance(p + vec2(0.0, radius * 0.14), 3.0, radius * 0.62);
  if (shape == kHexagon) return polygon_distance(p, 6.0, radius * 0.92);
  if (shape == kCross) return min(box_distance(p, vec2(radius, radius * 0.36)),
                                  box_distance(p, vec2(radius * 0.36, radius)));
  return length(p) - radius;
}

float inside(float distance_px) { return clamp(0.5 - distance_px, 0.0, 1.0); }
float band(float distance_px, float from_px, float to_px) {
  return inside(max(from_px - distance_px, distance_px - to_px));
}

void main() {
  Marker marker = u_markers[v_marker];
  float distance_px = shape_distance(marker.shape, v_from_middle_px, marker.size_px * 0.5);
  vec4 fill = unpackUnorm4x8(marker.fill_rgba);
  vec4 ring = unpackUnorm4x8(marker.ring_rgba);
  fill.rgb = stale_color(fill.rgb, u_stale_strength);
  ring.rgb = stale_color(ring.rgb, u_stale_strength);

  o_color = vec4(0.0);
  if (marker.pulse > 0.0) {
    float from_ring_px = abs(length(v_from_middle_px) - marker_pulse_radius_px(marker));
    float fading = (1.0 - marker.pulse) * (1.0 - marker.pulse);
    float coverage = inside(from_ring_px - marker_ring_px(marker) * 0.6);
    o_color = premultiplied(vec4(fill.rgb, fill.a * coverage * fading * 0.9));
  }
  float edge_px = marker_edge_px(marker);
  if (ring.a > 0.0) {
    float start_px = marker_ring_start_px(marker);
    float end_px = start_px + marker_ring_px(marker);
    float shadow = kEdgeColor.a * 0.5 * inside(distance_px - end_px - 1.0);
    o_color = over(premultiplied(vec4(kEdgeColor.rgb, shadow)), o_color);
    o_color = over(premultiplied(vec4(ring.rgb, ring.a * band(distance_px, start_px, end_px))), o_color);
  }
  o_color = over(premultiplied(vec4(kEdgeColor.rgb, kEdgeColor.a * fill.a * inside(distance_px - edge_px))), o_color);
  o_color = over(premultiplied(vec4(fill.rgb, fill.a * inside(distance_px))), o_color);
}
