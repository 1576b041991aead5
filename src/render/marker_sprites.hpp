// MarkerSprites: pictures of markers, each look drawn once: shape, size, colours. A marker then is a copy of its
// picture at whole pixels, crisp and as cheap as blending can be; what pulses is drawn by its own formula each time.
// Main thread. Test: tests/gl/render/marker_pass_gl_test.cpp.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <vector>

#include "gfx/buffer.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/program.hpp"
#include "gfx/vertex_array.hpp"
#include "render/gpu_layout.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::render {

inline constexpr std::uint32_t kNoSprite = 0xffffffff;

class MarkerSprites {
 public:
  explicit MarkerSprites(gfx::Context& context);

  void forget();
  // New pictures from now on, when `stale_strength` is another one.
  void begin_frame(float stale_strength);
  // The number of the marker's picture; kNoSprite: it has none (it pulses, is too large, or the room is used up).
  std::uint32_t sprite_of(const scene::MarkerInstance& marker);
  // Draws the pictures that are wanted and not there yet. Leaves framebuffer, viewport, scissor and frame block changed
  // when it returns true. Error: the driver refuses the picture of pictures.
  base::Result<bool> draw_missing(gfx::Context& context, const gfx::Program& marker_program,
                                  const gfx::VertexArray& no_vertices);

  // Of each sprite: its corner in the picture and its side, texels.
  [[nodiscard]] const gfx::Buffer& places() const { return m_places_buffer; }
  [[nodiscard]] const gfx::Texture& picture() const { return m_picture.color(); }
  [[nodiscard]] std::size_t sprite_count() const { return m_sprites.size(); }

 private:
  struct Look {
    std::uint32_t shape = 0, fill_rgba = 0, ring_rgba = 0;
    float size_px = 0;
    auto operator<=>(const Look&) const = default;
  };
  std::map<Look, std::uint32_t> m_sprites;
  std::vector<GpuSprite> m_places;   // of the sprites
  std::vector<GpuMarker> m_markers;  // that draw them, at their places in the picture
  std::size_t m_drawn_count = 0;     // sprites whose pictures are there
  Look m_last_look;
  std::uint32_t m_last_sprite = kNoSprite;
  base::Vec2i m_pen;  // where the next one goes
  std::int32_t m_row_height = 0;
  float m_stale_strength = -1;
  gfx::Framebuffer m_picture;
  gfx::Buffer m_places_buffer, m_marker_buffer, m_frame_buffer;
};

}  // namespace gridwall::render
