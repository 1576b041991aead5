// Lines of constant width on the screen: borders, outlines of what is hovered or selected, lines of layers. In two
// steps: their nearness (render/line_field.hpp), then one pass over the map that turns it into anti-aliased lines. Four
// styles a round. Test: tests/gl/render/map_renderer_gl_test.cpp, tests/golden/borders.
#pragma once

#include "gfx/framebuffer.hpp"
#include "render/line_field.hpp"
#include "render/mesh_store.hpp"

namespace gridwall::render {

// One style and what is drawn in it.
struct LineGroup {
  LineStyle style;
  std::vector<BorderDraw> draws;
};

// Where lines go in the framebuffer that is set.
struct LineTarget {
  gfx::PixelRect viewport;  // of the whole map
  gfx::PixelRect part;      // that is drawn
  base::Vec2i corner_px;    // of the map's picture: FrameBlock::map_corner_px
  base::Vec2i size_px;      // of that picture

  static LineTarget whole_map(gfx::PixelRect map) { return {map, map, {map.x, map.y}, {map.width, map.height}}; }
};

class BorderPass {
 public:
  static base::Result<BorderPass> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload();

  // `groups` from the heaviest, which lies on top. Leaves viewport and scissor as `target` says. Returns the triangles
  // drawn. Error: the field cannot be made in this size.
  base::Result<std::uint64_t> draw(gfx::Context& context, std::span<const LineGroup> groups, const LineTarget& target);

 private:
  std::uint64_t draw_round(gfx::Context& context, std::span<const LineGroup> groups, const LineTarget& target);

  LineField m_line_field;
  gfx::Program m_composite_program;
  gfx::VertexArray m_no_vertices;
  gfx::Framebuffer m_field;
};

}  // namespace gridwall::render
