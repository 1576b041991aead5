#include "model/case_flags.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace gridwall::model {

using base::UtcTime;

namespace {

constexpr UtcTime kNone{};

constexpr std::array<std::string_view, kCountCount> kWords{"report",
                                                           "self_handled",
                                                           "valid_report",
                                                           "accept",
                                                           "register",
                                                           "in_time_register",
                                                           "dispatch",
                                                           "in_time_dispatch",
                                                           "should_handle",
                                                           "dispose",
                                                           "in_time_dispose",
                                                           "overtime_dispose",
                                                           "to_dispose",
                                                           "to_dispose_overdue",
                                                           "need_archive",
                                                           "need_archive_suspended",
                                                           "archive",
                                                           "in_time_archive",
                                                           "forced_closed",
                                                           "rework",
                                                           "return",
                                                           "extension",
                                                           "suspend",
                                                           "accurate_dispatch",
                                                           "verify",
                                                           "in_time_verify",
                                                           "check",
                                                           "in_time_check",
                                                           "rejected",
                                                           "cancelled",
                                                           "reopened",
                                                           "unlocated",
                                                           "public_register",
                                                           "recurrent",
                                                           "suspected_duplicate",
                                                           "answered",
                                                           "satisfied",
                                                           "returned_twice",
                                                           "first_milestone_missed",
                                                           "flawed",
                                                           "open",
                                                           "solved0",
                                                           "solved1",
                                                           "solved2",
                                                           "solved3",
                                                           "solved4",
                                                           "solved5",
                                                           "solved6",
                                                           "solved7"};
static_assert(!kWords.back().empty());

class FlagSet {
 public:
  // Branch-free: most of them are as likely as not.
  void put(Count count, bool holds) { m_flags |= CaseFlags{holds} << static_cast<unsigned>(count); }
  [[nodiscard]] CaseFlags flags() const { return m_flags; }

