// The basemap: tiles of the picture below the divisions, all in one draw. Tiles stay on the GPU as long as there is
// room, so an unchanged view uploads nothing, and a moved one its new tiles. Test: tests/gl/render/basemap_gl_test.cpp.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "gfx/buffer.hpp"
#include "gfx/program.hpp"
#include "gfx/texture.hpp"
#include "gfx/vertex_array.hpp"
#include "render/cell_cache.hpp"
#include "render/gpu_layout.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

class BasemapPass {
 public:
  static base::Result<BasemapPass> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload() { return m_program.reload(); }
  // Over what stands in the map; needs the frame block.
  void draw(gfx::Context& context, const scene::Basemap& basemap, const scene::Viewport& viewport);

  [[nodiscard]] std::int32_t layer_count() const { return m_tiles.layers(); }

 private:
  void make_room(gfx::Context& context, const scene::Basemap& basemap);
  // Uploads the tile where it is not there. Nothing: no room is left in this frame.
  std::optional<std::int32_t> layer_of(const scene::BasemapPatch& patch);

  gfx::Program m_program;
  gfx::VertexArray m_no_vertices;
  gfx::Buffer m_buffer;
  gfx::Texture m_tiles;
  // By the pixels, not the key: a tile that was read again is another picture. Each is held as long as its cell, so no
  // other tile can have its address.
  CellCacheOf<const model::TilePixels*> m_layers{0};
  std::vector<std::shared_ptr<const model::TilePixels>> m_held;  // by layer
  std::vector<GpuTile> m_content;
};

}  // namespace gridwall::render
