// VertexArray: which buffers feed which attribute locations. Made once; an empty one serves shaders that fetch their
// own vertices.
#pragma once

#include <cstddef>
#include <span>

#include "gfx/object_id.hpp"

namespace gridwall::gfx {

class Buffer;

enum class AttributeType : std::uint8_t { Int32, Uint32, Float };

struct VertexAttribute {
  std::uint32_t location = 0;
  std::int32_t components = 1;
  AttributeType type = AttributeType::Float;
  const Buffer* buffer = nullptr;
  std::int32_t stride_bytes = 0;
  std::uint32_t offset_bytes = 0;
};

class VertexArray {
 public:
  VertexArray() = default;
  static VertexArray create(Context& context, std::span<const VertexAttribute> attributes, const Buffer* indices,
                            const char* label);
  [[nodiscard]] std::uint32_t id() const { return m_id.value(); }

 private:
  ObjectId<ObjectKind::VertexArray> m_id;
};

}  // namespace gridwall::gfx
