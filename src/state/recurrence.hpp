// RecurrenceFinder: which cases recur (重复高发) and which may be reported twice (疑似重复), over the whole tree.
// Recurrence: when a case arrives and at least `earlier_min` cases that came before it in the feed, of the same class
// and located, reported 0 to `window` before it, lie within `distance_m` of it, then it and all of those recur, for
// ever. Suspected duplicate: the same with one earlier case and the smaller window and distance; the new one alone is.
// Each case is named once by each fact. A case heard of more than `late_max` after its report (or before it: a wrong
// clock) takes no part, so what is older than window + late_max can be forgotten and the definition stays exact.
//
// Cost. Cases stand in cells so small that all of one cell are within the distance of each other, by time (a treap),
// the recurrent ones apart. Looking stops at `earlier_min` near ones, newest first, which a hot cell itself has, and
// marks each case once: so 10,000 at one corner cost no more each than a few, whatever the order of their times.
//
// Keyframe: content() and restore(); or from the cases themselves, of the last window + late_max: note() each in the
// order of the feed with its own state time.
// Test: tests/unit/state/recurrence_test.cpp compares with the definition by brute force.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "model/alert_rules.hpp"

namespace gridwall::state {

enum class RecurrenceKind : std::uint8_t { Recurrence, SuspectedDuplicate };
// The names of derived.value events.
constexpr std::string_view recurrence_word(RecurrenceKind kind) {
  return kind == RecurrenceKind::Recurrence ? "recurrence" : "suspected_duplicate";
}
struct RecurrenceFact {
  std::uint64_t incident = 0;
  RecurrenceKind kind = RecurrenceKind::Recurrence;
  bool operator==(const RecurrenceFact&) const = default;
};

// A case as the finder keeps it.
struct RecurrenceCase {
  std::uint64_t incident = 0;  // the caller's: it must not change while the case may still be named
  base::UtcTime reported_at{};
  base::Vec2i point_units;
  std::uint32_t class_symbol = 0;
  bool recurrent = false;
  bool operator==(const RecurrenceCase&) const = default;
};

// One thread. A copy is independent.
class RecurrenceFinder {
 public:
  // `unit_m` is the tree's: metres per unit of a point.
  RecurrenceFinder(const model::RecurrenceRule& rule, double unit_m);

  // Once for each case, when its class and place are known. Its own facts come first, then those of its neighbours in
  // the order of the feed. The span holds until the next call.
  std::span<const RecurrenceFact> note(std::uint64_t incident, std::uint32_t class_symbol, base::Vec2i point_units,
                                       base::UtcTime reported_at, base::UtcTime state_time);

  [[nodiscard]] std::size_t case_count() const { return m_cases.size(); }
  void clear();

  // In the order of the feed; restore() takes what content() gave.
  [[nodiscard]] std::vector<RecurrenceCase> content() const;
  void restore(std::span<const RecurrenceCase> cases);

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Entry {
    RecurrenceCase facts;
    std::uint32_t older = kNone, newer = kNone;  // subtrees
  };
  struct Key {
    std::uint32_t class_symbol = 0;
    std::int32_t x = 0, y = 0;
    bool operator==(const Key&) const = default;
  };
  // A slot of the table: open addressing, never more than half full; nothing is ever taken out but by a rebuild.
  struct Cell {
    Key key;
    std::uint32_t single = kNone, recurrent = kNone;  // roots of two trees
    [[nodiscard]] bool empty() const { return single == kNone && recurrent == kNone; }
  };
  struct Found {
    int near = 0;  // earlier ones, counted up to earlier_min
    bool duplicate = false;
    std::vector<std::uint32_t> singles;  // near ones not recurrent yet
  };

  [[nodiscard]] std::int32_t cell_of(std::int32_t coordinate) const;
  [[nodiscard]] Key key_of(const RecurrenceCase& facts) const;
  [[nodiscard]] const Cell* find(const Key& key) const;
  Cell& find_or_add(const Key& key);
  void collect_keys(const RecurrenceCase& facts);
  void look_at(const RecurrenceCase& facts);
  void look_at_recurrent(const RecurrenceCase& facts, std::uint32_t root);
  void look_at_singles(const RecurrenceCase& facts, std::uint32_t root);
  // The cases of the tree reported from `from` to `to`, newest first, until `take` says false.
  template <typename Take>
  bool visit(std::uint32_t root, base::UtcTime from, base::UtcTime to, const Take& take) const;
  [[nodiscard]] bool within(const RecurrenceCase& a, const RecurrenceCase& b, std::int64_t units) const;
  void link(std::uint32_t index);
  [[nodiscard]] bool is_before(std::uint32_t a, std::uint32_t b) const;
  void insert(std::uint32_t& root, std::uint32_t index);
  void erase(std::uint32_t& root, std::uint32_t index);
  void mark_recurrent(std::uint32_t index);
  void forget_before(base::UtcTime time);
  void resize_cells(std::size_t size);
  void rebuild_cells();

  model::RecurrenceRule m_rule;
  std::int64_t m_near_units, m_duplicate_units, m_cell_units;
  std::vector<Entry> m_cases;  // in the order of the feed
  std::vector<Cell> m_cells;   // a power of two
  std::size_t m_cells_used = 0;
  // Eight bits for each of m_cells, one set for each used one: most cells around a case are empty, and this much stays
  // in the cache.
  std::vector<std::uint8_t> m_filter;
  base::UtcTime m_forgotten_before{};
  std::vector<Key> m_keys;  // room for note()
  Found m_found;
  std::vector<RecurrenceFact> m_facts;
};

}  // namespace gridwall::state
