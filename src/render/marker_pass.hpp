// Markers, all in one draw, in their order. Test: tests/gl/render/marker_pass_gl_test.cpp, tests/golden/markers.
#pragma once

#include <algorithm>
#include <span>

#include "gfx/buffer.hpp"
#include "gfx/program.hpp"
#include "gfx/vertex_array.hpp"
#include "render/gpu_layout.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

class MarkerPass {
 public:
  static base::Result<MarkerPass> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload() { return m_program.reload(); }
  void draw(gfx::Context& context, std::span<const scene::MarkerInstance> markers);

 private:
  void upload(std::span<const scene::MarkerInstance> markers);

  gfx::Program m_program;
  gfx::VertexArray m_no_vertices;
  gfx::Buffer m_buffer;
  std::vector<GpuMarker> m_content;       // of the card
  std::vector<gfx::DrawRange> m_changed;  // of m_content, in a frame
};

}  // namespace gridwall::render
