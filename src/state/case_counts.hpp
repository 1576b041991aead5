// CaseCounts: what is so now in one division, with all below it: additive counters, each the number of cases that have
// one bit. What a case adds is a pure function of its stored fields and of the local day, so a change takes the old
// bits off and puts the new ones on, up the chain of ancestors. Invariant: total[d] = own[d] + the children's totals,
// at any moment. Test: tests/unit/state/count_book_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "base/clock.hpp"
#include "model/case_record.hpp"
#include "model/incident.hpp"

namespace gridwall::state {

struct Incident;

// "Today" is the district's local day that holds state_time; reported_today counts incidents whose reported stamp lies
// in it, closed_of_reported_today those of them that are closed now, closed_today closings whose closed stamp does
// (mostly of cases that were reported before). Everything from open_by_severity on counts open cases only.
struct CaseCounts {
  std::uint32_t open = 0;  // not settled now
  std::uint32_t reported_today = 0;
  std::uint32_t closed_of_reported_today = 0;                           // at most reported_today
  std::uint32_t closed_today = 0;                                       // closed, forced closed
  std::uint32_t unlocated_open = 0;                                     // without a place, counted where the code names
  std::array<std::uint32_t, model::kSeverityCount> open_by_severity{};  // [0] is Critical
  std::array<std::uint32_t, model::kCaseStateCount> open_by_state{};    // by model::case_state_index
  std::uint32_t warn = 0, overdue = 0;                                  // by the deadline of handling
  std::array<std::uint32_t, 3> overdue_by_age{};                        // to 4 h, to 24 h, above
  std::uint32_t paused = 0;
  std::uint32_t accept_late = 0, dispatch_late = 0, verify_late = 0, check_late = 0;  // waiting above the stage's limit
  std::uint32_t milestone_missed = 0;
  std::uint32_t suspension_overrun = 0;
  std::uint32_t returned_twice = 0;  // responsibility unclear

  CaseCounts& operator+=(const CaseCounts& other);
  bool operator==(const CaseCounts&) const = default;
};
inline constexpr std::size_t kNowBitCount = sizeof(CaseCounts) / sizeof(std::uint32_t);
static_assert(std::is_standard_layout_v<CaseCounts> && kNowBitCount <= 64);

// A local day in UTC: [begin, end).
struct Day {
  base::UtcTime begin{}, end{};
  [[nodiscard]] bool contains(base::UtcTime at) const { return at >= begin && at < end; }
  bool operator==(const Day&) const = default;
};

// Bit n: one in the n-th counter of CaseCounts.
using NowBits = std::uint64_t;
// Those that start anew at midnight.
extern const NowBits kTodayBits;
NowBits now_bits(const Incident& incident, const Day& today);
void add_bits(CaseCounts& counts, NowBits bits);
void subtract_bits(CaseCounts& counts, NowBits bits);

// The way from one set of bits to another, worked out once and gone by many CaseCounts.
class CountsChange {
 public:
  CountsChange(NowBits before, NowBits after);
  void apply_to(CaseCounts& counts) const;

 private:
  std::size_t m_up_count = 0, m_down_count = 0;
  std::array<std::uint8_t, kNowBitCount> m_up, m_down;  // counters by their place
};

}  // namespace gridwall::state
