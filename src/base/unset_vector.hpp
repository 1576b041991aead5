// UnsetVector: a vector whose resize() leaves new items unset, for what is written whole right after: hundreds of
// megabytes are then not written twice, and each thread touches its own part first.
// Test: tests/unit/base/unset_vector_test.cpp.
#pragma once

#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace gridwall::base {

template <typename T>
struct UnsetAllocator : std::allocator<T> {
  // What is copied as bytes lives as soon as it has memory.
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  template <typename U>
  struct rebind {
    using other = UnsetAllocator<U>;
  };

  UnsetAllocator() = default;
  template <typename U>
  explicit UnsetAllocator(const UnsetAllocator<U>& /*other*/) noexcept {}
  template <typename U>
  void construct(U* /*item*/) noexcept {}
  template <typename U, typename... Arguments>
  void construct(U* item, Arguments&&... arguments) {
    ::new (static_cast<void*>(item)) U(std::forward<Arguments>(arguments)...);
  }
};

// UnsetVector(n) and resize(n) leave items unset; UnsetVector(n, value), push_back and assign set them.
template <typename T>
using UnsetVector = std::vector<T, UnsetAllocator<T>>;

}  // namespace gridwall::base
