#include "model/storm_day.hpp"

#include "base/time_text.hpp"
#include "model/config_table.hpp"

namespace gridwall::model {

namespace {

using base::Result;

Result<StormCases> read_cases(const ConfigTable& table) {
  TRY(table.expect_only({"count", "beside", "begin", "peak", "end", "low_divisions", "low_share", "class"}));
  StormCases cases;
  TRY_ASSIGN(const std::int64_t count, table.integer("count", 0, 100'000));
  cases.count = static_cast<std::size_t>(count);
  TRY_ASSIGN(cases.beside, table.number_or("beside", 0, 0, 1e6));
  TRY_ASSIGN(cases.begin, table.time_of_day("begin"));
  TRY_ASSIGN(cases.peak, table.time_of_day("peak"));
  TRY_ASSIGN(cases.end, table.time_of_day("end"));
  if (cases.begin >= cases.peak) return table.error_at("peak", "a time after begin");
  if (cases.peak >= cases.end) return table.error_at("end", "a time after peak");
  TRY_ASSIGN(const std::int64_t low, table.integer("low_divisions", 1, 10'000));
  cases.low_divisions = static_cast<std::size_t>(low);
  TRY_ASSIGN(cases.low_share, table.number("low_share", 0, 1));
  TRY_ASSIGN(const auto classes, table.tables("class"));
  for (const ConfigTable& one : classes) {
    TRY(one.expect_only({"code", "weight"}));
    StormCases::Class read;
    TRY_ASSIGN(read.code, one.text("code"));
    TRY_ASSIGN(read.weight, one.number("weight", 0.001, 1e6));
    cases.classes.push_back(std::move(read));
  }
  if (cases.classes.empty()) return table.error_at("class", "at least one class");
  return cases;
}

Result<StormDay::Warning> read_warning(const ConfigTable& table) {
  TRY(table.expect_only({"at", "until", "severity", "name_zh", "name_en"}));
  StormDay::Warning warning;
  TRY_ASSIGN(warning.at, table.time_of_day("at"));
  TRY_ASSIGN(warning.until, table.time_of_day("until"));
  if (warning.at >= warning.until) return table.error_at("until", "a time after at");
  TRY_ASSIGN(const std::int64_t severity, table.integer("severity", 1, kSeverityCount));
  warning.severity = static_cast<Severity>(severity);
  TRY_ASSIGN(warning.name_zh, table.text("name_zh"));
  TRY_ASSIGN(warning.name_en, table.text("name_en"));
  return warning;
}

}  // namespace

Result<StormDay> load_storm_day(const std::filesystem::path& file) {
  TRY_ASSIGN(const ConfigTable root, ConfigTable::open(file));
  TRY(root.expect_only({"day", "replay_from", "replay_rate", "cases", "warning", "bookmark"}));
  StormDay storm;
  TRY_ASSIGN(const std::string day, root.text("day"));
  const auto midnight = base::parse_rfc3339(day + "T00:00:00Z");
  if (!midnight.ok()) return root.error_at("day", "a date, such as \"2026-07-14\"");
  storm.day = base::LocalDays(std::chrono::floor<std::chrono::days>(*midnight).time_since_epoch());
  TRY_ASSIGN(storm.replay_from, root.time_of_day("replay_from"));
  TRY_ASSIGN(storm.replay_rate, root.number("replay_rate", 0.1, 3600));
  TRY_ASSIGN(const ConfigTable cases, root.table("cases"));
  TRY_ASSIGN(storm.cases, read_cases(cases));
  TRY_ASSIGN(const auto warnings, root.tables("warning"));
  for (const ConfigTable& table : warnings) {
    TRY_ASSIGN(StormDay::Warning warning, read_warning(table));
    storm.warnings.push_back(std::move(warning));
  }
  TRY_ASSIGN(const auto bookmarks, root.tables("bookmark"));
  for (const ConfigTable& table : bookmarks) {
    TRY(table.expect_only({"at", "name_zh", "name_en"}));
    StormDay::Bookmark bookmark;
    TRY_ASSIGN(bookmark.at, table.time_of_day("at"));
    TRY_ASSIGN(bookmark.name_zh, table.text("name_zh"));
    TRY_ASSIGN(bookmark.name_en, table.text("name_en"));
    if (!storm.bookmarks.empty() && bookmark.at <= storm.bookmarks.back().at) {
      return table.error_at("at", "a time after the bookmark above");
    }
    storm.bookmarks.push_back(std::move(bookmark));
  }
  return storm;
}

}  // namespace gridwall::model
