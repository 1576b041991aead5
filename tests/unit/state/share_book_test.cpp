// Goal: the shares' counts are those of the month's figures, whatever cases do. Method: random cases that change, move,
// are reported around the edges of the month and go, beside a FigureBook; the same after a new month has begun.
#include "state/share_book.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "state/figure_book.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {
namespace {

using model::Count;
using model::flag;
constexpr model::CaseFlags kShown =
    flag(Count::ShouldHandle) | flag(Count::OvertimeDispose) | flag(Count::Recurrent) | flag(Count::Unlocated);

const base::TimeZone& shanghai() {
  static const base::TimeZone kZone = base::TimeZone::find("Asia/Shanghai").value();
  return kZone;
}
base::Period month_of(const char* time) {
  return base::period_of(base::parse_rfc3339(time).value(), base::PeriodKind::Month, shanghai());
}

class ShareBook : public testing::Test {
 protected:
  void expect_agreement(const char* when) const {
    for (std::uint32_t i = 0; i < m_ancestry->size(); ++i) {
      ASSERT_EQ(m_shares.of({i}), state::share_counts(m_figures.figures({i}, m_shares.month()))) << i << " " << when;
    }
  }
  void put(const state::CountedCase& counted) {
    m_entries.push_back(m_figures.insert(counted));
    EXPECT_TRUE(m_shares.change(counted.division, counted.reported_at, 0, counted.measure.flags));
  }
  state::CountedCase any_case(base::Random& random) const {
    state::CountedCase counted;
    counted.division = {static_cast<std::uint32_t>(random.next_below(m_ancestry->size()))};
    counted.reported_at = base::parse_rfc3339("2026-02-27T00:00:00+08:00").value() +
                          std::chrono::minutes(random.next_below(36 * 24 * 60));
    counted.measure.flags = flag(Count::Report) | random.next_below(std::uint64_t{1} << 40);
    return counted;
  }

  std::shared_ptr<const model::DivisionTree> m_tree = small_tree();
  std::shared_ptr<const state::Ancestry> m_ancestry = std::make_shared<const state::Ancestry>(*m_tree);
  state::FigureBook m_figures{m_ancestry, shanghai()};
  state::ShareBook m_shares{m_ancestry};
  std::vector<std::uint32_t> m_entries;
};

TEST_F(ShareBook, its_counts_are_those_of_the_months_figures_whatever_the_cases_do) {
  base::Random random(7);
  m_shares.begin(month_of("2026-03-05T00:00:00+08:00"), shanghai());
  for (int i = 0; i < 400; ++i) put(any_case(random));
  expect_agreement("after inserting");
  for (std::uint32_t& entry : m_entries) {
    const state::CountedCase before = m_figures.at(entry);
    state::CountedCase after = any_case(random);
    if (random.next_below(3) != 0) {
      after.division = before.division;
      after.reported_at = before.reported_at;
      m_shares.change(after.division, after.reported_at, before.measure.flags, after.measure.flags);
    } else {
      m_shares.change(before.division, before.reported_at, before.measure.flags, 0);
      m_shares.change(after.division, after.reported_at, 0, after.measure.flags);
    }
    entry = m_figures.replace(entry, after);
  }
  expect_agreement("after changes and moves");
  m_shares.begin(month_of("2026-04-01T00:00:00+08:00"), shanghai());
  m_figures.for_each_entry([&](std::uint32_t, const state::CountedCase& counted) {
    m_shares.change(counted.division, counted.reported_at, 0, counted.measure.flags);
  });
  expect_agreement("in the next month");
}

TEST_F(ShareBook, a_change_that_no_share_is_made_of_is_told_from_one_that_is) {
  m_shares.begin(month_of("2026-03-05T00:00:00+08:00"), shanghai());
  const auto at = base::parse_rfc3339("2026-03-05T00:00:00+08:00").value();
  const model::CaseFlags before = flag(Count::Report) | flag(Count::Accept);
  EXPECT_FALSE(m_shares.change({3}, at, before, before | flag(Count::Dispatch) | flag(Count::Flawed)));
  EXPECT_FALSE(m_shares.change({3}, at, before, before));
  for (const Count count :
       {Count::ShouldHandle, Count::OvertimeDispose, Count::ToDisposeOverdue, Count::Recurrent, Count::Unlocated}) {
    EXPECT_TRUE(m_shares.change({3}, at, before, before | flag(count)));
  }
  const auto later = base::parse_rfc3339("2026-04-01T00:00:00+08:00").value();
  EXPECT_TRUE(m_shares.change({3}, later, 0, kShown)) << "of another month: looked at when that begins";
  EXPECT_EQ(m_shares.of({3}).late, 2u);
}

}  // namespace
}  // namespace gridwall::test
