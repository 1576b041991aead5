#include "render/ground_cache.hpp"

namespace gridwall::render {

GroundKey ground_key(const scene::FrameScene& scene, base::Vec2i output_size_px) {
  return {scene.tree,           scene.viewport,         output_size_px, scene.background,     scene.fill_level,
          scene.colors_version, scene.division_hatched, scene.borders,  scene.stale_strength};
}

bool GroundCache::show(gfx::Context& context, const GroundKey& key, gfx::PixelRect map) const {
  if (m_key.tree == nullptr || key != m_key) return false;
  gfx::copy_pixels(context, {&m_pixels, {0, 0}}, {context.framebuffer(), {map.x, map.y}}, {map.width, map.height});
  return true;
}

base::Status GroundCache::keep(gfx::Context& context, GroundKey key, gfx::PixelRect map) {
  const base::Vec2i size{map.width, map.height};
  forget();
  if (!m_pixels.valid() || m_pixels.size_px() != size) {
    m_pixels = gfx::Framebuffer();
    TRY_ASSIGN(m_pixels, gfx::Framebuffer::create(context, size, "ground"));
  }
  gfx::copy_pixels(context, {context.framebuffer(), {map.x, map.y}}, {&m_pixels, {0, 0}}, size);
  m_key = std::move(key);
  return {};
}

}  // namespace gridwall::render
