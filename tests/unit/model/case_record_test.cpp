// A case's record: states, stamps, deadlines, pauses, branches, and what is flagged. Days as in limit_test.cpp:
// 24 September 2024 is a Tuesday, 1 to 7 October are holidays, 29 September is made up for.
#include "model/case_record.hpp"

#include "support/case_walk.hpp"

namespace gridwall::model {
namespace {

using support::CaseWalk;
using support::decision;
using support::due;
using support::limited;
using support::local;
using support::local_text;
using support::until;

std::string stamp_text(const CaseRecord& record, Stamp stamp) {
  return record.has(stamp) ? local_text(record.stamp(stamp)) : "-";
}

TEST(CaseRecord, the_main_path_gives_each_stamp_and_no_flaw) {
  CaseWalk walk;
  walk.then("reported", "2024-09-24 08:00").then("verify_requested", "2024-09-24 08:05");
  walk.then("verified", "2024-09-24 08:20").then("accepted", "2024-09-24 08:25").then("filed", "2024-09-24 08:30");
  walk.then("dispatched", "2024-09-24 08:40").then("handling_started", "2024-09-24 09:00");
  walk.then("handled", "2024-09-24 10:00").then("check_requested", "2024-09-24 10:05");
  walk.then("check_started", "2024-09-24 10:10").then("check_passed", "2024-09-24 10:20");
  walk.then("closed", "2024-09-24 10:30").then("evaluated", "2024-09-24 11:00");
  EXPECT_EQ(walk.record.state, CaseState::Evaluated);
  EXPECT_EQ(walk.record.flaws, 0);
  const char* const times[] = {"08:00", "08:05", "08:20", "08:25", "08:30", "08:40",
                               "09:00", "10:00", "10:10", "10:20", "10:30", "11:00"};
  for (std::size_t i = 0; i < kStampCount; ++i) {
    EXPECT_EQ(stamp_text(walk.record, static_cast<Stamp>(i)), "2024-09-24 " + std::string(times[i])) << i;
  }
}

TEST(CaseRecord, of_a_step_taken_twice_the_first_dispatch_counts_and_the_last_handling) {
  CaseWalk walk("1d");
  walk.handling("2024-09-24 10:00").then("returned", "2024-09-24 11:00").then("dispatched", "2024-09-24 14:00");
  walk.then("handling_started", "2024-09-24 14:30").then("handled", "2024-09-24 15:00");
  walk.then("sent_back", "2024-09-24 15:10").then("handled", "2024-09-24 16:00");
  EXPECT_EQ(stamp_text(walk.record, Stamp::Dispatched), "2024-09-24 10:00");
  EXPECT_EQ(walk.deadline(), "2024-09-25 10:00") << "set at the first dispatch";
  EXPECT_EQ(stamp_text(walk.record, Stamp::HandleBegun), "2024-09-24 14:30");
  EXPECT_EQ(stamp_text(walk.record, Stamp::Handled), "2024-09-24 16:00");
  EXPECT_EQ(walk.record.return_count, 1);
  EXPECT_EQ(walk.record.rework_count, 1);
  EXPECT_EQ(walk.record.flaws, 0) << "none of this breaks an order";
}

TEST(CaseRecord, a_case_joined_late_begins_with_what_is_heard_first) {
  CaseWalk walk("2uh");
  walk.then("dispatched", "2024-09-24 10:00");
  EXPECT_EQ(walk.record.state, CaseState::Dispatched);
  EXPECT_EQ(stamp_text(walk.record, Stamp::Reported), "2024-09-24 10:00");
  EXPECT_EQ(walk.deadline(), "2024-09-24 12:00");
  EXPECT_EQ(walk.record.flaws, 0);
  CaseWalk marked;
  marked.then("urged", "2024-09-24 10:00");
  EXPECT_EQ(marked.record.state, CaseState::Reported);
  EXPECT_TRUE(marked.record.has(Mark::Urged));
}

TEST(CaseRecord, a_step_that_the_table_forbids_is_applied_and_flagged) {
  CaseWalk walk;
  walk.then("reported", "2024-09-24 08:00").then("closed", "2024-09-24 09:00");
  EXPECT_EQ(walk.record.state, CaseState::Closed);
  EXPECT_TRUE(walk.record.has(Flaw::OutOfOrder));
}

TEST(CaseRecord, a_return_without_a_reason_is_counted_and_flagged) {
  CaseWalk walk;
  IncidentFacts silent;
  silent.reason = "-";
  walk.handling("2024-09-24 10:00").then("returned", "2024-09-24 11:00", silent);
  EXPECT_EQ(walk.record.return_count, 1);
  EXPECT_EQ(walk.record.flaws, static_cast<std::uint16_t>(Flaw::ReasonMissing));
}

TEST(CaseRecord, stamps_that_run_backward_are_kept_and_flagged) {
  CaseWalk walk;
  walk.then("reported", "2024-09-24 08:00").then("accepted", "2024-09-24 07:59");
  EXPECT_TRUE(walk.record.has(Flaw::StampsBackward));
  EXPECT_EQ(stamp_text(walk.record, Stamp::Accepted), "2024-09-24 07:59");
  CaseWalk late;
  late.then("reported", "2024-09-24 08:00").then("filed", "2024-09-24 08:10").then("accepted", "2024-09-24 08:20");
  EXPECT_TRUE(late.record.has(Flaw::StampsBackward)) << "accepted after it was filed";
}

// ---- Where the deadline comes from.

TEST(CaseRecord, the_sources_deadline_wins_over_its_limit_and_that_over_the_districts) {
  CaseWalk ours("4h"), limit("4h"), both("4h"), fallback;
  EXPECT_EQ(ours.dispatched("2024-09-24 10:00").deadline(), "2024-09-24 16:00");
  EXPECT_EQ(limit.dispatched("2024-09-24 10:00", limited("2uh")).deadline(), "2024-09-24 12:00");
  EXPECT_EQ(limit.record.limit, parse_limit("2uh").value());
  IncidentFacts facts = due("2024-09-24 17:00");
  facts.limit = "2uh";
  EXPECT_EQ(both.dispatched("2024-09-24 10:00", facts).deadline(), "2024-09-24 17:00");
  EXPECT_EQ(fallback.dispatched("2024-09-24 10:00").deadline(), "2024-09-30 10:00") << "5 d, Sunday worked";
  CaseWalk without;
  without.rules.fallback = {};
  EXPECT_EQ(without.dispatched("2024-09-24 10:00").record.deadline_at, base::UtcTime{});
}

TEST(CaseRecord, an_unreadable_limit_is_flagged_and_the_districts_counts) {
  CaseWalk walk("4h");
  walk.dispatched("2024-09-24 10:00", limited("soon"));
  EXPECT_TRUE(walk.record.has(Flaw::LimitUnreadable));
  EXPECT_EQ(walk.deadline(), "2024-09-24 16:00");
}

TEST(CaseRecord, a_deadline_or_limit_said_before_dispatch_holds_from_dispatch_on) {
  CaseWalk walk("4h"), other("4h");
  walk.then("reported", "2024-09-24 08:00", due("2024-09-24 18:00")).then("dispatched", "2024-09-24 10:00");
  EXPECT_EQ(walk.deadline(), "2024-09-24 18:00");
  EXPECT_FALSE(walk.record.limit.given());
  EXPECT_EQ(local_text(walk.record.warn_at), "2024-09-24 16:00") << "a quarter of the time since dispatch";
  other.then("reported", "2024-09-24 08:00", limited("1uh")).then("dispatched", "2024-09-24 10:00");
  EXPECT_EQ(other.deadline(), "2024-09-24 11:00");
}

TEST(CaseRecord, a_later_event_may_move_the_deadline) {
  CaseWalk walk("4h");
  walk.handling("2024-09-24 10:00").then("urged", "2024-09-24 11:00", due("2024-09-24 12:00"));
  EXPECT_EQ(walk.deadline(), "2024-09-24 12:00");
}

// ---- Extensions.

TEST(CaseRecord, each_approved_extension_adds_the_original_limit_and_two_are_the_most) {
  CaseWalk walk("1d");
  walk.handling("2024-09-24 10:00");
  const char* const deadlines[] = {"2024-09-26 10:00", "2024-09-27 10:00", "2024-09-27 10:00"};
  for (const char* deadline : deadlines) {
    walk.then("extension_requested", "2024-09-24 11:00").then("extension_decided", "2024-09-24 11:30", decision(true));
    EXPECT_EQ(walk.deadline(), deadline);
  }
  EXPECT_TRUE(walk.record.has(Flaw::ExtensionRule));
  EXPECT_EQ(walk.record.extension_count, 3) << "the third is a fact too";
}

TEST(CaseRecord, a_refused_extension_neither_counts_nor_adds) {
  CaseWalk walk("1d");
  walk.handling("2024-09-24 10:00").then("extension_requested", "2024-09-24 11:00");
  walk.then("extension_decided", "2024-09-24 11:30", decision(false));
  EXPECT_EQ(walk.deadline(), "2024-09-25 10:00");
  EXPECT_EQ(walk.record.extension_count, 0);
  EXPECT_EQ(walk.record.flaws, 0);
}

TEST(CaseRecord, an_extension_at_the_deadline_is_in_time_and_one_after_it_is_too_late) {
  CaseWalk at("2uh"), after("2uh");
  at.handling("2024-09-24 10:00").then("extension_requested", "2024-09-24 11:00");
  after.handling("2024-09-24 10:00").then("extension_requested", "2024-09-24 11:00");
  at.then("extension_decided", "2024-09-24 12:00", decision(true));
  EXPECT_EQ(at.deadline(), "2024-09-24 14:00");
  after.then("extension_decided", "2024-09-24 12:01", decision(true));
  EXPECT_EQ(after.deadline(), "2024-09-24 12:00");
  EXPECT_EQ(after.record.flaws, static_cast<std::uint16_t>(Flaw::ExtensionRule));
}

// ---- Suspensions.

TEST(CaseRecord, a_suspension_gives_back_what_was_left_when_it_began) {
  CaseWalk walk("4h");  // due at 16:00
  walk.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00");
  EXPECT_EQ(walk.record.paused_at, local("2024-09-24 11:00"));
  walk.then("resumed", "2024-09-30 17:00");
  EXPECT_EQ(walk.deadline(), "2024-10-08 10:00") << "3 h were left: one today, two after the holidays";
  ASSERT_EQ(walk.record.pauses.size(), 1u);
  EXPECT_EQ(walk.record.paused_used, std::chrono::hours(5 + 3 * 8 + 8 + 7)) << "Sunday the 29th is worked";
  EXPECT_EQ(walk.record.flaws, 0);
}

TEST(CaseRecord, nothing_is_given_back_when_nothing_was_left) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 10:00").then("suspended", "2024-09-24 13:00").then("resumed", "2024-09-25 13:00");
  EXPECT_EQ(walk.deadline(), "2024-09-24 12:00");
}

TEST(CaseRecord, a_suspension_with_an_end_date_ends_by_itself_at_that_instant) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00", until("2024-10-01 00:00"));
  EXPECT_EQ(walk.next_after("2024-09-24 11:00"), local("2024-10-01 00:00"));
  EXPECT_FALSE(walk.timer("2024-09-30 23:59"));
  EXPECT_TRUE(walk.timer("2024-10-01 00:00"));
  EXPECT_EQ(walk.record.state, CaseState::Handling);
  EXPECT_EQ(walk.deadline(), "2024-10-01 01:00");
  EXPECT_EQ(stamp_text(walk.record, Stamp::HandleBegun), "2024-09-24 10:00") << "a timer gives no stamp";
  EXPECT_FALSE(walk.timer("2024-10-01 00:00")) << "once";
}

