#version 450 core
#include "common/locations.glsl"

layout(binding = MARKER_SPRITES) uniform sampler2D u_sprites_picture;  // premultiplied

layout(location = 0) in vec2 v_texel;
layout(location = 0) out vec4 o_color;

void main() { o_color = texelFetch(u_sprites_picture, ivec2(v_texel), 0); }
