// CowArray: a growing array whose frozen copies are cheap: pages of kPageItems, 16 pages to a chunk. freeze() hands out
// the chunks as they are; the first write after it copies the chunk's pointers and the one page, so what was given out
// is never written again. Equal page pointer in two frozen copies = nothing in it changed. T is copied as bytes, so it
// holds no resources. Test: tests/unit/state/cow_array_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "base/assert.hpp"
#include "state/big_memory.hpp"

namespace gridwall::state {

template <typename T, std::size_t kPageItems>
struct CowChunk {
  static constexpr std::size_t kPages = 16;
  struct Page {
    std::array<T, kPageItems> items{};
  };
  std::uint64_t generation = 0;
  std::array<std::shared_ptr<Page>, kPages> pages;
};

// Immutable; may go to any thread.
template <typename T, std::size_t kPageItems>
class FrozenArray {
 public:
  using Chunk = CowChunk<T, kPageItems>;
  static constexpr std::size_t kItemsPerPage = kPageItems;

  FrozenArray() = default;
  FrozenArray(std::vector<std::shared_ptr<Chunk>> chunks, std::size_t size)
      : m_chunks(std::move(chunks)), m_size(size) {}

  [[nodiscard]] std::size_t size() const { return m_size; }
  [[nodiscard]] const T& at(std::size_t index) const {
    ASSERT(index < m_size, "index {} of {}", index, m_size);
    return page(index / kPageItems)[index % kPageItems];
  }
  // The last page may be filled in part only: size() says how far.
  [[nodiscard]] const std::array<T, kPageItems>& page(std::size_t page_index) const {
    return m_chunks[page_index / Chunk::kPages]->pages[page_index % Chunk::kPages]->items;
  }
  // Calls visit(index, item) for all items of the pages that differ from those of `before`, an earlier freeze of the
  // same array (or none, or of another: then all of them).
  template <typename Visit>
  void visit_changed(const FrozenArray& before, const Visit& visit) const {
    for (std::size_t c = 0; c < m_chunks.size(); ++c) {
      const Chunk* old = c < before.m_chunks.size() ? before.m_chunks[c].get() : nullptr;
      if (old == m_chunks[c].get() && before.m_size >= std::min(m_size, (c + 1) * Chunk::kPages * kPageItems)) continue;
      for (std::size_t p = 0; p < Chunk::kPages; ++p) {
        const std::size_t first = (c * Chunk::kPages + p) * kPageItems, end = std::min(m_size, first + kPageItems);
        if (first >= m_size) return;
        const auto* page = m_chunks[c]->pages[p].get();
        const bool same = old != nullptr && old->pages[p].get() == page && before.m_size >= end;
        for (std::size_t i = first; !same && i < end; ++i) visit(i, page->items[i - first]);
      }
    }
  }
  [[nodiscard]] std::size_t page_count() const { return (m_size + kPageItems - 1) / kPageItems; }

 private:
  std::vector<std::shared_ptr<Chunk>> m_chunks;  // not written any more
  std::size_t m_size = 0;
};

// One thread.
template <typename T, std::size_t kPageItems>
class CowArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  using Frozen = FrozenArray<T, kPageItems>;

  explicit CowArray(std::size_t size = 0) { resize(size); }
  CowArray(const CowArray&) = delete;  // two writers of the same pages
  CowArray& operator=(const CowArray&) = delete;
  CowArray(CowArray&&) noexcept = default;
  CowArray& operator=(CowArray&&) noexcept = default;

  [[nodiscard]] std::size_t size() const { return m_size; }
  [[nodiscard]] const T& operator[](std::size_t index) const {
    return m_pages[index / kPageItems].page->items[index % kPageItems];
  }
  // For writing. The reference holds until the next freeze() or clear().
  T& edit(std::size_t index) {
    Place& place = m_pages[index / kPageItems];
    if (place.generation != m_generation) place = {copy_page(index / kPageItems), m_generation};
    return place.page->items[index % kPageItems];
  }
  void push_back(const T& item) {
    if (m_size == m_page_count * kPageItems) add_page(std::make_shared<Page>(), m_generation);
    ++m_size;
    edit(m_size - 1) = item;
  }
  // New items are T{}; until one of a page is written, the page is one that all such share.
  void resize(std::size_t size) {
    ASSERT(size >= m_size, "a CowArray only grows: {} to {}", m_size, size);
    const std::size_t page_count = (size + kPageItems - 1) / kPageItems;
    if (m_page_count < page_count && m_blank == nullptr) m_blank = std::make_shared<Page>();
    if (m_pages.empty()) m_pages.reserve(page_count);
    while (m_page_count < page_count) add_page(m_blank, kNobodys);
    m_size = size;
  }
  void clear() {
    m_chunks.clear();
    m_pages.clear();
    m_size = m_page_count = 0;
  }
  [[nodiscard]] Frozen freeze() {
    ++m_generation;
    return Frozen(m_chunks, m_size);
  }
  // Asks the processor for where the item is, and later for the item, before it is needed.
  void prefetch_place(std::size_t index) const { prefetch_line(&m_pages[index / kPageItems]); }
  void prefetch(std::size_t index) const { prefetch_bytes(&(*this)[index], sizeof(T)); }

 private:
  using Chunk = CowChunk<T, kPageItems>;
  using Page = typename Chunk::Page;
  struct Place {
    Page* page = nullptr;
    std::uint64_t generation = 0;  // beside the pointer: whether the page is ours needs no look at it
  };

  static constexpr std::uint64_t kNobodys = 0;  // a generation: to be copied before it is written

  void add_page(std::shared_ptr<Page> page, std::uint64_t generation) {
    if (m_page_count / Chunk::kPages == m_chunks.size()) {
      m_chunks.push_back(std::make_shared<Chunk>());
      m_chunks.back()->generation = m_generation;
    }
    std::shared_ptr<Chunk>& chunk = m_chunks[m_page_count / Chunk::kPages];
    if (chunk->generation != m_generation) {
      chunk = std::make_shared<Chunk>(*chunk);
      chunk->generation = m_generation;
    }
    m_pages.push_back({page.get(), generation});
    chunk->pages[m_page_count % Chunk::kPages] = std::move(page);
    ++m_page_count;
  }
  Page* copy_page(std::size_t page_index) {
    std::shared_ptr<Chunk>& chunk = m_chunks[page_index / Chunk::kPages];
    if (chunk->generation != m_generation) {
      chunk = std::make_shared<Chunk>(*chunk);
      chunk->generation = m_generation;
    }
    auto& page = chunk->pages[page_index % Chunk::kPages];
    page = std::make_shared<Page>(*page);
    return page.get();
  }

  std::vector<std::shared_ptr<Chunk>> m_chunks;
  std::shared_ptr<Page> m_blank;
  BigVector<Place> m_pages;  // the same pages, one step nearer
  std::size_t m_size = 0, m_page_count = 0;
  std::uint64_t m_generation = 1;
};

}  // namespace gridwall::state
