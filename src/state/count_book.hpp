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
  [[nodiscard]] const CaseCounts& total(model::DivisionIndex division) const { return m_total.live[division.value]; }
  // Asks for what a change in the division will write.
  void prefetch(model::DivisionIndex division) const;
  // Without the frozen ones.
  [[nodiscard]] std::size_t bytes() const { return (m_total.live.size() + m_own_inner.live.size()) * sizeof(Counts); }

 private:
  struct alignas(kLineBytes) Counts : CaseCounts {};  // three lines and not four
  // Every event writes in one set of counters for each level, so these lie end to end and are written in place; pages
  // are made of what changed when somebody wants to see them.
  struct Pages {
    explicit Pages(std::size_t size) : live(size), frozen(size), is_changed(size / kCountsPerPage + 1) {}
    Counts& edit(std::size_t index);
    FrozenCounts freeze();
    ZeroedArray<Counts> live;  // a district of half a million divisions has cases in few
    CowArray<CaseCounts, kCountsPerPage> frozen;
    std::vector<bool> is_changed;  // by page, since the last freeze
    std::vector<std::uint32_t> changed;
  };

  std::shared_ptr<const Ancestry> m_ancestry;
  Pages m_total, m_own_inner;
  std::shared_ptr<const FrozenCounts> m_frozen_total, m_frozen_own;
  bool m_changed = true;
};

}  // namespace gridwall::state
