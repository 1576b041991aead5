#version 450 core
// Markers as copies of their pictures, at whole pixels.
#include "common/frame_block.glsl"
#include "common/marker_block.glsl"

layout(location = 0) out vec2 v_texel;

const vec2 kCorners[6] = vec2[](vec2(0, 0), vec2(1, 0), vec2(1, 1), vec2(0, 0), vec2(1, 1), vec2(0, 1));

void main() {
  Marker marker = u_markers[gl_VertexID / 6];
  Sprite sprite = u_sprites[marker.sprite];
  vec2 corner = kCorners[gl_VertexID % 6] * sprite.side_texels;
  vec2 low_px = floor(map_px_from_units(marker.position_units)) - floor(sprite.side_texels * 0.5);
  v_texel = sprite.corner_texel + corner;
  gl_Position = clip_from_map_px(low_px + corner);
}
