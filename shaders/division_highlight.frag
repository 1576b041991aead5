#version 450 core
#include "common/locations.glsl"
#include "common/color.glsl"

layout(location = U_HIGHLIGHT_COLOR) uniform vec4 u_highlight_color;
layout(location = 0) out vec4 o_color;

void main() { o_color = premultiplied(u_highlight_color); }
