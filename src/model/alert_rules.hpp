// AlertRules: which alerts a district raises, at what thresholds and how grave each is: config/alerts.toml. Every share
// is in parts of 1000 and every distance in whole metres, so that no rule depends on floating point.
// Test: tests/unit/model/alert_rules_test.cpp.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/incident.hpp"

namespace gridwall::model {

enum class AlertRule : std::uint8_t {
  // Of one case.
  NearDeadline,
  Overdue,
  AcceptAgeing,
  DispatchAgeing,
  VerifyAgeing,
  CheckAgeing,
  ReturnedTwice,
  SuspensionOverrun,
  MilestoneMissed,
  // Of a division.
  OvertimeShare,
  RecurrenceShare,
  MissingAddress,
  Burst,
  AbnormalDay,
  SilentGrid,
  StormMode,
  Feed,     // of this wall's own connection: nothing of the fold
  Outside,  // raised by somebody else: alert.raised
};
inline constexpr std::size_t kAlertRuleCount = static_cast<std::size_t>(AlertRule::Outside) + 1;
constexpr std::size_t alert_rule_index(AlertRule rule) {
  return static_cast<std::size_t>(rule);
}
std::string_view alert_rule_word(AlertRule rule);  // "near_deadline"; the table's name in alerts.toml
std::optional<AlertRule> alert_rule_from_word(std::string_view word);

// The same for the same episode everywhere: on each wall, and in a replay.
std::uint64_t alert_id(AlertRule rule, std::string_view subject, base::UtcTime since);

struct AlertRuleSpec {
  std::string name_zh, name_en;
  Severity severity = Severity::Minor;  // an outside alert brings its own
  bool enabled = true;
};

// More than `above_per_mille` of the denominator, of which there are at least `cases_min`; both of this month's
// reports.
struct ShareRule {
  std::int64_t above_per_mille = 0, cases_min = 1;
};
struct RecurrenceRule {
  std::int64_t distance_m = 50;
  std::chrono::days window{30};
  int earlier_min = 2;                      // earlier cases that make a group with the new one
  std::int64_t duplicate_distance_m = 50;   // at most distance_m
  std::chrono::hours duplicate_window{24};  // at most window
  std::chrono::days late_max{30};           // a case heard of later than that after its report is not looked at
};
struct BurstRule {
  std::int64_t cases_min = 5, sigmas = 3;
  int days_min = 7, days_max = 28;  // of history
};
struct AbnormalDayRule {
  std::int64_t mads = 3, difference_min = 5;
  int days_min = 14, days_max = 28;
};
struct StormRule {
  std::vector<std::string> class_codes{"E05.05", "E05.06", "E05.07", "E05.08"};
  std::int64_t cases_min = 3;  // of one of the classes
  std::chrono::minutes window{60};
  std::string outside_category = "Met";
  Severity outside_severity = Severity::Major;  // CAP "Severe", or above
};

struct AlertRules {
  std::array<AlertRuleSpec, kAlertRuleCount> specs;
  ShareRule overtime{20, 20}, recurrence_share{250, 20}, missing_address{100, 20};
  RecurrenceRule recurrence;
  BurstRule burst;
  AbnormalDayRule abnormal_day;
  StormRule storm;
  std::chrono::days silent_after{7};
  int returns_min = 2;
  std::chrono::seconds feed_skew_max{60};
  std::size_t listed_max = 10'000;       // alerts kept in the list, ended ones too
  std::chrono::seconds sound_every{60};  // a repeat sounds no more often

  [[nodiscard]] const AlertRuleSpec& spec(AlertRule rule) const { return specs[alert_rule_index(rule)]; }
};

// Every rule must be there; every complaint names file, line and key.
base::Result<AlertRules> load_alert_rules(const std::filesystem::path& file);
// `name` stands for the file in messages.
base::Result<AlertRules> parse_alert_rules(std::string_view text, const std::string& name);

}  // namespace gridwall::model
