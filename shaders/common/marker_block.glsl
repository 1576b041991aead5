// Mirrored by render/gpu_layout.hpp.
#include "common/locations.glsl"

struct Marker {
  ivec2 position_units;
  float size_px;        // across
  uint shape;           // model::MarkerShape
  uint fill_rgba;
  uint ring_rgba;       // alpha 0: none
  float pulse;          // 0: none; 0..1
  uint sprite;          // of u_sprites; 0xffffffff: drawn by its formula
};

// Where a picture of a marker stands in the picture of all.
struct Sprite {
  vec2 corner_texel;
  float side_texels;
  float reserved;
};

layout(std430, binding = SPRITE_BLOCK) readonly buffer SpriteBlock { Sprite u_sprites[]; };
layout(std430, binding = MARKER_BLOCK) readonly buffer MarkerBlock { Marker u_markers[]; };

float marker_edge_px(Marker marker) { return clamp(marker.size_px * 0.09, 1.0, 3.0); }
float marker_ring_px(Marker marker) { return clamp(marker.size_px * 0.12, 1.5, 5.0); }
float marker_ring_start_px(Marker marker) { return marker_edge_px(marker) + max(1.0, marker.size_px * 0.06); }
float marker_pulse_radius_px(Marker marker) { return marker.size_px * (0.5 + 1.1 * marker.pulse) + 2.0; }

// From the middle to the end of all that is drawn, along x or y; the corners of a triangle stand out the farthest.
float marker_reach_px(Marker marker) {
  float around = marker_edge_px(marker);
  if ((marker.ring_rgba >> 24) != 0u) around = marker_ring_start_px(marker) + marker_ring_px(marker) + 1.0;
  float reach = marker.size_px * 0.70 + 2.0 * (around + 0.5);
  if (marker.pulse > 0.0) reach = max(reach, marker_pulse_radius_px(marker) + marker_ring_px(marker));
  return reach;
}
