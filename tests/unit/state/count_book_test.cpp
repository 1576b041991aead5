// CountBook and what a case adds to it (case_counts).
#include "state/count_book.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "base/random.hpp"
#include "base/time_text.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {
namespace {

using model::CaseState;
using state::CaseCounts;
using state::Incident;
using state::NowBits;

const base::UtcTime kNoon = base::parse_rfc3339("2026-03-02T12:00:00+08:00").value();
const state::Day kToday{kNoon - std::chrono::hours(12), kNoon + std::chrono::hours(12)};

CaseCounts counts_of(const Incident& incident) {
  CaseCounts counts;
  state::add_bits(counts, state::now_bits(incident, kToday));
  return counts;
}

Incident open_case() {
  Incident incident;
  incident.reported_at = kToday.begin - std::chrono::hours(1);
  incident.state = CaseState::Handling;
  incident.severity = model::Severity::Major;
  incident.located = true;
  return incident;
}

TEST(NowBits, an_open_case_counts_by_its_severity_and_state) {
  const CaseCounts counts = counts_of(open_case());
  CaseCounts wanted;
  wanted.open = 1;
  wanted.open_by_severity[1] = 1;
  wanted.open_by_state[model::case_state_index(CaseState::Handling)] = 1;
  EXPECT_EQ(counts, wanted);
}

TEST(NowBits, each_state_has_a_counter_of_its_own_unless_it_is_settled) {
  for (std::size_t i = 0; i < model::kCaseStateCount; ++i) {
    Incident incident = open_case();
    incident.state = model::kCaseStates[i];
    const CaseCounts counts = counts_of(incident);
    for (std::size_t j = 0; j < model::kCaseStateCount; ++j) {
      EXPECT_EQ(counts.open_by_state[j], i == j && !model::is_settled(incident.state) ? 1u : 0u) << i << " " << j;
    }
    EXPECT_EQ(counts.open, model::is_settled(incident.state) ? 0u : 1u);
  }
}

TEST(NowBits, today_begins_at_midnight_and_ends_before_the_next) {
  const base::Duration tick(1);
  for (const auto& [at, is_today] :
       {std::pair{kToday.begin, true}, {kToday.begin - tick, false}, {kToday.end - tick, true}, {kToday.end, false}}) {
    Incident incident = open_case();
    incident.reported_at = at;
    EXPECT_EQ(counts_of(incident).reported_today, is_today ? 1u : 0u);
    incident.closed_at = at;
    EXPECT_EQ(counts_of(incident).closed_today, 0u) << "a reopened one is not closed";
    EXPECT_EQ(counts_of(incident).closed_of_reported_today, 0u) << "a reopened one is not closed";
    incident.state = CaseState::ForcedClosed;
    EXPECT_EQ(counts_of(incident).closed_today, is_today ? 1u : 0u);
    incident.state = CaseState::Rejected;
    EXPECT_EQ(counts_of(incident).closed_today, 0u);
  }
}

TEST(NowBits, what_closes_today_counts_among_those_of_today_only_when_it_was_reported_today) {
  Incident incident = open_case();
  incident.state = CaseState::Closed;
  incident.closed_at = kToday.begin + std::chrono::hours(9);
  incident.reported_at = kToday.begin - std::chrono::hours(30);
  EXPECT_EQ(counts_of(incident).closed_today, 1u);
  EXPECT_EQ(counts_of(incident).closed_of_reported_today, 0u) << "reported the day before yesterday";
  incident.reported_at = kToday.begin + std::chrono::hours(8);
  EXPECT_EQ(counts_of(incident).closed_of_reported_today, 1u);
}

TEST(NowBits, a_settled_case_counts_as_reported_and_closed_today_and_in_nothing_else) {
  Incident incident = open_case();
  incident.state = CaseState::Closed;
  incident.reported_at = incident.closed_at = kNoon;
  incident.located = false;
  incident.return_count = 5;
  incident.standing.deadline = model::DeadlineStatus::Overdue;
  incident.standing.accept_late = true;
  EXPECT_EQ(state::now_bits(incident, kToday), state::kTodayBits);
}

TEST(NowBits, each_thing_that_a_standing_says_has_its_counter) {
  const auto with = [](auto change) {
    Incident incident = open_case();
    change(incident);
    const NowBits added = state::now_bits(incident, kToday) & ~state::now_bits(open_case(), kToday);
    CaseCounts counts;
    state::add_bits(counts, added);
    return counts;
  };
  using model::DeadlineStatus;
  CaseCounts wanted;
  const auto expect = [&](std::uint32_t& counter, auto change) {
    counter = 1;
    EXPECT_EQ(with(change), wanted) << (&counter - &wanted.open);
    counter = 0;
  };
  expect(wanted.unlocated_open, [](Incident& i) { i.located = false; });
  expect(wanted.warn, [](Incident& i) { i.standing.deadline = DeadlineStatus::Warn; });
  expect(wanted.paused, [](Incident& i) { i.standing.deadline = DeadlineStatus::Paused; });
  expect(wanted.accept_late, [](Incident& i) { i.standing.accept_late = true; });
  expect(wanted.dispatch_late, [](Incident& i) { i.standing.dispatch_late = true; });
  expect(wanted.verify_late, [](Incident& i) { i.standing.verify_late = true; });
  expect(wanted.check_late, [](Incident& i) { i.standing.check_late = true; });
  expect(wanted.milestone_missed, [](Incident& i) { i.standing.milestone_missed = true; });
  expect(wanted.suspension_overrun, [](Incident& i) { i.standing.suspension_overrun = true; });
  expect(wanted.returned_twice, [](Incident& i) { i.return_count = 2; });
  for (std::uint8_t age = 0; age < 3; ++age) {
    wanted.overdue = 1;
    expect(wanted.overdue_by_age[age], [&](Incident& i) {
      i.standing.deadline = DeadlineStatus::Overdue;
      i.standing.overdue_age = age;
    });
    wanted.overdue = 0;
  }
  EXPECT_EQ(with([](Incident& i) { i.return_count = 1; }), CaseCounts{});
  EXPECT_EQ(with([](Incident& i) { i.standing.deadline = DeadlineStatus::Exempt; }), CaseCounts{});
}

class CountBookTest : public testing::Test {
 protected:
  std::shared_ptr<const model::DivisionTree> tree = small_tree();  // R, 4 towns (1..4), 16 grids (5..20)
  state::CountBook book{std::make_shared<const state::Ancestry>(*tree)};