TEST(CaseRecord, a_timer_that_is_late_ends_the_pause_when_it_should_have_ended) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00", until("2024-09-25 00:00"));
  const auto next = walk.next_after("2024-09-26 00:00");
  ASSERT_EQ(next, local("2024-09-26 00:00") + base::Duration(1));
  EXPECT_TRUE(apply_timer(walk.record, *next, walk.case_rules()));
  EXPECT_EQ(walk.deadline(), "2024-09-25 01:00");
}

TEST(CaseRecord, a_second_suspension_is_applied_and_flagged_and_so_is_one_of_more_than_a_year) {
  CaseWalk twice("2uh"), longer("2uh"), backward("2uh");
  twice.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00").then("resumed", "2024-09-24 12:00");
  EXPECT_FALSE(twice.record.has(Flaw::SuspensionRule));
  twice.then("suspended", "2024-09-24 12:30");
  EXPECT_TRUE(twice.record.has(Flaw::SuspensionRule));
  EXPECT_EQ(twice.record.state, CaseState::Suspended);
  longer.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00", until("2025-09-24 11:00"));
  EXPECT_EQ(longer.record.flaws, 0) << "365 days";
  longer.then("resumed", "2024-09-24 12:00").then("suspended", "2024-09-24 12:00", until("2025-09-24 12:01"));
  EXPECT_TRUE(longer.record.has(Flaw::SuspensionRule));
  backward.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00", until("2024-09-24 11:00"));
  EXPECT_TRUE(backward.record.has(Flaw::SuspensionRule));
  EXPECT_EQ(backward.record.resume_due_at, base::UtcTime{}) << "an end before the begin is no end";
}

