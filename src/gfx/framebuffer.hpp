// Framebuffer: one picture to draw into, of colours or of one number a pixel; no depth, no samples (shaders
// anti-alias). Test: tests/gl/gfx/context_gl_test.cpp.
#pragma once

#include "gfx/image.hpp"
#include "gfx/object_id.hpp"
#include "gfx/texture.hpp"

namespace gridwall::gfx {

class Framebuffer {
 public:
  Framebuffer() = default;
  // Error: Unsupported when the driver refuses the size.
  static base::Result<Framebuffer> create(Context& context, base::Vec2i size_px, const char* label,
                                          PixelFormat format = PixelFormat::Rgba8);

  [[nodiscard]] std::uint32_t id() const { return m_id.value(); }
  [[nodiscard]] const Texture& color() const { return m_color; }
  [[nodiscard]] base::Vec2i size_px() const { return m_color.size_px(); }
  [[nodiscard]] bool valid() const { return m_id.valid(); }

 private:
  ObjectId<ObjectKind::Framebuffer> m_id;
  Texture m_color;
};

// A corner of a picture, as GL counts from the bottom left. Null: the window's own framebuffer.
struct PixelCorner {
  const Framebuffer* framebuffer = nullptr;
  base::Vec2i corner_px;
};

// Copies a rectangle of pixels as they are; the two must not overlap. Takes the scissor off.
void copy_pixels(Context& context, PixelCorner from, PixelCorner to, base::Vec2i size_px);

// The pixels of the framebuffer that is set now (of `size_px`), rows from the top. Waits for the device.
Image read_pixels(Context& context, base::Vec2i size_px);

}  // namespace gridwall::gfx
