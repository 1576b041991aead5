#include "state/recurrence.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace gridwall::state {

namespace {

constexpr std::size_t kCellsAtLeast = 64;
// Forgetting rebuilds everything, so it waits until that many days can go at once.
constexpr std::chrono::days kForgetEvery{5};

std::int64_t units_of(std::int64_t metres, double unit_m) {
  return std::llround(static_cast<double>(metres) / unit_m);
}

// The largest side of a square none of whose points (whole units) are further apart than `distance`.
std::int64_t side_within(std::int64_t distance) {
  auto side = static_cast<std::int64_t>(std::sqrt(static_cast<double>(distance) * static_cast<double>(distance) / 2));
  while (side > 1 && 2 * side * side > distance * distance) --side;
  return std::max<std::int64_t>(side, 1);
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

std::size_t mixed(std::uint32_t class_symbol, std::int32_t x, std::int32_t y) {
  std::uint64_t z = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)) << 32) | static_cast<std::uint32_t>(y);
  z ^= class_symbol * 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return static_cast<std::size_t>(z ^ (z >> 31));
}

// Of a case in its tree; any fixed scramble does.
std::uint32_t priority(std::uint32_t index) {
  std::uint32_t z = (index ^ (index >> 16)) * 0x7feb352du;
  z = (z ^ (z >> 15)) * 0x846ca68bu;
  return z ^ (z >> 16);
}

// Where a cell's bit is: the upper half of the hash, which does not choose the slot.
std::size_t filter_place(std::size_t hash, std::size_t cells) {
  return (hash >> 32) & (cells * 8 - 1);
}

}  // namespace

RecurrenceFinder::RecurrenceFinder(const model::RecurrenceRule& rule, double unit_m)
    : m_rule(rule),
      m_near_units(units_of(rule.distance_m, unit_m)),
      m_duplicate_units(units_of(rule.duplicate_distance_m, unit_m)),
      m_cell_units(side_within(m_near_units)) {
  ASSERT(rule.duplicate_distance_m <= rule.distance_m && rule.duplicate_window <= rule.window,
         "a duplicate's bounds lie within a recurrence's");
  resize_cells(kCellsAtLeast);
}

std::span<const RecurrenceFact> RecurrenceFinder::note(std::uint64_t incident, std::uint32_t class_symbol,
                                                       base::Vec2i point_units, base::UtcTime reported_at,
                                                       base::UtcTime state_time) {
  m_facts.clear();
  if (reported_at < state_time - m_rule.late_max || reported_at > state_time + m_rule.late_max) return m_facts;
  const base::UtcTime needed_from = state_time - m_rule.late_max - m_rule.window;
  if (needed_from - m_forgotten_before >= kForgetEvery) forget_before(needed_from);

  const RecurrenceCase facts{incident, reported_at, point_units, class_symbol, false};
  look_at(facts);
  const bool recurrent = m_found.near >= m_rule.earlier_min;
  const auto index = static_cast<std::uint32_t>(m_cases.size());
  ASSERT(index != kNone, "too many cases to tell apart");
  m_cases.push_back({facts});
  m_cases.back().facts.recurrent = recurrent;
  link(index);
  if (recurrent) m_facts.push_back({incident, RecurrenceKind::Recurrence});
  if (m_found.duplicate) m_facts.push_back({incident, RecurrenceKind::SuspectedDuplicate});
  if (!recurrent) return m_facts;
  std::sort(m_found.singles.begin(), m_found.singles.end());
  for (const std::uint32_t single : m_found.singles) {
    mark_recurrent(single);
    m_facts.push_back({m_cases[single].facts.incident, RecurrenceKind::Recurrence});
  }
  return m_facts;
}

std::int32_t RecurrenceFinder::cell_of(std::int32_t coordinate) const {
  return static_cast<std::int32_t>(floor_div(coordinate, m_cell_units));
}

RecurrenceFinder::Key RecurrenceFinder::key_of(const RecurrenceCase& facts) const {
  return {facts.class_symbol, cell_of(facts.point_units.x), cell_of(facts.point_units.y)};
}

const RecurrenceFinder::Cell* RecurrenceFinder::find(const Key& key) const {
  const std::size_t mask = m_cells.size() - 1;
  const std::size_t hash = mixed(key.class_symbol, key.x, key.y);
  const std::size_t bit = filter_place(hash, m_cells.size());
  if ((m_filter[bit / 8] >> (bit % 8) & 1) == 0) return nullptr;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Cell& cell = m_cells[at];
    if (cell.empty()) return nullptr;
    if (cell.key == key) return &cell;
  }
}

