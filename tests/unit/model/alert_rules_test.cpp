#include "model/alert_rules.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "model/vocabulary.hpp"

namespace gridwall::model {
namespace {

const char* const kFile = GRIDWALL_SOURCE_DIR "/config/alerts.toml";

AlertRules shipped() {
  auto loaded = load_alert_rules(kFile);
  EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message);
  return loaded.ok() ? std::move(loaded).value() : AlertRules{};
}

// What is said of the shipped file with one text replaced.
std::string complaint_after(std::string_view old_text, std::string_view new_text) {
  std::string text = base::read_text_file(kFile).value();
  const auto found = text.find(old_text);
  EXPECT_NE(found, std::string::npos) << old_text;
  text.replace(found, old_text.size(), new_text);
  const auto parsed = parse_alert_rules(text, "alerts.toml");
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(AlertRules, the_shipped_file_has_each_rule_with_names_and_the_thresholds_of_the_field) {
  const AlertRules rules = shipped();
  std::set<std::string> names;
  for (const AlertRuleSpec& spec : rules.specs) {
    EXPECT_TRUE(names.insert(spec.name_zh).second) << spec.name_zh;
    EXPECT_TRUE(names.insert(spec.name_en).second) << spec.name_en;
    EXPECT_TRUE(spec.enabled) << spec.name_en;
  }
  EXPECT_EQ(rules.spec(AlertRule::MilestoneMissed).severity, Severity::Critical);
  EXPECT_EQ(rules.overtime.above_per_mille, 20);
  EXPECT_EQ(rules.missing_address.above_per_mille, 100);
  EXPECT_EQ(rules.recurrence_share.above_per_mille, 250);
  EXPECT_EQ(rules.recurrence.distance_m, 50);
  EXPECT_EQ(rules.recurrence.earlier_min, 2);
  EXPECT_EQ(rules.recurrence.window, std::chrono::days(30));
  EXPECT_EQ(rules.recurrence.duplicate_window, std::chrono::hours(24));
  EXPECT_EQ(rules.burst.cases_min, 5);
  EXPECT_EQ(rules.abnormal_day.mads, 3);
  EXPECT_EQ(rules.silent_after, std::chrono::days(7));
  EXPECT_EQ(rules.listed_max, 10'000u);
}

TEST(AlertRules, the_storm_classes_are_of_the_shipped_table) {
  const auto vocabulary = load_vocabulary(GRIDWALL_SOURCE_DIR "/config");
  ASSERT_TRUE(vocabulary.ok()) << vocabulary.error().message;
  const AlertRules rules = shipped();
  ASSERT_EQ(rules.storm.class_codes.size(), 4u);
  for (const std::string& code : rules.storm.class_codes) EXPECT_NE(vocabulary->find_class(code), nullptr) << code;
}

TEST(AlertRules, every_rule_has_a_word_of_its_own) {
  for (std::size_t i = 0; i < kAlertRuleCount; ++i) {
    const auto rule = static_cast<AlertRule>(i);
    EXPECT_EQ(alert_rule_from_word(alert_rule_word(rule)), rule);
  }
  EXPECT_EQ(alert_rule_from_word("outsider"), std::nullopt);
}

TEST(AlertRules, what_is_wrong_is_named_with_its_line_and_key) {
  const std::pair<std::string_view, std::pair<std::string_view, std::string_view>> wrong[] = {
      {"severity = 3", {"severity = 5", "alerts.toml:13: near_deadline.severity: expected a whole number from 1 to 4"}},
      {"above_per_mille = 20", {"above_per_mille = 2.0", "overtime_share.above_per_mille: expected a whole number"}},
      {"returns_min = 2", {"returns = 2", "returned_twice.returns: expected a key of this rule"}},
      {"returns_min = 2", {"", "returned_twice.returns_min: expected a whole number"}},
      {"[silent_grid]", {"[silent_grids]", "silent_grids: expected the name of an alert rule"}},
      {"duplicate_distance_m = 50", {"duplicate_distance_m = 51", "duplicate_distance_m: expected at most distance_m"}},
      {"duplicate_hours = 24", {"duplicate_hours = 721", "duplicate_hours: expected at most window_days"}},
      {"days_max = 28", {"days_max = 6", "burst.days_max: expected at least days_min"}},
      {"name_en = \"Burst\"", {"name_en = \"\"", "burst.name_en: expected an English name"}},
      {"alerts_max = 10000", {"alerts_max = 0", "list.alerts_max: expected a whole number from 1"}},
  };
  for (const auto& [old_text, change] : wrong) {
    const std::string said = complaint_after(old_text, change.first);
    EXPECT_NE(said.find(change.second), std::string::npos) << "said: " << said;
  }
}

TEST(AlertRules, an_id_is_of_rule_subject_and_begin_and_stays_the_same_for_ever) {
  const base::UtcTime since = base::parse_rfc3339("2026-03-02T10:00:00+08:00").value();
  const std::uint64_t id = alert_id(AlertRule::Overdue, "case-1", since);
  EXPECT_EQ(id, alert_id(AlertRule::Overdue, "case-1", since));
  EXPECT_NE(id, alert_id(AlertRule::NearDeadline, "case-1", since));
  EXPECT_NE(id, alert_id(AlertRule::Overdue, "case-2", since));
  EXPECT_NE(id, alert_id(AlertRule::Overdue, "case-1", since + base::Duration(1)));
  EXPECT_EQ(id, 12187962437571125933u);
}

}  // namespace
}  // namespace gridwall::model
