// CaseRecord: everything the lifecycle knows of one case, and the pure rules that move it: an event, a timer, the plain
// passing of time. Nothing here knows divisions, classes or figures; `state` folds records, `hub` judges commands with
// the same rules. Integers only, so that a digest of it is the same everywhere.
// Tests: tests/unit/model/case_record_test.cpp, case_standing_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "model/event.hpp"
#include "model/lifecycle.hpp"
#include "model/limit_rules.hpp"

namespace gridwall::model {

// Beside the state (never states): bits.
enum class Mark : std::uint16_t {
  Urged = 1, Supervised = 2, AppealPending = 4, AppealAccepted = 8, AppealRejected = 16, Exempt = 32, Duplicate = 64,
  SelfHandled = 128, ForcedClosed = 256, Answered = 512, Satisfied = 1024,  // of a follow-up
};
// What was wrong with the events so far; foreign feeds break rules, are accepted, flagged and counted: bits.
enum class Flaw : std::uint16_t {
  OutOfOrder = 1,        // the table forbids the step (of a case's first event only the hub can say so)
  ReasonMissing = 2,
  // A stamp before a given one of an earlier step; or the first `accepted`, `filed` or `dispatched` after a given one
  // of a later step (verifying aside, which may follow accepting); or a pause that begins or ends too early.
  StampsBackward = 4,
  ExtensionRule = 8,     // approved above the maximum or when overdue already; counted, not applied to the deadline
  SuspensionRule = 16,   // suspended more often or for longer than the rules say; applied
  AppealRule = 32,       // appealed twice, or before closing
  LimitUnreadable = 64,  // the event's own limit; the district's table was used
};

struct CaseRecord {
  CaseState state = CaseState::Reported;
  Severity severity = Severity::Minor;  // the fold's; kept here for its place
  std::uint16_t marks = 0, flaws = 0;
  std::uint8_t return_count = 0, rework_count = 0, extension_count = 0, suspension_count = 0, urge_count = 0,
      reopen_count = 0;  // these saturate
  std::int8_t solved_level = -1;        // -1: not said
  Limit limit;                          // of handling; count 0: none
  std::array<base::UtcTime, kStampCount> stamps{};  // epoch: not given
  base::UtcTime deadline_at{};          // of handling; epoch: none. Moves with extensions and ended pauses
  base::UtcTime paused_at{};            // begin of the running pause; epoch: not paused
  base::UtcTime resume_due_at{};        // when the running suspension ends by itself; epoch: not said
  // Worked out when what they follow from changes, so that standing and next change need no calendar. Epoch: none.
  base::UtcTime warn_at{};              // from here on little time is left
  base::UtcTime milestone_at{};         // end of the first milestone's limit, from dispatch; no pause moves it
  base::UtcTime stage_due_at{};         // end of the limit of the stage it waits in: state 10, 11, 20, 21, 41, 70
  base::Duration paused_used{};         // of ended pauses, measured on the limit's clock
  std::vector<std::pair<base::UtcTime, base::UtcTime>> pauses;  // the ledger: ended ones, oldest first

  [[nodiscard]] base::UtcTime stamp(Stamp which) const { return stamps[static_cast<std::size_t>(which)]; }
  [[nodiscard]] bool has(Stamp which) const { return stamp(which) != base::UtcTime{}; }
  [[nodiscard]] bool has(Mark mark) const { return (marks & static_cast<std::uint16_t>(mark)) != 0; }
  [[nodiscard]] bool has(Flaw flaw) const { return (flaws & static_cast<std::uint16_t>(flaw)) != 0; }
  bool operator==(const CaseRecord&) const = default;
};

struct CaseRules {
  const LimitRules* limits = nullptr;
  const WorkCalendar* calendar = nullptr;
};

// Applies an event that `row` describes; facts are always applied, and what they break is flagged. `limit`: the class's
// entry or null. A new record starts from CaseRecord{} with its first event, whatever that is (joined late: the
// Reported stamp is then that event's time). Business times are the event's `occurred_at`. First stamp wins for
// reported, verify_sent, verified, accepted, filed and dispatched, the last for the others; Reopen clears handled,
// check_sent, checked, closed and evaluated, and the marks self_handled and forced_close.
// The deadline is set at the first dispatch from the event's `deadline`, else its `limit`, else the class's, else the
// fallback; an event that brings a `deadline` later moves it, and one that brings it (or a `limit`) before dispatch has
// said it for the dispatch. A source's deadline without a limit runs on plain time and has no extension to add.
// The clock stands in state 33, and where the rules say so in 21 and 13: a pause begins and ends with the state.
void apply_event(CaseRecord& record, bool is_new, const LifecycleRow& row, const Event& event, const ClassLimit* limit,
                 const CaseRules& rules);

// What a timer due at `due` changes in the record itself: a suspension that ends by itself goes back to handling.
// The pause ends at `resume_due_at`, however late the timer is. False: nothing.
bool apply_timer(CaseRecord& record, base::UtcTime due, const CaseRules& rules);

enum class DeadlineStatus : std::uint8_t { None, Ok, Warn, Overdue, Paused, Exempt, DoneOnTime, DoneLate };
// How a case stands at one moment: a pure function of the record and that moment, constant between two changes.
// Done is a case with a handled stamp, or a settled one with a closed stamp; while its state says that work goes on
// again (sent back, rework) the clock runs as before. None: no deadline, rejected, cancelled.
struct CaseStanding {
  DeadlineStatus deadline = DeadlineStatus::None;
  std::uint8_t overdue_age = 0;       // of Overdue: 0 up to 4 h, 1 up to 24 h, 2 more
  // Waiting for longer than the stage's limit.
  bool accept_late = false, dispatch_late = false, verify_late = false, check_late = false;
  bool milestone_missed = false;      // the first one, while the case is not handled
  bool suspension_overrun = false;    // past its end date, or longer than the rules allow
  bool operator==(const CaseStanding&) const = default;
};
CaseStanding standing_at(const CaseRecord& record, base::UtcTime at, const CaseRules& rules);
// The first moment after `at` at which standing_at() or apply_timer() would say something else; nothing: never. A timer
// that should have run before `at` (its event came late) is due at once, one nanosecond after `at`.
std::optional<base::UtcTime> next_change(const CaseRecord& record, base::UtcTime at, const CaseRules& rules);

// Used time from `from` to `to` on the case's own clock, pauses taken out (the running one too); milliseconds, from 0.
std::int64_t used_ms(const CaseRecord& record, base::UtcTime from, base::UtcTime to, const CaseRules& rules);

}  // namespace gridwall::model
