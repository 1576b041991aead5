#include "geo/parent_rules.hpp"

#include <gtest/gtest.h>

namespace gridwall::geo {
namespace {

using Texts = std::vector<std::string>;

std::vector<CodedDivision> coded(const Texts& codes) {
  std::vector<CodedDivision> divisions;
  for (const std::string& code : codes) divisions.push_back({code, ""});
  return divisions;
}

TEST(parent_rules, field_names_the_parent) {
  const auto links = link_parents({{"C", ""}, {"T1", "C"}, {"G", "T1"}, {"T2", "C"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "C", "T1", "C"}));
  EXPECT_TRUE(links.added_root_code.empty());
  EXPECT_TRUE(links.orphans.empty());
}

TEST(parent_rules, a_division_that_names_itself_is_the_root) {
  const auto links = link_parents({{"C", "C"}, {"T1", "C"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "C"}));
}

TEST(parent_rules, unknown_parent_hangs_to_the_root_and_is_told) {
  const auto links = link_parents({{"C", ""}, {"T1", "X"}, {"G", "T1"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "C", "T1"}));
  EXPECT_EQ(links.orphans, std::vector<std::size_t>{1});
}

TEST(parent_rules, ring_of_parents_is_cut_once_and_hung_to_the_root) {
  const auto links = link_parents({{"C", ""}, {"A", "B"}, {"B", "D"}, {"D", "A"}, {"E", "B"}}, ParentRule::Field, {});
  EXPECT_EQ(links.cycles, std::vector<std::size_t>{1});
  EXPECT_EQ(links.parent_codes, (Texts{"", "C", "D", "A", "B"}));
}

TEST(parent_rules, code_lengths_find_the_nearest_shorter_code) {
  const auto links =
      link_parents(coded({"320281", "320281001", "320281001003", "320281002007"}), ParentRule::CodeLengths, {6, 9, 12});
  EXPECT_EQ(links.parent_codes, (Texts{"", "320281", "320281001", "320281"}));  // its town is missing
}

TEST(parent_rules, code_of_a_length_that_no_level_has_is_an_orphan) {
  const auto links = link_parents(coded({"320281", "320281001", "32028100"}), ParentRule::CodeLengths, {6, 9});
  EXPECT_EQ(links.orphans, std::vector<std::size_t>{2});
  EXPECT_EQ(links.parent_codes[2], "320281");
}

TEST(parent_rules, longest_known_prefix_skips_levels_that_are_missing) {
  const auto links = link_parents(coded({"R", "RA", "RAB", "RAC12", "RX"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "R", "RA", "RA", "R"}));
}

TEST(parent_rules, zero_padded_national_codes_nest_by_their_groups) {
  const auto links =
      link_parents(coded({"320000", "320200", "320281", "320282", "321000"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "320000", "320200", "320200", "320000"}));
  const auto towns =
      link_parents(coded({"320281000000", "320281001000", "320281001003"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(towns.parent_codes, (Texts{"", "320281000000", "320281001000"}));
}

TEST(parent_rules, several_tops_get_an_added_root) {
  const auto links = link_parents(coded({"01", "02", "0101"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.added_root_code, "ALL");
  EXPECT_EQ(links.parent_codes, (Texts{"ALL", "ALL", "01"}));
}

TEST(parent_rules, added_root_takes_a_code_that_is_free) {
  const auto links = link_parents(coded({"ALL", "B"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.added_root_code, "ALL_");
}

TEST(parent_rules, towns_of_one_absent_county_get_that_county_as_root) {
  const auto links = link_parents({{"320281001", "320281"}, {"320281002", "320281"}}, ParentRule::Field, {});
  EXPECT_EQ(links.added_root_code, "320281");
  EXPECT_EQ(links.parent_codes, (Texts{"320281", "320281"}));
  EXPECT_TRUE(links.orphans.empty());
}

TEST(parent_rules, a_lone_division_is_the_root_whatever_parent_it_names) {
  const auto links = link_parents({{"320281", "320200"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, Texts{""});
  EXPECT_TRUE(links.added_root_code.empty());
}

TEST(parent_rules, nothing_but_a_ring_still_gives_one_root) {
  const auto links = link_parents({{"A", "B"}, {"B", "A"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "A"}));
  EXPECT_EQ(links.cycles.size(), 1u);
}

}  // namespace
}  // namespace gridwall::geo
