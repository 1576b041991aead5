#include "shape/parent_rules.hpp"

#include <gtest/gtest.h>

#include <map>

namespace gridwall::shape {
namespace {

using Texts = std::vector<std::string>;

// A division that keeps its texts.
struct Named {
  std::string code, parent_code;
  bool made_up = false;
};

// With each parent's code; empty for the root.
struct Linked : ParentLinks {
  Texts parent_codes;
  Linked(ParentLinks links, const std::vector<Named>& divisions) : ParentLinks(std::move(links)) {
    for (const std::size_t parent : parents) {
      parent_codes.push_back(parent == kNoParent ? added_root_code : divisions[parent].code);
    }
  }
};

Linked linked(const std::vector<Named>& divisions, ParentRule rule, const std::vector<std::uint32_t>& lengths) {
  std::vector<CodedDivision> given;
  for (const Named& one : divisions) given.push_back({one.code, one.parent_code, one.made_up});
  return {link_parents(given, rule, lengths), divisions};
}

std::vector<Named> coded(const Texts& codes) {
  std::vector<Named> divisions;
  for (const std::string& code : codes) divisions.push_back({code, ""});
  return divisions;
}

TEST(parent_rules, field_names_the_parent) {
  const auto links = linked({{"C", ""}, {"T1", "C"}, {"G", "T1"}, {"T2", "C"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "C", "T1", "C"}));
  EXPECT_TRUE(links.added_root_code.empty());
  EXPECT_TRUE(links.orphans.empty());
}

TEST(parent_rules, a_division_that_names_itself_is_the_root) {
  const auto links = linked({{"C", "C"}, {"T1", "C"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "C"}));
}

TEST(parent_rules, unknown_parent_hangs_to_the_root_and_is_told) {
  const auto links = linked({{"C", ""}, {"T1", "X"}, {"G", "T1"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "C", "T1"}));
  EXPECT_EQ(links.orphans, std::vector<std::size_t>{1});
}

TEST(parent_rules, ring_of_parents_is_cut_once_and_hung_to_the_root) {
  const auto links = linked({{"C", ""}, {"A", "B"}, {"B", "D"}, {"D", "A"}, {"E", "B"}}, ParentRule::Field, {});
  EXPECT_EQ(links.cycles, std::vector<std::size_t>{1});
  EXPECT_EQ(links.parent_codes, (Texts{"", "C", "D", "A", "B"}));
}

TEST(parent_rules, code_lengths_find_the_nearest_shorter_code) {
  const auto links =
      linked(coded({"320281", "320281001", "320281001003", "320281002007"}), ParentRule::CodeLengths, {6, 9, 12});
  EXPECT_EQ(links.parent_codes, (Texts{"", "320281", "320281001", "320281"}));  // its town is missing
}

TEST(parent_rules, code_of_a_length_that_no_level_has_is_an_orphan) {
  const auto links = linked(coded({"320281", "320281001", "32028100"}), ParentRule::CodeLengths, {6, 9});
  EXPECT_EQ(links.orphans, std::vector<std::size_t>{2});
  EXPECT_EQ(links.parent_codes[2], "320281");
}

TEST(parent_rules, longest_known_prefix_skips_levels_that_are_missing) {
  const auto links = linked(coded({"R", "RA", "RAB", "RAC12", "RX"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "R", "RA", "RA", "R"}));
}

TEST(parent_rules, zero_padded_national_codes_nest_by_their_groups) {
  const auto links = linked(coded({"320000", "320200", "320281", "320282", "321000"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "320000", "320200", "320200", "320000"}));
  const auto towns = linked(coded({"320281000000", "320281001000", "320281001003"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(towns.parent_codes, (Texts{"", "320281000000", "320281001000"}));
}

TEST(parent_rules, several_tops_get_an_added_root) {
  const auto links = linked(coded({"01", "02", "0101"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.added_root_code, "ALL");
  EXPECT_EQ(links.parent_codes, (Texts{"ALL", "ALL", "01"}));
}

TEST(parent_rules, added_root_takes_a_code_that_is_free) {
  const auto links = linked(coded({"ALL", "B"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.added_root_code, "ALL_");
}

TEST(parent_rules, towns_of_one_absent_county_get_that_county_as_root) {
  const auto links = linked({{"320281001", "320281"}, {"320281002", "320281"}}, ParentRule::Field, {});
  EXPECT_EQ(links.added_root_code, "320281");
  EXPECT_EQ(links.parent_codes, (Texts{"320281", "320281"}));
  EXPECT_TRUE(links.orphans.empty());
}

TEST(parent_rules, a_lone_division_is_the_root_whatever_parent_it_names) {
  const auto links = linked({{"320281", "320200"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, Texts{""});
  EXPECT_TRUE(links.added_root_code.empty());
}

TEST(parent_rules, nothing_but_a_ring_still_gives_one_root) {
  const auto links = linked({{"A", "B"}, {"B", "A"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "A"}));
  EXPECT_EQ(links.cycles.size(), 1u);
}

TEST(parent_rules, counties_find_their_state_by_the_two_digits_of_their_fips_code) {
  const auto links = linked(coded({"US", "01", "01001", "01003", "02", "02013", "11", "11001", "72", "99999"}),
                            ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.parent_codes, (Texts{"ALL", "ALL", "01", "01", "ALL", "02", "ALL", "11", "ALL", "ALL"}));
}

TEST(parent_rules, grid_codes_of_fifteen_digits_nest_in_padded_codes_of_twelve) {
  const auto links = linked(
      coded({"320281000000", "320281001000", "320281001003", "320281001003007", "320281001003008", "320281002000"}),
      ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.parent_codes,
            (Texts{"", "320281000000", "320281001000", "320281001003", "320281001003", "320281000000"}));
}

TEST(parent_rules, grid_numbered_zero_zero_zero_stays_below_its_village) {
  const auto links =
      linked(coded({"320281001003", "320281001003000", "320281001003001"}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "320281001003", "320281001003"}));
}

TEST(parent_rules, codes_of_sixty_four_letters_nest_one_in_the_other) {
  std::vector<Named> divisions;
  const std::string whole = "3202810010030070" + std::string(48, 'x');
  for (std::size_t length = 64; length > 0; --length) divisions.push_back({whole.substr(0, length), ""});
  const auto links = linked(divisions, ParentRule::LongestPrefix, {});
  for (std::size_t i = 0; i + 1 < divisions.size(); ++i) EXPECT_EQ(links.parent_codes[i], divisions[i + 1].code);
  EXPECT_EQ(links.parent_codes.back(), "");
}

TEST(parent_rules, parent_field_with_blanks_or_padding_is_understood_and_told) {
  const auto links = linked({{"320281000000", ""},
                             {"320281001000", "320281"},
                             {"320281002000", " 320281000000 "},
                             {"320281001003", "320281001000\u3000"},
                             {"x", "320281000000"}},
                            ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "320281000000", "320281000000", "320281001000", "320281000000"}));
  EXPECT_EQ(links.loose_matches, (std::vector<std::size_t>{1, 2, 3}));
  EXPECT_TRUE(links.orphans.empty());
}

TEST(parent_rules, padding_that_two_codes_share_is_never_guessed) {
  const auto links =
      linked({{"R", ""}, {"320281", "R"}, {"320281000000", "R"}, {"g", "320281000"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes[3], "R");
  EXPECT_EQ(links.orphans, std::vector<std::size_t>{3});
  EXPECT_TRUE(links.loose_matches.empty());
}

TEST(parent_rules, blank_parent_is_none) {
  const auto links = linked({{"R", "  "}, {"a", "R"}}, ParentRule::Field, {});
  EXPECT_EQ(links.parent_codes, (Texts{"", "R"}));
  EXPECT_TRUE(links.orphans.empty());
}

TEST(parent_rules, codes_that_differ_by_padding_only_stay_two_divisions) {
  const auto links = linked(coded({"1", "01", "001", "1 "}), ParentRule::LongestPrefix, {});
  EXPECT_EQ(links.parent_codes, (Texts{"ALL", "ALL", "ALL", "1"}));
}

// Whatever the codes: one division without parent at most (the root), everybody else leads up to it.
void expect_one_tree(const std::vector<Named>& divisions, const Linked& links, const std::string& what) {
  std::map<std::string, std::string> parents;
  std::size_t roots = links.added_root_code.empty() ? 0 : 1;
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    parents[divisions[i].code] = links.parent_codes[i];
    roots += links.parent_codes[i].empty() ? 1 : 0;
  }
  EXPECT_EQ(roots, 1u) << what;
  for (const Named& division : divisions) {
    std::string at = division.code;
    for (std::size_t steps = 0; !parents[at].empty(); ++steps) {
      ASSERT_LE(steps, divisions.size()) << what;
      at = parents[at];
      if (at == links.added_root_code && !at.empty()) break;
      ASSERT_TRUE(parents.contains(at)) << what;
    }
  }
}

TEST(parent_rules, added_root_never_takes_the_code_of_a_division_that_a_rule_left_below_another) {
  // By lengths both five-letter codes are orphans; their field names a division of the list.
  const auto links =
      linked({{"aaaaa", "b"}, {"ccccc", "b"}, {"aaaaab", "b"}, {"b", "b"}}, ParentRule::CodeLengths, {5, 6, 1, 0});
  EXPECT_NE(links.added_root_code, "b");
}

TEST(parent_rules, hostile_codes_give_one_tree) {
  const std::string nul("a\0b", 3), nuls(4, '\0');
  std::vector<Named> divisions{{nul, nuls},
                               {"a", nul},
                               {nuls, ""},
                               {std::string(1 << 20, '7'), "a"},
                               {std::string(1 << 20, '7') + "8", std::string(1 << 20, '7')},
                               {"7", " "}};
  for (int i = 0; i < 300; ++i) divisions.push_back({"ALL" + std::string(static_cast<std::size_t>(i), '_'), "ALL"});
  for (const ParentRule rule : {ParentRule::Field, ParentRule::CodeLengths, ParentRule::LongestPrefix}) {
    expect_one_tree(divisions, linked(divisions, rule, {1, 3, 1 << 20}), "rule");
  }
}

TEST(parent_rules, equal_and_empty_codes_do_no_harm) {
  const std::vector<Named> equal(500, Named{"same", "same"}), empty(500);
  for (const ParentRule rule : {ParentRule::Field, ParentRule::CodeLengths, ParentRule::LongestPrefix}) {
    EXPECT_EQ(linked(equal, rule, {4}).parent_codes.size(), 500u);
    EXPECT_EQ(linked(empty, rule, {0}).parent_codes.size(), 500u);
    EXPECT_EQ(linked({}, rule, {}).parent_codes.size(), 0u);
  }
}

// Quadratic look-ups would take minutes here.
TEST(parent_rules, forty_thousand_cycles_and_long_codes_are_linked_at_once) {
  std::vector<Named> pairs, chain;
  for (int i = 0; i < 20000; ++i) {
    const std::string a = "a" + std::to_string(i), b = "b" + std::to_string(i);
    pairs.push_back({a, b});
    pairs.push_back({b, a});
  }
  EXPECT_EQ(linked(pairs, ParentRule::Field, {}).cycles.size(), 20000u);
  for (int i = 0; i < 40000; ++i) chain.push_back({std::string(50, 'p') + std::to_string(1000000 + i), ""});
  EXPECT_EQ(linked(chain, ParentRule::LongestPrefix, {}).added_root_code, "ALL");
}

TEST(parent_rules, feature_numbers_in_place_of_codes_make_nobody_a_parent) {
  const std::vector<Named> divisions{{"1", "", true}, {"12", "", true}, {"123", "", false}, {"1234", "", false}};
  const Linked by_prefix = linked(divisions, ParentRule::LongestPrefix, {});
  EXPECT_EQ(by_prefix.added_root_code, "ALL");
  EXPECT_EQ(by_prefix.parent_codes, (std::vector<std::string>{"ALL", "ALL", "ALL", "123"}));
  const Linked by_lengths = linked(divisions, ParentRule::CodeLengths, {1, 2, 3, 4});
  EXPECT_EQ(by_lengths.parent_codes[3], "123");
  EXPECT_NE(by_lengths.parent_codes[1], "1");
}

}  // namespace
}  // namespace gridwall::shape
