#version 450 core
// The basemap: a rectangle for each patch, fetched by vertex number.
#include "common/frame_block.glsl"

// Mirrored by render/gpu_layout.hpp. y upward in the map, downward in a layer.
struct Tile {
  vec2 min_map_px, max_map_px;
  vec2 min_texel, max_texel;
  int layer;
};

layout(std430, binding = TILE_BLOCK) readonly buffer TileBlock { Tile u_tiles[]; };

layout(location = 0) out vec2 v_texel;
layout(location = 1) flat out int v_layer;

const vec2 kCorners[6] = vec2[](vec2(0, 0), vec2(1, 0), vec2(1, 1), vec2(0, 0), vec2(1, 1), vec2(0, 1));

void main() {
  Tile tile = u_tiles[gl_VertexID / 6];
  vec2 corner = kCorners[gl_VertexID % 6];
  v_texel = mix(tile.min_texel, tile.max_texel, corner);
  v_layer = tile.layer;
  gl_Position = clip_from_map_px(mix(tile.min_map_px, tile.max_map_px, corner));
}
