// CaseFlags: what one case adds to every count of the catalogue, as bits. A count of a division and period is the
// number of cases reported in that period (by their `reported` stamp) that have the bit: so numerator and denominator
// of a rate are always of the same cases. config/indicators makes rates of them; domain research section 2.5.
// Test: tests/unit/model/case_flags_test.cpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/case_record.hpp"

namespace gridwall::model {

enum class Count : std::uint8_t {
  Report,            // every case
  SelfHandled,       // mark self_handled (自行处置): solved on the spot, in no count of dispatching and handling
  ValidReport,       // filed, or self-handled
  Accept,            // accepted stamp
  Register,          // filed stamp
  InTimeRegister,    // filed within the stage's limit of the accepted stamp (of reported where there is none)
  Dispatch,          // dispatched stamp
  InTimeDispatch,    // dispatched within the stage's limit of the filed stamp (of reported where there is none)
  ShouldHandle,      // dispatched stamp, and neither rejected nor cancelled
  Dispose,           // of ShouldHandle: handled stamp
  InTimeDispose,     // of Dispose: handled stamp at or before the deadline; or no deadline, exempt, appeal accepted
  OvertimeDispose,   // of Dispose: the others
  ToDispose,         // of ShouldHandle: no handled stamp
  ToDisposeOverdue,  // of ToDispose: overdue now (not when paused or exempt)
  NeedArchive,       // of ShouldHandle: handled stamp, or closed or forced closed or evaluated
  NeedArchiveSuspended,  // of ShouldHandle: not in NeedArchive and suspended now (for cities that count 缓办 in or out)
  Archive,           // of ShouldHandle: in state closed, forced closed or evaluated
  InTimeArchive,     // of Archive: closed stamp at or before the deadline, or as InTimeDispose
  ForcedClosed,      // mark forced_close
  Rework, Return, Extension, Suspend,  // at least one
  AccurateDispatch,  // dispatched stamp and never returned
  Verify, InTimeVerify,  // verified stamp; within the limit of verify_sent
  Check, InTimeCheck,    // checked stamp; within the limit of check_sent
  Rejected, Cancelled,
  Reopened,          // reopened at least once (重开)
  Unlocated,         // no usable place
  PublicRegister,    // of Register: reported by the public (the channel says so)
  Recurrent,         // in a recurrence group (derived)
  SuspectedDuplicate,  // derived
  Answered, Satisfied,  // follow-ups
  ReturnedTwice,     // at least two returns: responsibility unclear
  FirstMilestoneMissed,  // as it stands now: not handled, and the first milestone's limit is over
  Flawed,            // any flaw in its events
  Open,              // not settled now
  Solved0, Solved1, Solved2, Solved3, Solved4, Solved5, Solved6, Solved7,  // archived or self-handled at that level
};
inline constexpr std::size_t kCountCount = static_cast<std::size_t>(Count::Solved7) + 1;
static_assert(kCountCount <= 64);
using CaseFlags = std::uint64_t;
constexpr CaseFlags flag(Count count) { return CaseFlags{1} << static_cast<unsigned>(count); }
std::string_view count_word(Count count);  // "in_time_dispose"

// Of the case that the record does not know itself.
struct CaseSurroundings {
  bool located = true, reported_by_public = false, recurrent = false, suspected_duplicate = false;
};

struct CaseMeasure {
  CaseFlags flags = 0;
  // Used time on the case's own clock, milliseconds; -1: not yet. accept: reported to accepted, runs on. handle:
  // dispatched to handled, pauses out; only of Dispose.
  std::int64_t accept_ms = -1, handle_ms = -1;
  bool operator==(const CaseMeasure&) const = default;
};
CaseMeasure measure(const CaseRecord& record, const CaseStanding& standing, const CaseSurroundings& around,
                    const CaseRules& rules);

}  // namespace gridwall::model
