// RegisterBook: the register (台账) folded: one entry for each (kind, key), which the last event in feed order
// describes as a whole. A metric keeps what it was in the periods before, a task when it reached which step. Invariant:
// an entry's hash is one of its whole content, so folds that agree on the digest agree on every entry. Test:
// tests/unit/state/register_book_test.cpp.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "model/event.hpp"
#include "state/byte_stream.hpp"
#include "state/register_snapshot.hpp"

namespace gridwall::state {

// Where the feed says that an entry is.
struct EntryPlace {
  model::DivisionIndex division;
  bool located = false;
  base::Vec2i point_units;
};

// What a change means for the digests: 0 stands for no entry.
struct EntryChange {
  model::DivisionIndex division_before, division_after;
  std::uint64_t hash_before = 0, hash_after = 0;
};

// One thread; snapshots may go to any.
class RegisterBook {
 public:
  // `event` has an entry.
  EntryChange take(const model::SequencedEvent& event, const EntryPlace& place);
  // Null: not known, or retired.
  [[nodiscard]] const RegisterEntry* find(model::RegisterKind kind, std::string_view key) const;
  [[nodiscard]] std::size_t count() const { return m_places.size(); }
  [[nodiscard]] std::size_t bytes() const { return m_bytes; }
  // The same pointer as the last time when nothing changed.
  [[nodiscard]] std::shared_ptr<const RegisterSnapshot> freeze();
  void clear();

  // In order of (kind, table, key).
  template <typename Visit>
  void for_each(const Visit& visit) const {
    for (const auto& [order, slot] : m_slots) visit(*slot.entry);
  }
  static void put_entry(ByteWriter& out, const RegisterEntry& entry);
  // Bad bytes make the reader bad. `division_count` of the tree.
  static RegisterEntry take_entry(ByteReader& in, std::uint32_t division_count);
  static constexpr std::size_t kEntryBytesMin = 60;
  // As it was; 0 and nothing happens when it is known already. Returns its hash.
  std::uint64_t restore(RegisterEntry entry);

 private:
  using Order = std::tuple<model::RegisterKind, std::string, std::string>;  // kind, table, key
  struct Slot {
    std::shared_ptr<const RegisterEntry> entry;
    std::uint64_t hash = 0;
  };
  using Slots = std::map<Order, Slot>;
  static std::string place_key(model::RegisterKind kind, std::string_view key);
  void remove(const std::string& place_key);
  std::uint64_t put(std::shared_ptr<const RegisterEntry> entry);

  Slots m_slots;
  std::unordered_map<std::string, Slots::iterator> m_places;  // by kind and key
  std::size_t m_bytes = 0;
  std::uint64_t m_version = 1;
  std::shared_ptr<const RegisterSnapshot> m_last;
};

}  // namespace gridwall::state
