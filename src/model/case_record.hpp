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
  OutOfOrder = 1,        // the table forbids the step
  ReasonMissing = 2,
  StampsBackward = 4,    // stamps run backward along the path
  ExtensionRule = 8,     // approved above the maximum or when overdue already; not applied to the deadline
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
  base::UtcTime resume_due_at{};        // when the running pause ends by itself; epoch: not said
  base::Duration paused_used{};         // of ended pauses, measured on the limit's clock
  std::vector<Limit> milestones;        // of the district's table; seldom any
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
// entry or null. A new record starts from CaseRecord{} with its first event, whatever that is (joined late: the Reported
// stamp is then that event's time). Business times are the event's `occurred_at`. First stamp wins for reported,
// verify_sent, verified, accepted, filed and dispatched, the last for the others; Reopen clears handled, check_sent,
// checked, closed and evaluated.
// The deadline is set at the first dispatch from the event's `deadline`, else its `limit`, else the class's, else the
// fallback; an event that brings a `deadline` later moves it.
void apply_event(CaseRecord& record, bool is_new, const LifecycleRow& row, const Event& event, const ClassLimit* limit,
                 const CaseRules& rules);

// What a timer due at `due` changes in the record itself: a suspension that ends by itself goes back to handling.
// False: nothing.
bool apply_timer(CaseRecord& record, base::UtcTime due, const CaseRules& rules);

enum class DeadlineStatus : std::uint8_t { None, Ok, Warn, Overdue, Paused, Exempt, DoneOnTime, DoneLate };
// How a case stands at one moment: a pure function of the record and that moment, constant between two changes.
struct CaseStanding {
  DeadlineStatus deadline = DeadlineStatus::None;
  std::uint8_t overdue_age = 0;       // of Overdue: 0 up to 4 h, 1 up to 24 h, 2 more
  bool accept_late = false, dispatch_late = false, verify_late = false, check_late = false;  // waiting above the stage's limit
  bool milestone_missed = false;      // the first one, while the case is not handled
  bool suspension_overrun = false;    // past its end date, or longer than the rules allow
  bool operator==(const CaseStanding&) const = default;
};
CaseStanding standing_at(const CaseRecord& record, base::UtcTime at, const CaseRules& rules);
// The first moment after `at` at which standing_at() or apply_timer() would say something else; nothing: never.
std::optional<base::UtcTime> next_change(const CaseRecord& record, base::UtcTime at, const CaseRules& rules);

// Used time from `from` to `to` on the case's own clock, pauses taken out (the running one too); milliseconds, at least 0.
std::int64_t used_ms(const CaseRecord& record, base::UtcTime from, base::UtcTime to, const CaseRules& rules);

}  // namespace gridwall::model
