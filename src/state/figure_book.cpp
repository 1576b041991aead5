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
  m_free_entries.clear();
  m_cells.clear();
  m_free_cells.clear();
  m_dense.clear();
  m_free_dense.clear();
  m_subs.clear();
  m_free_subs.clear();
  m_slots.assign(1024, kNone);
  m_slot_mask = m_slots.size() - 1;
  m_slots_used = 0;
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
    if (m_cells[m_slots[i]].key == key) return m_slots[i];
  }
}

void FigureBook::put_slot(std::uint64_t key, std::uint32_t cell) {
  std::size_t i = mixed(key) & m_slot_mask;
  while (m_slots[i] != kNone) i = (i + 1) & m_slot_mask;
  m_slots[i] = cell;
  ++m_slots_used;
}

void FigureBook::rebuild_slots(std::size_t slot_count) {
  std::vector<bool> is_free(m_cells.size(), false);
  for (const std::uint32_t cell : m_free_cells) is_free[cell] = true;
  m_slots.assign(slot_count, kNone);
  m_slot_mask = slot_count - 1;
  m_slots_used = 0;
  for (std::uint32_t cell = 0; cell < m_cells.size(); ++cell) {
    if (!is_free[cell]) put_slot(m_cells[cell].key, cell);
  }
}

std::uint32_t FigureBook::cell_for(DivisionIndex division, Own own, PeriodKind kind, std::int32_t index) {
  const std::uint64_t key = key_of(division, own, kind, index);
  if (const std::uint32_t found = find_cell(key); found != kNone) return found;
  std::uint32_t parent = kNone;
  if (own == Own::Yes) {
    parent = cell_for(division, Own::No, kind, index);
  } else if (const auto above = m_ancestry->parent(division); above.valid()) {
    parent = cell_for(above, Own::No, kind, index);
  }
  if ((m_slots_used + 1) * 4 > m_slots.size() * 3) rebuild_slots(m_slots.size() * 2);
  std::uint32_t cell = static_cast<std::uint32_t>(m_cells.size());
  if (m_free_cells.empty()) {
    m_cells.emplace_back();
  } else {
    cell = m_free_cells.back();
    m_free_cells.pop_back();
    m_cells[cell] = Cell{};
  }
  m_cells[cell].key = key;
  m_cells[cell].parent = parent;
  put_slot(key, cell);
  return cell;
}

void FigureBook::add_to_sub(Dense& dense, std::size_t dimension, Symbol key, std::uint32_t entry) {
  auto& places = dense.by_symbol[dimension];
  if (key >= places.size()) places.resize(std::size_t{key} + 1, kNone);
  if (places[key] == kNone) {
    if (m_free_subs.empty()) {
      places[key] = static_cast<std::uint32_t>(m_subs.size());
      m_subs.emplace_back();
    } else {
      places[key] = m_free_subs.back();
      m_free_subs.pop_back();
      m_subs[places[key]] = SubCell{};
    }
  }
  SubCell& sub = m_subs[places[key]];
  ++sub.count;
  if (sub.dense == nullptr && sub.count <= kRefsMax) return sub.refs.push_back(entry);
  if (sub.dense == nullptr) {
    sub.dense = std::make_unique<Figures>();
    for (const std::uint32_t ref : sub.refs) sub.dense->add(m_entries[ref].counted.measure);
    sub.refs = {};
  }
  sub.dense->add(m_entries[entry].counted.measure);
}

void FigureBook::make_dense(std::uint32_t cell_index, std::size_t stored_kind) {
  std::uint32_t place = static_cast<std::uint32_t>(m_dense.size());
  if (m_free_dense.empty()) {
    m_dense.emplace_back();
  } else {
    place = m_free_dense.back();
    m_free_dense.pop_back();
  }
  m_cells[cell_index].dense = place;
  Dense& dense = m_dense[place];
  const std::vector<std::uint32_t> refs = std::move(m_cells[cell_index].refs);
  m_cells[cell_index].refs = {};
  for (const std::uint32_t ref : refs) {
    const CountedCase& counted = m_entries[ref].counted;
    m_entries[ref].counted_from[stored_kind] = cell_index;
    dense.figures.add(counted.measure);
    if (!has_dimensions(stored_kind)) continue;
    for (std::size_t d = 0; d < kDimensionCount; ++d) add_to_sub(dense, d, counted.keys[d], ref);
  }
}

void FigureBook::add_to_cell(std::uint32_t cell_index, std::uint32_t entry, std::size_t stored_kind) {
  Cell& cell = m_cells[cell_index];
  if (cell.dense == kNone && cell.refs.size() < kRefsMax) return cell.refs.push_back(entry);
  if (cell.dense == kNone) make_dense(cell_index, stored_kind);
  Dense& dense = m_dense[cell.dense];
  const CountedCase& counted = m_entries[entry].counted;
  std::uint32_t& counted_from = m_entries[entry].counted_from[stored_kind];
  if (counted_from == kNone) counted_from = cell_index;
  dense.figures.add(counted.measure);
  if (!has_dimensions(stored_kind)) return;
  for (std::size_t d = 0; d < kDimensionCount; ++d) add_to_sub(dense, d, counted.keys[d], entry);
}

