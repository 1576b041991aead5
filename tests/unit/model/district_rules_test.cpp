#include "model/district_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gridwall::model {
namespace {

namespace fs = std::filesystem;

const fs::path kConfig = fs::path(GRIDWALL_SOURCE_DIR) / "config";

Profile profile(const std::string& id) {
  return load_profile(kConfig / "profiles" / (id + ".toml")).value();
}
Vocabulary vocabulary() {
  return load_vocabulary(kConfig).value();
}

std::string complaint(const RulesSpec& spec) {
  Profile asked = profile("jiangyin");
  asked.rules = spec;
  Vocabulary words = vocabulary();
  const auto loaded = load_district_rules(kConfig, asked, words);
  EXPECT_FALSE(loaded.ok());
  return loaded.ok() ? "" : loaded.error().message;
}

TEST(DistrictRules, are_loaded_whole_for_every_shipped_profile) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(kConfig / "profiles")) {
    if (entry.path().extension() != ".toml") continue;
    const Profile asked = profile(entry.path().stem().string());
    Vocabulary words = vocabulary();
    const auto rules = load_district_rules(kConfig, asked, words);
    ASSERT_TRUE(rules.ok()) << rules.error().message;
    EXPECT_EQ((*rules)->zone.name(), "Asia/Shanghai");
    EXPECT_EQ((*rules)->calendar.zone().name(), "Asia/Shanghai");
    EXPECT_EQ((*rules)->stages.id, asked.rules.stages);
    EXPECT_FALSE((*rules)->indicators.rates.empty());
    const CaseRules case_rules = (*rules)->case_rules();
    EXPECT_NE(case_rules.limits->find("E01.10", ""), nullptr);
    EXPECT_EQ(case_rules.calendar->workday(), std::chrono::hours(8));
    ++count;
  }
  EXPECT_EQ(count, 6);
}

TEST(DistrictRules, take_the_shortcuts_of_the_stages_into_the_vocabulary) {
  Vocabulary seven = vocabulary(), four = vocabulary();
  ASSERT_TRUE(load_district_rules(kConfig, profile("jiangyin"), seven).ok());
  ASSERT_TRUE(load_district_rules(kConfig, profile("lianyuan"), four).ok());
  // Lianyuan's chain goes from reported to dispatched at once.
  EXPECT_FALSE(seven.find_event("incident.dispatched")->leads_from(CaseState::Reported));
  EXPECT_TRUE(four.find_event("incident.dispatched")->leads_from(CaseState::Reported));
}

TEST(DistrictRules, that_are_not_there_are_named_by_the_profiles_key_and_the_file) {
  const std::pair<RulesSpec, const char*> kMissing[] = {
      {{.calendar = "mars"}, "profile jiangyin, [rules] calendar = \"mars\": "},
      {{.limits = "mars"}, "profile jiangyin, [rules] limits = \"mars\": "},
      {{.stages = "mars"}, "profile jiangyin, [rules] stages = \"mars\": "},
      {{.indicators = "mars"}, "profile jiangyin, [rules] indicators = \"mars\": "}};
  for (const auto& [spec, expected] : kMissing) {
    const std::string text = complaint(spec);
    EXPECT_EQ(text.rfind(expected, 0), 0u) << text;
    EXPECT_NE(text.find("mars.toml"), std::string::npos) << text;
  }
}

// Limits of one edition do not fit the classes of another.
TEST(DistrictRules, refuse_limits_of_classes_that_the_vocabulary_does_not_have) {
  Vocabulary words = vocabulary();
  std::erase_if(words.classes, [](const IncidentClass& entry) { return entry.code == "E01.10"; });
  const auto loaded = load_district_rules(kConfig, profile("jiangyin"), words);
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message.find("default.toml:"), std::string::npos) << loaded.error().message;
  EXPECT_NE(loaded.error().message.find("found \"E01.10\""), std::string::npos) << loaded.error().message;
}

}  // namespace
}  // namespace gridwall::model