TEST(CaseRecord, whatever_leads_out_of_suspension_ends_the_pause) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00", until("2024-10-01 00:00"));
  walk.then("force_closed", "2024-09-25 11:00");
  EXPECT_EQ(walk.record.paused_at, base::UtcTime{});
  EXPECT_EQ(walk.record.resume_due_at, base::UtcTime{});
  EXPECT_EQ(walk.deadline(), "2024-09-25 12:00");
}

TEST(CaseRecord, a_returned_case_stands_still_where_the_rules_say_so) {
  CaseWalk runs("4h"), stands("4h");
  stands.rules.runs_while_returned = false;
  for (CaseWalk* walk : {&runs, &stands}) {
    walk->handling("2024-09-24 10:00").then("returned", "2024-09-24 11:00");
    walk->then("returned_to_acceptor", "2024-09-24 14:00").then("filed", "2024-09-24 15:00");
    walk->then("dispatched", "2024-09-24 15:30");
  }
  EXPECT_EQ(runs.deadline(), "2024-09-24 16:00");
  EXPECT_TRUE(runs.record.pauses.empty());
  EXPECT_EQ(stands.deadline(), "2024-09-24 18:00") << "2 h of working time, until it was filed again";
  EXPECT_EQ(stands.record.paused_used, std::chrono::hours(2));
}

