// DivisionHighlight: the light fill and the outline of the divisions that the pointer is on and that was chosen, over
// the ground. Their geometry is uploaded when they change. Test: tests/gl/render/map_renderer_gl_test.cpp.
#pragma once

#include <optional>

#include "gfx/buffer.hpp"
#include "render/border_pass.hpp"
#include "render/ground_mesh.hpp"

namespace gridwall::render {

class DivisionHighlight {
 public:
  static base::Result<DivisionHighlight> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload() { return m_program.reload(); }

  // Numbers that the tree does not have are nobody. Errors as BorderPass::draw.
  base::Status draw(gfx::Context& context, const scene::FrameScene& scene, float px_per_unit, BorderPass& lines,
                    gfx::PixelRect map);

 private:
  // What was uploaded.
  struct Shown {
    const model::DivisionTree* tree = nullptr;
    model::DivisionIndex hovered, selected;
    std::uint32_t step_bits = 0;
    bool operator==(const Shown&) const = default;
  };
  void upload(gfx::Context& context, const model::DivisionTree& tree);

  gfx::Program m_program;
  Shown m_shown;
  gfx::Buffer m_vertices, m_indices, m_segments;
  gfx::VertexArray m_vertex_array;
  gfx::Texture m_segments_view;
  // The selected one's come first.
  gfx::DrawRange m_selected_fill, m_hovered_fill, m_selected_line, m_hovered_line;
};

}  // namespace gridwall::render
