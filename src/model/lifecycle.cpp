#include "model/lifecycle.hpp"

#include <algorithm>
#include <span>

#include "model/config_table.hpp"
#include "model/finding_scope.hpp"

namespace gridwall::model {

using base::Result;

namespace {

constexpr std::array<std::string_view, kStampCount> kStampWords{
    "reported",     "verify_sent", "verified",   "accepted", "filed",  "dispatched",
    "handle_begun", "handled",     "check_sent", "checked",  "closed", "evaluated"};
// By Effect.
constexpr std::string_view kEffectWords[] = {
    "none",   "return", "rework",    "extension_decision", "suspend",       "resume", "self_handle", "force_close",
    "reopen", "urge",   "supervise", "appeal_open",        "appeal_decide", "exempt", "duplicate",   "satisfaction"};
static_assert(std::size(kEffectWords) == static_cast<std::size_t>(Effect::Satisfaction) + 1);
constexpr std::string_view kRoles[] = {"acceptor",  "dispatcher", "department", "handler",
                                       "collector", "supervisor", "evaluator",  "system"};
constexpr std::size_t kStagesMin = 2;
constexpr std::size_t kStagesMax = 8;

template <typename List>
bool contains(const List& list, const typename List::value_type& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

std::string joined(std::span<const std::string_view> words) {
  std::string list;
  for (const auto word : words) list += fmt::format("{}{}", list.empty() ? "" : ", ", word);
  return list;
}

Result<std::vector<CaseState>> read_states(const ConfigTable& table, std::string_view key) {
  std::vector<CaseState> states;
  TRY_ASSIGN(const auto numbers, table.integers(key));
  for (const auto number : numbers) {
    const auto state = number < 100 ? case_state_from_number(static_cast<int>(number)) : std::nullopt;
    if (!state) return table.error_at(key, "states of the lifecycle: 10, 11, 12, 13, 20, 21, 30 ... 91");
    if (contains(states, *state)) return table.error_at(key, "each state once");
    states.push_back(*state);
  }
  return states;
}

Result<std::vector<Stamp>> read_stamps(const ConfigTable& table) {
  std::vector<Stamp> stamps;
  if (!table.has("stamps")) return stamps;
  TRY_ASSIGN(const auto words, table.texts("stamps"));
  for (const std::string& word : words) {
    const auto stamp = stamp_from_word(word);
    if (!stamp) return table.error_at("stamps", fmt::format("some of {}", joined(kStampWords)));
    if (contains(stamps, *stamp)) return table.error_at("stamps", "each stamp once");
    stamps.push_back(*stamp);
  }
  return stamps;
}

Result<Effect> read_effect(const ConfigTable& table) {
  TRY_ASSIGN(const std::string word, table.text_or("effect", std::string(kEffectWords[0])));
  const auto* const found = std::find(std::begin(kEffectWords), std::end(kEffectWords), word);
  if (found == std::end(kEffectWords)) {
    return table.error_at("effect", fmt::format("one of {}", joined(kEffectWords)));
  }
  return static_cast<Effect>(found - std::begin(kEffectWords));
}

Result<LifecycleRow> read_row(const ConfigTable& table) {
  TRY(table.expect_only({"type", "from", "to", "stamps", "effect", "role", "reason", "name_zh", "name_en"}));
  LifecycleRow row;
  TRY_ASSIGN(row.type, table.text("type"));
  if (!row.type.starts_with("incident.")) return table.error_at("type", "a type that begins with \"incident.\"");
  TRY_ASSIGN(row.from, read_states(table, "from"));
  if (table.has("to")) {
    TRY_ASSIGN(const auto number, table.integer("to", 0, 99));
    row.to = case_state_from_number(static_cast<int>(number));
    if (!row.to) return table.error_at("to", "a state of the lifecycle: 10, 11, 12, 13, 20, 21, 30 ... 91");
  } else if (row.from.empty()) {
    return table.error_at("from", "the states that this mark (it has no `to`) may be set in");
  }
  TRY_ASSIGN(row.stamps, read_stamps(table));
  TRY_ASSIGN(row.effect, read_effect(table));
  TRY_ASSIGN(row.role, table.text_or("role", ""));
  if (table.has("role") && std::find(std::begin(kRoles), std::end(kRoles), row.role) == std::end(kRoles)) {
    return table.error_at("role", fmt::format("one of {}", joined(kRoles)));
  }
  TRY_ASSIGN(row.reason_required, table.truth_or("reason", false));
  TRY_ASSIGN(row.name_zh, table.text("name_zh"));
  TRY_ASSIGN(row.name_en, table.text("name_en"));
  return row;
}

const LifecycleRow* find_row(const std::vector<LifecycleRow>& rows, std::string_view type) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const LifecycleRow& row) { return row.type == type; });
  return found == rows.end() ? nullptr : &*found;
}

