// LineField: how near each pixel is to the lines of a style. Every segment writes its nearness into one channel of a
// picture with GL_MAX, so joins are round, nothing is blended twice, and the colours come later.
// Test: tests/gl/render/map_renderer_gl_test.cpp.
#pragma once

#include <span>
#include <vector>

#include "gfx/program.hpp"
#include "gfx/vertex_array.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

struct LineStyle {
  float width_px = 1;
  base::Color color;
  float shade = 0;     // how dark the soft shade beside the line is, 0..1
  float shade_px = 0;  // how far it reaches
  bool is_dashed = false;
  bool operator==(const LineStyle&) const = default;
};

// How far from its middle a line of this style is seen.
float reach_px(const LineStyle& style);
// A border's: heavy ones stand out of the map by a soft shade on both sides.
LineStyle line_style(const scene::BorderStyle& style);

// The numbers of four styles, as the shaders want them; a style that is missing has alpha 0.
struct LineUniforms {
  std::array<float, 4> half_widths_px{}, radii_px{1, 1, 1, 1}, shades{};
  std::array<std::array<float, 4>, 4> colors{};

  explicit LineUniforms(std::span<const LineStyle> styles);
};

class LineField {
 public:
  static base::Result<LineField> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload() { return m_program.reload(); }

  // Into `channel` (0..3) of the framebuffer that is set, within its viewport and scissor. `segments`: four integers a
  // texel, from and to. The frame block says where dashes begin. Returns the triangles drawn.
  std::uint64_t write(gfx::Context& context, const gfx::Texture& segments,
                      std::span<const gfx::DrawRange> segment_ranges, std::size_t channel, const LineStyle& style);

 private:
  gfx::Program m_program;
  gfx::VertexArray m_no_vertices;
  std::vector<gfx::DrawRange> m_vertex_ranges;
};

}  // namespace gridwall::render
