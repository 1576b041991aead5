#include "state/figure_book.hpp"

#include <algorithm>
#include <map>

#include "base/assert.hpp"

namespace gridwall::state {

namespace {

using base::Period;
using base::PeriodKind;
using model::DivisionIndex;

constexpr std::array<PeriodKind, 3> kStored{PeriodKind::Hour, PeriodKind::Day, PeriodKind::Month};

constexpr std::uint64_t mixed(std::uint64_t key) {
  key ^= key >> 31;
  key *= 0x9e3779b97f4a7c15ull;
  return key ^ key >> 29;
}

// Days alone are kept by dimensions.
constexpr bool has_dimensions(std::size_t stored_kind) {
  return kStored[stored_kind] == PeriodKind::Day;
}

}  // namespace

FigureBook::FigureBook(std::shared_ptr<const Ancestry> ancestry, base::TimeZone zone, Retention retention)
    : m_ancestry(std::move(ancestry)), m_zone(std::move(zone)), m_retention(retention) {
  clear();
}

void FigureBook::clear() {
  m_entries.clear();
  m_cells.clear();
  m_dense.clear();
  m_links.clear();
  m_by_key.clear();
  m_lists.clear();
  m_slots.assign(1024, kNone);
  m_slot_mask = m_slots.size() - 1;
  m_slots_used = 0;
  m_newest.assign(m_ancestry->size(), {});
  m_now = {};
  m_first.fill(INT32_MIN);
}

// Division 28 bits, own 1, kind 3, index 32.
std::uint64_t FigureBook::key_of(DivisionIndex division, Own own, PeriodKind kind, std::int32_t index) {
  return std::uint64_t{division.value} << 36 | std::uint64_t{own == Own::Yes} << 35 |
         static_cast<std::uint64_t>(kind) << 32 | static_cast<std::uint32_t>(index);
}

std::uint32_t FigureBook::find_cell(std::uint64_t key) const {
  for (std::size_t i = mixed(key) & m_slot_mask;; i = (i + 1) & m_slot_mask) {
    if (m_slots[i] == kNone) return kNone;
    if (m_cells.items[m_slots[i]].key == key) return m_slots[i];
  }
}

void FigureBook::put_slot(std::uint64_t key, std::uint32_t cell) {
  std::size_t i = mixed(key) & m_slot_mask;
  while (m_slots[i] != kNone) i = (i + 1) & m_slot_mask;
  m_slots[i] = cell;
  ++m_slots_used;
}

void FigureBook::rebuild_slots(std::size_t slot_count) {
  std::vector<bool> is_free(m_cells.items.size(), false);
  for (const std::uint32_t cell : m_cells.free) is_free[cell] = true;
  m_slots.assign(slot_count, kNone);
  m_slot_mask = slot_count - 1;
  m_slots_used = 0;
  for (std::uint32_t cell = 0; cell < m_cells.items.size(); ++cell) {
    if (!is_free[cell]) put_slot(m_cells.items[cell].key, cell);
  }
}

std::uint32_t FigureBook::add_cell(std::uint64_t key, std::uint32_t parent) {
  if ((m_slots_used + 1) * 4 > m_slots.size() * 3) rebuild_slots(m_slots.size() * 2);
  const std::uint32_t cell = m_cells.take();
  m_cells.items[cell].key = key;
  m_cells.items[cell].parent = parent;
  put_slot(key, cell);
  return cell;
}

// (What was forgotten lies before m_first, and nobody asks for a cell of it.)
std::uint32_t FigureBook::cell_for(DivisionIndex division, Own own, std::size_t stored_kind, std::int32_t index) {
  const std::uint64_t key = key_of(division, own, kStored[stored_kind], index);
  if (own == Own::Yes) {
    const std::uint32_t found = find_cell(key);
    return found != kNone ? found : add_cell(key, cell_for(division, Own::No, stored_kind, index));
  }
  Newest& newest = m_newest[division.value][stored_kind];
  if (index == newest.index) return newest.cell;
  if (index < newest.index) {
    if (const std::uint32_t found = find_cell(key); found != kNone) return found;
  }
  const auto above = m_ancestry->parent(division);
  const std::uint32_t cell = add_cell(key, above.valid() ? cell_for(above, Own::No, stored_kind, index) : kNone);
  if (index > newest.index) newest = {index, cell};
  return cell;
}

namespace {

void drop_ref(std::vector<std::uint32_t>& refs, std::uint32_t entry) {
  const auto found = std::find(refs.begin(), refs.end(), entry);
  ASSERT(found != refs.end(), "entry {} is not in its cell", entry);
  *found = refs.back();
  refs.pop_back();
}

}  // namespace

void FigureBook::add_by_key(std::uint32_t by_key, std::size_t dimension, Symbol key, std::uint32_t entry) {
  auto& places = m_by_key.items[by_key].places[dimension];
  if (key >= places.size()) places.resize(std::size_t{key} + 1);
  Place& place = places[key];
  if (place.index == kNone) place = {m_lists.take(), true};
  if (place.is_list) {
    Refs& refs = m_lists.items[place.index];
    if (refs.size() < kRefsMax) return refs.push_back(entry);
    const std::uint32_t dense = take_dense();
    for (const std::uint32_t ref : refs) m_dense.items[dense].figures.add(m_entries.items[ref].counted.measure);
    m_lists.give_back(place.index);
    place = {dense, false};
  }
  m_dense.items[place.index].figures.add(m_entries.items[entry].counted.measure);
}

void FigureBook::take_by_key(std::uint32_t by_key, std::size_t dimension, Symbol key, std::uint32_t entry) {
  const Place& place = m_by_key.items[by_key].places[dimension][key];
  if (place.is_list) return drop_ref(m_lists.items[place.index], entry);
  m_dense.items[place.index].figures.subtract(m_entries.items[entry].counted.measure);
}

std::uint32_t FigureBook::take_dense() {
  const std::uint32_t number = m_dense.take();
  if (number == m_links.size()) m_links.emplace_back();
  m_links[number] = {};
  return number;
}

void FigureBook::make_dense(Cell& cell, std::size_t stored_kind) {
  cell.dense = take_dense();
  Dense& dense = m_dense.items[cell.dense];
  // Counts come from the root down: it has at least as many cases as any below it.
  if (cell.parent != kNone) m_links[cell.dense].parent = m_cells.items[cell.parent].dense;
  for (const std::uint32_t ref : cell.refs) {
    dense.figures.add(m_entries.items[ref].counted.measure);
    m_entries.items[ref].counted_from[stored_kind] = cell.dense;
  }
  if (!has_dimensions(stored_kind)) cell.refs = {};
}

void FigureBook::add_to_cell(std::uint32_t cell_index, std::uint32_t number, std::size_t stored_kind) {
  Cell& cell = m_cells.items[cell_index];
  if (cell.dense == kNone && cell.refs.size() < kRefsMax) return cell.refs.push_back(number);
  if (cell.dense == kNone) make_dense(cell, stored_kind);
  Dense& dense = m_dense.items[cell.dense];
  Entry& entry = m_entries.items[number];
  entry.counted_from[stored_kind] = cell.dense;
  dense.figures.add(entry.counted.measure);
  if (!has_dimensions(stored_kind)) return;
  std::uint32_t& by_key = m_links[cell.dense].by_key;
  const auto add_by_keys = [&](std::uint32_t ref) {
    for (std::size_t d = 0; d < kDimensionCount; ++d) {
      add_by_key(by_key, d, m_entries.items[ref].counted.keys[d], ref);
    }
  };
  if (by_key == kNone && cell.refs.size() < kNamedMax) return cell.refs.push_back(number);
  if (by_key == kNone) {
    by_key = m_by_key.take();
    for (const std::uint32_t ref : std::exchange(cell.refs, {})) add_by_keys(ref);
  }
  add_by_keys(number);
}

// From the root down: make_dense() needs the counts above it, and the last one written is the lowest.
void FigureBook::add_to_cells(std::uint32_t lowest, std::uint32_t entry, std::size_t stored_kind) {
  const std::uint32_t above = m_cells.items[lowest].parent;
  if (above != kNone) add_to_cells(above, entry, stored_kind);
  add_to_cell(lowest, entry, stored_kind);
}

void FigureBook::take_from_cell(std::uint32_t cell_index, std::uint32_t number) {
  Cell& cell = m_cells.items[cell_index];
  const CountedCase& counted = m_entries.items[number].counted;
  if (cell.dense == kNone) return drop_ref(cell.refs, number);
  m_dense.items[cell.dense].figures.subtract(counted.measure);
  const std::uint32_t by_key = m_links[cell.dense].by_key;
  if (by_key == kNone) {
    if (!cell.refs.empty()) drop_ref(cell.refs, number);  // (hours and months have let go of them)
    return;
  }
  for (std::size_t d = 0; d < kDimensionCount; ++d) take_by_key(by_key, d, counted.keys[d], number);
}

std::uint32_t FigureBook::insert(const CountedCase& counted) {
  const std::uint32_t number = m_entries.take();
  Entry& entry = m_entries.items[number];
  entry.counted = counted;
  const bool is_leaf = m_ancestry->is_leaf(counted.division);
  for (std::size_t k = 0; k < kStoredKinds; ++k) {
    const Period period = base::period_of(counted.reported_at, kStored[k], m_zone);
    // The others of a period that was forgotten are gone: it reads as absent, and not as if this were all.
    if (period.index < m_first[k]) continue;
    entry.cells[k] = cell_for(counted.division, is_leaf ? Own::No : Own::Yes, k, period.index);
    add_to_cells(entry.cells[k], number, k);
  }
  return number;
}

void FigureBook::erase(std::uint32_t number) {
  const Entry& entry = m_entries.items[number];
  ASSERT(entry.used(), "entry {} is not there", number);
  for (const std::uint32_t lowest : entry.cells) {
    for (std::uint32_t cell = lowest; cell != kNone; cell = m_cells.items[cell].parent) take_from_cell(cell, number);
  }
  m_entries.give_back(number);
}

std::uint32_t FigureBook::replace(std::uint32_t number, const CountedCase& counted) {
  Entry& entry = m_entries.items[number];
  CountedCase& old = entry.counted;
  if (old.division != counted.division || old.reported_at != counted.reported_at) {
    erase(number);
    return insert(counted);
  }
  for (std::size_t k = 0; k < kStoredKinds && old.keys != counted.keys; ++k) {
    if (!has_dimensions(k)) continue;
    for (std::uint32_t at = entry.counted_from[k]; at != kNone; at = m_links[at].parent) {
      const std::uint32_t by_key = m_links[at].by_key;
      if (by_key == kNone) continue;
      for (std::size_t d = 0; d < kDimensionCount; ++d) {
        if (old.keys[d] == counted.keys[d]) continue;
        take_by_key(by_key, d, old.keys[d], number);
        add_by_key(by_key, d, counted.keys[d], number);
      }
    }
  }
  old.keys = counted.keys;
  change(number, counted.measure);
  return number;
}

void FigureBook::change(std::uint32_t number, const model::CaseMeasure& measure) {
  Entry& entry = m_entries.items[number];
  if (entry.counted.measure == measure) return;
  const FiguresChange difference(entry.counted.measure, measure);
  entry.counted.measure = measure;
  for (const std::uint32_t lowest : entry.counted_from) {
    for (std::uint32_t at = lowest; at != kNone; at = m_links[at].parent) {
      difference.apply_to(m_dense.items[at].figures);
      if (m_links[at].by_key == kNone) continue;
      const ByKey& by_key = m_by_key.items[m_links[at].by_key];
      for (std::size_t d = 0; d < kDimensionCount; ++d) {
        const Place place = by_key.places[d][entry.counted.keys[d]];
        if (!place.is_list) difference.apply_to(m_dense.items[place.index].figures);
      }
    }
  }
}

// Most changes write counts; seldom the durations behind them.
void FigureBook::prefetch_counts(std::uint32_t number) const {
  if (number >= m_entries.items.size()) return;
  const Entry& entry = m_entries.items[number];
  const auto ask = [&](std::uint32_t dense) { prefetch_bytes(&m_dense.items[dense], sizeof(Figures::counts)); };
  for (const std::uint32_t lowest : entry.counted_from) {
    for (std::uint32_t at = lowest; at != kNone; at = m_links[at].parent) {
      ask(at);
      if (m_links[at].by_key == kNone) continue;
      const ByKey& by_key = m_by_key.items[m_links[at].by_key];
      for (std::size_t d = 0; d < kDimensionCount; ++d) {
        const Symbol key = entry.counted.keys[d];
        if (key < by_key.places[d].size() && by_key.places[d][key].counts()) ask(by_key.places[d][key].index);
      }
    }
  }
}

void FigureBook::prefetch_newest_cells(DivisionIndex division) const {
  m_ancestry->for_each_far(division, [&](std::uint32_t at) {
    for (const Newest& newest : m_newest[at]) {
      if (newest.cell != kNone) prefetch_bytes(&m_cells.items[newest.cell], sizeof(Cell));
    }
  });
}

void FigureBook::sum_cell(std::uint32_t cell_index, Figures& out) const {
  if (cell_index == kNone) return;
  const Cell& cell = m_cells.items[cell_index];
  if (cell.dense != kNone) {
    out += m_dense.items[cell.dense].figures;
    return;
  }
  for (const std::uint32_t ref : cell.refs) out.add(m_entries.items[ref].counted.measure);
}

template <typename Visit>
void FigureBook::for_each_stored(Period period, const Visit& visit) const {
  if (period.kind == PeriodKind::Year) {
    for (int month = 0; month < 12; ++month) visit(Period{PeriodKind::Month, period.index * 12 + month});
    return;
  }
  if (period.kind != PeriodKind::Week) return visit(period);
  const Period monday = base::period_of(base::period_begin(period, m_zone), PeriodKind::Day, m_zone);
  for (int day = 0; day < 7; ++day) visit(Period{PeriodKind::Day, monday.index + day});
}

template <typename Visit>
void FigureBook::for_each_day(Period period, const Visit& visit) const {
  const Period last = base::previous_period(base::period_of(base::period_end(period, m_zone), PeriodKind::Day, m_zone));
  Period day = base::period_of(base::period_begin(period, m_zone), PeriodKind::Day, m_zone);
  for (; day.index <= last.index; ++day.index) visit(day);
}

Figures FigureBook::figures(DivisionIndex division, Period period) const {
  Figures sum;
  for_each_stored(
      period, [&](Period stored) { sum_cell(find_cell(key_of(division, Own::No, stored.kind, stored.index)), sum); });
  return sum;
}

std::int64_t FigureBook::reports(DivisionIndex division, Period period) const {
  std::int64_t sum = 0;
  for_each_stored(period, [&](Period stored) {
    const std::uint32_t index = find_cell(key_of(division, Own::No, stored.kind, stored.index));
    if (index == kNone) return;
    const Cell& cell = m_cells.items[index];
    const auto dense = [&] { return m_dense.items[cell.dense].figures.of(model::Count::Report); };
    sum += cell.dense == kNone ? static_cast<std::int64_t>(cell.refs.size()) : dense();
  });
  return sum;
}

Figures FigureBook::own_figures(DivisionIndex division, Period period) const {
  const Own own = m_ancestry->is_leaf(division) ? Own::No : Own::Yes;
  Figures sum;
  for_each_stored(period,
                  [&](Period stored) { sum_cell(find_cell(key_of(division, own, stored.kind, stored.index)), sum); });
  return sum;
}

std::vector<SymbolFigures> FigureBook::figures_by(DivisionIndex division, Period period, Dimension dimension) const {
  if (period.kind == PeriodKind::Hour) return {};
  const auto d = static_cast<std::size_t>(dimension);
  std::map<Symbol, Figures> by_key;
  for_each_day(period, [&](Period day) {
    const std::uint32_t cell_index = find_cell(key_of(division, Own::No, day.kind, day.index));
    if (cell_index == kNone) return;
    const Cell& cell = m_cells.items[cell_index];
    const auto add_refs = [&](const Refs& refs) {
      for (const std::uint32_t ref : refs) {
        const CountedCase& counted = m_entries.items[ref].counted;
        by_key[counted.keys[d]].add(counted.measure);
      }
    };
    if (cell.dense == kNone || m_links[cell.dense].by_key == kNone) return add_refs(cell.refs);
    const auto& places = m_by_key.items[m_links[cell.dense].by_key].places[d];
    for (std::size_t key = 0; key < places.size(); ++key) {
      const Place place = places[key];
      if (place.index == kNone) continue;
      if (place.is_list) {
        add_refs(m_lists.items[place.index]);
      } else if (const Figures& figures = m_dense.items[place.index].figures; figures.of(model::Count::Report) > 0) {
        by_key[static_cast<Symbol>(key)] += figures;
      }
    }
  });
  std::vector<SymbolFigures> sorted;
  sorted.reserve(by_key.size());
  for (const auto& [key, figures] : by_key) sorted.push_back({key, figures});
  return sorted;
}

bool FigureBook::kept(Period period) const {
  bool all = true;
  for_each_stored(period, [&](Period stored) {
    const auto k = static_cast<std::size_t>(std::find(kStored.begin(), kStored.end(), stored.kind) - kStored.begin());
    all = all && stored.index >= m_first[k];
  });
  return all;
}

bool FigureBook::kept_by_days(Period period) const {
  bool all = period.kind != PeriodKind::Hour;
  for_each_day(period, [&](Period day) { all = all && kept(day); });
  return all;
}

std::vector<std::pair<std::uint32_t, CountedCase>> FigureBook::forget_before(base::UtcTime now) {
  m_now = std::max(m_now, now);
  const std::array<int, kStoredKinds> counts{m_retention.hours, m_retention.days, m_retention.months};
  for (std::size_t k = 0; k < kStoredKinds; ++k) {
    m_first[k] = base::period_of(m_now, kStored[k], m_zone).index - counts[k] + 1;
  }
  std::vector<std::pair<std::uint32_t, CountedCase>> gone;
  for (std::uint32_t number = 0; number < m_entries.items.size(); ++number) {
    Entry& entry = m_entries.items[number];
    if (!entry.used()) continue;
    for (std::size_t k = 0; k < kStoredKinds; ++k) {
      if (entry.cells[k] == kNone) continue;
      if (static_cast<std::int32_t>(static_cast<std::uint32_t>(m_cells.items[entry.cells[k]].key)) < m_first[k]) {
        entry.cells[k] = entry.counted_from[k] = kNone;
      }
    }
    if (entry.cells[kStoredKinds - 1] != kNone) continue;
    gone.emplace_back(number, entry.counted);
    m_entries.give_back(number);
  }
  forget_cells();
  return gone;
}

void FigureBook::forget_cells() {
  std::vector<bool> is_free(m_cells.items.size(), false);
  for (const std::uint32_t cell : m_cells.free) is_free[cell] = true;
  bool any = false;
  for (std::uint32_t index = 0; index < m_cells.items.size(); ++index) {
    if (is_free[index]) continue;
    const Cell& cell = m_cells.items[index];
    const auto kind = static_cast<PeriodKind>(cell.key >> 32 & 7);
    const auto k = static_cast<std::size_t>(std::find(kStored.begin(), kStored.end(), kind) - kStored.begin());
    if (static_cast<std::int32_t>(static_cast<std::uint32_t>(cell.key)) >= m_first[k]) continue;
    if (cell.dense != kNone) {
      forget_by_key(m_links[cell.dense].by_key);
      m_dense.give_back(cell.dense);
    }
    m_cells.give_back(index);
    any = true;
  }
  if (any) rebuild_slots(m_slots.size());
}

void FigureBook::forget_by_key(std::uint32_t by_key) {
  if (by_key == kNone) return;
  for (const auto& places : m_by_key.items[by_key].places) {
    for (const Place place : places) {
      if (place.index == kNone) continue;
      if (place.is_list) {
        m_lists.give_back(place.index);
      } else {
        m_dense.give_back(place.index);
      }
    }
  }
  m_by_key.give_back(by_key);
}

std::size_t FigureBook::bytes() const {
  std::size_t bytes = m_entries.items.bytes() + m_cells.items.bytes() + m_dense.items.bytes() + m_links.bytes() +
                      m_by_key.items.bytes() + m_lists.items.bytes() + m_slots.capacity() * sizeof(std::uint32_t) +
                      m_newest.size() * sizeof(m_newest[0]);
  const auto add_refs = [&](const Refs& refs) { bytes += refs.capacity() * sizeof(std::uint32_t); };
  for (std::size_t i = 0; i < m_cells.items.size(); ++i) add_refs(m_cells.items[i].refs);
  for (std::size_t i = 0; i < m_lists.items.size(); ++i) add_refs(m_lists.items[i]);
  for (std::size_t i = 0; i < m_by_key.items.size(); ++i) {
    for (const auto& places : m_by_key.items[i].places) bytes += places.capacity() * sizeof(Place);
  }
  return bytes;
}

}  // namespace gridwall::state
