#include "model/limit_rules.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "model/config_table.hpp"
#include "model/finding_scope.hpp"
#include "model/vocabulary.hpp"

namespace gridwall::model {

using base::Result;
using base::Status;

namespace {

// Of the class's entries: the one of the condition, else the one without, else the first.
const ClassLimit* best_of(std::span<const ClassLimit> entries, std::string_view class_code,
                          std::string_view condition) {
  const ClassLimit* found = nullptr;
  for (const ClassLimit& entry : entries) {
    if (entry.class_code != class_code) continue;
    if (entry.condition == condition) return &entry;
    if (found == nullptr || (entry.condition.empty() && !found->condition.empty())) found = &entry;
  }
  return found;
}

Result<Limit> read_limit(const ConfigTable& table, std::string_view key) {
  TRY_ASSIGN(const std::string text, table.text(key));
  const auto limit = parse_limit(text);
  if (!limit.ok()) return table.error_at(key, "a limit such as \"15um\", \"2uh\", \"1ud\", \"4h\" or \"1d\"");
  return *limit;
}

Status read_stages(const ConfigTable& file, LimitRules& rules) {
  if (!file.has("stages")) return {};
  TRY_ASSIGN(const auto table, file.table("stages"));
  TRY(table.expect_only({"accept", "file", "dispatch", "verify", "check"}));
  const std::pair<std::string_view, Limit*> kKeys[] = {{"accept", &rules.accept},
                                                       {"file", &rules.file},
                                                       {"dispatch", &rules.dispatch},
                                                       {"verify", &rules.verify},
                                                       {"check", &rules.check}};
  for (const auto& [key, limit] : kKeys) {
    if (!table.has(key)) continue;
    const auto read = read_limit(table, key);
    if (read.ok()) {
      *limit = *read;
    } else if (!FindingScope::keep(read.error())) {
      return read.error();
    }
  }
  return {};
}

Status read_branches(const ConfigTable& file, LimitRules& rules) {
  TRY_ASSIGN(const auto extensions, file.integer_or("extensions_max", rules.extensions_max, 0, 100));
  rules.extensions_max = static_cast<int>(extensions);
  TRY_ASSIGN(const auto suspensions, file.integer_or("suspensions_max", rules.suspensions_max, 0, 100));
  rules.suspensions_max = static_cast<int>(suspensions);
  TRY_ASSIGN(const auto longest, file.integer_or("suspension_days_max", rules.suspension_days_max, 1, 36'500));
  rules.suspension_days_max = static_cast<int>(longest);
  TRY_ASSIGN(rules.runs_while_returned, file.truth_or("runs_while_returned", rules.runs_while_returned));
  TRY_ASSIGN(rules.warn_share, file.number_or("warn_share", rules.warn_share, 0, 1));
  TRY_ASSIGN(const auto urgent, file.integer_or("warn_urgent_minutes", rules.warn_urgent.count(), 0, 24 * 60));
  rules.warn_urgent = std::chrono::minutes(urgent);
  return {};
}

// `limit`, or `milestones` whose last one is the limit.
Status read_class_limits(const ConfigTable& table, ClassLimit& entry) {
  if (table.has("limit") == table.has("milestones")) {
    return table.error_at("limit", "either limit, or milestones of which the last is the limit");
  }
  if (table.has("limit")) {
    TRY_ASSIGN(entry.limit, read_limit(table, "limit"));
    return {};
  }
  TRY_ASSIGN(const auto texts, table.texts("milestones"));
  for (const std::string& text : texts) {
    const auto limit = parse_limit(text);
    if (!limit.ok()) return table.error_at("milestones", fmt::format("limits such as \"3uh\", not \"{}\"", text));
    entry.milestones.push_back(*limit);
  }
  if (entry.milestones.size() < 2) return table.error_at("milestones", "two or more; a single one is a limit");
  entry.limit = entry.milestones.back();
  return {};
}

Status read_class(const ConfigTable& table, const Vocabulary* vocabulary, LimitRules& rules) {
  TRY(table.expect_only({"code", "condition", "limit", "milestones"}));
  ClassLimit entry;
  TRY_ASSIGN(entry.class_code, table.text("code"));
  TRY_ASSIGN(entry.condition, table.text_or("condition", ""));
  TRY(read_class_limits(table, entry));
  if (vocabulary != nullptr && vocabulary->find_class(entry.class_code) == nullptr) {
    const BigClass* big = vocabulary->find_big_class(entry.class_code);
    if (big == nullptr || big->code != entry.class_code) {
      return table.error_at("code", "a class or big class of " + vocabulary->class_set);
    }
  }
  const bool known = std::any_of(rules.classes.begin(), rules.classes.end(), [&](const ClassLimit& other) {
    return other.class_code == entry.class_code && other.condition == entry.condition;
  });
  if (known) return table.error_at("code", "each class and condition once");
  rules.classes.push_back(std::move(entry));
  return {};
}

Status read_classes(const ConfigTable& file, const Vocabulary* vocabulary, LimitRules& rules) {
  if (!file.has("class")) return {};
  TRY_ASSIGN(const auto tables, file.tables("class"));
  for (const ConfigTable& table : tables) {
    if (const Status row = read_class(table, vocabulary, rules); !FindingScope::go_on(row)) return row;
  }
  return {};
}

Result<LimitRules> read_rules(const ConfigTable& file, const Vocabulary* vocabulary) {
  TRY(file.expect_only({"stages", "fallback", "extensions_max", "suspensions_max", "suspension_days_max",
                        "runs_while_returned", "warn_share", "warn_urgent_minutes", "class"}));
  LimitRules rules;
  TRY(read_stages(file, rules));
  TRY(read_branches(file, rules));
  rules.fallback = {};
  if (file.has("fallback")) {
    TRY_ASSIGN(rules.fallback, read_limit(file, "fallback"));
  }
  TRY(read_classes(file, vocabulary, rules));
  rules.index_classes();
  return rules;
}

}  // namespace

void LimitRules::index_classes() {
  std::stable_sort(classes.begin(), classes.end(),
                   [](const ClassLimit& a, const ClassLimit& b) { return a.class_code < b.class_code; });
  class_index.clear();
  for (std::size_t begin = 0, end = 0; begin < classes.size(); begin = end) {
    while (end < classes.size() && classes[end].class_code == classes[begin].class_code) ++end;
    class_index.emplace(classes[begin].class_code, ClassRange{begin, end - begin});
  }
  indexed_count = classes.size();
}

const ClassLimit* LimitRules::find(std::string_view class_code, std::string_view condition) const {
  const auto entries_of = [&](std::string_view code) -> const ClassLimit* {
    // Rules that a test fills by hand are searched one by one.
    if (indexed_count != classes.size()) return best_of(classes, code, condition);
    const auto found = class_index.find(code);
    if (found == class_index.end()) return nullptr;
    return best_of(std::span(classes).subspan(found->second.first, found->second.count), code, condition);
  };
  if (const ClassLimit* entry = entries_of(class_code)) return entry;
  const auto dot = class_code.find('.');
  return dot == std::string_view::npos ? nullptr : entries_of(class_code.substr(0, dot));
}

Result<LimitRules> load_limit_rules(const std::filesystem::path& path) {
  TRY_ASSIGN(const auto file, ConfigTable::open(path));
  return read_rules(file, nullptr);
}

Result<LimitRules> load_limit_rules(const std::filesystem::path& path, const Vocabulary& vocabulary) {
  TRY_ASSIGN(const auto file, ConfigTable::open(path));
  return read_rules(file, &vocabulary);
}

Result<LimitRules> parse_limit_rules(std::string_view text, const std::string& name, const Vocabulary& vocabulary) {
  TRY_ASSIGN(const auto file, ConfigTable::parse(text, name));
  return read_rules(file, &vocabulary);
}

}  // namespace gridwall::model
