#include "state/big_memory.hpp"

#include <sys/mman.h>

#include <cstring>

namespace gridwall::state {

namespace {

constexpr auto kHugePageAlignment = std::align_val_t{kHugePageBytes};
constexpr auto kLineAlignment = std::align_val_t{kLineBytes};

}  // namespace

void* take_memory(std::size_t bytes) {
  if (bytes < kHugeFrom) return ::operator new(bytes, kLineAlignment);
  void* memory = ::operator new(bytes, kHugePageAlignment);
  // Advice only: a kernel without huge pages says no, and all works as before.
  static_cast<void>(::madvise(memory, bytes / kHugePageBytes * kHugePageBytes, MADV_HUGEPAGE));
  return memory;
}

void return_memory(void* memory, std::size_t bytes) noexcept {
  if (bytes < kHugeFrom) return ::operator delete(memory, kLineAlignment);
  ::operator delete(memory, kHugePageAlignment);
}

void* take_zeroed_memory(std::size_t bytes) {
  if (bytes < kHugeFrom) return std::memset(::operator new(bytes, kLineAlignment), 0, bytes);
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));
  return memory;
}

void return_zeroed_memory(void* memory, std::size_t bytes) noexcept {
  if (bytes < kHugeFrom) return ::operator delete(memory, kLineAlignment);
  ::munmap(memory, bytes);
}

}  // namespace gridwall::state