TEST(CaseRecord, used_time_leaves_out_the_pauses_that_lie_in_it_and_the_running_one) {
  CaseWalk walk("1d");
  walk.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00").then("resumed", "2024-09-24 15:00");
  const auto used = [&](const char* from, const char* to) {
    return std::chrono::milliseconds(used_ms(walk.record, local(from), local(to), walk.case_rules()));
  };
  EXPECT_EQ(used("2024-09-24 10:00", "2024-09-24 16:00"), std::chrono::hours(2));
  EXPECT_EQ(used("2024-09-24 14:30", "2024-09-24 16:00"), std::chrono::hours(1)) << "half an hour of the pause";
  EXPECT_EQ(used("2024-09-24 16:00", "2024-09-24 10:00"), std::chrono::hours(0));
  walk.then("suspended", "2024-09-24 16:00");
  EXPECT_EQ(used("2024-09-24 10:00", "2024-09-24 18:00"), std::chrono::hours(2));
}

// ---- Marks, appeals, reopening.

TEST(CaseRecord, marks_leave_the_state) {
  CaseWalk walk;
  walk.handling("2024-09-24 10:00");
  for (const char* mark : {"urged", "urged", "supervised", "exempted", "marked_duplicate"}) {
    walk.then(mark, "2024-09-24 11:00");
    EXPECT_EQ(walk.record.state, CaseState::Handling) << mark;
  }
  EXPECT_EQ(walk.record.urge_count, 2);
  for (const Mark mark : {Mark::Urged, Mark::Supervised, Mark::Exempt, Mark::Duplicate}) {
    EXPECT_TRUE(walk.record.has(mark)) << static_cast<int>(mark);
  }
  EXPECT_EQ(walk.record.flaws, 0);
}

