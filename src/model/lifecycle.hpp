// The lifecycle as data: config/lifecycle.toml. Which event leads from which states to which, what it stamps, who sends
// it, whether it must say why, which mark it sets. Stages (4 to 8 of them) and shortcuts are a profile's projection:
// config/stages/<id>.toml. Tests: tests/unit/model/lifecycle_test.cpp walks the shipped tables.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "model/incident.hpp"

namespace gridwall::model {

// Business stamps: the source's own times. In the order of the path, along which they should not run backward.
enum class Stamp : std::uint8_t {
  Reported, VerifySent, Verified, Accepted, Filed, Dispatched, HandleBegun, Handled, CheckSent, Checked, Closed,
  Evaluated,
};
inline constexpr std::size_t kStampCount = 12;
std::optional<Stamp> stamp_from_word(std::string_view word);  // "verify_sent"
std::string_view stamp_word(Stamp stamp);

// What an event does beside the states.
enum class Effect : std::uint8_t {
  None,
  Return,             // counts a return (回退)
  Rework,             // counts a rework (返工): a failed check, or sent back after handling
  ExtensionDecision,  // adds the original limit when the event's `approved` is true
  Suspend, Resume,    // stop and start the clock; Suspend takes the event's `resume_at`
  SelfHandle,         // mark self_handled
  ForceClose,         // mark forced_close
  Reopen,             // clears what closed it
  Urge, Supervise,    // 催办, 督办
  AppealOpen, AppealDecide,  // once, after closing; `approved` true takes the case out of the overtime figures
  Exempt,             // 超时豁免
  Duplicate,          // of `duplicate_of`
  Satisfaction,       // `satisfied` of a follow-up
};

struct LifecycleRow {
  std::string type;             // "incident.filed"
  std::vector<CaseState> from;  // empty: creates the incident
  std::optional<CaseState> to;  // none: a mark, which leaves the state
  std::string name_zh{}, name_en{};
  std::vector<Stamp> stamps{};
  Effect effect = Effect::None;
  std::string role{};           // acceptor, dispatcher, department, handler, collector, supervisor, evaluator, system
  bool reason_required = false;

  [[nodiscard]] bool creates() const { return from.empty(); }
  [[nodiscard]] bool leads_from(CaseState state) const;
};

// One step of a profile's chain as the wall shows it: 4 to 8 of them, each some states.
struct Stage {
  std::string id, name_zh, name_en;
  std::vector<CaseState> states;
};

// A profile's projection: config/stages/<id>.toml. Every state stands in exactly one stage but 90 and 91, which may
// stand in none. A shortcut lets an event start from more states than the table says: a chain of four steps has no
// acceptance (Lianyuan: 10 -> 30 -> 34 -> 50).
struct StageSet {
  std::string id;
  std::vector<Stage> stages;
  struct Shortcut {
    std::string type;
    std::vector<CaseState> from;
  };
  std::vector<Shortcut> shortcuts;
  // Index into `stages`; none for a state without.
  [[nodiscard]] std::optional<std::size_t> stage_of(CaseState state) const;
};

// Reads lifecycle.toml; every complaint names file, line and key.
base::Result<std::vector<LifecycleRow>> load_lifecycle(const std::filesystem::path& file);
// `rows` are the table's: a shortcut of an event that is not there is an error.
base::Result<StageSet> load_stage_set(const std::filesystem::path& file, const std::vector<LifecycleRow>& rows);
// The rows with the shortcuts taken in: what the hub and the fold go by.
std::vector<LifecycleRow> with_shortcuts(std::vector<LifecycleRow> rows, const StageSet& stages);

// What may come next from a state, for a refusal's answer and a desk's buttons; in the table's order.
std::vector<const LifecycleRow*> legal_next(const std::vector<LifecycleRow>& rows, CaseState state);

}  // namespace gridwall::model