RecurrenceFinder::Cell& RecurrenceFinder::find_or_add(const Key& key) {
  const std::size_t mask = m_cells.size() - 1;
  const std::size_t hash = mixed(key.class_symbol, key.x, key.y);
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Cell& cell = m_cells[at];
    if (!cell.empty() && cell.key != key) continue;
    if (cell.empty()) {
      ++m_cells_used;
      cell.key = key;
      const std::size_t bit = filter_place(hash, m_cells.size());
      m_filter[bit / 8] = static_cast<std::uint8_t>(m_filter[bit / 8] | 1u << (bit % 8));
    }
    return cell;
  }
}

// The cells that the circle around the point touches, the point's own first: a hot one answers by itself.
void RecurrenceFinder::collect_keys(const RecurrenceCase& facts) {
  const Key own = key_of(facts);
  m_keys.assign(1, own);
  const std::int64_t px = facts.point_units.x, py = facts.point_units.y;
  // Units from `p` to the nearest point of the cell along one axis.
  const auto gap = [&](std::int64_t cell, std::int64_t p) {
    const std::int64_t low = cell * m_cell_units, high = low + m_cell_units - 1;
    return p < low ? low - p : p > high ? p - high : 0;
  };
  const auto first = [&](std::int64_t p) { return floor_div(p - m_near_units, m_cell_units); };
  const auto last = [&](std::int64_t p) { return floor_div(p + m_near_units, m_cell_units); };
  for (std::int64_t y = first(py); y <= last(py); ++y) {
    const std::int64_t dy = gap(y, py);
    for (std::int64_t x = first(px); x <= last(px); ++x) {
      const std::int64_t dx = gap(x, px);
      if (dx * dx + dy * dy > m_near_units * m_near_units) continue;
      // Beyond the integers of a point there is no case.
      if (x != static_cast<std::int32_t>(x) || y != static_cast<std::int32_t>(y)) continue;
      const Key key{facts.class_symbol, static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)};
      if (key != own) m_keys.push_back(key);
    }
  }
}

void RecurrenceFinder::look_at(const RecurrenceCase& facts) {
  m_found.near = 0;
  m_found.duplicate = false;
  m_found.singles.clear();
  collect_keys(facts);
  // The singles first and all of them: each near one may have to be marked. They count too, so that the larger trees
  // need a shorter look.
  std::size_t kept = 0;
  for (const Key& key : m_keys) {
    const Cell* cell = find(key);
    if (cell == nullptr) continue;
    look_at_singles(facts, cell->single);
    if (cell->recurrent != kNone) m_keys[kept++] = key;
  }
  for (std::size_t i = 0; i < kept; ++i) {
    if (m_found.near >= m_rule.earlier_min && m_found.duplicate) return;
    look_at_recurrent(facts, find(m_keys[i])->recurrent);
  }
}

void RecurrenceFinder::look_at_singles(const RecurrenceCase& facts, std::uint32_t root) {
  visit(root, facts.reported_at - m_rule.window, facts.reported_at, [&](std::uint32_t index) {
    const RecurrenceCase& other = m_cases[index].facts;
    if (!within(facts, other, m_near_units)) return true;
    ++m_found.near;
    m_found.singles.push_back(index);
    const bool same_day = facts.reported_at - other.reported_at <= m_rule.duplicate_window;
    if (same_day && within(facts, other, m_duplicate_units)) m_found.duplicate = true;
    return true;
  });
}

void RecurrenceFinder::look_at_recurrent(const RecurrenceCase& facts, std::uint32_t root) {
  visit(root, facts.reported_at - m_rule.window, facts.reported_at, [&](std::uint32_t index) {
    const RecurrenceCase& other = m_cases[index].facts;
    const bool same_day = facts.reported_at - other.reported_at <= m_rule.duplicate_window;
    // Enough are near, and no duplicate is among these and the older ones.
    if (m_found.near >= m_rule.earlier_min && (m_found.duplicate || !same_day)) return false;
    if (!within(facts, other, m_near_units)) return true;
    ++m_found.near;
    if (same_day && within(facts, other, m_duplicate_units)) m_found.duplicate = true;
    return true;
  });
}

template <typename Take>
bool RecurrenceFinder::visit(std::uint32_t root, base::UtcTime from, base::UtcTime to, const Take& take) const {
  if (root == kNone) return true;
  const Entry& entry = m_cases[root];
  const base::UtcTime time = entry.facts.reported_at;
  if (time <= to) {
    if (!visit(entry.newer, from, to, take)) return false;
    if (time >= from && !take(root)) return false;
  }
  return time < from || visit(entry.older, from, to, take);
}

