// TextIndex: texts numbered in the order in which they were added, found again in one look into a flat table and one at
// the text. For sets that only grow: codes, paths, prefixes. Views of texts hold until the next one is added.
// One thread writes, any may read a finished one. Test: tests/unit/base/text_index_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "base/hash.hpp"

namespace gridwall::base {

class TextIndex {
 public:
  static constexpr std::uint32_t kEmpty = 0xffffffffu;
  // A place in the table; `number` is kEmpty where there is none.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t number = kEmpty;
    std::uint32_t begin = 0, size = 0;  // of its text: here, so that a look-up goes straight to it
  };
  // As it stands in memory, to be kept and taken in again without a look at any text.
  struct Parts {
    std::span<const Slot> slots;
    std::string_view texts;
    std::span<const std::uint32_t> ends;
  };
  [[nodiscard]] Parts parts() const { return {m_slots, m_texts, m_ends}; }
  // nullopt: they are no index's parts. Look-ups stay within them whatever they are; whether the table fits its texts
  // is the keeper's promise.
  static std::optional<TextIndex> from(const Parts& parts) {
    const std::size_t count = parts.ends.size(), size = parts.slots.size();
    if ((size & (size - 1)) != 0 || count >= kEmpty || (count > 0 && count * 4 > size * 3)) return std::nullopt;
    std::uint32_t last = 0;
    for (const std::uint32_t end : parts.ends) {
      if (end < last || end > parts.texts.size()) return std::nullopt;
      last = end;
    }
    std::size_t used = 0;
    for (const Slot& slot : parts.slots) {
      if (slot.number == kEmpty) continue;
      if (slot.number >= count || std::uint64_t{slot.begin} + slot.size > parts.texts.size()) return std::nullopt;
      ++used;
    }
    if (used != count) return std::nullopt;
    TextIndex index;
    index.m_slots.assign(parts.slots.begin(), parts.slots.end());
    index.m_texts = parts.texts;
    index.m_ends.assign(parts.ends.begin(), parts.ends.end());
    return index;
  }

  void reserve(std::size_t text_count) {
    m_ends.reserve(text_count);
    std::size_t size = 16;
    while (text_count * 4 > size * 3) size *= 2;
    if (size > m_slots.size()) rehash(size);
  }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const {
    if (m_slots.empty()) return std::nullopt;
    const std::uint64_t hash = hash_bytes(text);
    for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
      const Slot& slot = m_slots[i];
      if (slot.number == kEmpty) return std::nullopt;
      if (slot.tag == tag_of(hash) && text_of(slot) == text) return slot.number;
    }
  }
  // The number of a text that is not there yet.
  std::uint32_t add(std::string_view text) {
    const auto number = try_add(text);
    ASSERT(number, "'{}' is there", text);
    return *number;
  }
  // nullopt: it is there already.
  std::optional<std::uint32_t> try_add(std::string_view text) {
    ASSERT(m_texts.size() + text.size() < kEmpty, "{} bytes of texts", m_texts.size());
    if ((m_ends.size() + 1) * 4 > m_slots.size() * 3) grow();
    const std::uint64_t hash = hash_bytes(text);
    std::size_t i = hash & mask();
    for (; m_slots[i].number != kEmpty; i = (i + 1) & mask()) {
      if (m_slots[i].tag == tag_of(hash) && text_of(m_slots[i]) == text) return std::nullopt;
    }
    const auto begin = static_cast<std::uint32_t>(m_texts.size());
    m_slots[i] = {tag_of(hash), count(), begin, static_cast<std::uint32_t>(text.size())};
    m_texts += text;
    m_ends.push_back(static_cast<std::uint32_t>(m_texts.size()));
    return m_slots[i].number;
  }
  [[nodiscard]] std::string_view at(std::uint32_t number) const {
    return std::string_view(m_texts).substr(begin_of(number), m_ends[number] - begin_of(number));
  }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(m_ends.size()); }

 private:
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  [[nodiscard]] std::size_t mask() const { return m_slots.size() - 1; }
  [[nodiscard]] std::uint32_t begin_of(std::uint32_t number) const { return number == 0 ? 0 : m_ends[number - 1]; }
  [[nodiscard]] std::string_view text_of(const Slot& slot) const { return {m_texts.data() + slot.begin, slot.size}; }
  void put(std::uint32_t number) {
    const std::uint64_t hash = hash_bytes(at(number));
    std::size_t i = hash & mask();
    while (m_slots[i].number != kEmpty) i = (i + 1) & mask();
    m_slots[i] = {tag_of(hash), number, begin_of(number), m_ends[number] - begin_of(number)};
  }
  void grow() { rehash(m_slots.empty() ? 16 : m_slots.size() * 2); }
  void rehash(std::size_t size) {
    m_slots.assign(size, Slot{});
    for (std::uint32_t number = 0; number < count(); ++number) put(number);
  }

  std::vector<Slot> m_slots;  // a power of two of them, a quarter free
  std::string m_texts;        // end to end
  std::vector<std::uint32_t> m_ends;
};

}  // namespace gridwall::base
