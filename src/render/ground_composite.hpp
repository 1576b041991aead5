// GroundComposite: gives a ground its colours: fills by a table of divisions, hatches, staleness, borders. A recolour
// uploads the table and asks every pixel once. Test: tests/gl/render/map_renderer_gl_test.cpp.
#pragma once

#include "render/ground.hpp"

namespace gridwall::render {

class GroundComposite {
 public:
  static base::Result<GroundComposite> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload() { return m_program.reload(); }

  // Into `part` (the framebuffer's pixels) of the map's rectangle `map`, over what is there. The viewport is `map`; the
  // scissor is changed.
  void draw(gfx::Context& context, const scene::FrameScene& scene, const std::vector<GroundPiece>& pieces,
            gfx::PixelRect map, gfx::PixelRect part);

 private:
  void upload_tables(gfx::Context& context, const scene::FrameScene& scene);

  gfx::Program m_program;
  gfx::VertexArray m_no_vertices;
  gfx::Buffer m_colors, m_flags;
  gfx::Texture m_colors_view, m_flags_view;
  std::vector<std::uint8_t> m_flags_content;
  bool m_has_flags = false;
  const model::DivisionTree* m_colored_tree = nullptr;
  std::uint64_t m_colors_version = 0;
};

}  // namespace gridwall::render
