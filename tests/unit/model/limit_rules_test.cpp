// The shipped limits, which entry a case gets, and what is said of broken files.
#include "model/limit_rules.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <tuple>

#include "model/vocabulary.hpp"

namespace gridwall::model {
namespace {

namespace fs = std::filesystem;

const Vocabulary& vocabulary() {
  static const Vocabulary shipped = [] {
    auto loaded = load_vocabulary(GRIDWALL_SOURCE_DIR "/config");
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message);
    return std::move(loaded).value();
  }();
  return shipped;
}

LimitRules shipped(const std::string& name) {
  auto loaded = load_limit_rules(fs::path(GRIDWALL_SOURCE_DIR) / "config" / "limits" / (name + ".toml"), vocabulary());
  EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message);
  return loaded.ok() ? std::move(loaded).value() : LimitRules{};
}

std::string limit_of(const LimitRules& rules, std::string_view code, std::string_view condition = "") {
  const ClassLimit* entry = rules.find(code, condition);
  return entry == nullptr ? "none" : limit_text(entry->limit);
}

base::Result<LimitRules> rules_from(std::string_view text) {
  return parse_limit_rules(text, "t.toml", vocabulary());
}

TEST(LimitRules, every_class_of_the_shipped_table_has_a_limit) {
  for (const char* name : {"default", "yuncheng"}) {
    const LimitRules rules = shipped(name);
    for (const IncidentClass& entry : vocabulary().classes) {
      const ClassLimit* limit = rules.find(entry.code, "");
      ASSERT_NE(limit, nullptr) << name << ' ' << entry.code;
      EXPECT_TRUE(limit->limit.given()) << entry.code;
    }
    for (const BigClass& big : vocabulary().big_classes)
      EXPECT_NE(rules.find(big.code + ".77", ""), nullptr) << big.code;
    EXPECT_EQ(limit_text(rules.fallback), "5d");
    EXPECT_EQ(limit_text(rules.accept), "15um");
    EXPECT_EQ(limit_text(rules.check), "30um");
    EXPECT_EQ(rules.extensions_max, 2);
    EXPECT_EQ(rules.suspensions_max, 1);
  }
}

TEST(LimitRules, the_usual_cases_have_the_domains_limits) {
  const LimitRules rules = shipped("yuncheng");
  const std::tuple<const char*, const char*, const char*> kExpected[] = {
      {"E01.02", "", "1ud"},  {"E01.03", "1", "1d"}, {"E01.03", "2", "3d"}, {"E01.10", "", "4h"},
      {"E01.12", "", "2h"},   {"E04.01", "", "2uh"}, {"E04.10", "", "2h"},  {"E05.03", "1", "4h"},
      {"E05.03", "2", "1uh"}, {"E05.06", "", "2uh"}, {"E06.98", "3", "5d"}, {"C01.02", "1", "2uh"},
      {"C04.02", "2", "15d"}};
  for (const auto& [code, condition, expected] : kExpected)
    EXPECT_EQ(limit_of(rules, code, condition), expected) << code;
}

TEST(LimitRules, a_staged_limit_ends_with_the_limit_of_handling) {
  const LimitRules rules = shipped("default");
  const auto milestones = [&](std::string_view code) {
    std::vector<std::string> texts;
    for (const Limit limit : rules.find(code, "")->milestones) texts.push_back(limit_text(limit));
    return texts;
  };
  EXPECT_EQ(milestones("E01.01"), (std::vector<std::string>{"2ud", "15d"}));
  EXPECT_EQ(milestones("E05.02"), (std::vector<std::string>{"1uh", "5d"}));
  EXPECT_EQ(milestones("E05.05"), (std::vector<std::string>{"3uh", "8uh", "5d"}));
  EXPECT_EQ(limit_of(rules, "E05.05"), "5d");
  EXPECT_TRUE(milestones("E01.10").empty());
}

