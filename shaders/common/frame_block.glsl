// What every pass knows of the picture; mirrored by render/gpu_layout.hpp. Pixels count from the bottom left, y upward,
// and "map" pixels from the map's own corner.
#include "common/locations.glsl"

layout(std140, binding = FRAME_BLOCK) uniform FrameBlock {
  ivec2 u_view_origin_units;   // subtracted as integers, so that nothing jitters at a door-step zoom
  vec2 u_view_origin_map_px;   // where that point stands in the map
  vec2 u_map_size_px;
  vec2 u_map_corner_px;        // of the map in the output
  vec2 u_output_size_px;
  vec2 u_hatch_origin_px;      // a point that moves with the map, modulo the hatch's period
  float u_px_per_unit;
  float u_stale_strength;      // 0..1
  float u_time_s;
  float u_reserved;
};

vec2 map_px_from_units(ivec2 position_units) {
  return vec2(position_units - u_view_origin_units) * u_px_per_unit + u_view_origin_map_px;
}

vec4 clip_from_map_px(vec2 position_map_px) {
  return vec4(position_map_px / u_map_size_px * 2.0 - 1.0, 0.0, 1.0);
}
