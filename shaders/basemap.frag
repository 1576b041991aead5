#version 450 core
// A bright map becomes a calm ground: less colour, less light, and grey with the rest when nothing is known.
#include "common/frame_block.glsl"
#include "common/color.glsl"

layout(binding = TILES) uniform sampler2DArray u_tiles_of_map;
layout(location = U_TILE_STYLE) uniform vec4 u_tile_style;  // opacity, brightness, saturation

layout(location = 0) in vec2 v_texel;
layout(location = 1) flat in int v_layer;
layout(location = 0) out vec4 o_color;

void main() {
  vec2 size = vec2(textureSize(u_tiles_of_map, 0).xy);
  vec4 color = texture(u_tiles_of_map, vec3(v_texel / size, float(v_layer)));
  if (color.a <= 0.0) discard;
  vec3 straight = color.rgb / color.a;
  vec3 grey = vec3(dot(straight, vec3(0.299, 0.587, 0.114)));
  straight = clamp(mix(grey, straight, u_tile_style.z) * u_tile_style.y, 0.0, 1.0);
  o_color = premultiplied(vec4(stale_color(straight, u_stale_strength), color.a * u_tile_style.x));
}
