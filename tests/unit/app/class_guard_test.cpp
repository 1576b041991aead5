#include "app/class_guard.hpp"

#include <gtest/gtest.h>

namespace gridwall::app {
namespace {

using model::Count;

state::KeyedFigures row(const char* code, std::uint32_t reports, std::uint32_t closed = 0) {
  state::KeyedFigures made{code, {}};
  made.figures.counts[static_cast<std::size_t>(Count::Report)] = reports;
  made.figures.counts[static_cast<std::size_t>(Count::Archive)] = closed;
  return made;
}
bool is_dispute(const std::string& code) {
  return code == "G01.01" || code == "G01.05";
}
HiddenRows hide(const ClassRows& whole, const std::vector<ClassRows>& parts, HiddenRows of_whole = {}) {
  return hide_rows(std::move(of_whole), whole, parts, is_dispute);
}

TEST(ClassGuard, a_few_reports_of_a_sensitive_class_are_hidden_with_the_smallest_other_class) {
  const ClassRows whole{row("E01.01", 60), row("E02.01", 9), row("E03.01", 2), row("G01.01", 3)};
  const HiddenRows hidden = hide(whole, {whole});
  EXPECT_EQ(hidden.of("G01.01"), RowShown::Nothing);
  EXPECT_EQ(hidden.of("E02.01"), RowShown::Nothing) << "or total less the others is the count";
  EXPECT_EQ(hidden.of("E01.01"), RowShown::Whole);
  EXPECT_EQ(hidden.of("E03.01"), RowShown::Whole) << "two bins are nobody";
  EXPECT_TRUE(hidden.tells_small(whole));
}

TEST(ClassGuard, a_small_row_is_not_called_small_where_that_would_tell_it) {
  const ClassRows whole{row("E01.01", 60), row("E02.01", 5), row("G01.01", 1)};
  const HiddenRows hidden = hide(whole, {whole});
  EXPECT_EQ(hidden.of("E02.01"), RowShown::Nothing);
  EXPECT_FALSE(hidden.tells_small(whole)) << "six in all: one that is small and one that is not are 1 and 5";
}

TEST(ClassGuard, a_cover_that_is_known_to_be_the_smallest_takes_a_close_one_with_it) {
  const ClassRows whole{row("E01.01", 60), row("E02.01", 9), row("E02.02", 9), row("G01.01", 4)};
  EXPECT_EQ(hide(whole, {whole}).of("E02.02"), RowShown::Nothing) << "or 13 less at most 9 is 4 at least";
  EXPECT_EQ(hide(whole, {whole}).of("E01.01"), RowShown::Whole);
}

TEST(ClassGuard, nothing_changes_without_a_small_count_of_a_sensitive_class) {
  const ClassRows whole{row("E01.01", 3, 1), row("G01.01", 40, 20)};
  EXPECT_TRUE(hide(whole, {whole}).rows.empty());
  EXPECT_TRUE(hide({row("E01.01", 1)}, {{row("E01.01", 1)}}).rows.empty());
}

TEST(ClassGuard, of_a_class_with_another_small_count_the_reports_alone_are_told) {
  for (const std::uint32_t closed : {2u, 38u}) {  // 38 of 40: two are not
    const ClassRows whole{row("E01.01", 60, 20), row("E02.01", 9), row("G01.01", 40, closed)};
    const HiddenRows hidden = hide(whole, {whole});
    EXPECT_EQ(hidden.of("G01.01"), RowShown::ReportsOnly);
    EXPECT_EQ(hidden.of("E02.01"), RowShown::ReportsOnly);
    EXPECT_EQ(hidden.of("E01.01"), RowShown::Whole);
  }
}

TEST(ClassGuard, what_is_hidden_in_one_part_is_hidden_in_all_and_in_theirs) {
  const ClassRows whole{row("E01.01", 60), row("E02.01", 20), row("G01.01", 13)};
  const ClassRows few{row("E01.01", 30), row("E02.01", 10), row("G01.01", 3)};
  const ClassRows many{row("E01.01", 30), row("E02.01", 10), row("G01.01", 10)};
  const HiddenRows hidden = hide(whole, {many, few});
  EXPECT_EQ(hidden.of("G01.01"), RowShown::Nothing);
  EXPECT_EQ(hidden.of("E02.01"), RowShown::Nothing);
  const HiddenRows below = hide(many, {many}, hidden);
  EXPECT_EQ(below.of("G01.01"), RowShown::Nothing);
  EXPECT_EQ(below.of("E02.01"), RowShown::Nothing);
}

TEST(ClassGuard, two_hidden_classes_hide_each_other_and_where_nothing_else_is_nothing_is_told) {
  const ClassRows two{row("E01.01", 60), row("G01.01", 3), row("G01.05", 4)};
  EXPECT_EQ(hide(two, {two}).of("E01.01"), RowShown::Whole);
  const ClassRows alone{row("G01.01", 3)};
  EXPECT_TRUE(hide(alone, {alone}).all);
  EXPECT_EQ(hide(alone, {alone}).of("E01.01"), RowShown::Nothing);
}

}  // namespace
}  // namespace gridwall::app
