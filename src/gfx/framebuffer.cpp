#include "gfx/framebuffer.hpp"

#include <glad/gl.h>

#include <algorithm>

namespace gridwall::gfx {

base::Result<Framebuffer> Framebuffer::create(Context& context, base::Vec2i size_px, const char* label,
                                              PixelFormat format) {
  GLint side_max = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &side_max);
  if (size_px.x < 1 || size_px.y < 1 || size_px.x > side_max || size_px.y > side_max) {
    return base::Error{base::ErrorCode::Unsupported,
                       fmt::format("Cannot make a picture of {} x {} pixels: this driver takes 1 to {} a side.",
                                   size_px.x, size_px.y, side_max)};
  }
  Framebuffer framebuffer;
  framebuffer.m_color = Texture::create(context, {.size_px = size_px, .format = format}, label);
  GLuint id = 0;
  glCreateFramebuffers(1, &id);
  glNamedFramebufferTexture(id, GL_COLOR_ATTACHMENT0, framebuffer.m_color.id(), 0);
  glObjectLabel(GL_FRAMEBUFFER, id, -1, label);
  framebuffer.m_id = {context, id};
  if (glCheckNamedFramebufferStatus(id, GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) {
    return base::Error{base::ErrorCode::Unsupported,
                       fmt::format("The driver refuses a picture of {} x {} pixels.", size_px.x, size_px.y)};
  }
  return framebuffer;
}

void copy_pixels(Context& context, PixelCorner from, PixelCorner to, base::Vec2i size_px) {
  context.check_thread();
  context.set_scissor(std::nullopt);
  const auto id = [](const Framebuffer* framebuffer) { return framebuffer != nullptr ? framebuffer->id() : 0u; };
  const base::Vec2i a = from.corner_px, b = to.corner_px;
  glBlitNamedFramebuffer(id(from.framebuffer), id(to.framebuffer), a.x, a.y, a.x + size_px.x, a.y + size_px.y, b.x, b.y,
                         b.x + size_px.x, b.y + size_px.y, GL_COLOR_BUFFER_BIT, GL_NEAREST);
}

Image read_pixels(Context& context, base::Vec2i size_px) {
  context.check_thread();
  Image image{size_px, {}};
  const std::size_t row_bytes = static_cast<std::size_t>(size_px.x) * 4;
  image.rgba.resize(row_bytes * static_cast<std::size_t>(size_px.y));
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  glReadPixels(0, 0, size_px.x, size_px.y, GL_RGBA, GL_UNSIGNED_BYTE, image.rgba.data());
  // GL counts rows from the bottom.
  const auto rows = static_cast<std::size_t>(size_px.y);
  for (std::size_t row = 0; row < rows / 2; ++row) {
    auto* upper = image.rgba.data() + row * row_bytes;
    std::swap_ranges(upper, upper + row_bytes, image.rgba.data() + (rows - 1 - row) * row_bytes);
  }
  return image;
}

}  // namespace gridwall::gfx