TEST(LimitRules, look_for_class_and_condition_then_the_class_then_its_big_class) {
  const auto rules = rules_from(
      "class = [\n{ code = 'E01', limit = '9d' },\n{ code = 'E01.03', condition = '2', limit = '2d' },\n"
      "{ code = 'E02.03', limit = '7d' },\n{ code = 'E01.03', condition = '1', limit = '1d' },\n"
      "{ code = 'E01.04', condition = '1', limit = '3d' },\n{ code = 'E01.04', limit = '4d' },\n]\n");
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  EXPECT_EQ(limit_of(*rules, "E01.03", "1"), "1d");
  EXPECT_EQ(limit_of(*rules, "E01.03", "2"), "2d");
  EXPECT_EQ(limit_of(*rules, "E01.03", "7"), "2d") << "the class's first in the file's order";
  EXPECT_EQ(limit_of(*rules, "E01.04", "1"), "3d");
  EXPECT_EQ(limit_of(*rules, "E01.04", "7"), "4d") << "the one without condition";
  EXPECT_EQ(limit_of(*rules, "E01.04"), "4d");
  EXPECT_EQ(limit_of(*rules, "E01.55", "1"), "9d");
  EXPECT_EQ(limit_of(*rules, "E01"), "9d");
  EXPECT_EQ(limit_of(*rules, "E02.04"), "none");
  EXPECT_EQ(limit_of(*rules, ""), "none");
  EXPECT_FALSE(rules->fallback.given()) << "left out: none";
}

TEST(LimitRules, made_by_hand_are_searched_too) {
  LimitRules rules;
  rules.classes = {{"E01", "", {LimitUnit::WorkDay, 1}, {}}, {"E01.03", "1", {LimitUnit::WorkHour, 2}, {}}};
  EXPECT_EQ(limit_of(rules, "E01.03"), "2h");
  EXPECT_EQ(limit_of(rules, "E01.05"), "1d");
  const LimitRules by_hand = rules;
  rules.index_classes();
  for (const char* code : {"E01", "E01.03", "E01.05", "E02.01"})
    EXPECT_EQ(limit_of(rules, code), limit_of(by_hand, code));
}

TEST(LimitRules, name_the_line_and_what_is_wrong_with_it) {
  const std::pair<const char*, const char*> kMistakes[] = {
      {"fallback = '5w'\n", "t.toml:1: fallback: expected a limit such as"},
      {"fallback = 5\n", "t.toml:1: fallback: expected text in quotes"},
      {"warn_share = 1.5\n", "t.toml:1: warn_share: expected a number from 0 to 1"},
      {"extension_max = 2\n", "t.toml:1: extension_max: unknown key"},
      {"[stages]\naccept = '0um'\n", "t.toml:2: stages.accept: expected a limit such as"},
      {"[stages]\nverified = '1um'\n", "t.toml:2: stages.verified: unknown key"},
      {"class = [\n{ code = 'E77.01', limit = '1d' },\n]\n",
       "t.toml:2: class[1].code: expected a class or big class of GB/T 30428"},
      {"class = [\n{ code = 'E01.77', limit = '1d' },\n]\n", "t.toml:2: class[1].code: expected a class or big class"},
      {"class = [\n{ code = 'E01.01' },\n]\n", "class[1].limit: expected either limit, or milestones"},
      {"class = [\n{ code = 'E01.01', limit = '1d', milestones = ['1d', '2d'] },\n]\n", "expected either limit, or"},
      {"class = [\n{ code = 'E01.01', milestones = ['1d'] },\n]\n",
       "t.toml:2: class[1].milestones: expected two or more"},
      {"class = [\n{ code = 'E01.01', milestones = ['1d', 'x'] },\n]\n", "milestones: expected limits such as"},
      {"class = [\n{ code = 'E01.01', limit = '1d' },\n{ code = 'E01.01', limit = '2d' },\n]\n",
       "t.toml:3: class[2].code: expected each class and condition once"},
  };
  for (const auto& [text, expected] : kMistakes) {
    const auto rules = rules_from(text);
    ASSERT_FALSE(rules.ok()) << text;
    EXPECT_NE(rules.error().message.find(expected), std::string::npos) << rules.error().message;
  }
}

}  // namespace
}  // namespace gridwall::model
