// CaseStore: the cases that are open or were settled lately, by number, in the order in which they were first heard of.
// What the screen needs lies in copy-on-write pages (Incident); what only the fold needs stands beside it and is
// written in place (FoldedCase). Test: tests/unit/state/case_store_test.cpp.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "model/case_record.hpp"
#include "state/big_memory.hpp"
#include "state/id_table.hpp"
#include "state/text_arena.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::state {

inline constexpr std::uint32_t kNoEntry = 0xffffffffu;

struct FoldedCase {
  model::CaseRecord record;
  base::UtcTime timer_at{};          // its timer; epoch: none
  std::uint64_t digest = 0;          // what it added to the digests
  NowBits now_bits = 0;              // what it added to the counts
  std::uint64_t first_sequence = 0;  // of its first event: the order in which cases were first heard of
  std::uint32_t entry = kNoEntry;    // in the FigureBook
  Symbol condition = kNoSymbol;      // filing condition: said before dispatch, needed at it
  bool forgotten = false;            // the months of its figures are: it is not counted again
};

// One thread. A case's number is its place; it stays until the next compact() or clear().
class CaseStore {
 public:
  CaseStore() { clear(); }

  static std::uint64_t hash_of(std::string_view id);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id, std::uint64_t hash) const;
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const { return find(id, hash_of(id)); }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(m_incidents.size()); }
  [[nodiscard]] const Incident& incident(std::uint32_t number) const { return m_incidents[number]; }
  [[nodiscard]] const FoldedCase& folded(std::uint32_t number) const { return m_folded[number]; }
  // For writing. The reference to an incident holds until the next freeze().
  Incident& edit(std::uint32_t number) { return m_incidents.edit(number); }
  FoldedCase& folded(std::uint32_t number) { return m_folded[number]; }

  // The id must be new.
  std::uint32_t add(std::string_view id, std::uint64_t hash);

  // Drops what `keep` refuses and closes the ranks: order stays, numbers shrink. Nothing happens when all are kept.
  void compact(const std::function<bool(std::uint32_t number)>& keep);
  void clear();

  void freeze_into(WorldSnapshot& snapshot);

  // For what is to come: the look-up, then where the case is that it will find (but for two ids of nearly one hash),
  // then the case.
  void prefetch(std::uint64_t hash) const { m_table.prefetch(hash); }
  [[nodiscard]] std::optional<std::uint32_t> guess(std::uint64_t hash) const { return m_table.guess(hash); }
  void prefetch_place(std::uint32_t number) const;
  void prefetch_case(std::uint32_t number) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  CowArray<Incident, kIncidentsPerPage> m_incidents;
  BlockArray<FoldedCase> m_folded;
  IdTable m_table;
  std::shared_ptr<TextArena> m_ids;
};

}  // namespace gridwall::state
