// ObjectId: one GL name owned by a wrapper; move-only. When it dies the name is queued in the context.
#pragma once

#include <cstdint>
#include <utility>

#include "gfx/context.hpp"

namespace gridwall::gfx {

template <ObjectKind kKind>
class ObjectId {
 public:
  ObjectId() = default;
  ObjectId(Context& context, std::uint32_t id, std::uint64_t bytes = 0)
      : m_context(&context), m_id(id), m_bytes(bytes) {
    context.count_created(kKind, bytes);
  }
  ObjectId(ObjectId&& other) noexcept
      : m_context(std::exchange(other.m_context, nullptr)),
        m_id(std::exchange(other.m_id, 0)),
        m_bytes(std::exchange(other.m_bytes, 0)) {}
  ObjectId& operator=(ObjectId&& other) noexcept {
    std::swap(m_context, other.m_context);
    std::swap(m_id, other.m_id);
    std::swap(m_bytes, other.m_bytes);
    return *this;
  }
  ~ObjectId() {
    if (m_context != nullptr) m_context->drop(kKind, m_id, m_bytes);
  }

  [[nodiscard]] std::uint32_t value() const { return m_id; }
  [[nodiscard]] Context& context() const { return *m_context; }
  [[nodiscard]] bool valid() const { return m_context != nullptr; }
  [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

 private:
  Context* m_context = nullptr;
  std::uint32_t m_id = 0;
  std::uint64_t m_bytes = 0;
};

}  // namespace gridwall::gfx
