// Fills of one level in one draw, each division by its colour in a table; and the light fill of the hovered and the
// selected one. A recolour uploads the table only. Test: tests/gl/render/map_renderer_gl_test.cpp.
#pragma once

#include "gfx/program.hpp"
#include "render/map_geometry.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

class DivisionFillPass {
 public:
  static base::Result<DivisionFillPass> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload();

  void draw(gfx::Context& context, const MapGeometry& geometry, const scene::FrameScene& scene, const UnitBox& visible);
  void draw_highlight(gfx::Context& context, const MapGeometry& geometry, model::DivisionIndex division,
                      base::Color color);

 private:
  void upload_tables(gfx::Context& context, const scene::FrameScene& scene);

  gfx::Program m_fill_program, m_highlight_program;
  gfx::Buffer m_colors, m_flags;
  gfx::Texture m_colors_view, m_flags_view;
  std::vector<std::uint8_t> m_flags_content;
  const model::DivisionTree* m_colored_tree = nullptr;
  std::uint64_t m_colors_version = 0;
  std::vector<gfx::DrawRange> m_ranges;
};

}  // namespace gridwall::render
