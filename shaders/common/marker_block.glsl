// Mirrored by render/gpu_layout.hpp.
#include "common/locations.glsl"

struct Marker {
  ivec2 position_units;
  float size_px;        // across
  uint shape;           // model::MarkerShape
  uint fill_rgba;
  uint ring_rgba;       // alpha 0: none
  float pulse;          // 0: none; 0..1
  uint reserved;
};

layout(std430, binding = MARKER_BLOCK) readonly buffer MarkerBlock { Marker u_markers[]; };

float marker_edge_px(Marker marker) { return clamp(marker.size_px * 0.09, 1.0, 3.0); }
float marker_ring_px(Marker marker) { return clamp(marker.size_px * 0.12, 1.5, 5.0); }
float marker_ring_start_px(Marker marker) { return marker_edge_px(marker) + max(1.0, marker.size_px * 0.06); }
float marker_pulse_radius_px(Marker marker) { return marker.size_px * (0.5 + 1.1 * marker.pulse) + 2.0; }

// From the middle to the end of all that is drawn; corners of shapes stand out by up to 1.25.
float marker_reach_px(Marker marker) {
  float reach = marker.size_px * 0.5 * 1.25 + marker_edge_px(marker) * 1.6;
  if ((marker.ring_rgba >> 24) != 0u) reach += marker_ring_start_px(marker) + marker_ring_px(marker) * 1.6;
  if (marker.pulse > 0.0) reach = max(reach, marker_pulse_radius_px(marker) + marker_ring_px(marker));
  return reach + 1.0;
}
