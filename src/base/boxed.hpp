// Boxed: an optional that keeps its value on the heap, for large members that few objects have: one pointer where there
// is none, and moving is cheap. Copies are deep, comparison is by value.
#pragma once

#include <memory>
#include <utility>

namespace gridwall::base {

template <typename T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) : m_value(std::make_unique<T>(std::move(value))) {}  // as of an optional
  Boxed(const Boxed& other) : m_value(other ? std::make_unique<T>(*other) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(const Boxed& other) {
    if (this != &other) m_value = other ? std::make_unique<T>(*other) : nullptr;
    return *this;
  }
  Boxed& operator=(Boxed&&) noexcept = default;
  ~Boxed() = default;

  T& emplace() { return *(m_value = std::make_unique<T>()); }
  void reset() { m_value.reset(); }
  explicit operator bool() const { return m_value != nullptr; }
  [[nodiscard]] bool has_value() const { return m_value != nullptr; }
  T& operator*() { return *m_value; }
  const T& operator*() const { return *m_value; }
  T* operator->() { return m_value.get(); }
  const T* operator->() const { return m_value.get(); }
  bool operator==(const Boxed& other) const { return m_value && other ? **this == *other : !m_value == !other; }

 private:
  std::unique_ptr<T> m_value;
};

}  // namespace gridwall::base
