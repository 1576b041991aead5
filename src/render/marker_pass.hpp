// Markers in their order, mostly in one draw: copies of their pictures (render/marker_sprites.hpp), and by formula what
// pulses. Test: tests/gl/render/marker_pass_gl_test.cpp, tests/golden/markers.
#pragma once

#include <algorithm>
#include <memory>
#include <span>

#include "gfx/buffer.hpp"
#include "gfx/program.hpp"
#include "gfx/vertex_array.hpp"
#include "render/marker_sprites.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

class MarkerPass {
 public:
  static base::Result<MarkerPass> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload();
  // Into the map's rectangle `map` of the framebuffer that is set, which is viewport and scissor, by `frame_block`.
  // Error: the driver refuses the picture of sprites.
  base::Status draw(gfx::Context& context, std::span<const scene::MarkerInstance> markers, float stale_strength,
                    const gfx::Buffer& frame_block, gfx::PixelRect map);

 private:
  void upload(std::span<const scene::MarkerInstance> markers);

  gfx::Program m_program, m_sprite_program;
  std::unique_ptr<MarkerSprites> m_sprites;
  gfx::VertexArray m_no_vertices;
  gfx::Buffer m_buffer;
  std::vector<GpuMarker> m_content;       // of the card
  std::vector<gfx::DrawRange> m_changed;  // of m_content, in a frame
};

}  // namespace gridwall::render