bool RecurrenceFinder::within(const RecurrenceCase& a, const RecurrenceCase& b, std::int64_t units) const {
  const std::int64_t dx = std::int64_t{a.point_units.x} - b.point_units.x;
  const std::int64_t dy = std::int64_t{a.point_units.y} - b.point_units.y;
  // The sides first: the square of the longest difference would not fit.
  if (dx > units || dx < -units || dy > units || dy < -units) return false;
  return dx * dx + dy * dy <= units * units;
}

void RecurrenceFinder::link(std::uint32_t index) {
  if ((m_cells_used + 1) * 2 > m_cells.size()) {
    resize_cells(m_cells.size() * 2);
    rebuild_cells();  // takes the new one in
    return;
  }
  const RecurrenceCase& facts = m_cases[index].facts;
  Cell& cell = find_or_add(key_of(facts));
  insert(facts.recurrent ? cell.recurrent : cell.single, index);
}

bool RecurrenceFinder::is_before(std::uint32_t a, std::uint32_t b) const {
  const base::UtcTime time_a = m_cases[a].facts.reported_at, time_b = m_cases[b].facts.reported_at;
  return time_a != time_b ? time_a < time_b : a < b;
}

void RecurrenceFinder::insert(std::uint32_t& root, std::uint32_t index) {
  std::uint32_t* place = &root;
  while (*place != kNone && priority(*place) > priority(index)) {
    Entry& entry = m_cases[*place];
    place = is_before(*place, index) ? &entry.newer : &entry.older;
  }
  // What hangs there is split into what is before and what is after the new one.
  std::uint32_t rest = *place;
  *place = index;
  std::uint32_t *older = &m_cases[index].older, *newer = &m_cases[index].newer;
  while (rest != kNone) {
    const bool goes_older = is_before(rest, index);
    *(goes_older ? older : newer) = rest;
    (goes_older ? older : newer) = goes_older ? &m_cases[rest].newer : &m_cases[rest].older;
    rest = goes_older ? *older : *newer;
  }
  *older = *newer = kNone;
}

void RecurrenceFinder::erase(std::uint32_t& root, std::uint32_t index) {
  std::uint32_t* place = &root;
  while (*place != index) {
    Entry& entry = m_cases[*place];
    place = is_before(*place, index) ? &entry.newer : &entry.older;
  }
  std::uint32_t older = m_cases[index].older, newer = m_cases[index].newer;
  while (older != kNone && newer != kNone) {
    const bool takes_older = priority(older) > priority(newer);
    *place = takes_older ? older : newer;
    place = takes_older ? &m_cases[older].newer : &m_cases[newer].older;
    (takes_older ? older : newer) = *place;
  }
  *place = older != kNone ? older : newer;
}

void RecurrenceFinder::mark_recurrent(std::uint32_t index) {
  Cell& cell = find_or_add(key_of(m_cases[index].facts));
  erase(cell.single, index);
  m_cases[index].facts.recurrent = true;
  insert(cell.recurrent, index);
}

void RecurrenceFinder::forget_before(base::UtcTime time) {
  m_forgotten_before = time;
  std::erase_if(m_cases, [&](const Entry& entry) { return entry.facts.reported_at < time; });
  std::size_t size = kCellsAtLeast;
  while (size < m_cases.size() * 2) size *= 2;
  resize_cells(std::min(size, m_cells.size()));
  rebuild_cells();
}

void RecurrenceFinder::resize_cells(std::size_t size) {
  m_cells.assign(size, Cell{});
  m_filter.assign(size, 0);
  m_cells_used = 0;
}

// The cells are empty; links of the cases are void.
void RecurrenceFinder::rebuild_cells() {
  for (std::uint32_t index = 0; index < m_cases.size(); ++index) {
    const RecurrenceCase& facts = m_cases[index].facts;
    Cell& cell = find_or_add(key_of(facts));
    insert(facts.recurrent ? cell.recurrent : cell.single, index);
  }
}

void RecurrenceFinder::clear() {
  m_cases.clear();
  resize_cells(kCellsAtLeast);
  m_forgotten_before = {};
}

std::vector<RecurrenceCase> RecurrenceFinder::content() const {
  std::vector<RecurrenceCase> cases;
  cases.reserve(m_cases.size());
  for (const Entry& entry : m_cases) cases.push_back(entry.facts);
  return cases;
}

void RecurrenceFinder::restore(std::span<const RecurrenceCase> cases) {
  clear();
  for (const RecurrenceCase& facts : cases) m_cases.push_back({facts});
  std::size_t size = kCellsAtLeast;
  while (size < m_cases.size() * 2 + 2) size *= 2;
  resize_cells(size);
  rebuild_cells();
}

}  // namespace gridwall::state