namespace {

void drop_ref(std::vector<std::uint32_t>& refs, std::uint32_t entry) {
  const auto found = std::find(refs.begin(), refs.end(), entry);
  ASSERT(found != refs.end(), "entry {} is not in its cell", entry);
  *found = refs.back();
  refs.pop_back();
}

}  // namespace

void FigureBook::take_from_cell(std::uint32_t cell_index, std::uint32_t entry, bool with_dimensions) {
  Cell& cell = m_cells[cell_index];
  const CountedCase& counted = m_entries[entry].counted;
  if (cell.dense == kNone) return drop_ref(cell.refs, entry);
  Dense& dense = m_dense[cell.dense];
  dense.figures.subtract(counted.measure);
  if (!with_dimensions) return;
  for (std::size_t d = 0; d < kDimensionCount; ++d) take_from_sub(dense, d, entry);
}

void FigureBook::take_from_sub(Dense& dense, std::size_t dimension, std::uint32_t entry) {
  const CountedCase& counted = m_entries[entry].counted;
  SubCell& sub = m_subs[dense.by_symbol[dimension][counted.keys[dimension]]];
  --sub.count;
  if (sub.dense == nullptr) {
    drop_ref(sub.refs, entry);
  } else {
    sub.dense->subtract(counted.measure);
  }
}

std::uint32_t FigureBook::insert(const CountedCase& counted) {
  std::uint32_t number = static_cast<std::uint32_t>(m_entries.size());
  if (m_free_entries.empty()) {
    m_entries.emplace_back();
  } else {
    number = m_free_entries.back();
    m_free_entries.pop_back();
  }
  Entry& entry = m_entries[number];
  entry.counted = counted;
  entry.used = true;
  const bool is_leaf = m_ancestry->is_leaf(counted.division);
  for (std::size_t k = 0; k < kStoredKinds; ++k) {
    const Period period = base::period_of(counted.reported_at, kStored[k], m_zone);
    // The others of a period that was forgotten are gone: it reads as absent, and not as if this were all.
    if (period.index < m_first[k]) continue;
    const std::uint32_t first = cell_for(counted.division, is_leaf ? Own::No : Own::Yes, period.kind, period.index);
    entry.cells[k] = first;
    for (std::uint32_t cell = first; cell != kNone; cell = m_cells[cell].parent) {
      add_to_cell(cell, number, k);
    }
  }
  return number;
}

void FigureBook::erase(std::uint32_t number) {
  Entry& entry = m_entries[number];
  ASSERT(entry.used, "entry {} is not there", number);
  for (std::size_t k = 0; k < kStoredKinds; ++k) {
    for (std::uint32_t cell = entry.cells[k]; cell != kNone; cell = m_cells[cell].parent) {
      take_from_cell(cell, number, has_dimensions(k));
    }
  }
  entry = Entry{};
  m_free_entries.push_back(number);
}

std::uint32_t FigureBook::replace(std::uint32_t number, const CountedCase& counted) {
  CountedCase& old = m_entries[number].counted;
  if (old.division != counted.division || old.reported_at != counted.reported_at) {
    erase(number);
    return insert(counted);
  }
  const auto keys_before = old.keys;
  for (std::size_t d = 0; d < kDimensionCount; ++d) {
    if (keys_before[d] == counted.keys[d]) continue;
    for (std::size_t k = 0; k < kStoredKinds; ++k) {
      for (std::uint32_t cell = m_entries[number].cells[k]; cell != kNone; cell = m_cells[cell].parent) {
        if (!has_dimensions(k) || m_cells[cell].dense == kNone) continue;
        Dense& dense = m_dense[m_cells[cell].dense];
        old.keys[d] = keys_before[d];
        take_from_sub(dense, d, number);
        old.keys[d] = counted.keys[d];
        add_to_sub(dense, d, counted.keys[d], number);
      }
    }
    old.keys[d] = counted.keys[d];
  }
  change(number, counted.measure);
  return number;
}

void FigureBook::change(std::uint32_t number, const model::CaseMeasure& measure) {
  Entry& entry = m_entries[number];
  const model::CaseMeasure before = entry.counted.measure;
  if (before == measure) return;
  entry.counted.measure = measure;
  for (std::size_t k = 0; k < kStoredKinds; ++k) {
    for (std::uint32_t at = entry.counted_from[k]; at != kNone;) {
      const Cell& cell = m_cells[at];
      at = cell.parent;
      Dense& dense = m_dense[cell.dense];
      dense.figures.change(before, measure);
      if (!has_dimensions(k)) continue;
      for (std::size_t d = 0; d < kDimensionCount; ++d) {
        SubCell& sub = m_subs[dense.by_symbol[d][entry.counted.keys[d]]];
        if (sub.dense != nullptr) sub.dense->change(before, measure);
      }
    }
  }
}

