// WorldSnapshot: what the wall knows at one (sequence, state_time), frozen. One is taken per frame and passed down, so
// panels and map can never disagree within a frame. Unchanged parts are shared with the snapshot before: equal
// pointer = unchanged.
// Invariant (tests/unit/state/world_test.cpp): total[d] = own[d] + the sum of total over d's children.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/division_tree.hpp"
#include "model/incident.hpp"
#include "state/alert_book.hpp"
#include "state/case_counts.hpp"
#include "state/cow_array.hpp"
#include "state/register_snapshot.hpp"
#include "state/symbols.hpp"

namespace gridwall::state {

// An incident as the screen needs it; the stamps and the ledger stay with the fold. Bytes only: texts are symbols, and
// the id lies in memory that the snapshot keeps (WorldSnapshot::ids).
struct Incident {
  std::string_view id;
  base::Vec2i point_units;        // DivisionTree units; only when located
  base::UtcTime first_seen_at{};  // state time of its first event
  base::UtcTime reported_at{};    // its reported stamp
  base::UtcTime changed_at{};     // state time of its last event
  base::UtcTime closed_at{};      // its closed stamp; epoch when not closed
  base::UtcTime deadline_at{};    // of handling; epoch: none
  std::uint64_t last_sequence = 0;
  model::DivisionIndex division;  // where it counts
  Symbol class_symbol = kNoSymbol, channel_symbol = kNoSymbol, department_symbol = kNoSymbol;
  std::uint16_t marks = 0, flaws = 0;  // bits of model::Mark, model::Flaw
  model::CaseState state = model::CaseState::Reported;
  model::Severity severity = model::Severity::Minor;
  std::uint8_t return_count = 0, rework_count = 0;
  model::CaseStanding standing;                         // at the snapshot's state time
  bool located = false;                                 // false: in the unlocated tray of `division`
  bool simulated = false;                               // from a simulator
  bool recurrent = false, suspected_duplicate = false;  // derived; see Recurrence
  bool moved_away = false;  // to a division that is not ours, or its other half is on its way: not to be shown
};

inline constexpr std::size_t kIncidentsPerPage = 8;
using FrozenIncidents = FrozenArray<Incident, kIncidentsPerPage>;
inline constexpr std::size_t kCountsPerPage = 4;
using FrozenCounts = FrozenArray<CaseCounts, kCountsPerPage>;

inline constexpr std::size_t kAlertsShown = 256;

struct NamedCount {
  std::string key;
  std::uint32_t count = 0;
};

struct WorldSnapshot {
  std::shared_ptr<const model::DivisionTree> tree;
  base::UtcTime state_time{};
  std::uint64_t sequence = 0;
  std::uint64_t version = 0;  // grows with each snapshot that differs
  std::uint64_t digest = 0;   // of the whole state; see state/digest.hpp

  std::shared_ptr<const FrozenCounts> total;      // by DivisionIndex: own + children's totals
  std::shared_ptr<const FrozenCounts> own_inner;  // own ones of divisions with children; read own() instead
  // In the order in which they were first heard of; a page that did not change is the same array.
  FrozenIncidents incidents;
  // Incident numbers, newest first, at most 64.
  std::vector<std::uint32_t> newest;
  // Texts of the incidents' symbols, and what keeps their ids.
  std::shared_ptr<const std::vector<std::string>> class_codes, channels, departments;
  std::shared_ptr<const void> ids;

  // Live alerts of divisions and of others, worst first, at most kAlertsShown; `alert_count` is how many there are.
  std::shared_ptr<const std::vector<Alert>> alerts;
  std::uint32_t alert_count = 0;

  // What stands beside incidents; never null.
  std::shared_ptr<const RegisterSnapshot> registers = std::make_shared<const RegisterSnapshot>();

  // Of the whole tree, today; sums of `count` equal total[root].reported_today.
  std::vector<NamedCount> reported_today_by_channel;  // largest first
  std::vector<NamedCount> reported_today_by_class;    // big class, largest first
  std::array<std::uint32_t, 24> reported_today_by_hour{};
  // Cases reported this month that are solved, by the level that solved them (0: the root's).
  std::array<std::uint32_t, 8> solved_by_level{};

  std::uint64_t event_count = 0;            // events folded, of sources; the hub adds its own
  std::uint64_t simulated_event_count = 0;  // of event_count: from a simulator
  std::uint64_t out_of_order_count = 0;
  std::uint64_t unknown_class_count = 0;
  std::uint64_t joined_late_count = 0;  // incidents first heard of by an event that does not create one

  [[nodiscard]] const Incident& incident(std::uint32_t number) const { return incidents.at(number); }
  [[nodiscard]] std::size_t incident_count() const { return incidents.size(); }
  [[nodiscard]] const CaseCounts& own(model::DivisionIndex division) const {
    return tree->at(division).children.size() == 0 ? total->at(division.value) : own_inner->at(division.value);
  }
  [[nodiscard]] const std::string& class_code(const Incident& incident) const {
    return class_codes->at(incident.class_symbol);
  }
  [[nodiscard]] const std::string& channel(const Incident& incident) const {
    return channels->at(incident.channel_symbol);
  }
  [[nodiscard]] const std::string& department(const Incident& incident) const {
    return departments->at(incident.department_symbol);
  }
};

}  // namespace gridwall::state
