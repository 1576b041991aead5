#include "gfx/texture.hpp"

#include <glad/gl.h>

#include <algorithm>

#include "gfx/buffer.hpp"

namespace gridwall::gfx {

namespace {

std::uint64_t bytes_per_pixel(PixelFormat format) {
  return format == PixelFormat::R8 ? 1 : 4;
}

GLenum external_format(PixelFormat format) {
  return format == PixelFormat::R8 ? GL_RED : GL_RGBA;
}

GLenum storage_format(PixelFormat format) {
  switch (format) {
    case PixelFormat::R8:
      return GL_R8;
    case PixelFormat::Rgba8:
      return GL_RGBA8;
    case PixelFormat::R32Float:
      return GL_R32F;
  }
  return GL_RGBA8;
}

GLenum internal_format(TexelFormat format) {
  switch (format) {
    case TexelFormat::Rgba8:
      return GL_RGBA8;
    case TexelFormat::R8Uint:
      return GL_R8UI;
    case TexelFormat::Rgba32Int:
      return GL_RGBA32I;
  }
  return GL_RGBA8;
}

}  // namespace

Texture Texture::create(Context& context, const TextureDesc& desc, const char* label) {
  GLuint id = 0;
  const GLenum stored = storage_format(desc.format);
  glCreateTextures(desc.layers > 0 ? GL_TEXTURE_2D_ARRAY : GL_TEXTURE_2D, 1, &id);
  if (desc.layers > 0)
    glTextureStorage3D(id, 1, stored, desc.size_px.x, desc.size_px.y, desc.layers);
  else
    glTextureStorage2D(id, 1, stored, desc.size_px.x, desc.size_px.y);
  const GLint filter = desc.filter == Filter::Linear ? GL_LINEAR : GL_NEAREST;
  glTextureParameteri(id, GL_TEXTURE_MIN_FILTER, filter);
  glTextureParameteri(id, GL_TEXTURE_MAG_FILTER, filter);
  glTextureParameteri(id, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTextureParameteri(id, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glObjectLabel(GL_TEXTURE, id, -1, label);
  Texture texture;
  const auto pixels = static_cast<std::uint64_t>(desc.size_px.x) * static_cast<std::uint64_t>(desc.size_px.y) *
                      static_cast<std::uint64_t>(std::max(desc.layers, 1));
  texture.m_id = {context, id, pixels * bytes_per_pixel(desc.format)};
  texture.m_desc = desc;
  return texture;
}

Texture Texture::create_buffer_view(Context& context, TexelFormat format, const Buffer& buffer, const char* label) {
  GLuint id = 0;
  glCreateTextures(GL_TEXTURE_BUFFER, 1, &id);
  glTextureBuffer(id, internal_format(format), buffer.id());
  glObjectLabel(GL_TEXTURE, id, -1, label);
  Texture texture;
  texture.m_id = {context, id};
  return texture;
}

void Texture::upload(PixelRect rect, std::span<const std::uint8_t> pixels) {
  ASSERT(m_desc.layers == 0, "an array of {} layers wants to know which", m_desc.layers);
  const std::uint64_t bytes = begin_upload(rect, pixels);
  glTextureSubImage2D(id(), 0, rect.x, rect.y, rect.width, rect.height, external_format(m_desc.format),
                      GL_UNSIGNED_BYTE, pixels.data());
  m_id.context().count_upload(bytes);
}

void Texture::upload(PixelRect rect, std::int32_t layer, std::span<const std::uint8_t> pixels) {
  ASSERT(layer >= 0 && layer < m_desc.layers, "layer {} of {}", layer, m_desc.layers);
  const std::uint64_t bytes = begin_upload(rect, pixels);
  glTextureSubImage3D(id(), 0, rect.x, rect.y, layer, rect.width, rect.height, 1, external_format(m_desc.format),
                      GL_UNSIGNED_BYTE, pixels.data());
  m_id.context().count_upload(bytes);
}

std::uint64_t Texture::begin_upload(PixelRect rect, std::span<const std::uint8_t> pixels) const {
  ASSERT(m_desc.format != PixelFormat::R32Float, "numbers are drawn, not uploaded");
  const std::uint64_t bytes =
      static_cast<std::uint64_t>(rect.width) * static_cast<std::uint64_t>(rect.height) * bytes_per_pixel(m_desc.format);
  ASSERT(pixels.size() == bytes, "{} bytes for a rectangle of {}", pixels.size(), bytes);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  return bytes;
}

void Texture::clear() {
  glClearTexImage(id(), 0, external_format(m_desc.format), GL_UNSIGNED_BYTE, nullptr);
}

}  // namespace gridwall::gfx
