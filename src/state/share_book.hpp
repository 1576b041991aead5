// ShareBook: of each division with all below it, the few counts of the current month that shares are judged by
// (DivisionWatch), so that no judgement reads a month's figures. Invariant: what of() says is what the FigureBook's
// figures of that month say. One thread. Test: tests/unit/state/share_book_test.cpp, world_walk_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/time_zone.hpp"
#include "state/ancestry.hpp"
#include "state/big_memory.hpp"
#include "state/figures.hpp"

namespace gridwall::state {

// Of the cases reported in a month.
struct ShareCounts {
  std::uint32_t reports = 0;
  std::uint32_t should_handle = 0, late = 0;  // disposed late or waiting past the deadline
  std::uint32_t recurrent = 0, unlocated = 0;
  bool operator==(const ShareCounts&) const = default;
};
ShareCounts share_counts(const Figures& figures);

class ShareBook {
 public:
  explicit ShareBook(std::shared_ptr<const Ancestry> ancestry);

  // Another month, of which nothing is counted yet.
  void begin(const base::Period& month, const base::TimeZone& zone);
  [[nodiscard]] const base::Period& month() const { return m_month; }
  // A case of the division, reported at that time, added `before` and adds `after`; 0: it was or is not there. False:
  // that is all the same to shares (whatever its month is).
  bool change(model::DivisionIndex division, base::UtcTime reported_at, model::CaseFlags before,
              model::CaseFlags after);
  [[nodiscard]] const ShareCounts& of(model::DivisionIndex division) const { return m_counts[division.value]; }
  // Asks for what a change in the division will write.
  void prefetch(model::DivisionIndex division) const {
    m_ancestry->for_each_far(division, [&](std::uint32_t at) { prefetch_line(&m_counts[at]); });
  }
  void clear();

 private:
  std::shared_ptr<const Ancestry> m_ancestry;
  std::vector<ShareCounts> m_counts;
  base::Period m_month{base::PeriodKind::Month, 0};
  base::UtcTime m_begin{}, m_end{};
};

}  // namespace gridwall::state