Result<Stage> read_stage(const ConfigTable& table, const StageSet& above) {
  TRY(table.expect_only({"id", "name_zh", "name_en", "states"}));
  Stage stage;
  TRY_ASSIGN(stage.id, table.text("id"));
  for (const Stage& other : above.stages) {
    if (other.id == stage.id) return table.error_at("id", "an id not used above");
  }
  TRY_ASSIGN(stage.name_zh, table.text("name_zh"));
  TRY_ASSIGN(stage.name_en, table.text("name_en"));
  TRY_ASSIGN(stage.states, read_states(table, "states"));
  for (const CaseState state : stage.states) {
    if (above.stage_of(state)) return table.error_at("states", "states that stand in no stage above");
  }
  return stage;
}

Result<StageSet::Shortcut> read_shortcut(const ConfigTable& table, const std::vector<LifecycleRow>& rows) {
  TRY(table.expect_only({"type", "from"}));
  StageSet::Shortcut shortcut;
  TRY_ASSIGN(shortcut.type, table.text("type"));
  const LifecycleRow* row = find_row(rows, shortcut.type);
  if (row == nullptr) return table.error_at("type", "the type of a row of lifecycle.toml");
  if (row->creates()) return table.error_at("type", "an event that does not create the incident");
  TRY_ASSIGN(shortcut.from, read_states(table, "from"));
  return shortcut;
}

}  // namespace

std::optional<Stamp> stamp_from_word(std::string_view word) {
  const auto* const found = std::find(kStampWords.begin(), kStampWords.end(), word);
  if (found == kStampWords.end()) return std::nullopt;
  return static_cast<Stamp>(found - kStampWords.begin());
}

std::string_view stamp_word(Stamp stamp) {
  return kStampWords.at(static_cast<std::size_t>(stamp));
}

bool LifecycleRow::leads_from(CaseState state) const {
  return contains(from, state);
}

std::optional<std::size_t> StageSet::stage_of(CaseState state) const {
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (contains(stages[i].states, state)) return i;
  }
  return std::nullopt;
}

Result<std::vector<LifecycleRow>> load_lifecycle(const std::filesystem::path& file) {
  TRY_ASSIGN(const auto document, ConfigTable::open(file));
  TRY(document.expect_only({"event"}));
  TRY_ASSIGN(const auto tables, document.tables("event"));
  std::vector<LifecycleRow> rows;
  for (const ConfigTable& table : tables) {
    auto row = read_row(table);
    if (row.ok() && find_row(rows, row->type) != nullptr) row = table.error_at("type", "a type not used above");
    if (row.ok()) {
      rows.push_back(std::move(*row));
    } else if (!FindingScope::keep(row.error())) {
      return row.error();
    }
  }
  return rows;
}

Result<StageSet> load_stage_set(const std::filesystem::path& file, const std::vector<LifecycleRow>& rows) {
  TRY_ASSIGN(const auto document, ConfigTable::open(file));
  TRY(document.expect_only({"stage", "shortcut"}));
  StageSet set;
  set.id = file.stem().string();
  TRY_ASSIGN(const auto stages, document.tables("stage"));
  for (const ConfigTable& table : stages) {
    auto stage = read_stage(table, set);
    if (stage.ok()) {
      set.stages.push_back(std::move(*stage));
    } else if (!FindingScope::keep(stage.error())) {
      return stage.error();
    }
  }
  if (set.stages.size() < kStagesMin || set.stages.size() > kStagesMax) {
    return document.error_at("stage", fmt::format("{} to {} stages", kStagesMin, kStagesMax));
  }
  for (const CaseState state : kCaseStates) {
    const bool end = state == CaseState::Rejected || state == CaseState::Cancelled;
    if (end || set.stage_of(state)) continue;
    const auto error = document.error_at(
        "stage", fmt::format("every state but 90 and 91 in a stage; {} is in none", static_cast<int>(state)));
    if (!FindingScope::keep(error)) return error;
  }
  if (!document.has("shortcut")) return set;
  TRY_ASSIGN(const auto shortcuts, document.tables("shortcut"));
  for (const ConfigTable& table : shortcuts) {
    auto shortcut = read_shortcut(table, rows);
    if (shortcut.ok()) {
      set.shortcuts.push_back(std::move(*shortcut));
    } else if (!FindingScope::keep(shortcut.error())) {
      return shortcut.error();
    }
  }
  return set;
}

std::vector<LifecycleRow> with_shortcuts(std::vector<LifecycleRow> rows, const StageSet& stages) {
  for (const auto& shortcut : stages.shortcuts) {
    for (LifecycleRow& row : rows) {
      if (row.type != shortcut.type) continue;
      for (const CaseState state : shortcut.from) {
        if (!row.leads_from(state)) row.from.push_back(state);
      }
    }
  }
  return rows;
}

std::vector<const LifecycleRow*> legal_next(const std::vector<LifecycleRow>& rows, CaseState state) {
  std::vector<const LifecycleRow*> next;
  for (const LifecycleRow& row : rows) {
    if (row.leads_from(state)) next.push_back(&row);
  }
  return next;
}

}  // namespace gridwall::model
