// GroundCache: the fills and borders of the last picture, kept as pixels. As long as view, tree, colours and styles are
// the same, the map's ground is one copy, and a frame costs only what moves: markers, labels, outlines, panels. A view
// that moved by whole pixels is a copy too, and only the strips that came into sight are drawn.
// Test: tests/gl/render/ground_cache_gl_test.cpp.
#pragma once

#include <memory>
#include <vector>

#include "gfx/framebuffer.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

// All that the ground's pixels depend on.
struct GroundKey {
  std::shared_ptr<const model::DivisionTree> tree;
  scene::Viewport viewport;
  base::Vec2i output_size_px;
  base::Color background;
  std::uint32_t fill_level = 0;
  std::uint64_t colors_version = 0;
  std::vector<std::uint8_t> division_hatched;
  std::vector<scene::BorderStyle> borders;
  float stale_strength = 0;
  scene::Basemap basemap;
  float fill_opacity = 1;
  std::uint64_t ground_version = 0;

  bool operator==(const GroundKey&) const = default;
};

GroundKey ground_key(const scene::FrameScene& scene, base::Vec2i output_size_px, std::uint64_t ground_version);

class GroundCache {
 public:
  // Puts the kept pixels into `map` of the framebuffer that is set, as far as they are of `key` or of the same ground
  // moved by whole pixels. Returns what is missing, in the framebuffer's pixels: nothing, strips, or all of `map`.
  std::vector<gfx::PixelRect> show(gfx::Context& context, const GroundKey& key, gfx::PixelRect map) const;
  // Keeps what stands in `map` of the framebuffer that is set. Error: the driver refuses the size.
  base::Status keep(gfx::Context& context, GroundKey key, gfx::PixelRect map);
  void forget() { m_key.tree = nullptr; }

 private:
  GroundKey m_key;  // tree null: nothing is kept
  gfx::Framebuffer m_pixels;
};

}  // namespace gridwall::render
