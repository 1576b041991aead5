// IdTable: from the hash of an id to a place, by open addressing in one flat table: a look-up is one cache line, which
// can be asked for ahead (prefetch). The ids themselves stand elsewhere; the caller compares. Nothing is removed: the
// owner builds it anew when it drops entries. Test: tests/unit/state/id_table_test.cpp.
#pragma once

#include <cstdint>
#include <optional>

#include "state/big_memory.hpp"

namespace gridwall::state {

class IdTable {
 public:
  IdTable() { clear(); }

  // `same(place)`: whether the entry at that place has the id looked for.
  template <typename Same>
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t hash, const Same& same) const {
    for (std::size_t i = hash & m_mask;; i = (i + 1) & m_mask) {
      const Slot& slot = m_slots[i];
      if (slot.place == kEmpty) return std::nullopt;
      if (slot.tag == tag_of(hash) && same(slot.place)) return slot.place;
    }
  }
  // Which place it may be, without a look at the ids: for asking for its memory ahead.
  [[nodiscard]] std::optional<std::uint32_t> guess(std::uint64_t hash) const {
    return find(hash, [](std::uint32_t) { return true; });
  }
  // The id must not be there. `hash_of(place)` is asked when the table grows.
  template <typename HashOf>
  void add(std::uint64_t hash, std::uint32_t place, const HashOf& hash_of) {
    if ((m_count + 1) * 4 > m_slots.size() * 3) grow(hash_of);
    put(hash, place);
    ++m_count;
  }
  void prefetch(std::uint64_t hash) const { prefetch_line(&m_slots[hash & m_mask]); }
  void clear() {
    m_slots.assign(64, Slot{});
    m_mask = m_slots.size() - 1;
    m_count = 0;
  }
  [[nodiscard]] std::size_t bytes() const { return m_slots.size() * sizeof(Slot); }

 private:
  static constexpr std::uint32_t kEmpty = 0xffffffffu;
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = kEmpty;
  };
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  void put(std::uint64_t hash, std::uint32_t place) {
    std::size_t i = hash & m_mask;
    while (m_slots[i].place != kEmpty) i = (i + 1) & m_mask;
    m_slots[i] = {tag_of(hash), place};
  }
  template <typename HashOf>
  void grow(const HashOf& hash_of) {
    const BigVector<Slot> old = std::move(m_slots);
    m_slots.assign(old.size() * 2, Slot{});
    m_mask = m_slots.size() - 1;
    for (const Slot& slot : old) {
      if (slot.place != kEmpty) put(hash_of(slot.place), slot.place);
    }
  }

  BigVector<Slot> m_slots;
  std::size_t m_mask = 0;
  std::size_t m_count = 0;
};

}  // namespace gridwall::state
