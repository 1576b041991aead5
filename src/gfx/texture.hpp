// Texture: a 2D picture, several of one size on layers, or a view of a buffer as texels. No mipmaps, clamped at the
// edges. Test: tests/gl/gfx/context_gl_test.cpp.
#pragma once

#include <cstddef>
#include <span>

#include "gfx/object_id.hpp"

namespace gridwall::gfx {

class Buffer;

enum class PixelFormat : std::uint8_t { R8, Rgba8, R32Float };  // the last one is drawn into, never uploaded
enum class TexelFormat : std::uint8_t { Rgba8, R8Uint, Rgba32Int };
enum class Filter : std::uint8_t { Nearest, Linear };

struct TextureDesc {
  base::Vec2i size_px;
  std::int32_t layers = 0;  // 0: a plain picture; more: an array of so many
  PixelFormat format = PixelFormat::Rgba8;
  Filter filter = Filter::Nearest;
};

class Texture {
 public:
  Texture() = default;
  static Texture create(Context& context, const TextureDesc& desc, const char* label);
  // Reads `buffer` as texels; make it again when the buffer's id changes.
  static Texture create_buffer_view(Context& context, TexelFormat format, const Buffer& buffer, const char* label);

  // `pixels`: tightly packed rows of the texture's format; counts its bytes. The rectangle lies inside.
  void upload(PixelRect rect, std::span<const std::uint8_t> pixels);
  void upload(PixelRect rect, std::int32_t layer, std::span<const std::uint8_t> pixels);
  void clear();

  [[nodiscard]] std::uint32_t id() const { return m_id.value(); }
  [[nodiscard]] base::Vec2i size_px() const { return m_desc.size_px; }
  [[nodiscard]] std::int32_t layers() const { return m_desc.layers; }
  [[nodiscard]] bool valid() const { return m_id.valid(); }

 private:
  // Checks; the bytes of the rectangle.
  [[nodiscard]] std::uint64_t begin_upload(PixelRect rect, std::span<const std::uint8_t> pixels) const;

  ObjectId<ObjectKind::Texture> m_id;
  TextureDesc m_desc;
};

}  // namespace gridwall::gfx
