// Memory for what grows to hundreds of megabytes and is looked up at random: in large blocks, which the kernel is asked
// to back with huge pages (a look-up costs one miss, not two). BigAllocator is for vectors, BlockArray for arrays that
// never move, ZeroedArray for tables of which most is never written. Below kHugeFrom nothing differs from plain memory.
// Test: tests/unit/state/big_memory_test.cpp.
#pragma once

#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace gridwall::state {

inline constexpr std::size_t kLineBytes = 64;  // of the processor's cache; all memory begins with one
inline constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
inline constexpr std::size_t kHugeFrom = 2 * kHugePageBytes;

// Asks the processor for the line, before it is needed.
inline void prefetch_line(const void* memory) {
  __builtin_prefetch(memory);
  // To g++ a function that only asks for memory has no effect, and calls of it go: this is one, of no instruction.
  asm volatile("" : : "r"(memory));
}
// The same for all that lies there.
inline void prefetch_bytes(const void* memory, std::size_t bytes) {
  const auto* at = static_cast<const char*>(memory);
  for (const char* end = at + bytes; at < end; at += kLineBytes) prefetch_line(at);
  prefetch_line(static_cast<const char*>(memory) + bytes - 1);
}

// In huge pages from kHugeFrom bytes on. Throws std::bad_alloc, as new does.
void* take_memory(std::size_t bytes);
// What take_memory() gave for as many bytes.
void return_memory(void* memory, std::size_t bytes) noexcept;

template <typename T>
struct BigAllocator {
  using value_type = T;
  BigAllocator() = default;
  template <typename U>
  explicit(false) BigAllocator(const BigAllocator<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(take_memory(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t count) noexcept { return_memory(memory, count * sizeof(T)); }
  bool operator==(const BigAllocator&) const = default;
};
template <typename T>
using BigVector = std::vector<T, BigAllocator<T>>;

// All bits zero; from kHugeFrom bytes on what nobody wrote takes no memory. Throws std::bad_alloc.
void* take_zeroed_memory(std::size_t bytes);
// What take_zeroed_memory() gave for as many bytes.
void return_zeroed_memory(void* memory, std::size_t bytes) noexcept;

// Of one size; its items are zero in all bits, which must be what T{} is. One thread.
template <typename T>
class ZeroedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  static_assert(alignof(T) <= kLineBytes);

 public:
  explicit ZeroedArray(std::size_t size)
      : m_items(static_cast<T*>(take_zeroed_memory(size * sizeof(T)))), m_size(size) {}
  ZeroedArray(const ZeroedArray&) = delete;
  ZeroedArray& operator=(const ZeroedArray&) = delete;
  ZeroedArray(ZeroedArray&& other) noexcept
      : m_items(std::exchange(other.m_items, nullptr)), m_size(std::exchange(other.m_size, 0)) {}
  ZeroedArray& operator=(ZeroedArray&& other) noexcept {
    std::swap(m_items, other.m_items);
    std::swap(m_size, other.m_size);
    return *this;
  }
  ~ZeroedArray() { return_zeroed_memory(m_items, m_size * sizeof(T)); }

  [[nodiscard]] std::size_t size() const { return m_size; }
  T& operator[](std::size_t index) { return m_items[index]; }
  const T& operator[](std::size_t index) const { return m_items[index]; }

 private:
  T* m_items = nullptr;
  std::size_t m_size = 0;
};

// One thread. References hold until clear().
template <typename T>
class BlockArray {
 public:
  BlockArray() = default;
  BlockArray(const BlockArray&) = delete;
  BlockArray& operator=(const BlockArray&) = delete;
  BlockArray(BlockArray&& other) noexcept
      : m_blocks(std::exchange(other.m_blocks, {})), m_size(std::exchange(other.m_size, 0)) {}
  BlockArray& operator=(BlockArray&& other) noexcept {
    clear();
    m_blocks = std::exchange(other.m_blocks, {});
    m_size = std::exchange(other.m_size, 0);
    return *this;
  }
  ~BlockArray() { clear(); }

  [[nodiscard]] std::size_t size() const { return m_size; }
  T& operator[](std::size_t index) { return m_blocks[index / kBlockItems][index % kBlockItems]; }
  const T& operator[](std::size_t index) const { return m_blocks[index / kBlockItems][index % kBlockItems]; }
  T& emplace_back() {
    const std::size_t block = m_size / kBlockItems;
    if (block == m_blocks.size()) m_blocks.push_back(static_cast<T*>(take_block(block)));
    T* item = std::construct_at(m_blocks[block] + m_size % kBlockItems);
    ++m_size;
    return *item;
  }
  void clear() {
    for (std::size_t i = 0; i < m_size; ++i) std::destroy_at(&(*this)[i]);
    for (std::size_t block = 0; block < m_blocks.size(); ++block) return_block(block);
    m_blocks.clear();
    m_size = 0;
  }
  // Of the items; the rest of the last block is not touched yet.
  [[nodiscard]] std::size_t bytes() const { return m_size * sizeof(T); }

 private:
  static constexpr std::size_t kBlockItems = std::bit_floor(3 * kHugePageBytes / sizeof(T));
  static constexpr std::size_t kBlockBytes = kBlockItems * sizeof(T);
  // The first block is plain memory: most worlds fill little of it, and pay for no more than they touch.
  static void* take_block(std::size_t block) {
    return block == 0 ? ::operator new (kBlockBytes, std::align_val_t{kLineBytes}) : take_memory(kBlockBytes);
  }
  void return_block(std::size_t block) {
    if (block == 0) return ::operator delete (m_blocks[block], std::align_val_t{kLineBytes});
    return_memory(m_blocks[block], kBlockBytes);
  }

  std::vector<T*> m_blocks;
  std::size_t m_size = 0;
};

}  // namespace gridwall::state
