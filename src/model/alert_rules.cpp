#include "model/alert_rules.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "base/hash.hpp"
#include "model/config_table.hpp"
#include "model/finding_scope.hpp"

namespace gridwall::model {

using base::Result;
using base::Status;

namespace {

constexpr std::array<std::string_view, kAlertRuleCount> kRuleWords{"near_deadline",
                                                                   "overdue",
                                                                   "accept_ageing",
                                                                   "dispatch_ageing",
                                                                   "verify_ageing",
                                                                   "check_ageing",
                                                                   "returned_twice",
                                                                   "suspension_overrun",
                                                                   "milestone_missed",
                                                                   "overtime_share",
                                                                   "recurrence_share",
                                                                   "missing_address",
                                                                   "burst",
                                                                   "abnormal_day",
                                                                   "silent_grid",
                                                                   "storm_mode",
                                                                   "feed",
                                                                   "outside"};

// Takes the keys that every rule has, and no others but `own`.
Result<AlertRuleSpec> read_spec(const ConfigTable& table, std::initializer_list<std::string_view> own) {
  const auto keys = table.keys();
  for (const std::string& key : keys) {
    if (std::find(own.begin(), own.end(), key) != own.end()) continue;
    if (key == "name_zh" || key == "name_en" || key == "severity" || key == "enabled") continue;
    return table.error_at(key, "a key of this rule");
  }
  AlertRuleSpec spec;
  TRY_ASSIGN(spec.name_zh, table.text("name_zh"));
  TRY_ASSIGN(spec.name_en, table.text("name_en"));
  if (spec.name_zh.empty()) return table.error_at("name_zh", "a Chinese name");
  if (spec.name_en.empty()) return table.error_at("name_en", "an English name");
  TRY_ASSIGN(const auto severity, table.integer("severity", 1, 4));
  spec.severity = static_cast<Severity>(severity);
  TRY_ASSIGN(spec.enabled, table.truth_or("enabled", true));
  return spec;
}

// The rules' own thresholds, each read into `rules`.

Status read_share(const ConfigTable& table, ShareRule& share) {
  TRY_ASSIGN(share.above_per_mille, table.integer("above_per_mille", 0, 1000));
  TRY_ASSIGN(share.cases_min, table.integer("cases_min", 1, 1'000'000));
  return {};
}

Status read_recurrence(const ConfigTable& table, AlertRules& rules) {
  TRY(read_share(table, rules.recurrence_share));
  RecurrenceRule& rule = rules.recurrence;
  TRY_ASSIGN(rule.distance_m, table.integer("distance_m", 1, 1000));
  TRY_ASSIGN(const auto window, table.integer("window_days", 1, 366));
  rule.window = std::chrono::days(window);
  TRY_ASSIGN(const auto together, table.integer("together_min", 2, 100));
  rule.earlier_min = static_cast<int>(together) - 1;
  TRY_ASSIGN(rule.duplicate_distance_m, table.integer("duplicate_distance_m", 1, 1000));
  if (rule.duplicate_distance_m > rule.distance_m) {
    return table.error_at("duplicate_distance_m", "at most distance_m");
  }
  TRY_ASSIGN(const auto hours, table.integer("duplicate_hours", 1, 24 * 366));
  rule.duplicate_window = std::chrono::hours(hours);
  if (rule.duplicate_window > rule.window) return table.error_at("duplicate_hours", "at most window_days");
  TRY_ASSIGN(const auto late, table.integer("late_days_max", 0, 366));
  rule.late_max = std::chrono::days(late);
  return {};
}

// days_min and days_max of a rule with history.
Status read_history(const ConfigTable& table, int& days_min, int& days_max) {
  TRY_ASSIGN(const auto least, table.integer("days_min", 1, 366));
  TRY_ASSIGN(const auto most, table.integer("days_max", 1, 366));
  if (most < least) return table.error_at("days_max", "at least days_min");
  days_min = static_cast<int>(least);
  days_max = static_cast<int>(most);
  return {};
}

Status read_burst(const ConfigTable& table, BurstRule& rule) {
  TRY_ASSIGN(rule.cases_min, table.integer("cases_min", 1, 1'000'000));
  TRY_ASSIGN(rule.sigmas, table.integer("sigmas", 0, 10));
  return read_history(table, rule.days_min, rule.days_max);
}

Status read_abnormal_day(const ConfigTable& table, AbnormalDayRule& rule) {
  TRY_ASSIGN(rule.mads, table.integer("mads", 0, 100));
  TRY_ASSIGN(rule.difference_min, table.integer("difference_min", 1, 1'000'000));
  return read_history(table, rule.days_min, rule.days_max);
}

Status read_storm(const ConfigTable& table, StormRule& rule) {
  TRY_ASSIGN(rule.class_codes, table.texts("classes"));
  TRY_ASSIGN(rule.cases_min, table.integer("cases_min", 1, 1'000'000));
  TRY_ASSIGN(const auto minutes, table.integer("window_minutes", 1, 24 * 60));
  rule.window = std::chrono::minutes(minutes);
  TRY_ASSIGN(rule.outside_category, table.text("outside_category"));
  TRY_ASSIGN(const auto severity, table.integer("outside_severity", 1, 4));
  rule.outside_severity = static_cast<Severity>(severity);
  return {};
}

Status read_thresholds(AlertRule which, const ConfigTable& table, AlertRules& rules) {
  switch (which) {
    case AlertRule::OvertimeShare:
      return read_share(table, rules.overtime);
    case AlertRule::MissingAddress:
      return read_share(table, rules.missing_address);
    case AlertRule::RecurrenceShare:
      return read_recurrence(table, rules);
    case AlertRule::Burst:
      return read_burst(table, rules.burst);
    case AlertRule::AbnormalDay:
      return read_abnormal_day(table, rules.abnormal_day);
    case AlertRule::StormMode:
      return read_storm(table, rules.storm);
    case AlertRule::SilentGrid: {
      TRY_ASSIGN(const auto days, table.integer("after_days", 1, 366));
      rules.silent_after = std::chrono::days(days);
      return {};
    }
    case AlertRule::ReturnedTwice: {
      TRY_ASSIGN(const auto returns, table.integer("returns_min", 1, 255));
      rules.returns_min = static_cast<int>(returns);
      return {};
    }
    case AlertRule::Feed: {
      TRY_ASSIGN(const auto seconds, table.integer("skew_seconds_max", 1, 86'400));
      rules.feed_skew_max = std::chrono::seconds(seconds);
      return {};
    }
    default:
      return {};
  }
}

Result<AlertRuleSpec> read_keys_of(AlertRule which, const ConfigTable& table) {
  switch (which) {
    case AlertRule::OvertimeShare:
    case AlertRule::MissingAddress:
      return read_spec(table, {"above_per_mille", "cases_min"});
    case AlertRule::RecurrenceShare:
      return read_spec(table, {"above_per_mille", "cases_min", "distance_m", "window_days", "together_min",
                               "duplicate_distance_m", "duplicate_hours", "late_days_max"});
    case AlertRule::Burst:
      return read_spec(table, {"cases_min", "sigmas", "days_min", "days_max"});
    case AlertRule::AbnormalDay:
      return read_spec(table, {"mads", "difference_min", "days_min", "days_max"});
    case AlertRule::StormMode:
      return read_spec(table, {"classes", "cases_min", "window_minutes", "outside_category", "outside_severity"});
    case AlertRule::SilentGrid:
      return read_spec(table, {"after_days"});
    case AlertRule::ReturnedTwice:
      return read_spec(table, {"returns_min"});
    case AlertRule::Feed:
      return read_spec(table, {"skew_seconds_max"});
    default:
      return read_spec(table, {});
  }
}

Status read_rule(AlertRule which, const ConfigTable& file, AlertRules& rules) {
  TRY_ASSIGN(const ConfigTable table, file.table(alert_rule_word(which)));
  TRY_ASSIGN(rules.specs[static_cast<std::size_t>(which)], read_keys_of(which, table));
  return read_thresholds(which, table, rules);
}

Result<AlertRules> read_rules(const ConfigTable& file) {
  AlertRules rules;
  for (const std::string& key : file.keys()) {
    if (key == "list" || alert_rule_from_word(key)) continue;
    const std::string known = fmt::format("one of list, {}", fmt::join(kRuleWords, ", "));
    const base::Error error = file.error_at(key, "the name of an alert rule, or list: " + known);
    if (!FindingScope::keep(error)) return error;
  }
  for (std::size_t i = 0; i < kAlertRuleCount; ++i) {
    const auto which = static_cast<AlertRule>(i);
    if (const Status rule = read_rule(which, file, rules); !FindingScope::go_on(rule)) return rule.error();
  }
  TRY_ASSIGN(const ConfigTable list, file.table("list"));
  TRY(list.expect_only({"alerts_max", "sound_seconds"}));
  TRY_ASSIGN(const auto most, list.integer("alerts_max", 1, 1'000'000));
  rules.listed_max = static_cast<std::size_t>(most);
  TRY_ASSIGN(const auto seconds, list.integer("sound_seconds", 1, 3600));
  rules.sound_every = std::chrono::seconds(seconds);
  return rules;
}

}  // namespace

std::string_view alert_rule_word(AlertRule rule) {
  return kRuleWords[alert_rule_index(rule)];
}

std::optional<AlertRule> alert_rule_from_word(std::string_view word) {
  const auto found = std::find(kRuleWords.begin(), kRuleWords.end(), word);
  if (found == kRuleWords.end()) return std::nullopt;
  return static_cast<AlertRule>(found - kRuleWords.begin());
}

std::uint64_t alert_id(AlertRule rule, std::string_view subject, base::UtcTime since) {
  // The time is the seed, byte order and all, so nothing has to be laid end to end. The rule goes by its word: a new
  // rule in the list above must not change the ids of the others.
  const auto time = static_cast<std::uint64_t>(since.time_since_epoch().count());
  return base::hash_bytes(subject, base::hash_bytes(alert_rule_word(rule), time));
}

Result<AlertRules> parse_alert_rules(std::string_view text, const std::string& name) {
  TRY_ASSIGN(const ConfigTable file, ConfigTable::parse(text, name));
  return read_rules(file);
}

Result<AlertRules> load_alert_rules(const std::filesystem::path& path) {
  TRY_ASSIGN(const ConfigTable file, ConfigTable::open(path));
  return read_rules(file);
}

}  // namespace gridwall::model
