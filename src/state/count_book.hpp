// CountBook: CaseCounts of every division, kept up with each change of a case. One thread; frozen arrays go anywhere.
// Test: tests/unit/state/count_book_test.cpp.
#pragma once

#include <memory>

#include "state/ancestry.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::state {

class CountBook {
 public:
  explicit CountBook(std::shared_ptr<const Ancestry> ancestry);

  // A case of `division` had `before` and has `after`; 0 for one that was or is not there.
  void change(model::DivisionIndex division, NowBits before, NowBits after);
  // At midnight: nothing was reported or closed today yet.
  void restart_today();
  void clear();

  // The same pointers as the last time when nothing changed.
  void freeze_into(WorldSnapshot& snapshot);
  [[nodiscard]] const CaseCounts& total(model::DivisionIndex division) const { return m_total[division.value]; }
  // Asks for the counters of the division and of the two above it; higher ones are always near.
  void prefetch(model::DivisionIndex division) const;
  [[nodiscard]] std::size_t bytes() const { return (m_total.size() + m_own_inner.size()) * sizeof(CaseCounts); }

 private:
  std::shared_ptr<const Ancestry> m_ancestry;
  CowArray<CaseCounts, kCountsPerPage> m_total, m_own_inner;
  std::shared_ptr<const FrozenCounts> m_frozen_total, m_frozen_own;
  bool m_changed = true;
};

}  // namespace gridwall::state
