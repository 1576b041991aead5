// FigureBook: the figures of every division by hour, day and month, kept up with each change of a case; weeks and years
// are sums of days and months, made when they are read. One cell for each (division, period) in which a case was
// reported. A cell names its cases: up to kRefsMax they are counted when it is read; a larger one holds the counts as
// well. Days also answer by department, channel, class and severity (weeks, months and years by these are sums of
// days): up to kNamedMax cases by looking at each, above by cells for each value. So a quiet grid costs some 80 bytes a
// period and nothing for a change, and a busy town one addition for each change. Invariant: figures(d) =
// own_figures(d) + figures of d's children. Test: tests/unit/state/figure_book_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "state/ancestry.hpp"
#include "state/big_memory.hpp"
#include "state/figures.hpp"
#include "state/symbols.hpp"

namespace gridwall::state {

// How far back each kind of period is kept, the current one included. What is older reads as absent.
struct Retention {
  int hours = 24 * 8;
  int days = 800;   // last year's, by department and the like too
  int months = 25;  // last year's
};

// What a case adds, with what it is counted by.
struct CountedCase {
  model::CaseMeasure measure;
  base::UtcTime reported_at{};
  model::DivisionIndex division;
  std::array<Symbol, kDimensionCount> keys{};  // by Dimension; severity 1 to 4
};

struct SymbolFigures {
  Symbol key = kNoSymbol;
  Figures figures;
};

// One thread.
class FigureBook {
 public:
  FigureBook(std::shared_ptr<const Ancestry> ancestry, base::TimeZone zone, Retention retention = {});

  // Entries are numbered anew after each erase: the number of an erased one is given again. A case of a period that was
  // forgotten already counts in those kinds of period that still are kept.
  std::uint32_t insert(const CountedCase& counted);
  void erase(std::uint32_t entry);
  // The entry as it is now; the number it has from now on. Cheap where division and reported stamp are as before.
  std::uint32_t replace(std::uint32_t entry, const CountedCase& counted);
  // The measure alone changed: the common case, and cheaper still.
  void change(std::uint32_t entry, const model::CaseMeasure& measure);
  [[nodiscard]] const CountedCase& at(std::uint32_t entry) const { return m_entries.items[entry].counted; }
  // visit(number, const CountedCase&), in order of the numbers.
  template <typename Visit>
  void for_each_entry(const Visit& visit) const {
    for (std::uint32_t number = 0; number < m_entries.items.size(); ++number) {
      if (m_entries.items[number].used()) visit(number, m_entries.items[number].counted);
    }
  }

  // Zero figures where nobody was reported; `kept` says whether the period is within the retention at all.
  [[nodiscard]] Figures figures(model::DivisionIndex division, base::Period period) const;
  [[nodiscard]] Figures own_figures(model::DivisionIndex division, base::Period period) const;
  // How many cases there are; cheaper than their figures.
  [[nodiscard]] std::int64_t reports(model::DivisionIndex division, base::Period period) const;
  // In order of the symbols; only values that occur. Hours have no dimensions: empty. For what is not kept by days any
  // more (kept_by_days), too little.
  [[nodiscard]] std::vector<SymbolFigures> figures_by(model::DivisionIndex division, base::Period period,
                                                      Dimension dimension) const;
  [[nodiscard]] bool kept(base::Period period) const;
  [[nodiscard]] bool kept_by_days(base::Period period) const;

  // Forgets periods that fell out of the retention at `now`. Returns the entries whose months are gone, with what they
  // were; their numbers are free from now on.
  std::vector<std::pair<std::uint32_t, CountedCase>> forget_before(base::UtcTime now);
  void clear();

  [[nodiscard]] std::size_t bytes() const;
  // For what is to come: the entry, then (it must be near by now) the counts that it adds to.
  void prefetch(std::uint32_t entry) const {
    prefetch_line(&m_entries.items[entry]);
    prefetch_line(reinterpret_cast<const char*>(&m_entries.items[entry]) + 64);
  }
  void prefetch_counts(std::uint32_t entry) const;
  // The same for a case that is not there yet: where its division's newest cells are, then these.
  void prefetch_newest(model::DivisionIndex division) const {
    m_ancestry->for_each_far(division, [&](std::uint32_t at) { prefetch_line(&m_newest[at]); });
  }
  void prefetch_newest_cells(model::DivisionIndex division) const;

