#version 450 core
// Blended by GL_MAX: the larger number stays.
layout(location = 0) flat in uint v_division;
layout(location = 0) out vec4 o_division;

void main() { o_division = vec4(float(v_division), 0.0, 0.0, 0.0); }
