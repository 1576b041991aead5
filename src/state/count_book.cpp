#include "state/count_book.hpp"

namespace gridwall::state {

CountBook::CountBook(std::shared_ptr<const Ancestry> ancestry)
    : m_ancestry(std::move(ancestry)), m_total(m_ancestry->size()), m_own_inner(m_ancestry->size()) {}

void CountBook::change(model::DivisionIndex division, NowBits before, NowBits after) {
  if (before == after) return;
  m_changed = true;
  const NowBits gone = before & ~after, come = after & ~before;
  const auto apply = [&](CaseCounts& counts) {
    subtract_bits(counts, gone);
    add_bits(counts, come);
  };
  if (!m_ancestry->is_leaf(division)) apply(m_own_inner.edit(division.value));
  m_ancestry->for_each_up(division, [&](std::uint32_t at) { apply(m_total.edit(at)); });
}

void CountBook::prefetch(model::DivisionIndex division) const {
  for (int level = 0; level < 3 && division.valid(); ++level, division = m_ancestry->parent(division)) {
    m_total.prefetch(division.value);
  }
}

void CountBook::restart_today() {
  m_changed = true;
  const auto restart = [](CowArray<CaseCounts, kCountsPerPage>& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].reported_today == 0 && all[i].closed_today == 0) continue;
      CaseCounts& counts = all.edit(i);
      counts.reported_today = counts.closed_of_reported_today = counts.closed_today = 0;
    }
  };
  restart(m_total);
  restart(m_own_inner);
}

void CountBook::clear() {
  m_total = CowArray<CaseCounts, kCountsPerPage>(m_ancestry->size());
  m_own_inner = CowArray<CaseCounts, kCountsPerPage>(m_ancestry->size());
  m_changed = true;
}

void CountBook::freeze_into(WorldSnapshot& snapshot) {
  if (m_changed) {
    m_frozen_total = std::make_shared<const FrozenCounts>(m_total.freeze());
    m_frozen_own = std::make_shared<const FrozenCounts>(m_own_inner.freeze());
    m_changed = false;
  }
  snapshot.total = m_frozen_total;
  snapshot.own_inner = m_frozen_own;
}

}  // namespace gridwall::state
