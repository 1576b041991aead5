#include "render/ground_cache.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace gridwall::render {

GroundKey ground_key(const scene::FrameScene& scene, base::Vec2i output_size_px, std::uint64_t ground_version) {
  return {scene.tree,           scene.viewport,         output_size_px, scene.background,     scene.fill_level,
          scene.colors_version, scene.division_hatched, scene.borders,  scene.stale_strength,
          scene.basemap,        scene.fill_opacity,     ground_version};
}

namespace {

// How far the view of `to` lies from that of `from`, to the right and up; nothing when it is no whole number of pixels
// or anything else differs.
std::optional<base::Vec2i> moved_px(const GroundKey& from, const GroundKey& to) {
  constexpr double kWhole = 1e-3, kFarPx = 1e6;
  GroundKey back = to;
  back.viewport.view.center_world = from.viewport.view.center_world;
  if (back != from) return std::nullopt;
  const base::Vec2d moved =
      (to.viewport.view.center_world - from.viewport.view.center_world) * to.viewport.view.px_per_m;
  const base::Vec2d whole{std::round(moved.x), std::round(moved.y)};
  const bool is_whole = std::abs(moved.x - whole.x) < kWhole && std::abs(moved.y - whole.y) < kWhole;
  if (!is_whole || std::abs(whole.x) > kFarPx || std::abs(whole.y) > kFarPx) return std::nullopt;
  return base::Vec2i{static_cast<std::int32_t>(whole.x), static_cast<std::int32_t>(whole.y)};
}

}  // namespace

std::vector<gfx::PixelRect> GroundCache::show(gfx::Context& context, const GroundKey& key, gfx::PixelRect map) const {
  if (m_key.tree == nullptr) return {map};
  const auto moved = moved_px(m_key, key);
  if (!moved || std::abs(moved->x) >= map.width || std::abs(moved->y) >= map.height) return {map};
  const base::Vec2i kept{map.width - std::abs(moved->x), map.height - std::abs(moved->y)};
  const base::Vec2i from{std::max(moved->x, 0), std::max(moved->y, 0)};
  const base::Vec2i to{map.x + std::max(-moved->x, 0), map.y + std::max(-moved->y, 0)};
  gfx::copy_pixels(context, {&m_pixels, from}, {context.framebuffer(), to}, kept);
  std::vector<gfx::PixelRect> missing;
  if (moved->x != 0) {
    missing.push_back({moved->x > 0 ? map.x + kept.x : map.x, map.y, std::abs(moved->x), map.height});
  }
  if (moved->y != 0) missing.push_back({to.x, moved->y > 0 ? map.y + kept.y : map.y, kept.x, std::abs(moved->y)});
  return missing;
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