 private:
  static constexpr std::uint32_t kNone = 0xffffffffu;
  static constexpr std::size_t kRefsMax = 96, kNamedMax = 2048;
  static constexpr std::size_t kStoredKinds = 3;  // hour, day, month
  using Refs = std::vector<std::uint32_t>;        // entries
  struct Cell {
    std::uint64_t key = 0;
    std::uint32_t parent = kNone;  // the cell of the division above, same period
    std::uint32_t dense = kNone;   // index into m_dense
    Refs refs;                     // all cases, until they are counted some other way
  };
  // The counts of a cell, or of one value of a dimension in it.
  struct alignas(kLineBytes) Dense {
    Figures figures;
  };
  // Apart from the counts, so that the way up does not wait for those.
  struct Link {
    std::uint32_t parent = kNone;  // the counts of the cell above, which has at least as many cases
    std::uint32_t by_key = kNone;  // index into m_by_key
  };
  // Of one cell: for each value of a dimension the place of its counts, or of the list of its cases while these are
  // few.
  struct Place {
    std::uint32_t index = kNone;
    bool is_list = false;
    [[nodiscard]] bool counts() const { return index != kNone && !is_list; }
  };
  struct ByKey {
    std::array<std::vector<Place>, kDimensionCount> places;  // by symbol
  };
  struct Entry {
    CountedCase counted;                                                 // no division: the number is free
    std::array<std::uint32_t, kStoredKinds> cells{kNone, kNone, kNone};  // of the division itself
    // The counts of the lowest of those and the ones above that has any: below it nothing has to be written when the
    // measure changes, above it everything.
    std::array<std::uint32_t, kStoredKinds> counted_from{kNone, kNone, kNone};
    [[nodiscard]] bool used() const { return counted.division.valid(); }
  };
  // Items by number; the numbers of those that were given back are given out again.
  template <typename T>
  struct Pool {
    BlockArray<T> items;
    std::vector<std::uint32_t> free;
    std::uint32_t take() {
      if (free.empty()) {
        items.emplace_back();
        return static_cast<std::uint32_t>(items.size() - 1);
      }
      const std::uint32_t number = free.back();
      free.pop_back();
      return number;
    }
    void give_back(std::uint32_t number) {
      items[number] = T{};
      free.push_back(number);
    }
    void clear() {
      items.clear();
      free.clear();
    }
  };
  enum class Own : std::uint8_t { No, Yes };
  // Of one division and kind of period: the cell of the latest period that there is any of. Most cases are of that
  // one, or of a later one, which then has no cell yet: neither has to be looked up.
  struct Newest {
    std::int32_t index = INT32_MIN;  // no cell has a higher one
    std::uint32_t cell = kNone;      // free when the index is one that was forgotten
  };

  [[nodiscard]] static std::uint64_t key_of(model::DivisionIndex division, Own own, base::PeriodKind kind,
                                            std::int32_t index);
  [[nodiscard]] std::uint32_t find_cell(std::uint64_t key) const;
  std::uint32_t cell_for(model::DivisionIndex division, Own own, std::size_t stored_kind, std::int32_t index);
  std::uint32_t add_cell(std::uint64_t key, std::uint32_t parent);
  void add_to_cells(std::uint32_t lowest, std::uint32_t entry, std::size_t stored_kind);
  void add_to_cell(std::uint32_t cell, std::uint32_t entry, std::size_t stored_kind);
  void take_from_cell(std::uint32_t cell, std::uint32_t entry);
  std::uint32_t take_dense();
  void make_dense(Cell& cell, std::size_t stored_kind);
  void add_by_key(std::uint32_t by_key, std::size_t dimension, Symbol key, std::uint32_t entry);
  void take_by_key(std::uint32_t by_key, std::size_t dimension, Symbol key, std::uint32_t entry);
  void forget_by_key(std::uint32_t by_key);
  void sum_cell(std::uint32_t cell, Figures& out) const;
  template <typename Visit>
  void for_each_stored(base::Period period, const Visit& visit) const;
  template <typename Visit>
  void for_each_day(base::Period period, const Visit& visit) const;
  void put_slot(std::uint64_t key, std::uint32_t cell);
  void rebuild_slots(std::size_t slot_count);
  void forget_cells();

  std::shared_ptr<const Ancestry> m_ancestry;
  base::TimeZone m_zone;
  Retention m_retention;
  base::UtcTime m_now{};
  std::array<std::int32_t, kStoredKinds> m_first{};  // of each kind: the first period that is kept
  Pool<Entry> m_entries;
  Pool<Cell> m_cells;
  Pool<Dense> m_dense;
  BlockArray<Link> m_links;  // by dense
  Pool<ByKey> m_by_key;
  Pool<Refs> m_lists;
  BigVector<std::array<Newest, kStoredKinds>> m_newest;  // by division; with all below it
  BigVector<std::uint32_t> m_slots;                      // open addressing: cells by key
  std::size_t m_slot_mask = 0, m_slots_used = 0;
};

}  // namespace gridwall::state