void FigureBook::add_cell(std::uint32_t cell_index, Figures& out) const {
  if (cell_index == kNone) return;
  const Cell& cell = m_cells[cell_index];
  if (cell.dense != kNone) {
    out += m_dense[cell.dense].figures;
    return;
  }
  for (const std::uint32_t ref : cell.refs) out.add(m_entries[ref].counted.measure);
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
      period, [&](Period stored) { add_cell(find_cell(key_of(division, Own::No, stored.kind, stored.index)), sum); });
  return sum;
}

Figures FigureBook::own_figures(DivisionIndex division, Period period) const {
  const Own own = m_ancestry->is_leaf(division) ? Own::No : Own::Yes;
  Figures sum;
  for_each_stored(period,
                  [&](Period stored) { add_cell(find_cell(key_of(division, own, stored.kind, stored.index)), sum); });
  return sum;
}

std::vector<SymbolFigures> FigureBook::figures_by(DivisionIndex division, Period period, Dimension dimension) const {
  if (period.kind == PeriodKind::Hour) return {};
  const auto d = static_cast<std::size_t>(dimension);
  std::map<Symbol, Figures> by_key;
  for_each_day(period, [&](Period day) {
    const std::uint32_t cell_index = find_cell(key_of(division, Own::No, day.kind, day.index));
    if (cell_index == kNone) return;
    const Cell& cell = m_cells[cell_index];
    const auto add_refs = [&](const std::vector<std::uint32_t>& refs) {
      for (const std::uint32_t ref : refs) {
        const CountedCase& counted = m_entries[ref].counted;
        by_key[counted.keys[d]].add(counted.measure);
      }
    };
    if (cell.dense == kNone) return add_refs(cell.refs);
    const auto& places = m_dense[cell.dense].by_symbol[d];
    for (std::size_t key = 0; key < places.size(); ++key) {
      if (places[key] == kNone) continue;
      const SubCell& sub = m_subs[places[key]];
      if (sub.count == 0) continue;
      if (sub.dense == nullptr) {
        add_refs(sub.refs);
      } else {
        by_key[static_cast<Symbol>(key)] += *sub.dense;
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
  for (std::uint32_t number = 0; number < m_entries.size(); ++number) {
    Entry& entry = m_entries[number];
    if (!entry.used) continue;
    for (std::size_t k = 0; k < kStoredKinds; ++k) {
      if (entry.cells[k] == kNone) continue;
      if (static_cast<std::int32_t>(static_cast<std::uint32_t>(m_cells[entry.cells[k]].key)) < m_first[k]) {
        entry.cells[k] = entry.counted_from[k] = kNone;
      }
    }
    if (entry.cells[kStoredKinds - 1] != kNone) continue;
    gone.emplace_back(number, entry.counted);
    entry = Entry{};
    m_free_entries.push_back(number);
  }
  forget_cells();
  return gone;
}

void FigureBook::forget_cells() {
  std::vector<bool> is_free(m_cells.size(), false);
  for (const std::uint32_t cell : m_free_cells) is_free[cell] = true;
  bool any = false;
  for (std::uint32_t index = 0; index < m_cells.size(); ++index) {
    if (is_free[index]) continue;
    Cell& cell = m_cells[index];
    const auto kind = static_cast<PeriodKind>(cell.key >> 32 & 7);
    const auto k = static_cast<std::size_t>(std::find(kStored.begin(), kStored.end(), kind) - kStored.begin());
    if (static_cast<std::int32_t>(static_cast<std::uint32_t>(cell.key)) >= m_first[k]) continue;
    if (cell.dense != kNone) {
      for (const auto& places : m_dense[cell.dense].by_symbol) {
        for (const std::uint32_t place : places) {
          if (place == kNone) continue;
          m_subs[place] = SubCell{};
          m_free_subs.push_back(place);
        }
      }
      m_dense[cell.dense] = Dense{};
      m_free_dense.push_back(cell.dense);
    }
    cell = Cell{};
    m_free_cells.push_back(index);
    any = true;
  }
  if (any) rebuild_slots(m_slots.size());
}

std::size_t FigureBook::bytes() const {
  std::size_t bytes = m_entries.capacity() * sizeof(Entry) + m_cells.capacity() * sizeof(Cell) +
                      m_dense.capacity() * sizeof(Dense) + m_subs.capacity() * sizeof(SubCell) +
                      m_slots.capacity() * sizeof(std::uint32_t);
  for (const Dense& dense : m_dense) {
    for (const auto& places : dense.by_symbol) bytes += places.capacity() * sizeof(std::uint32_t);
  }
  for (const Cell& cell : m_cells) bytes += cell.refs.capacity() * sizeof(std::uint32_t);
  for (const SubCell& sub : m_subs) {
    bytes += sub.refs.capacity() * sizeof(std::uint32_t) + (sub.dense != nullptr ? sizeof(Figures) : 0);
  }
  return bytes;
}

}  // namespace gridwall::state
