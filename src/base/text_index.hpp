// TextIndex: texts numbered in the order in which they were added, found again in one look into a flat table and one at
// the text. For sets that only grow: codes, paths, prefixes. Views of texts hold until the next one is added.
// TextTable: a finished one, wherever its memory lies: in a TextIndex, or in a file.
// One thread writes, any may read a finished one. Test: tests/unit/base/text_index_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "base/hash.hpp"

namespace gridwall::base {

// Reads memory that somebody else keeps.
class TextTable {
 public:
  static constexpr std::uint32_t kEmpty = 0xffffffffu;
  // A place in the table; `number` is kEmpty where there is none.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t number = kEmpty;
    std::uint32_t begin = 0, size = 0;  // of its text: here, so that a look-up goes straight to it
  };
  struct Parts {
    std::span<const Slot> slots;          // a power of two of them, a quarter free; or none
    std::string_view texts;               // end to end
    std::span<const std::uint32_t> ends;  // of each text
  };

  TextTable() = default;
  // nullopt: they are no table's parts. Look-ups stay within them whatever they are; whether the slots fit the texts
  // is the keeper's promise.
  static std::optional<TextTable> from(const Parts& parts) {
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
    return TextTable(parts);
  }

  [[nodiscard]] const Parts& parts() const { return m_parts; }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const {
    if (m_parts.slots.empty()) return std::nullopt;
    const std::uint64_t hash = hash_bytes(text);
    const std::size_t mask = m_parts.slots.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
      const Slot& slot = m_parts.slots[i];
      if (slot.number == kEmpty) return std::nullopt;
      if (slot.tag == tag_of(hash) && text_of(slot) == text) return slot.number;
    }
  }
  [[nodiscard]] std::string_view at(std::uint32_t number) const {
    return m_parts.texts.substr(begin_of(number), m_parts.ends[number] - begin_of(number));
  }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(m_parts.ends.size()); }

 private:
  friend class TextIndex;
  explicit TextTable(const Parts& parts) : m_parts(parts) {}
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  [[nodiscard]] std::uint32_t begin_of(std::uint32_t number) const {
    return number == 0 ? 0 : m_parts.ends[number - 1];
  }
  [[nodiscard]] std::string_view text_of(const Slot& slot) const {
    return {m_parts.texts.data() + slot.begin, slot.size};
  }

  Parts m_parts;
};

class TextIndex {
 public:
  using Slot = TextTable::Slot;

  // Its texts and those of what was moved from it; holds until the next one is added.
  [[nodiscard]] TextTable table() const { return TextTable({m_slots, {m_texts.data(), m_texts.size()}, m_ends}); }
  void reserve(std::size_t text_count) {
    m_ends.reserve(text_count);
    std::size_t size = 16;
    while (text_count * 4 > size * 3) size *= 2;
    if (size > m_slots.size()) rehash(size);
  }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const { return table().find(text); }
  [[nodiscard]] std::string_view at(std::uint32_t number) const { return table().at(number); }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(m_ends.size()); }
  // The number of a text that is not there yet.
  std::uint32_t add(std::string_view text) {
    const auto number = try_add(text);
    ASSERT(number, "'{}' is there", text);
    return *number;
  }
  // nullopt: it is there already.
  std::optional<std::uint32_t> try_add(std::string_view text) {
    ASSERT(m_texts.size() + text.size() < TextTable::kEmpty, "{} bytes of texts", m_texts.size());
    if ((m_ends.size() + 1) * 4 > m_slots.size() * 3) rehash(m_slots.empty() ? 16 : m_slots.size() * 2);
    const std::uint64_t hash = hash_bytes(text);
    const TextTable all = table();
    std::size_t i = hash & mask();
    for (; m_slots[i].number != TextTable::kEmpty; i = (i + 1) & mask()) {
      if (m_slots[i].tag == TextTable::tag_of(hash) && all.text_of(m_slots[i]) == text) return std::nullopt;
    }
    const auto begin = static_cast<std::uint32_t>(m_texts.size());
    m_slots[i] = {TextTable::tag_of(hash), count(), begin, static_cast<std::uint32_t>(text.size())};
    m_texts.insert(m_texts.end(), text.begin(), text.end());
    m_ends.push_back(static_cast<std::uint32_t>(m_texts.size()));
    return m_slots[i].number;
  }

 private:
  [[nodiscard]] std::size_t mask() const { return m_slots.size() - 1; }
  void rehash(std::size_t size) {
    m_slots.assign(size, Slot{});
    const TextTable all = table();
    for (std::uint32_t number = 0; number < count(); ++number) {
      const std::uint64_t hash = hash_bytes(all.at(number));
      std::size_t i = hash & mask();
      while (m_slots[i].number != TextTable::kEmpty) i = (i + 1) & mask();
      m_slots[i] = {TextTable::tag_of(hash), number, all.begin_of(number), m_ends[number] - all.begin_of(number)};
    }
  }

  std::vector<Slot> m_slots;
  std::vector<char> m_texts;  // no string: what a short one holds moves with it
  std::vector<std::uint32_t> m_ends;
};

}  // namespace gridwall::base
