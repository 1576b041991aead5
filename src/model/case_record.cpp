#include "model/case_record.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"

namespace gridwall::model {

using base::Duration;
using base::UtcTime;

namespace {

constexpr UtcTime kNone{};
constexpr std::int64_t kMillion = 1'000'000;

void set(CaseRecord& record, Flaw flaw) {
  record.flaws = static_cast<std::uint16_t>(record.flaws | static_cast<unsigned>(flaw));
}
void set(CaseRecord& record, Mark mark) {
  record.marks = static_cast<std::uint16_t>(record.marks | static_cast<unsigned>(mark));
}
void clear(CaseRecord& record, Mark mark) {
  record.marks = static_cast<std::uint16_t>(record.marks & ~static_cast<unsigned>(mark));
}
void count_up(std::uint8_t& count) {
  if (count < std::numeric_limits<std::uint8_t>::max()) ++count;
}
UtcTime& stamp_of(CaseRecord& record, Stamp which) {
  return record.stamps[static_cast<std::size_t>(which)];
}

constexpr bool first_wins(Stamp stamp) {
  return stamp <= Stamp::Dispatched;
}
constexpr bool verifying(Stamp stamp) {
  return stamp == Stamp::VerifySent || stamp == Stamp::Verified;
}

LimitUnit clock_of(const CaseRecord& record) {
  return record.limit.given() ? record.limit.unit : LimitUnit::UrgentHour;
}

bool runs_backward(const CaseRecord& record, Stamp which, UtcTime at) {
  const auto index = static_cast<std::size_t>(which);
  for (std::size_t i = 0; i < index; ++i) {
    if (record.stamps[i] > at) return true;
  }
  if (!first_wins(which) || verifying(which)) return false;
  for (std::size_t i = index + 1; i < kStampCount; ++i) {
    if (record.stamps[i] != kNone && record.stamps[i] < at) return true;
  }
  return false;
}

void put_stamp(CaseRecord& record, Stamp which, UtcTime at) {
  if (first_wins(which) && record.has(which)) return;
  if (runs_backward(record, which, at)) set(record, Flaw::StampsBackward);
  stamp_of(record, which) = at;
}

// ---- The deadline.

// Used time of [from, to] on the case's clock without its pauses, the running one too.
Duration used(const CaseRecord& record, UtcTime from, UtcTime to, const WorkCalendar& calendar) {
  const LimitUnit unit = clock_of(record);
  Duration total = used_on_clock(from, to, unit, calendar);
  for (const auto& [begin, end] : record.pauses) {
    total -= used_on_clock(std::max(begin, from), std::min(end, to), unit, calendar);
  }
  if (record.paused_at != kNone) total -= used_on_clock(std::max(record.paused_at, from), to, unit, calendar);
  return std::max(total, Duration{});
}

Duration share_of(Duration whole, double share) {
  const auto millionths = static_cast<std::int64_t>(share * static_cast<double>(kMillion) + 0.5);
  const std::int64_t count = whole.count();
  return Duration(count / kMillion * millionths + count % kMillion * millionths / kMillion);
}

// When little is left of it; `from` is a moment from which on no ended pause lies.
void work_out_warning(CaseRecord& record, UtcTime from, const CaseRules& rules) {
  const LimitUnit unit = clock_of(record);
  const bool urgent = record.limit.given() && unit == LimitUnit::UrgentHour;
  Duration little = rules.limits->warn_urgent;
  if (!urgent) {
    const UtcTime begin =
        record.has(Stamp::Dispatched) ? record.stamp(Stamp::Dispatched) : record.stamp(Stamp::Reported);
    little = share_of(used(record, begin, record.deadline_at, *rules.calendar), rules.limits->warn_share);
  }
  const Duration left = used_on_clock(from, record.deadline_at, unit, *rules.calendar);
  UtcTime warn_at = from;
  if (left > little) warn_at = add_on_clock(from, left - little, unit, *rules.calendar);
  record.warn_at = std::max(std::min(warn_at, record.deadline_at), kNone + Duration(1));
}

void set_deadline(CaseRecord& record, UtcTime deadline_at, UtcTime from, const CaseRules& rules) {
  record.deadline_at = deadline_at;
  record.warn_at = kNone;
  if (deadline_at != kNone) work_out_warning(record, from, rules);
}

// The first dispatch: the clock of handling begins.
void begin_handling_clock(CaseRecord& record, const Event& event, const ClassLimit* limit, const CaseRules& rules) {
  const UtcTime at = event.occurred_at;
  if (limit != nullptr && !limit->milestones.empty()) {
    record.milestone_at = deadline(at, limit->milestones.front(), *rules.calendar);
  }
  if (event.incident.deadline) return;  // comes after
  if (record.deadline_at != kNone) {    // said before, and now its clock begins
    set_deadline(record, record.deadline_at, at, rules);
    return;
  }
  if (!record.limit.given()) record.limit = limit != nullptr ? limit->limit : rules.limits->fallback;
  if (record.limit.given()) set_deadline(record, deadline(at, record.limit, *rules.calendar), at, rules);
}

void decide_extension(CaseRecord& record, const Event& event, const CaseRules& rules) {
  if (!event.incident.approved.value_or(false)) return;
  const bool used_up = record.extension_count >= rules.limits->extensions_max;
  const bool overdue = record.deadline_at != kNone && event.occurred_at > record.deadline_at;
  count_up(record.extension_count);
  if (used_up || overdue) {
    set(record, Flaw::ExtensionRule);
    return;
  }
  // A deadline in the event itself says the same in other words, and wins.
  if (event.incident.deadline || record.deadline_at == kNone || !record.limit.given()) return;
  const Duration more = amount_of(record.limit, *rules.calendar);
  set_deadline(record, add_on_clock(record.deadline_at, more, record.limit.unit, *rules.calendar), event.occurred_at,
               rules);
}

void read_limit(CaseRecord& record, const Event& event) {
  if (event.incident.limit.empty()) return;
  const auto limit = parse_limit(event.incident.limit);
  if (!limit.ok()) {
    set(record, Flaw::LimitUnreadable);
  } else if (!record.has(Stamp::Dispatched)) {
    record.limit = limit.value();
  }
}

// ---- Pauses.

bool stands_still(CaseState state, const LimitRules& limits) {
  if (state == CaseState::Suspended) return true;
  return !limits.runs_while_returned &&
         (state == CaseState::ReturnedToDispatcher || state == CaseState::ReturnedToAcceptor);
}

void begin_pause(CaseRecord& record, UtcTime at) {
  // The ledger's pauses follow each other, or time would be taken out twice.
  const UtcTime earliest = record.pauses.empty() ? at : record.pauses.back().second;
  if (at < earliest) set(record, Flaw::StampsBackward);
  record.paused_at = std::max({at, earliest, kNone + Duration(1)});
}

void end_pause(CaseRecord& record, UtcTime at, const CaseRules& rules) {
  if (at < record.paused_at) set(record, Flaw::StampsBackward);
  const UtcTime begin = record.paused_at;
  const UtcTime end = std::max(at, begin);
  const LimitUnit unit = clock_of(record);
  record.paused_at = kNone;
  record.resume_due_at = kNone;
  record.pauses.emplace_back(begin, end);
  record.paused_used += used_on_clock(begin, end, unit, *rules.calendar);
  if (record.deadline_at == kNone) return;
  const Duration left = used_on_clock(begin, record.deadline_at, unit, *rules.calendar);
  if (left > Duration{}) set_deadline(record, add_on_clock(end, left, unit, *rules.calendar), end, rules);
}

void follow_state(CaseRecord& record, UtcTime at, const CaseRules& rules) {
  const bool still = stands_still(record.state, *rules.limits);
  if (still && record.paused_at == kNone) begin_pause(record, at);
  if (!still && record.paused_at != kNone) end_pause(record, at, rules);
  if (record.state != CaseState::Suspended) record.resume_due_at = kNone;
}

// ---- Effects.

void suspend(CaseRecord& record, const Event& event, const LimitRules& limits) {
  count_up(record.suspension_count);
  if (record.suspension_count > limits.suspensions_max) set(record, Flaw::SuspensionRule);
  record.resume_due_at = event.incident.resume_at.value_or(kNone);
  if (record.resume_due_at == kNone) return;
  const Duration length = record.resume_due_at - event.occurred_at;
  if (length > std::chrono::days(limits.suspension_days_max)) set(record, Flaw::SuspensionRule);
  if (length <= Duration{}) {  // ends before it begins: as good as no end
    set(record, Flaw::SuspensionRule);
    record.resume_due_at = kNone;
  }
}

void reopen(CaseRecord& record) {
  count_up(record.reopen_count);
  for (const Stamp stamp : {Stamp::Handled, Stamp::CheckSent, Stamp::Checked, Stamp::Closed, Stamp::Evaluated}) {
    stamp_of(record, stamp) = kNone;
  }
  clear(record, Mark::SelfHandled);
  clear(record, Mark::ForcedClosed);
}

void open_appeal(CaseRecord& record) {
  const bool had_one =
      record.has(Mark::AppealPending) || record.has(Mark::AppealAccepted) || record.has(Mark::AppealRejected);
  if (had_one || !is_closed(record.state)) {
    set(record, Flaw::AppealRule);
  } else {
    set(record, Mark::AppealPending);
  }
}

void decide_appeal(CaseRecord& record, bool approved) {
  if (!record.has(Mark::AppealPending)) {
    set(record, Flaw::AppealRule);
    return;
  }
  clear(record, Mark::AppealPending);
  set(record, approved ? Mark::AppealAccepted : Mark::AppealRejected);
}

void note_satisfaction(CaseRecord& record, std::optional<bool> satisfied) {
  if (!satisfied) return;
  set(record, Mark::Answered);
  if (*satisfied) {
    set(record, Mark::Satisfied);
  } else {
    clear(record, Mark::Satisfied);
  }
}

// Of all effects but those that move the deadline.
void apply_effect(CaseRecord& record, Effect effect, const Event& event, const LimitRules& limits) {
  switch (effect) {
    case Effect::None:
    case Effect::ExtensionDecision:
    case Effect::Resume:
      break;
    case Effect::Return:
      count_up(record.return_count);
      break;
    case Effect::Rework:
      count_up(record.rework_count);
      break;
    case Effect::Suspend:
      suspend(record, event, limits);
      break;
    case Effect::SelfHandle:
      set(record, Mark::SelfHandled);
      break;
    case Effect::ForceClose:
      set(record, Mark::ForcedClosed);
      break;
    case Effect::Reopen:
      reopen(record);
      break;
    case Effect::Urge:
      set(record, Mark::Urged);
      count_up(record.urge_count);
      break;
    case Effect::Supervise:
      set(record, Mark::Supervised);
      break;
    case Effect::AppealOpen:
      open_appeal(record);
      break;
    case Effect::AppealDecide:
      decide_appeal(record, event.incident.approved.value_or(false));
      break;
    case Effect::Exempt:
      set(record, Mark::Exempt);
      break;
    case Effect::Duplicate:
      set(record, Mark::Duplicate);
      break;
    case Effect::Satisfaction:
      note_satisfaction(record, event.incident.satisfied);
      break;
  }
}

// The limit of the stage that a case of this state waits in; null when it waits in none.
const Limit* stage_limit(CaseState state, const LimitRules& limits) {
  switch (state) {
    case CaseState::Reported:
      return &limits.accept;
    case CaseState::Verifying:
      return &limits.verify;
    case CaseState::Filed:
    case CaseState::ReturnedToDispatcher:
    case CaseState::Reopened:
      return &limits.dispatch;
    case CaseState::Checking:
      return &limits.check;
    default:
      return nullptr;
  }
}

void enter(CaseRecord& record, bool is_new, CaseState state, UtcTime at, const CaseRules& rules) {
  if (!is_new && record.state == state) return;  // waits there already
  record.state = state;
  record.stage_due_at = kNone;
  const Limit* limit = stage_limit(state, *rules.limits);
  if (limit != nullptr && limit->given()) record.stage_due_at = deadline(at, *limit, *rules.calendar);
}

}  // namespace

void apply_event(CaseRecord& record, bool is_new, const LifecycleRow& row, const Event& event, const ClassLimit* limit,
                 const CaseRules& rules) {
  ASSERT(rules.limits != nullptr, "a case is judged by a district's limits");
  ASSERT(rules.calendar != nullptr, "a case is judged by a district's calendar");
  const UtcTime at = event.occurred_at;
  if (event.out_of_order || (!is_new && !row.leads_from(record.state))) set(record, Flaw::OutOfOrder);
  if (row.reason_required && event.incident.reason.empty()) set(record, Flaw::ReasonMissing);
  read_limit(record, event);

  const bool was_dispatched = record.has(Stamp::Dispatched);
  apply_effect(record, row.effect, event, *rules.limits);  // before the stamps: reopening clears some
  if (is_new) put_stamp(record, Stamp::Reported, at);
  for (const Stamp stamp : row.stamps) put_stamp(record, stamp, at);
  if (row.to || is_new) enter(record, is_new, row.to.value_or(CaseState::Reported), at, rules);
  follow_state(record, at, rules);

  if (!was_dispatched && record.has(Stamp::Dispatched)) begin_handling_clock(record, event, limit, rules);
  if (row.effect == Effect::ExtensionDecision) decide_extension(record, event, rules);
  if (event.incident.deadline) set_deadline(record, *event.incident.deadline, at, rules);
  if (event.incident.solved_level) {
    record.solved_level = static_cast<std::int8_t>(std::clamp(*event.incident.solved_level, 0, 127));
  }
}

bool apply_timer(CaseRecord& record, UtcTime due, const CaseRules& rules) {
  const bool ends =
      record.state == CaseState::Suspended && record.resume_due_at != kNone && due >= record.resume_due_at;
  if (!ends) return false;
  enter(record, false, CaseState::Handling, record.resume_due_at, rules);
  follow_state(record, record.resume_due_at, rules);
  return true;
}

std::int64_t used_ms(const CaseRecord& record, UtcTime from, UtcTime to, const CaseRules& rules) {
  return used(record, from, to, *rules.calendar).count() / kMillion;
}

}  // namespace gridwall::model
