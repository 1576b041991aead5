// What a case adds to the counts of the catalogue.
#include "model/case_flags.hpp"

#include <set>
#include <string>

#include "support/case_walk.hpp"

namespace gridwall::model {
namespace {

using support::CaseWalk;
using support::decision;
using support::due;

// The words of the counts set, in the catalogue's order.
std::string counts_of(const CaseMeasure& measure) {
  std::string words;
  for (std::size_t i = 0; i < kCountCount; ++i) {
    const auto count = static_cast<Count>(i);
    if ((measure.flags & flag(count)) == 0) continue;
    words += (words.empty() ? "" : " ") + std::string(count_word(count));
  }
  return words;
}
bool has(const CaseMeasure& measure, Count count) {
  return (measure.flags & flag(count)) != 0;
}

TEST(CaseFlags, each_count_has_a_word_of_its_own) {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < kCountCount; ++i) words.insert(count_word(static_cast<Count>(i)));
  EXPECT_EQ(words.size(), kCountCount);
  EXPECT_EQ(count_word(Count::Report), "report");
  EXPECT_EQ(count_word(Count::InTimeDispose), "in_time_dispose");
  EXPECT_EQ(count_word(Count::Flawed), "flawed");
  EXPECT_EQ(count_word(Count::Solved0), "solved0");
  EXPECT_EQ(count_word(Count::Solved7), "solved7");
}

TEST(CaseFlags, a_case_gathers_counts_along_the_ordinary_path) {
  CaseWalk walk("2uh");
  walk.then("reported", "2024-09-24 08:00");
  EXPECT_EQ(counts_of(walk.measure("2024-09-24 08:01")), "report open");
  walk.then("accepted", "2024-09-24 08:05").then("filed", "2024-09-24 08:20");
  EXPECT_EQ(counts_of(walk.measure("2024-09-24 08:21")), "report valid_report accept register in_time_register open");
  walk.then("dispatched", "2024-09-24 08:30").then("handling_started", "2024-09-24 08:30");
  EXPECT_EQ(counts_of(walk.measure("2024-09-24 08:40")),
            "report valid_report accept register in_time_register dispatch in_time_dispatch should_handle to_dispose "
            "accurate_dispatch open");
  EXPECT_TRUE(has(walk.measure("2024-09-24 10:31"), Count::ToDisposeOverdue));
  walk.then("handled", "2024-09-24 10:30").then("check_requested", "2024-09-24 10:30");
  walk.then("check_started", "2024-09-24 10:31").then("check_passed", "2024-09-24 11:01");
  walk.then("closed", "2024-09-24 11:02");
  EXPECT_EQ(counts_of(walk.measure("2024-09-24 12:00")),
            "report valid_report accept register in_time_register dispatch in_time_dispatch should_handle dispose "
            "in_time_dispose need_archive archive accurate_dispatch check in_time_check")
      << "handled at the deadline, closed after it";
}

TEST(CaseFlags, stage_limits_are_kept_at_their_end_and_missed_after_it) {
  CaseWalk walk;
  walk.then("reported", "2024-09-24 08:00").then("verify_requested", "2024-09-24 08:00");
  walk.then("verified", "2024-09-24 08:31").then("filed", "2024-09-24 08:31").then("dispatched", "2024-09-24 08:47");
  const CaseMeasure late = walk.measure("2024-09-24 08:50");
  EXPECT_TRUE(has(late, Count::Verify));
  EXPECT_FALSE(has(late, Count::InTimeVerify));
  EXPECT_FALSE(has(late, Count::InTimeRegister)) << "never accepted: measured from its report";
  EXPECT_FALSE(has(late, Count::InTimeDispatch));
  CaseWalk kept;
  kept.then("reported", "2024-09-24 08:00").then("verify_requested", "2024-09-24 08:00");
  kept.then("verified", "2024-09-24 08:30").then("filed", "2024-09-24 08:30").then("dispatched", "2024-09-24 08:45");
  for (const Count count : {Count::InTimeVerify, Count::InTimeRegister, Count::InTimeDispatch}) {
    EXPECT_TRUE(has(kept.measure("2024-09-24 08:50"), count)) << count_word(count);
  }
}

TEST(CaseFlags, a_case_solved_on_the_spot_is_in_no_count_of_handling) {
  CaseWalk walk;
  IncidentFacts facts;
  facts.solved_level = 3;
  walk.then("reported", "2024-09-24 08:00").then("self_handled", "2024-09-24 08:10", facts);
  EXPECT_EQ(counts_of(walk.measure("2024-09-24 09:00")), "report self_handled valid_report solved3");
}

TEST(CaseFlags, a_late_case_that_is_exempt_or_won_its_appeal_counts_as_in_time) {
  CaseWalk late("2uh");
  late.handling("2024-09-24 08:00").then("handled", "2024-09-24 11:00").then("check_requested", "2024-09-24 11:00");
  late.then("closed", "2024-09-24 12:00");
  EXPECT_TRUE(has(late.measure("2024-09-25 08:00"), Count::OvertimeDispose));
  EXPECT_FALSE(has(late.measure("2024-09-25 08:00"), Count::InTimeArchive));
  CaseWalk exempt = late, won = late, lost = late;
  exempt.then("exempted", "2024-09-24 13:00");
  won.then("appeal_opened", "2024-09-24 13:00").then("appeal_decided", "2024-09-24 14:00", decision(true));
  lost.then("appeal_opened", "2024-09-24 13:00").then("appeal_decided", "2024-09-24 14:00", decision(false));
  for (const CaseWalk* walk : {&exempt, &won, &lost}) {
    const CaseMeasure measure = walk->measure("2024-09-25 08:00");
    EXPECT_EQ(has(measure, Count::InTimeDispose), walk != &lost);
    EXPECT_EQ(has(measure, Count::InTimeArchive), walk != &lost);
    EXPECT_EQ(has(measure, Count::OvertimeDispose), walk == &lost);
    EXPECT_TRUE(has(measure, Count::Dispose)) << "the trace stays";
  }
}

TEST(CaseFlags, a_cancelled_case_was_dispatched_but_need_not_be_handled) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 08:00").then("cancelled", "2024-09-24 09:00");
  const CaseMeasure measure = walk.measure("2024-09-24 12:00");
  EXPECT_TRUE(has(measure, Count::Dispatch));
  EXPECT_TRUE(has(measure, Count::Cancelled));
  for (const Count count : {Count::ShouldHandle, Count::ToDispose, Count::NeedArchive, Count::Open}) {
    EXPECT_FALSE(has(measure, count)) << count_word(count);
  }
}

