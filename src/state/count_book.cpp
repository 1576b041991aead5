#include "state/count_book.hpp"

#include <algorithm>

namespace gridwall::state {

CountBook::CountBook(std::shared_ptr<const Ancestry> ancestry)
    : m_ancestry(std::move(ancestry)), m_total(m_ancestry->size()), m_own_inner(m_ancestry->size()) {}

CountBook::Counts& CountBook::Pages::edit(std::size_t index) {
  const std::size_t page = index / kCountsPerPage;
  if (!is_changed[page]) {
    is_changed[page] = true;
    changed.push_back(static_cast<std::uint32_t>(page));
  }
  return live[index];
}

FrozenCounts CountBook::Pages::freeze() {
  for (const std::uint32_t page : changed) {
    is_changed[page] = false;
    const std::size_t begin = std::size_t{page} * kCountsPerPage;
    for (std::size_t i = begin; i < std::min(begin + kCountsPerPage, live.size()); ++i) frozen.edit(i) = live[i];
  }
  changed.clear();
  return frozen.freeze();
}

void CountBook::change(model::DivisionIndex division, NowBits before, NowBits after) {
  if (before == after) return;
  m_changed = true;
  const CountsChange change(before, after);
  if (!m_ancestry->is_leaf(division)) change.apply_to(m_own_inner.edit(division.value));
  m_ancestry->for_each_up(division, [&](std::uint32_t at) { change.apply_to(m_total.edit(at)); });
}

void CountBook::prefetch(model::DivisionIndex division) const {
  m_ancestry->for_each_up(division, [&](std::uint32_t at) { prefetch_bytes(&m_total.live[at], sizeof(CaseCounts)); });
}

void CountBook::restart_today() {
  m_changed = true;
  const auto restart = [](Pages& all) {
    for (std::size_t i = 0; i < all.live.size(); ++i) {
      if (all.live[i].reported_today == 0 && all.live[i].closed_today == 0) continue;
      CaseCounts& counts = all.edit(i);
      counts.reported_today = counts.closed_of_reported_today = counts.closed_today = 0;
    }
  };
  restart(m_total);
  restart(m_own_inner);
}

void CountBook::clear() {
  m_total = Pages(m_ancestry->size());
  m_own_inner = Pages(m_ancestry->size());
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
