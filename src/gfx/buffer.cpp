#include "gfx/buffer.hpp"

#include <glad/gl.h>

#include <algorithm>

namespace gridwall::gfx {

namespace {

ObjectId<ObjectKind::Buffer> make(Context& context, std::size_t bytes, const void* content, GLbitfield flags,
                                  const char* label) {
  GLuint id = 0;
  glCreateBuffers(1, &id);
  glNamedBufferStorage(id, static_cast<GLsizeiptr>(bytes), content, flags);
  glObjectLabel(GL_BUFFER, id, -1, label);
  return {context, id, bytes};
}

}  // namespace

Buffer Buffer::create_static(Context& context, std::span<const std::byte> content, const char* label) {
  Buffer buffer;
  buffer.m_label = label;
  if (content.empty()) {
    buffer.m_id = make(context, 16, nullptr, 0, label);
  } else {
    buffer.m_id = make(context, content.size(), content.data(), 0, label);
    context.count_upload(content.size());
  }
  return buffer;
}

Buffer Buffer::create_streamed(Context& context, std::size_t capacity_bytes, const char* label) {
  Buffer buffer;
  buffer.m_label = label;
  buffer.m_id = make(context, std::max<std::size_t>(capacity_bytes, 16), nullptr, GL_DYNAMIC_STORAGE_BIT, label);
  return buffer;
}

bool Buffer::replace(std::span<const std::byte> content) {
  if (content.empty()) return false;
  bool grew = false;
  if (content.size() > capacity_bytes()) {
    const std::size_t capacity = std::max(content.size(), capacity_bytes() * 2);
    m_id = make(m_id.context(), capacity, nullptr, GL_DYNAMIC_STORAGE_BIT, m_label.c_str());
    grew = true;
  } else {
    glInvalidateBufferData(id());  // the driver may give fresh memory instead of waiting for the last frame
  }
  glNamedBufferSubData(id(), 0, static_cast<GLsizeiptr>(content.size()), content.data());
  m_id.context().count_upload(content.size());
  return grew;
}

void Buffer::write(std::size_t offset_bytes, std::span<const std::byte> content) {
  if (content.empty()) return;
  ASSERT(offset_bytes + content.size() <= capacity_bytes(), "{} bytes from {} in a buffer of {}", content.size(),
         offset_bytes, capacity_bytes());
  glNamedBufferSubData(id(), static_cast<GLintptr>(offset_bytes), static_cast<GLsizeiptr>(content.size()),
                       content.data());
  m_id.context().count_upload(content.size());
}

}  // namespace gridwall::gfx