TEST(CaseFlags, a_suspended_case_is_counted_apart_and_is_not_overdue) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 08:00").then("suspended", "2024-09-24 09:00");
  const CaseMeasure measure = walk.measure("2024-09-30 12:00");
  EXPECT_TRUE(has(measure, Count::NeedArchiveSuspended));
  EXPECT_TRUE(has(measure, Count::Suspend));
  EXPECT_FALSE(has(measure, Count::NeedArchive));
  EXPECT_FALSE(has(measure, Count::ToDisposeOverdue));
}

TEST(CaseFlags, a_case_closed_by_force_is_archived_without_being_disposed_of) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 08:00").then("force_closed", "2024-09-24 09:00");
  const CaseMeasure measure = walk.measure("2024-09-24 12:00");
  for (const Count count :
       {Count::ForcedClosed, Count::Archive, Count::InTimeArchive, Count::NeedArchive, Count::ToDispose}) {
    EXPECT_TRUE(has(measure, count)) << count_word(count);
  }
  EXPECT_FALSE(has(measure, Count::Dispose));
  EXPECT_EQ(measure.handle_ms, -1);
}

TEST(CaseFlags, the_past_of_a_case_stays_with_it) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 08:00").then("returned", "2024-09-24 08:10").then("dispatched", "2024-09-24 08:20");
  EXPECT_FALSE(has(walk.measure("2024-09-24 08:30"), Count::ReturnedTwice));
  walk.then("returned", "2024-09-24 08:30").then("dispatched", "2024-09-24 08:40");
  walk.then("handling_started", "2024-09-24 08:45").then("extension_requested", "2024-09-24 08:50");
  walk.then("extension_decided", "2024-09-24 09:00", decision(true)).then("handled", "2024-09-24 10:00");
  walk.then("sent_back", "2024-09-24 10:10").then("handled", "2024-09-24 10:40");
  walk.then("force_closed", "2024-09-24 11:00").then("reopened", "2024-09-24 12:00");
  const CaseMeasure measure = walk.measure("2024-09-24 12:30");
  for (const Count count : {Count::Return, Count::ReturnedTwice, Count::Extension, Count::Rework, Count::Reopened,
                            Count::Flawed, Count::Open}) {
    EXPECT_TRUE(has(measure, count)) << count_word(count);
  }
  EXPECT_FALSE(has(measure, Count::AccurateDispatch));
  EXPECT_FALSE(has(measure, Count::ForcedClosed));
  EXPECT_FALSE(has(measure, Count::Dispose)) << "reopened: not handled again yet";
}

TEST(CaseFlags, what_surrounds_a_case_is_taken_over) {
  CaseWalk walk;
  walk.then("reported", "2024-09-24 08:00");
  const CaseSurroundings around{false, true, true, true};
  EXPECT_EQ(counts_of(walk.measure("2024-09-24 08:01", around)), "report unlocated recurrent suspected_duplicate open");
  walk.then("filed", "2024-09-24 08:01");
  EXPECT_TRUE(has(walk.measure("2024-09-24 08:01", around), Count::PublicRegister));
}

TEST(CaseFlags, a_level_beyond_the_catalogue_is_in_none) {
  CaseWalk walk;
  IncidentFacts facts;
  facts.solved_level = 8;
  walk.then("reported", "2024-09-24 08:00").then("self_handled", "2024-09-24 08:10", facts);
  EXPECT_EQ(counts_of(walk.measure("2024-09-24 09:00")), "report self_handled valid_report");
}

TEST(CaseFlags, times_are_measured_on_the_cases_own_clock_without_pauses) {
  CaseWalk walk("1d");
  walk.then("reported", "2024-09-24 06:00").then("accepted", "2024-09-24 07:00").then("filed", "2024-09-24 07:00");
  EXPECT_EQ(walk.measure("2024-09-24 08:00").accept_ms, 3'600'000) << "accepting runs on";
  EXPECT_EQ(walk.measure("2024-09-24 08:00").handle_ms, -1);
  walk.then("dispatched", "2024-09-24 10:00").then("handling_started", "2024-09-24 10:00");
  walk.then("suspended", "2024-09-24 11:00").then("resumed", "2024-09-24 15:00");
  walk.then("handled", "2024-09-24 16:00");
  EXPECT_EQ(walk.measure("2024-09-24 17:00").handle_ms, 2 * 3'600'000) << "10 to 11 and 15 to 16";
}

TEST(CaseFlags, a_sources_deadline_decides_what_is_in_time) {
  CaseWalk walk("5d");
  walk.dispatched("2024-09-24 08:00", due("2024-09-24 09:00")).then("handling_started", "2024-09-24 08:00");
  walk.then("handled", "2024-09-24 09:01");
  EXPECT_TRUE(has(walk.measure("2024-09-24 10:00"), Count::OvertimeDispose));
}

}  // namespace
}  // namespace gridwall::model