  state::WorldSnapshot frozen() {
    state::WorldSnapshot snapshot;
    snapshot.tree = tree;
    book.freeze_into(snapshot);
    return snapshot;
  }
};

TEST_F(CountBookTest, totals_are_own_counts_and_the_childrens_totals_after_any_changes) {
  base::Random random(5);
  const std::size_t size = tree->divisions().size();
  struct Case {
    model::DivisionIndex division;
    NowBits bits = 0;
  };
  std::vector<Case> cases(200);
  for (auto& one : cases) one.division = {static_cast<std::uint32_t>(random.next_below(size))};
  constexpr NowBits kAll = (NowBits{1} << state::kNowBitCount) - 1;
  for (int step = 0; step < 5000; ++step) {
    Case& one = cases[random.next_below(cases.size())];
    const NowBits next = random.next_below(10) == 0 ? 0 : random.next_u64() & kAll;
    book.change(one.division, one.bits, next);
    one.bits = next;
    if (step % 500 != 0) continue;
    const auto snapshot = frozen();
    std::vector<CaseCounts> own(size), total(size);
    for (const Case& counted : cases) state::add_bits(own[counted.division.value], counted.bits);
    for (std::uint32_t d = static_cast<std::uint32_t>(size); d-- > 0;) {  // children stand behind their parents
      total[d] += own[d];
      if (d > 0) total[tree->at({d}).parent.value] += total[d];
      ASSERT_EQ(snapshot.own({d}), own[d]) << d;
      ASSERT_EQ(snapshot.total->at(d), total[d]) << d;
      ASSERT_EQ(book.total({d}), total[d]) << d;
    }
  }
  for (const Case& one : cases) book.change(one.division, one.bits, 0);
  for (std::uint32_t d = 0; d < size; ++d) EXPECT_EQ(book.total({d}), CaseCounts{});
}

TEST_F(CountBookTest, at_midnight_only_todays_counters_start_anew) {
  constexpr NowBits kAll = (NowBits{1} << state::kNowBitCount) - 1;
  book.change({7}, 0, kAll);
  book.change({1}, 0, kAll);  // a town's own
  book.restart_today();
  const auto snapshot = frozen();
  CaseCounts rest;
  state::add_bits(rest, kAll & ~state::kTodayBits);
  EXPECT_EQ(snapshot.own({7}), rest);
  EXPECT_EQ(snapshot.own({1}), rest);
  CaseCounts both = rest;
  both += rest;
  for (const std::uint32_t d : {0u, 1u}) EXPECT_EQ(snapshot.total->at(d), both) << d;
  EXPECT_EQ(std::popcount(state::kTodayBits), 3);
  EXPECT_EQ(rest.reported_today + rest.closed_of_reported_today + rest.closed_today, 0u);
}

TEST_F(CountBookTest, arrays_given_out_are_shared_until_something_counts) {
  book.change({7}, 0, 1);
  const auto first = frozen();
  book.change({7}, 1, 1);
  const auto second = frozen();
  EXPECT_EQ(second.total, first.total);
  EXPECT_EQ(second.own_inner, first.own_inner);
  book.change({7}, 1, 0);
  const auto third = frozen();
  EXPECT_NE(third.total, first.total);
  EXPECT_EQ(first.total->at(7).open, 1u) << "what was given out stays";
  EXPECT_EQ(third.total->at(7).open, 0u);
}

TEST_F(CountBookTest, after_clear_every_counter_is_zero) {
  book.change({7}, 0, 5);
  book.change({2}, 0, 5);
  book.clear();
  const auto snapshot = frozen();
  for (std::uint32_t d = 0; d < 21; ++d) {
    EXPECT_EQ(snapshot.total->at(d), CaseCounts{});
    EXPECT_EQ(snapshot.own({d}), CaseCounts{});
  }
}

}  // namespace
}  // namespace gridwall::test
