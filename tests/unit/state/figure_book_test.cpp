// FigureBook against a recount by brute force, in every kind of period and by every dimension.
#include "state/figure_book.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/random.hpp"
#include "base/time_text.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {
namespace {

using base::Period;
using base::PeriodKind;
using model::Count;
using state::CountedCase;
using state::Dimension;
using state::FigureBook;
using state::Figures;
using state::Symbol;
using Kind = PeriodKind;

constexpr std::array kAllKinds{Kind::Hour, Kind::Day, Kind::Week, Kind::Month, Kind::Year};
constexpr std::uint32_t kDivisionCount = 21;  // R, 4 towns (1..4), 16 grids (5..20)

base::UtcTime at(const char* text) {
  return base::parse_rfc3339(text).value();
}

std::shared_ptr<const state::Ancestry> ancestry() {
  return std::make_shared<const state::Ancestry>(*small_tree());
}

const base::TimeZone kChina = base::TimeZone::fixed(std::chrono::minutes(480));

CountedCase case_in(std::uint32_t division, base::UtcTime reported_at) {
  CountedCase counted;
  counted.measure = {model::flag(Count::Report), 60'000, -1};
  counted.reported_at = reported_at;
  counted.division = {division};
  counted.keys = {2, 2, 2, 4};
  return counted;
}

model::CaseMeasure random_measure(base::Random& random) {
  const auto ms = [&] { return static_cast<std::int64_t>(random.next_below(4'000)) * 30'000; };
  model::CaseMeasure measure;
  measure.flags = random.next_u64() & ((model::CaseFlags{1} << model::kCountCount) - 1);
  measure.flags |= model::flag(Count::Report);
  if (random.next_below(3) > 0) measure.accept_ms = ms();
  if (random.next_below(3) > 0) measure.handle_ms = ms();
  return measure;
}

// Divisions, days and keys of which some are crowded and some hold one case.
CountedCase random_case(base::Random& random, base::UtcTime around, int days) {
  CountedCase counted;
  const auto day =
      random.next_below(2) == 0 ? 0 : static_cast<int>(random.next_below(static_cast<std::uint64_t>(days)));
  const auto hour = random.next_below(3) == 0 ? random.next_below(24) : 9;
  counted.reported_at = around + std::chrono::days(day) + std::chrono::hours(hour) +
                        std::chrono::milliseconds(random.next_below(3'600'000));
  counted.division = {static_cast<std::uint32_t>(random.next_below(3) == 0 ? random.next_below(kDivisionCount) : 7)};
  for (Symbol& key : counted.keys) {
    key = static_cast<Symbol>(random.next_below(2) == 0 ? 2 : 1 + random.next_below(30));
    if (random.next_below(50) == 0) key = state::kSymbolsMax - 1;
  }
  counted.measure = random_measure(random);
  return counted;
}

using CellKey = std::tuple<std::uint32_t, Kind, std::int32_t>;  // division, period
using ByKey = std::map<Symbol, Figures>;

// What a book must say, from the plain list of its cases.
struct Recount {
  Recount(const std::map<std::uint32_t, CountedCase>& cases, const base::TimeZone& zone) {
    const auto above = ancestry();
    for (const auto& item : cases) {
      const CountedCase& counted = item.second;
      for (const Kind kind : kAllKinds) {
        const std::int32_t index = base::period_of(counted.reported_at, kind, zone).index;
        own[{counted.division.value, kind, index}].add(counted.measure);
        above->for_each_up(counted.division, [&](std::uint32_t division) {
          total[{division, kind, index}].add(counted.measure);
          if (kind == Kind::Hour) return;
          for (std::size_t d = 0; d < state::kDimensionCount; ++d) {
            by[d][{division, kind, index}][counted.keys[d]].add(counted.measure);
          }
        });
      }
    }
  }
  std::map<CellKey, Figures> total, own;
  std::array<std::map<CellKey, ByKey>, state::kDimensionCount> by;
};

template <typename Map>
typename Map::mapped_type value_or_zero(const Map& map, const CellKey& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}

// Empty when the book says of all `periods` what the recount does; else the first difference.
std::string difference(const FigureBook& book, const Recount& recount,
                       const std::set<std::pair<Kind, std::int32_t>>& periods) {
  for (const auto& [kind, index] : periods) {
    const Period period{kind, index};
    for (std::uint32_t division = 0; division < kDivisionCount; ++division) {
      const CellKey key{division, kind, index};
      const auto where = [&] { return base::period_text(period) + " of division " + std::to_string(division); };
      if (book.figures({division}, period) != value_or_zero(recount.total, key)) return where();
      if (book.own_figures({division}, period) != value_or_zero(recount.own, key)) return "own figures, " + where();
      // By dimensions it keeps days, and makes the others of them.
      for (std::size_t d = 0; d < state::kDimensionCount && (kind == Kind::Hour || book.kept_by_days(period)); ++d) {
        ByKey wanted = value_or_zero(recount.by[d], key), found;
        std::optional<Symbol> last;
        for (const auto& [symbol, figures] : book.figures_by({division}, period, static_cast<Dimension>(d))) {
          if (last && *last >= symbol) return "order of the keys, " + where();
          last = symbol;
          found[symbol] = figures;
        }
        if (found != wanted) return "dimension " + std::to_string(d) + ", " + where();
      }
    }
  }
  return "";
}

std::set<std::pair<Kind, std::int32_t>> periods_of(base::UtcTime time, const base::TimeZone& zone) {
  std::set<std::pair<Kind, std::int32_t>> periods;
  for (const Kind kind : kAllKinds) periods.emplace(kind, base::period_of(time, kind, zone).index);
  return periods;
}

// Random inserts, changes and erases; every period in which there ever was a case is looked at.
void run_random_feed(std::uint64_t seed, const base::TimeZone& zone, base::UtcTime begin) {
  base::Random random(seed);
  FigureBook book(ancestry(), zone);
  std::map<std::uint32_t, CountedCase> cases;
  std::set<std::pair<Kind, std::int32_t>> periods;
  const auto any_case = [&] {
    return std::next(cases.begin(), static_cast<std::ptrdiff_t>(random.next_below(cases.size())));
  };
  for (int step = 0; step < 1500; ++step) {
    const std::uint64_t what = random.next_below(10);
    if (cases.empty() || what < (step % 600 < 400 ? 5u : 1u)) {
      const CountedCase counted = random_case(random, begin, 40);
      const std::uint32_t entry = book.insert(counted);
      ASSERT_TRUE(cases.emplace(entry, counted).second) << "entry " << entry << " is taken";
      periods.merge(periods_of(counted.reported_at, zone));
    } else if (what < 7) {
      const auto one = any_case();
      one->second.measure = random_measure(random);
      book.change(one->first, one->second.measure);
    } else {
      const auto one = any_case();
      book.erase(one->first);
      cases.erase(one);
    }
    if (step % 300 == 299) {
      ASSERT_EQ(difference(book, Recount(cases, zone), periods), "") << "seed " << seed << " step " << step;
    }
  }
  for (const auto& [entry, counted] : cases) ASSERT_EQ(book.at(entry).measure, counted.measure);
  for (const auto& [entry, counted] : cases) book.erase(entry);
  ASSERT_EQ(difference(book, Recount({}, zone), periods), "") << "all are gone";
}

TEST(FigureBook, it_agrees_with_a_recount_through_random_inserts_changes_and_erases) {
  // Over the turn of the year, which is in the middle of a week.
  for (std::uint64_t seed = 0; seed < 4; ++seed) run_random_feed(seed, kChina, at("2025-12-20T00:00:00+08:00"));
}

TEST(FigureBook, it_agrees_with_a_recount_where_clocks_are_set_back) {
  const auto zone = base::TimeZone::find("America/New_York");
  ASSERT_TRUE(zone.ok());
  run_random_feed(9, *zone, at("2026-10-20T00:00:00-04:00"));
}

TEST(FigureBook, it_agrees_with_a_recount_before_1970) {
  run_random_feed(10, kChina, at("1969-12-10T00:00:00+08:00"));
}

TEST(FigureBook, figures_of_a_division_are_its_own_and_its_childrens) {
  base::Random random(2);
  const auto tree = small_tree();
  FigureBook book(std::make_shared<const state::Ancestry>(*tree), kChina);
  const base::UtcTime begin = at("2026-03-01T00:00:00+08:00");
  for (int i = 0; i < 800; ++i) book.insert(random_case(random, begin, 30));
  for (const auto& [kind, index] : periods_of(begin + std::chrono::hours(9), kChina)) {
    for (std::uint32_t division = 0; division < kDivisionCount; ++division) {
      Figures sum = book.own_figures({division}, {kind, index});
      bool any_child = false;
      for (std::uint32_t child = 1; child < kDivisionCount; ++child) {
        if (tree->at({child}).parent != model::DivisionIndex{division}) continue;
        sum += book.figures({child}, {kind, index});
        any_child = true;
      }
      EXPECT_EQ(sum, book.figures({division}, {kind, index})) << division;
      EXPECT_EQ(any_child, division < 5);
    }
    EXPECT_GT(book.figures({0}, {kind, index}).of(Count::Report), 20u);
  }
}

TEST(FigureBook, a_small_cell_becomes_a_large_one_and_empties_again_without_a_wrong_figure) {
  const base::UtcTime noon = at("2026-03-02T12:00:00+08:00");
  FigureBook book(ancestry(), kChina);
  std::map<std::uint32_t, CountedCase> cases;
  base::Random random(1);
  const auto periods = periods_of(noon, kChina);
  const auto check = [&] { return difference(book, Recount(cases, kChina), periods); };
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 30; ++i) {
      CountedCase counted = case_in(5, noon);
      // One department has all, a channel has each second, a class has one.
      counted.keys = {2, static_cast<Symbol>(2 + i % 2), static_cast<Symbol>(2 + i), 1};
      counted.measure = random_measure(random);
      cases[book.insert(counted)] = counted;
      ASSERT_EQ(check(), "") << "with " << cases.size();
      auto& [entry, changed] = *std::next(cases.begin(), static_cast<std::ptrdiff_t>(random.next_below(cases.size())));
      changed.measure = random_measure(random);
      book.change(entry, changed.measure);
      ASSERT_EQ(check(), "") << "changed one of " << cases.size();
    }
    while (!cases.empty()) {
      book.erase(cases.begin()->first);
      cases.erase(cases.begin());
      ASSERT_EQ(check(), "") << "down to " << cases.size();
    }
  }
}

TEST(FigureBook, a_day_of_thousands_agrees_with_a_recount_while_cases_change_keys_and_move_and_go) {
  const base::UtcTime noon = at("2026-03-02T12:00:00+08:00");
  FigureBook book(ancestry(), kChina);
  std::map<std::uint32_t, CountedCase> cases;
  base::Random random(3);
  const auto any_case = [&] {
    CountedCase counted = case_in(1 + static_cast<std::uint32_t>(random.next_below(8)), noon);
    counted.keys = {static_cast<Symbol>(random.next_below(3)), static_cast<Symbol>(2 + random.next_below(2)),
                    static_cast<Symbol>(2 + random.next_below(60)), static_cast<Symbol>(1 + random.next_below(4))};
    counted.measure = random_measure(random);
    return counted;
  };
  const auto check = [&] { return difference(book, Recount(cases, kChina), periods_of(noon, kChina)); };
  for (int i = 0; i < 5000; ++i) {
    const CountedCase counted = any_case();
    cases[book.insert(counted)] = counted;
    if (i == 2000 || i == 2047 || i == 2048 || i == 4999) {
      ASSERT_EQ(check(), "") << "with " << i + 1;
    }
  }
  std::map<std::uint32_t, CountedCase> changed;
  for (const auto& [entry, counted] : cases) {
    CountedCase next = any_case();
    if (random.next_below(4) != 0) next.division = counted.division;
    changed[book.replace(entry, next)] = next;
  }
  cases = std::move(changed);
  ASSERT_EQ(check(), "") << "after keys changed and cases moved";
  for (int left = 5000; left > 40; --left) {
    book.erase(cases.begin()->first);
    cases.erase(cases.begin());
    if (left % 1000 == 0) {
      ASSERT_EQ(check(), "") << "down to " << left - 1;
    }
  }
  ASSERT_EQ(check(), "");
}

TEST(FigureBook, weeks_and_years_are_cut_at_local_midnight) {
  FigureBook book(ancestry(), kChina);
  const base::UtcTime new_year = at("2026-01-01T00:00:00+08:00"), monday = at("2025-12-29T00:00:00+08:00");
  const base::Duration tick(1);
  for (const base::UtcTime time : {monday - tick, monday, new_year - tick, new_year}) book.insert(case_in(5, time));
  const auto reports = [&](Kind kind, base::UtcTime time) {
    return book.figures({0}, base::period_of(time, kind, kChina)).of(Count::Report);
  };
  EXPECT_EQ(reports(Kind::Year, new_year), 1u);
  EXPECT_EQ(reports(Kind::Year, new_year - tick), 3u);
  EXPECT_EQ(reports(Kind::Week, new_year), 3u) << "one week in two years";
  EXPECT_EQ(reports(Kind::Week, monday - tick), 1u);
  EXPECT_EQ(reports(Kind::Day, new_year), 1u);
  EXPECT_EQ(reports(Kind::Hour, new_year - tick), 1u);
  EXPECT_EQ(reports(Kind::Month, new_year - tick), 3u);
}

TEST(FigureBook, an_hour_that_the_clock_shows_twice_holds_the_cases_of_both) {
  const auto zone = base::TimeZone::find("America/New_York");
  ASSERT_TRUE(zone.ok());
  FigureBook book(ancestry(), *zone);
  book.insert(case_in(5, at("2026-11-01T01:30:00-04:00")));
  book.insert(case_in(5, at("2026-11-01T01:30:00-05:00")));
  const Period hour = base::period_of(at("2026-11-01T01:10:00-04:00"), Kind::Hour, *zone);
  EXPECT_EQ(book.figures({0}, hour).of(Count::Report), 2u);
}

TEST(FigureBook, hours_have_no_dimensions_and_periods_without_cases_are_zero) {
  FigureBook book(ancestry(), kChina);
  const base::UtcTime noon = at("2026-03-02T12:00:00+08:00");
  for (int i = 0; i < 20; ++i) book.insert(case_in(5, noon));
  EXPECT_TRUE(book.figures_by({0}, base::period_of(noon, Kind::Hour, kChina), Dimension::Class).empty());
  EXPECT_EQ(book.figures_by({0}, base::period_of(noon, Kind::Day, kChina), Dimension::Class).size(), 1u);
  const base::UtcTime other = noon + std::chrono::days(800);
  for (const auto& [kind, index] : periods_of(other, kChina)) {
    EXPECT_EQ(book.figures({0}, {kind, index}), Figures{});
    EXPECT_TRUE(book.figures_by({0}, {kind, index}, Dimension::Severity).empty());
  }
  EXPECT_EQ(book.figures({6}, base::period_of(noon, Kind::Day, kChina)), Figures{}) << "another grid";
  EXPECT_EQ(book.own_figures({1}, base::period_of(noon, Kind::Day, kChina)), Figures{}) << "a town's own";
}

TEST(FigureBook, what_is_said_does_not_depend_on_the_order_of_inserting) {
  base::Random random(6);
  std::vector<CountedCase> cases;
  for (int i = 0; i < 300; ++i) cases.push_back(random_case(random, at("2026-03-01T00:00:00+08:00"), 9));
  FigureBook forward(ancestry(), kChina), backward(ancestry(), kChina);
  std::map<std::uint32_t, CountedCase> by_entry;
  std::set<std::pair<Kind, std::int32_t>> periods;
  for (const CountedCase& counted : cases) {
    by_entry[forward.insert(counted)] = counted;
    periods.merge(periods_of(counted.reported_at, kChina));
  }
  for (auto counted = cases.rbegin(); counted != cases.rend(); ++counted) backward.insert(*counted);
  const Recount recount(by_entry, kChina);
  EXPECT_EQ(difference(forward, recount, periods), "");
  EXPECT_EQ(difference(backward, recount, periods), "");
}

constexpr state::Retention kShort{.hours = 48, .days = 10, .months = 3};

TEST(FigureBook, the_current_period_and_those_before_it_up_to_the_retention_are_kept) {
  FigureBook book(ancestry(), kChina, kShort);
  const base::UtcTime now = at("2026-03-15T12:00:00+08:00");
  EXPECT_TRUE(book.kept({Kind::Hour, -100'000})) << "nothing was forgotten yet";
  book.forget_before(now);
  const auto kept = [&](Kind kind, const char* time) { return book.kept(base::period_of(at(time), kind, kChina)); };
  EXPECT_TRUE(kept(Kind::Hour, "2026-03-13T13:00:00+08:00"));
  EXPECT_FALSE(kept(Kind::Hour, "2026-03-13T12:59:59+08:00"));
  EXPECT_TRUE(kept(Kind::Day, "2026-03-06T00:00:00+08:00"));
  EXPECT_FALSE(kept(Kind::Day, "2026-03-05T23:59:59+08:00"));
  EXPECT_TRUE(kept(Kind::Month, "2026-01-01T00:00:00+08:00"));
  EXPECT_FALSE(kept(Kind::Month, "2025-12-31T23:59:59+08:00"));
  EXPECT_TRUE(kept(Kind::Week, "2026-03-15T00:00:00+08:00"));
  EXPECT_FALSE(kept(Kind::Week, "2026-03-07T00:00:00+08:00")) << "its Monday is gone";
  EXPECT_TRUE(kept(Kind::Year, "2026-03-15T00:00:00+08:00"));
  EXPECT_FALSE(kept(Kind::Year, "2025-03-15T00:00:00+08:00"));
  book.forget_before(now - std::chrono::days(300));
  EXPECT_FALSE(kept(Kind::Hour, "2026-03-13T12:59:59+08:00")) << "time does not run backward";
  book.clear();
  EXPECT_TRUE(kept(Kind::Hour, "2026-03-13T12:59:59+08:00"));
}

TEST(FigureBook, hours_go_first_then_days_and_with_its_month_the_case_itself) {
  FigureBook book(ancestry(), kChina, kShort);
  const base::UtcTime noon = at("2026-03-02T12:00:00+08:00");
  std::vector<std::uint32_t> entries;
  for (int i = 0; i < 20; ++i) entries.push_back(book.insert(case_in(5, noon)));
  const auto reports = [&](Kind kind) {
    return book.figures({0}, base::period_of(noon, kind, kChina)).of(Count::Report);
  };
  EXPECT_TRUE(book.forget_before(noon + std::chrono::hours(47)).empty());
  EXPECT_EQ(reports(Kind::Hour), 20u);
  EXPECT_TRUE(book.forget_before(noon + std::chrono::hours(48)).empty());
  EXPECT_EQ(reports(Kind::Hour), 0u);
  EXPECT_EQ(reports(Kind::Day), 20u);
  EXPECT_TRUE(book.forget_before(at("2026-03-12T00:00:00+08:00")).empty());
  EXPECT_EQ(reports(Kind::Day), 0u);
  EXPECT_EQ(reports(Kind::Month), 20u);
  // It still changes and goes in what is left.
  book.change(entries[0], {model::flag(Count::Report) | model::flag(Count::Archive), -1, -1});
  book.erase(entries[1]);
  EXPECT_EQ(reports(Kind::Month), 19u);
  EXPECT_EQ(book.figures({0}, base::period_of(noon, Kind::Month, kChina)).of(Count::Archive), 1u);
  EXPECT_TRUE(book.forget_before(at("2026-05-31T23:59:59+08:00")).empty());
  const auto gone = book.forget_before(at("2026-06-01T00:00:00+08:00"));
  EXPECT_EQ(reports(Kind::Month), 0u);
  ASSERT_EQ(gone.size(), 19u);
  EXPECT_EQ(gone.front().first, entries[0]);
  EXPECT_EQ(gone.front().second.measure.flags, model::flag(Count::Report) | model::flag(Count::Archive));
  EXPECT_EQ(gone.back().second.reported_at, noon);
}

TEST(FigureBook, a_case_that_comes_late_counts_in_the_kept_periods_alone) {
  FigureBook book(ancestry(), kChina, kShort);
  book.forget_before(at("2026-03-31T12:00:00+08:00"));
  const base::UtcTime old = at("2026-03-02T12:00:00+08:00");
  const std::uint32_t entry = book.insert(case_in(1, old));
  const auto reports = [&](Kind kind) {
    return book.figures({0}, base::period_of(old, kind, kChina)).of(Count::Report);
  };
  EXPECT_EQ(reports(Kind::Hour), 0u) << "the others of that hour are forgotten";
  EXPECT_EQ(reports(Kind::Day), 0u);
  EXPECT_EQ(reports(Kind::Month), 1u);
  book.change(entry, {model::flag(Count::Report) | model::flag(Count::Rework), -1, -1});
  EXPECT_EQ(book.figures({0}, base::period_of(old, Kind::Month, kChina)).of(Count::Rework), 1u);
  book.erase(entry);
  EXPECT_EQ(reports(Kind::Month), 0u);
}

TEST(FigureBook, through_months_of_forgetting_what_is_kept_agrees_with_a_recount) {
  base::Random random(21);
  FigureBook book(ancestry(), kChina, kShort);
  std::map<std::uint32_t, CountedCase> cases;
  std::set<std::pair<Kind, std::int32_t>> periods;
  const base::UtcTime begin = at("2025-11-01T00:00:00+08:00");
  std::size_t gone_count = 0;
  for (int day = 0; day < 200; ++day) {
    const base::UtcTime midnight = begin + std::chrono::days(day);
    const std::int32_t first_month = base::period_of(midnight, Kind::Month, kChina).index - kShort.months + 1;
    std::map<std::uint32_t, CountedCase> wanted_gone;
    for (const auto& [entry, counted] : cases) {
      if (base::period_of(counted.reported_at, Kind::Month, kChina).index < first_month) wanted_gone[entry] = counted;
    }
    const auto gone = book.forget_before(midnight);
    ASSERT_EQ(gone.size(), wanted_gone.size());
    for (const auto& [entry, counted] : gone) {
      ASSERT_EQ(wanted_gone.count(entry), 1u);
      ASSERT_EQ(counted.measure, cases.at(entry).measure);
      cases.erase(entry);
    }
    gone_count += gone.size();
    for (int i = 0; i < 8; ++i) {
      const CountedCase counted = random_case(random, midnight, 2);
      ASSERT_TRUE(cases.emplace(book.insert(counted), counted).second);
      periods.merge(periods_of(counted.reported_at, kChina));
      auto& [entry, changed] = *std::next(cases.begin(), static_cast<std::ptrdiff_t>(random.next_below(cases.size())));
      changed.measure = random_measure(random);
      book.change(entry, changed.measure);
      // Another department: out and in again, however old it is.
      if (i % 4 != 0) continue;
      auto moved =
          cases.extract(std::next(cases.begin(), static_cast<std::ptrdiff_t>(random.next_below(cases.size()))));
      book.erase(moved.key());
      moved.mapped().keys[0] = static_cast<Symbol>(2 + random.next_below(4));
      moved.key() = book.insert(moved.mapped());
      ASSERT_TRUE(cases.insert(std::move(moved)).inserted);
    }
    if (day % 23 != 0) continue;
    std::set<std::pair<Kind, std::int32_t>> kept;
    for (const auto& [kind, index] : periods) {
      if (book.kept({kind, index})) {
        kept.emplace(kind, index);
      } else if (kind != Kind::Week && kind != Kind::Year) {
        ASSERT_EQ(book.figures({0}, {kind, index}), Figures{}) << "older reads as absent";
      }
    }
    ASSERT_EQ(difference(book, Recount(cases, kChina), kept), "") << "day " << day;
  }
  EXPECT_GT(gone_count, 500u);
}

TEST(FigureBook, a_feed_of_two_years_needs_no_more_memory_than_one_of_one_year) {
  FigureBook book(ancestry(), kChina, kShort);
  const base::UtcTime begin = at("2025-01-01T00:00:00+08:00");
  std::size_t first_year_bytes = 0, second_year_bytes = 0;
  for (int day = 0; day < 730; ++day) {
    const base::UtcTime midnight = begin + std::chrono::days(day);
    book.forget_before(midnight);
    for (std::uint32_t i = 0; i < 24; ++i) {
      CountedCase counted = case_in(i % kDivisionCount, midnight + std::chrono::hours(i));
      counted.keys = {static_cast<Symbol>(2 + i % 3), static_cast<Symbol>(2 + i % 5), static_cast<Symbol>(2 + i), 1};
      const std::uint32_t entry = book.insert(counted);
      book.change(entry, {model::flag(Count::Report) | model::flag(Count::Archive), 1, 2});
      if (i % 6 == 0) book.erase(entry);
    }
    std::size_t& most = day < 365 ? first_year_bytes : second_year_bytes;
    most = std::max(most, book.bytes());
  }
  EXPECT_LE(second_year_bytes, first_year_bytes);
  EXPECT_LT(first_year_bytes, 8'000'000u);
}

TEST(FigureBook, the_number_of_an_erased_entry_is_given_again) {
  FigureBook book(ancestry(), kChina);
  const base::UtcTime noon = at("2026-03-02T12:00:00+08:00");
  const std::uint32_t first = book.insert(case_in(5, noon)), second = book.insert(case_in(6, noon));
  book.erase(first);
  EXPECT_EQ(book.insert(case_in(8, noon)), first);
  EXPECT_EQ(book.at(first).division.value, 8u);
  EXPECT_EQ(book.at(second).division.value, 6u);
}

TEST(FigureBook, after_clear_nothing_is_said_and_it_counts_anew) {
  FigureBook book(ancestry(), kChina);
  const base::UtcTime noon = at("2026-03-02T12:00:00+08:00");
  for (int i = 0; i < 40; ++i) book.insert(case_in(5, noon));
  book.clear();
  const Period day = base::period_of(noon, Kind::Day, kChina);
  EXPECT_EQ(book.figures({0}, day), Figures{});
  EXPECT_EQ(book.insert(case_in(5, noon)), 0u);
  EXPECT_EQ(book.figures({0}, day).of(Count::Report), 1u);
  EXPECT_EQ(book.figures_by({5}, day, Dimension::Department).size(), 1u);
}

}  // namespace
}  // namespace gridwall::test