 private:
  CaseFlags m_flags = 0;
};

bool within(UtcTime from, UtcTime to, Limit limit, const WorkCalendar& calendar) {
  return !limit.given() || to <= deadline(from, limit, calendar);
}

UtcTime first_given(UtcTime wanted, UtcTime otherwise) {
  return wanted != kNone ? wanted : otherwise;
}

void put_before_dispatch(FlagSet& set, const CaseRecord& record, const CaseSurroundings& around,
                         const CaseRules& rules) {
  const UtcTime reported = record.stamp(Stamp::Reported);
  const UtcTime accepted = record.stamp(Stamp::Accepted);
  const bool filed = record.has(Stamp::Filed);
  const bool self_handled = record.has(Mark::SelfHandled);
  set.put(Count::Report, true);
  set.put(Count::SelfHandled, self_handled);
  set.put(Count::ValidReport, filed || self_handled);
  set.put(Count::Accept, accepted != kNone);
  set.put(Count::Register, filed);
  set.put(Count::InTimeRegister, filed && within(first_given(accepted, reported), record.stamp(Stamp::Filed),
                                                 rules.limits->file, *rules.calendar));
  set.put(Count::PublicRegister, filed && around.reported_by_public);
  const bool verified = record.has(Stamp::Verified);
  set.put(Count::Verify, verified);
  set.put(Count::InTimeVerify, verified && record.has(Stamp::VerifySent) &&
                                   within(record.stamp(Stamp::VerifySent), record.stamp(Stamp::Verified),
                                          rules.limits->verify, *rules.calendar));
  set.put(Count::Rejected, record.state == CaseState::Rejected);
  set.put(Count::Cancelled, record.state == CaseState::Cancelled);
}

struct Handling {
  bool should_handle = false, disposed = false, archived = false;
};

Handling put_handling(FlagSet& set, const CaseRecord& record, const CaseStanding& standing, const CaseRules& rules) {
  Handling is;
  const bool dispatched = record.has(Stamp::Dispatched) && !record.has(Mark::SelfHandled);
  const bool handled = record.has(Stamp::Handled);
  const bool excused = record.deadline_at == kNone || record.has(Mark::Exempt) || record.has(Mark::AppealAccepted);
  is.should_handle = dispatched && record.state != CaseState::Rejected && record.state != CaseState::Cancelled;
  is.disposed = is.should_handle && handled;
  is.archived = is.should_handle && is_closed(record.state);
  set.put(Count::Dispatch, dispatched);
  set.put(Count::InTimeDispatch,
          dispatched && within(first_given(record.stamp(Stamp::Filed), record.stamp(Stamp::Reported)),
                               record.stamp(Stamp::Dispatched), rules.limits->dispatch, *rules.calendar));
  set.put(Count::AccurateDispatch, dispatched && record.return_count == 0);
  set.put(Count::ShouldHandle, is.should_handle);
  const bool in_time = excused || record.stamp(Stamp::Handled) <= record.deadline_at;
  set.put(Count::Dispose, is.disposed);
  set.put(Count::InTimeDispose, is.disposed && in_time);
  set.put(Count::OvertimeDispose, is.disposed && !in_time);
  const bool to_dispose = is.should_handle && !handled;
  set.put(Count::ToDispose, to_dispose);
  set.put(Count::ToDisposeOverdue, to_dispose && standing.deadline == DeadlineStatus::Overdue);
  const bool need_archive = is.disposed || is.archived;
  set.put(Count::NeedArchive, need_archive);
  set.put(Count::NeedArchiveSuspended, is.should_handle && !need_archive && record.state == CaseState::Suspended);
  set.put(Count::Archive, is.archived);
  const bool closed_in_time = record.has(Stamp::Closed) && record.stamp(Stamp::Closed) <= record.deadline_at;
  set.put(Count::InTimeArchive, is.archived && (excused || closed_in_time));
  const bool checked = record.has(Stamp::Checked);
  set.put(Count::Check, checked);
  set.put(Count::InTimeCheck, checked && record.has(Stamp::CheckSent) &&
                                  within(record.stamp(Stamp::CheckSent), record.stamp(Stamp::Checked),
                                         rules.limits->check, *rules.calendar));
  return is;
}

void put_history(FlagSet& set, const CaseRecord& record, const CaseStanding& standing, const CaseSurroundings& around) {
  set.put(Count::ForcedClosed, record.has(Mark::ForcedClosed));
  set.put(Count::Rework, record.rework_count > 0);
  set.put(Count::Return, record.return_count > 0);
  set.put(Count::ReturnedTwice, record.return_count > 1);
  set.put(Count::Extension, record.extension_count > 0);
  set.put(Count::Suspend, record.suspension_count > 0);
  set.put(Count::Reopened, record.reopen_count > 0);
  set.put(Count::Unlocated, !around.located);
  set.put(Count::Recurrent, around.recurrent);
  set.put(Count::SuspectedDuplicate, around.suspected_duplicate);
  set.put(Count::Answered, record.has(Mark::Answered));
  set.put(Count::Satisfied, record.has(Mark::Satisfied));
  set.put(Count::FirstMilestoneMissed, standing.milestone_missed);
  set.put(Count::Flawed, record.flaws != 0);
  set.put(Count::Open, !is_settled(record.state));
}

}  // namespace

std::string_view count_word(Count count) {
  const auto index = static_cast<std::size_t>(count);
  ASSERT(index < kWords.size(), "count {} is not of the catalogue", index);
  return kWords[index];
}

CaseMeasure measure(const CaseRecord& record, const CaseStanding& standing, const CaseSurroundings& around,
                    const CaseRules& rules) {
  FlagSet set;
  put_before_dispatch(set, record, around, rules);
  const Handling is = put_handling(set, record, standing, rules);
  put_history(set, record, standing, around);
  if ((is.archived || record.has(Mark::SelfHandled)) && record.solved_level >= 0 && record.solved_level < 8) {
    set.put(static_cast<Count>(static_cast<int>(Count::Solved0) + record.solved_level), true);
  }
  CaseMeasure measured;
  measured.flags = set.flags();
  if (record.has(Stamp::Accepted)) {
    const auto plain = record.stamp(Stamp::Accepted) - record.stamp(Stamp::Reported);
    measured.accept_ms =
        std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::milliseconds>(plain).count());
  }
  if (is.disposed) {
    measured.handle_ms = used_ms(record, record.stamp(Stamp::Dispatched), record.stamp(Stamp::Handled), rules);
  }
  return measured;
}

}  // namespace gridwall::model
