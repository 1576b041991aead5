// Labels: lines of text with a halo, all in one draw. Each label's halos lie below all of its letters.
// Test: tests/gl/render/label_pass_gl_test.cpp, tests/golden/labels.
#pragma once

#include <memory>
#include <span>

#include "gfx/buffer.hpp"
#include "gfx/program.hpp"
#include "gfx/vertex_array.hpp"
#include "render/glyph_atlas.hpp"
#include "render/gpu_layout.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

class LabelPass {
 public:
  // `font` outlives the pass.
  static base::Result<LabelPass> create(gfx::Context& context, const std::filesystem::path& shader_folder,
                                        const Font& font);
  base::Status reload() { return m_program.reload(); }
  void draw(gfx::Context& context, std::span<const scene::LabelInstance> labels);
  [[nodiscard]] const GlyphAtlas& atlas() const { return *m_atlas; }

 private:
  void append(const scene::LabelInstance& label);

  const Font* m_font = nullptr;
  gfx::Program m_program;
  gfx::VertexArray m_no_vertices;
  gfx::Buffer m_buffer;
  std::unique_ptr<GlyphAtlas> m_atlas;
  std::vector<GpuGlyph> m_glyphs, m_uploaded, m_letters;
};

}  // namespace gridwall::render
