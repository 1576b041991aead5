#version 450 core
// The map's ground: the division of each pixel by its colour in a table, and the borders over it. Colours come here, at
// the end, so a recolour draws no geometry. A layer of another view is scaled and moved.
#include "common/frame_block.glsl"
#include "common/color.glsl"

const float kHatchPeriodPx = 10.0;
const float kHatchWidthPx = 1.6;

layout(binding = DIVISION_COLORS) uniform samplerBuffer u_division_colors;
layout(binding = DIVISION_FLAGS) uniform usamplerBuffer u_division_flags;
layout(binding = GROUND_IDS) uniform sampler2D u_ids;  // below 0: none
layout(binding = GROUND_LINES) uniform sampler2D u_lines;  // premultiplied

layout(location = U_LAYER_SCALE) uniform float u_scale;
layout(location = U_LAYER_SHIFT_PX) uniform vec2 u_shift_px;
layout(location = U_LAYER_WRAP_PX) uniform vec2 u_wrap_px;
layout(location = U_LAYER_HAS_LINES) uniform int u_has_lines;
layout(location = U_LAYER_HAS_FLAGS) uniform int u_has_flags;
layout(location = U_LAYER_FILL_OPACITY) uniform float u_fill_opacity;  // less than 1: a basemap shows through

layout(location = 0) out vec4 o_color;

// 1 on the lines of a diagonal hatch that moves with the map, anti-aliased.
float hatch_coverage() {
  vec2 p = gl_FragCoord.xy - u_hatch_origin_px;
  float along = mod(p.x - p.y, kHatchPeriodPx * 1.41421356) / 1.41421356;
  float distance_px = min(along, kHatchPeriodPx - along);
  return clamp(kHatchWidthPx * 0.5 + 0.5 - distance_px, 0.0, 1.0);
}

ivec2 texel_of(ivec2 layer_px) {
  ivec2 size = textureSize(u_ids, 0);
  ivec2 texel = clamp(layer_px, ivec2(0), size - 1) + ivec2(u_wrap_px);
  return texel - size * ivec2(greaterThanEqual(texel, size));
}

float id_at(ivec2 layer_px) { return texelFetch(u_ids, texel_of(layer_px), 0).r; }

// A pixel between two divisions that holds neither's middle: a hair's breadth that their data leave open.
float id_between(ivec2 layer_px) {
  float left = id_at(layer_px - ivec2(1, 0)), right = id_at(layer_px + ivec2(1, 0));
  float below = id_at(layer_px - ivec2(0, 1)), above = id_at(layer_px + ivec2(0, 1));
  if (min(left, right) >= 0.0) return left;
  return min(below, above) >= 0.0 ? below : -1.0;
}

void main() {
  vec2 view_px = floor(gl_FragCoord.xy - u_map_corner_px) + 0.5;
  ivec2 layer_px = ivec2(floor(view_px * u_scale + u_shift_px));
  ivec2 size = textureSize(u_ids, 0);
  if (any(lessThan(layer_px, ivec2(0))) || any(greaterThanEqual(layer_px, size))) discard;

  o_color = vec4(0.0);
  float id = id_at(layer_px);
  if (id < 0.0) id = id_between(layer_px);
  if (id >= 0.0) {
    vec4 color = texelFetch(u_division_colors, int(id));
    o_color = premultiplied(vec4(stale_color(color.rgb, u_stale_strength), color.a));
    if (u_has_flags != 0 && texelFetch(u_division_flags, int(id)).r != 0u) {
      o_color.rgb += hatch_coverage() * 0.16 * color.a;
    }
    o_color *= u_fill_opacity;
  }
  if (u_has_lines != 0) o_color = over(texelFetch(u_lines, texel_of(layer_px), 0), o_color);
}