TEST(CaseRecord, an_appeal_is_made_once_and_after_closing) {
  CaseWalk walk;
  walk.handling("2024-09-24 10:00").then("appeal_opened", "2024-09-24 11:00");
  EXPECT_TRUE(walk.record.has(Flaw::AppealRule));
  EXPECT_FALSE(walk.record.has(Mark::AppealPending)) << "too early: ignored";

  CaseWalk good;
  good.handling("2024-09-24 10:00").then("force_closed", "2024-09-24 12:00").then("appeal_opened", "2024-09-24 13:00");
  EXPECT_TRUE(good.record.has(Mark::AppealPending));
  good.then("appeal_decided", "2024-09-24 14:00", decision(false));
  EXPECT_FALSE(good.record.has(Mark::AppealPending));
  EXPECT_TRUE(good.record.has(Mark::AppealRejected));
  EXPECT_EQ(good.record.flaws, 0);
  good.then("appeal_opened", "2024-09-24 15:00").then("appeal_decided", "2024-09-24 16:00", decision(true));
  EXPECT_TRUE(good.record.has(Flaw::AppealRule));
  EXPECT_FALSE(good.record.has(Mark::AppealAccepted)) << "a second one is ignored";
}

TEST(CaseRecord, reopening_takes_back_what_closed_it) {
  CaseWalk walk;
  walk.handling("2024-09-24 10:00").then("force_closed", "2024-09-24 12:00").then("evaluated", "2024-09-24 13:00");
  EXPECT_TRUE(walk.record.has(Mark::ForcedClosed));
  walk.then("reopened", "2024-09-24 14:00");
  EXPECT_EQ(walk.record.state, CaseState::Reopened);
  EXPECT_EQ(walk.record.reopen_count, 1);
  EXPECT_FALSE(walk.record.has(Mark::ForcedClosed));
  EXPECT_FALSE(walk.record.has(Stamp::Closed) || walk.record.has(Stamp::Evaluated));
  EXPECT_TRUE(walk.record.has(Stamp::Dispatched) && walk.record.has(Stamp::HandleBegun));
}

TEST(CaseRecord, a_follow_ups_last_answer_counts_and_silence_is_none) {
  CaseWalk walk;
  walk.handling("2024-09-24 10:00").then("force_closed", "2024-09-24 12:00").then("follow_up", "2024-09-24 13:00");
  EXPECT_FALSE(walk.record.has(Mark::Answered));
  IncidentFacts answer;
  answer.satisfied = true;
  walk.then("follow_up", "2024-09-24 14:00", answer);
  EXPECT_TRUE(walk.record.has(Mark::Answered) && walk.record.has(Mark::Satisfied));
  answer.satisfied = false;
  walk.then("follow_up", "2024-09-24 15:00", answer);
  EXPECT_TRUE(walk.record.has(Mark::Answered));
  EXPECT_FALSE(walk.record.has(Mark::Satisfied));
}

TEST(CaseRecord, counts_stop_at_their_end) {
  CaseWalk walk;
  walk.handling("2024-09-24 10:00");
  for (int i = 0; i < 300; ++i) walk.then("urged", "2024-09-24 11:00");
  EXPECT_EQ(walk.record.urge_count, 255);
}

TEST(CaseRecord, pauses_that_run_backward_stay_in_order_and_are_flagged) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00").then("resumed", "2024-09-24 10:30");
  EXPECT_TRUE(walk.record.has(Flaw::StampsBackward));
  walk.then("suspended", "2024-09-24 09:00").then("resumed", "2024-09-24 11:20");
  ASSERT_EQ(walk.record.pauses.size(), 2u);
  for (const auto& [begin, end] : walk.record.pauses) EXPECT_LE(begin, end);
  EXPECT_LE(walk.record.pauses[0].second, walk.record.pauses[1].first);
  EXPECT_EQ(walk.record.paused_used, std::chrono::minutes(20));
}

}  // namespace
}  // namespace gridwall::model
