#include "gfx/vertex_array.hpp"

#include <glad/gl.h>

#include "gfx/buffer.hpp"

namespace gridwall::gfx {

VertexArray VertexArray::create(Context& context, std::span<const VertexAttribute> attributes, const Buffer* indices,
                                const char* label) {
  GLuint id = 0;
  glCreateVertexArrays(1, &id);
  for (const VertexAttribute& attribute : attributes) {
    const GLuint location = attribute.location;
    glVertexArrayVertexBuffer(id, location, attribute.buffer->id(), 0, attribute.stride_bytes);
    if (attribute.type == AttributeType::Float) {
      glVertexArrayAttribFormat(id, location, attribute.components, GL_FLOAT, GL_FALSE, attribute.offset_bytes);
    } else {
      const GLenum type = attribute.type == AttributeType::Int32 ? GL_INT : GL_UNSIGNED_INT;
      glVertexArrayAttribIFormat(id, location, attribute.components, type, attribute.offset_bytes);
    }
    glVertexArrayAttribBinding(id, location, location);
    glEnableVertexArrayAttrib(id, location);
  }
  if (indices != nullptr) glVertexArrayElementBuffer(id, indices->id());
  glObjectLabel(GL_VERTEX_ARRAY, id, -1, label);
  VertexArray array;
  array.m_id = {context, id};
  return array;
}

}  // namespace gridwall::gfx
