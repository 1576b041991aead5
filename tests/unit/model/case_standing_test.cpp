// How a case stands at a moment, and when that changes next: by hand, and for random cases.
#include "base/random.hpp"
#include "support/case_walk.hpp"

namespace gridwall::model {
namespace {

using base::Duration;
using base::UtcTime;
using support::CaseWalk;
using support::decision;
using support::due;
using support::local;
using support::until;

constexpr Duration kInstant{1};

TEST(CaseStanding, a_case_is_well_then_near_then_late_by_the_nanosecond) {
  CaseWalk walk("4h");  // due at 16:00, an hour of working time before that is near
  walk.handling("2024-09-24 10:00");
  EXPECT_EQ(walk.status("2024-09-24 10:00"), DeadlineStatus::Ok);
  EXPECT_EQ(walk.standing(local("2024-09-24 15:00") - kInstant).deadline, DeadlineStatus::Ok);
  EXPECT_EQ(walk.status("2024-09-24 15:00"), DeadlineStatus::Warn);
  EXPECT_EQ(walk.status("2024-09-24 16:00"), DeadlineStatus::Warn) << "at the deadline it is not late";
  EXPECT_EQ(walk.standing(local("2024-09-24 16:00") + kInstant).deadline, DeadlineStatus::Overdue);
  EXPECT_EQ(walk.next_after("2024-09-24 10:00"), local("2024-09-24 15:00"));
  EXPECT_EQ(walk.next_after("2024-09-24 15:00"), local("2024-09-24 16:00") + kInstant);
}

TEST(CaseStanding, what_is_near_is_measured_in_working_time) {
  CaseWalk walk("1d");  // due on Wednesday at 10:00; 2 h before that is Tuesday, 18:00
  walk.handling("2024-09-24 10:00");
  EXPECT_EQ(walk.record.warn_at, local("2024-09-24 18:00")) << "all but a quarter is worked then";
}

TEST(CaseStanding, an_urgent_limit_is_near_when_half_an_hour_is_left) {
  CaseWalk walk("12uh");
  walk.handling("2024-09-24 10:00");
  EXPECT_EQ(walk.record.warn_at, local("2024-09-24 21:30"));
}

TEST(CaseStanding, extensions_and_pauses_move_what_is_near) {
  CaseWalk walk("2ud");
  walk.handling("2024-09-24 10:00").then("extension_requested", "2024-09-24 11:00");
  walk.then("extension_decided", "2024-09-24 12:00", decision(true));
  EXPECT_EQ(walk.record.warn_at, local("2024-09-27 10:00")) << "a day of four is left";
  walk.then("suspended", "2024-09-25 00:00").then("resumed", "2024-09-26 00:00");
  EXPECT_EQ(walk.record.warn_at, local("2024-09-28 10:00"));
  EXPECT_EQ(walk.deadline(), "2024-09-29 10:00");
}

TEST(CaseStanding, lateness_has_three_ages_in_plain_time) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 10:00");  // due at 12:00
  EXPECT_EQ(walk.standing("2024-09-24 16:00").overdue_age, 0);
  EXPECT_EQ(walk.standing(local("2024-09-24 16:00") + kInstant).overdue_age, 1);
  EXPECT_EQ(walk.standing("2024-09-25 12:00").overdue_age, 1);
  EXPECT_EQ(walk.standing(local("2024-09-25 12:00") + kInstant).overdue_age, 2);
  EXPECT_EQ(walk.next_after("2024-09-25 12:00"), local("2024-09-25 12:00") + kInstant);
  EXPECT_EQ(walk.next_after("2024-09-26 12:00"), std::nullopt);
}

TEST(CaseStanding, a_paused_or_exempt_case_is_never_late) {
  CaseWalk paused("2uh"), exempt("2uh");
  paused.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00");
  EXPECT_EQ(paused.status("2024-09-30 11:00"), DeadlineStatus::Paused);
  exempt.handling("2024-09-24 10:00").then("exempted", "2024-09-24 11:00");
  EXPECT_EQ(exempt.status("2024-09-30 11:00"), DeadlineStatus::Exempt);
  EXPECT_EQ(exempt.next_after("2024-09-24 11:00"), std::nullopt);
}

TEST(CaseStanding, done_in_time_or_late_goes_by_handling_and_else_by_closing) {
  CaseWalk handled("2uh"), late("2uh"), closed("2uh"), appealed("2uh"), cancelled("2uh");
  handled.handling("2024-09-24 10:00").then("handled", "2024-09-24 12:00");
  EXPECT_EQ(handled.status("2024-09-30 10:00"), DeadlineStatus::DoneOnTime);
  late.handling("2024-09-24 10:00").then("handled", "2024-09-24 12:01");
  EXPECT_EQ(late.status("2024-09-30 10:00"), DeadlineStatus::DoneLate);
  closed.handling("2024-09-24 10:00").then("force_closed", "2024-09-24 13:00");
  EXPECT_EQ(closed.status("2024-09-30 10:00"), DeadlineStatus::DoneLate);
  appealed = closed;
  appealed.then("appeal_opened", "2024-09-25 10:00").then("appeal_decided", "2024-09-25 11:00", decision(true));
  EXPECT_EQ(appealed.status("2024-09-30 10:00"), DeadlineStatus::Exempt);
  cancelled.handling("2024-09-24 10:00").then("cancelled", "2024-09-24 13:00");
  EXPECT_EQ(cancelled.status("2024-09-30 10:00"), DeadlineStatus::None);
  for (const CaseWalk* walk : {&handled, &late, &closed, &appealed, &cancelled}) {
    EXPECT_EQ(walk->next_after("2024-09-24 14:00"), std::nullopt) << "nothing is pending";
  }
}

TEST(CaseStanding, while_work_goes_on_again_the_clock_runs_on) {
  CaseWalk walk("2uh");
  walk.handling("2024-09-24 10:00").then("handled", "2024-09-24 11:00").then("sent_back", "2024-09-24 11:10");
  EXPECT_EQ(walk.status("2024-09-24 11:15"), DeadlineStatus::Ok);
  EXPECT_EQ(walk.status("2024-09-24 12:01"), DeadlineStatus::Overdue);
  walk.then("handled", "2024-09-24 12:10");
  EXPECT_EQ(walk.status("2024-09-24 12:15"), DeadlineStatus::DoneLate);
}

TEST(CaseStanding, a_sources_deadline_without_limit_is_near_in_the_last_quarter_of_plain_time) {
  CaseWalk walk;
  walk.dispatched("2024-09-24 10:00", due("2024-09-28 10:00"));
  EXPECT_EQ(walk.record.warn_at, local("2024-09-27 10:00"));
}

TEST(CaseStanding, who_waits_too_long_for_a_stage_is_told_apart) {
  CaseWalk walk;
  walk.then("reported", "2024-09-24 03:00");
  EXPECT_FALSE(walk.standing("2024-09-24 03:15").accept_late);
  EXPECT_TRUE(walk.standing(local("2024-09-24 03:15") + kInstant).accept_late) << "15 um, also at night";
  EXPECT_EQ(walk.next_after("2024-09-24 03:00"), local("2024-09-24 03:15") + kInstant);
  walk.then("verify_requested", "2024-09-24 03:20");
  EXPECT_FALSE(walk.standing("2024-09-24 03:50").verify_late);
  EXPECT_TRUE(walk.standing("2024-09-24 03:51").verify_late);
  EXPECT_FALSE(walk.standing("2024-09-24 03:51").accept_late) << "one stage at a time";
  walk.then("verified", "2024-09-24 04:00").then("filed", "2024-09-24 04:00");
  EXPECT_FALSE(walk.standing("2024-09-24 04:15").dispatch_late);
  EXPECT_TRUE(walk.standing("2024-09-24 04:16").dispatch_late);
  walk.then("dispatched", "2024-09-24 05:00").then("returned", "2024-09-24 06:00");
  EXPECT_FALSE(walk.standing("2024-09-24 06:15").dispatch_late);
  EXPECT_TRUE(walk.standing("2024-09-24 06:16").dispatch_late) << "it waits for the dispatcher again";
  walk.then("dispatched", "2024-09-24 07:00").then("handling_started", "2024-09-24 07:00");
  walk.then("handled", "2024-09-24 08:00").then("check_requested", "2024-09-24 08:00");
  EXPECT_EQ(walk.standing("2024-09-24 12:00"), [] {
    CaseStanding standing;
    standing.deadline = DeadlineStatus::DoneOnTime;
    return standing;
  }()) << "nobody has been sent to check";
  walk.then("check_started", "2024-09-24 12:00");
  EXPECT_TRUE(walk.standing("2024-09-24 12:31").check_late);
  walk.then("check_passed", "2024-09-24 13:00");
  EXPECT_FALSE(walk.standing("2024-09-24 14:00").check_late);
}

TEST(CaseStanding, an_event_heard_again_does_not_let_a_stage_wait_anew) {
  CaseWalk walk;
  walk.then("reported", "2024-09-24 08:00").then("reported", "2024-09-24 08:10");
  EXPECT_TRUE(walk.standing("2024-09-24 08:16").accept_late);
}

TEST(CaseStanding, a_stage_limit_may_run_in_working_time) {
  CaseWalk walk;
  walk.rules.accept = parse_limit("1h").value();
  walk.then("reported", "2024-09-24 19:00");
  EXPECT_FALSE(walk.standing("2024-09-25 09:00").accept_late);
  EXPECT_TRUE(walk.standing("2024-09-25 09:01").accept_late);
}

TEST(CaseStanding, the_first_milestone_is_missed_until_the_case_is_handled) {
  CaseWalk walk("5d");
  walk.with_milestones({parse_limit("3uh").value(), parse_limit("2ud").value(), parse_limit("5d").value()});
  walk.handling("2024-09-24 10:00");
  EXPECT_FALSE(walk.standing("2024-09-24 13:00").milestone_missed);
  EXPECT_TRUE(walk.standing("2024-09-24 13:01").milestone_missed);
  EXPECT_EQ(walk.next_after("2024-09-24 10:00"), local("2024-09-24 13:00") + kInstant);
  walk.then("handled", "2024-09-24 14:00");
  EXPECT_FALSE(walk.standing("2024-09-24 15:00").milestone_missed);
}

TEST(CaseStanding, a_suspension_overruns_its_year_and_its_own_end) {
  CaseWalk open("2uh"), ended("2uh");
  open.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00");
  EXPECT_FALSE(open.standing("2025-09-24 11:00").suspension_overrun);
  EXPECT_TRUE(open.standing("2025-09-24 11:01").suspension_overrun);
  ended.handling("2024-09-24 10:00").then("suspended", "2024-09-24 11:00", until("2024-09-25 00:00"));
  EXPECT_FALSE(ended.standing("2024-09-25 00:00").suspension_overrun);
  EXPECT_TRUE(ended.standing("2024-09-25 00:01").suspension_overrun) << "its timer has not run yet";
}

// ---- Random cases: whatever is sent in whatever order.

IncidentFacts some_facts(base::Random& random, UtcTime at) {
  IncidentFacts facts;
  const auto moment = [&] { return at + std::chrono::minutes(static_cast<int>(random.next_below(20'000)) - 4'000); };
  if (random.next_below(8) == 0) facts.deadline = moment();
  if (random.next_below(3) == 0) facts.resume_at = moment();
  if (random.next_below(2) == 0) facts.approved = random.next_below(2) == 0;
  if (random.next_below(10) == 0) facts.limit = random.next_below(2) == 0 ? "3h" : "?";
  if (random.next_below(4) == 0) facts.reason = "-";
  return facts;
}

// Follows every change to its end; between two changes the standing is the same at the first, a middle and the last
// instant. Returns how many changes there were.
int follow_to_the_end(CaseWalk walk, UtcTime at, base::Random& random) {
  int change_count = 0;
  for (;; ++change_count) {
    const auto next = next_change(walk.record, at, walk.case_rules());
    const UtcTime last = next ? *next - kInstant : at + std::chrono::hours(24 * 4000);
    EXPECT_LE(at, last) << "a change lies after the moment that was asked for";
    const CaseStanding standing = walk.standing(at);
    const auto span = static_cast<std::uint64_t>((last - at).count());
    const UtcTime middle = at + Duration(static_cast<std::int64_t>(random.next_u64() % (span + 1)));
    for (const UtcTime moment : {middle, last}) EXPECT_EQ(walk.standing(moment), standing);
    if (!next || testing::Test::HasFailure() || change_count > 20) return change_count;
    const CaseRecord before = walk.record;
    const bool timed = apply_timer(walk.record, *next, walk.case_rules());
    EXPECT_TRUE(timed || walk.standing(*next) != standing) << "something changes at a change";
    EXPECT_EQ(timed, walk.record != before);
    at = *next;
  }
}

TEST(CaseStandingProperty, any_case_changes_where_it_says_and_nowhere_else_and_comes_to_rest) {
  const auto& rows = support::shipped_lifecycle();
  int most_changes = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    SCOPED_TRACE(seed);
    base::Random random(seed);
    const char* const limits[] = {"2uh", "4h", "1d", "15um", "3ud"};
    CaseWalk walk(limits[random.next_below(std::size(limits))]);
    walk.rules.runs_while_returned = random.next_below(2) == 0;
    walk.rules.suspension_days_max = random.next_below(2) == 0 ? 365 : 2;
    if (random.next_below(3) == 0) walk.with_milestones({parse_limit("1uh").value(), parse_limit("1d").value()});
    UtcTime at = local("2024-09-24 10:00");
    const bool obedient = random.next_below(2) == 0;
    for (int step = 0; step < 14; ++step) {
      const auto next = obedient && step > 0 ? legal_next(rows, walk.record.state)
                                             : std::vector<const LifecycleRow*>{&rows[random.next_below(rows.size())]};
      if (next.empty()) break;
      const std::string_view type = next[random.next_below(next.size())]->type;
      walk.then(type.substr(std::string_view("incident.").size()), at, some_facts(random, at));
      most_changes = std::max(most_changes, follow_to_the_end(walk, at, random));
      if (testing::Test::HasFailure()) return;
      at += std::chrono::minutes(static_cast<int>(random.next_below(3000)) - (obedient ? 0 : 1000));
    }
    EXPECT_EQ(walk.record.paused_at != UtcTime{},
              walk.record.state == CaseState::Suspended ||
                  (!walk.rules.runs_while_returned && (walk.record.state == CaseState::ReturnedToDispatcher ||
                                                       walk.record.state == CaseState::ReturnedToAcceptor)));
    EXPECT_GE(used_ms(walk.record, local("2024-09-01 00:00"), at, walk.case_rules()), 0);
  }
  EXPECT_GE(most_changes, 5) << "the cases drawn have something to follow";
}

}  // namespace
}  // namespace gridwall::model
