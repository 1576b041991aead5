// Lines of constant width on the screen, in two steps: every segment writes its nearness into the channel of its style
// with GL_MAX, then one pass over the map turns nearness into anti-aliased lines. So joins are round, translucent
// lines do not darken where segments overlap, and a style costs one draw. Four styles a round.
// Test: tests/gl/render/map_renderer_gl_test.cpp, tests/golden/borders.
#pragma once

#include <span>

#include "gfx/framebuffer.hpp"
#include "gfx/program.hpp"
#include "gfx/vertex_array.hpp"
#include "render/map_geometry.hpp"

namespace gridwall::render {

struct LineStyle {
  float width_px = 1;
  base::Color color;
  float shade = 0;     // how dark the soft shade beside the line is, 0..1
  float shade_px = 0;  // how far it reaches
};

// One style and what is drawn in it.
struct LineGroup {
  LineStyle style;
  std::vector<gfx::DrawRange> segment_ranges;
};

class BorderPass {
 public:
  static base::Result<BorderPass> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload();

  // `groups` from the heaviest, which lies on top. `map` is the rectangle of the current framebuffer, of which `part`
  // is drawn; the viewport is set again to the one and the scissor to the other. Error: the field cannot be made in
  // this size.
  base::Status draw(gfx::Context& context, const gfx::Texture& segments, std::span<const LineGroup> groups,
                    gfx::PixelRect map, gfx::PixelRect part);

 private:
  void draw_round(gfx::Context& context, const gfx::Texture& segments, std::span<const LineGroup> groups,
                  gfx::PixelRect map, gfx::PixelRect part);

  gfx::Program m_field_program, m_composite_program;
  gfx::VertexArray m_no_vertices;
  gfx::Framebuffer m_field;
  std::vector<gfx::DrawRange> m_vertex_ranges;
};

}  // namespace gridwall::render
