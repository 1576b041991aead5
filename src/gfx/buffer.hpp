// Buffer: GPU memory. Static ones are filled once; streamed ones are replaced whole, by `replace`, which grows them,
// or in part, by `write`.
// Test: tests/gl/gfx/context_gl_test.cpp.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "gfx/object_id.hpp"

namespace gridwall::gfx {

class Buffer {
 public:
  Buffer() = default;  // empty: holds nothing until assigned

  // Immutable content. Empty content is allowed (GL wants a byte).
  static Buffer create_static(Context& context, std::span<const std::byte> content, const char* label);
  // Room for `capacity_bytes`, content undefined.
  static Buffer create_streamed(Context& context, std::size_t capacity_bytes, const char* label);

  // New content from byte 0; counts its bytes. True when the storage (and id) is a new one, because it had to grow:
  // what refers to the id (texture buffers) must be made again.
  bool replace(std::span<const std::byte> content);

  // New bytes from `offset_bytes` on; the rest stays. They lie inside the capacity of a streamed buffer. Counts them.
  void write(std::size_t offset_bytes, std::span<const std::byte> content);

  [[nodiscard]] std::uint32_t id() const { return m_id.value(); }
  [[nodiscard]] std::size_t capacity_bytes() const { return static_cast<std::size_t>(m_id.bytes()); }
  [[nodiscard]] bool valid() const { return m_id.valid(); }

 private:
  ObjectId<ObjectKind::Buffer> m_id;
  std::string m_label;
};

}  // namespace gridwall::gfx
