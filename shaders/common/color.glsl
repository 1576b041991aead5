// Colours are sRGB bytes as given and stay so: blending is done on the encoded values.

// What is not known to be true any more goes to a dim grey of its own lightness.
vec3 stale_color(vec3 color, float strength) {
  float lightness = dot(color, vec3(0.299, 0.587, 0.114));
  return mix(color, vec3(lightness * 0.72 + 0.06), strength);
}

vec4 premultiplied(vec4 color) { return vec4(color.rgb * color.a, color.a); }

// `front` over `back`, both premultiplied.
vec4 over(vec4 front, vec4 back) { return front + back * (1.0 - front.a); }
