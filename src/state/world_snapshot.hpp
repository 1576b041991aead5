// WorldSnapshot: what the wall knows at one (sequence, state_time), frozen. One is taken per frame and passed down, so
// panels and map can never disagree within a frame. Unchanged parts are shared with the snapshot before: equal
// pointer = unchanged.
// Invariant (tests/unit/state/world_test.cpp): total[d] = own[d] + the sum of total over d's children.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "model/division_tree.hpp"
#include "model/incident.hpp"

namespace gridwall::state {

// Additive facts of one division. "Today" is the profile's local day that holds state_time; reported_today counts
// incidents first heard of with occurred_at in that day, closed_today closings whose event's occurred_at is.
struct CaseCounts {
  std::uint32_t open = 0;            // not settled now
  std::uint32_t reported_today = 0;
  std::uint32_t closed_today = 0;    // closed, forced closed
  std::uint32_t unlocated_open = 0;  // of `open`: without a place, counted where the code names
  std::array<std::uint32_t, model::kSeverityCount> open_by_severity{};  // of `open`; [0] is Critical

  CaseCounts& operator+=(const CaseCounts& other);
  CaseCounts& operator-=(const CaseCounts& other);
  bool operator==(const CaseCounts&) const = default;
};

// An incident as the fold knows it. Strings are short codes.
struct Incident {
  std::string id;
  std::string class_code;
  std::string channel;
  std::string department;
  model::CaseState state = model::CaseState::Reported;
  model::Severity severity = model::Severity::Minor;
  model::DivisionIndex division;     // where it counts
  bool located = false;              // false: in the unlocated tray of `division`
  bool out_of_order = false;
  base::Vec2i point_units;           // DivisionTree units; only when located
  base::UtcTime first_seen_at{};     // state time of its first event
  base::UtcTime reported_at{};       // occurred_at of its first event
  base::UtcTime changed_at{};        // state time of its last event
  base::UtcTime closed_at{};         // occurred_at of the closing event; epoch when not closed
  std::uint64_t last_sequence = 0;
};

// Incidents live in pages; a page that did not change is the same pointer in the next snapshot.
inline constexpr std::size_t kIncidentsPerPage = 256;
using IncidentPage = std::vector<Incident>;

struct NamedCount {
  std::string key;
  std::uint32_t count = 0;
};

struct WorldSnapshot {
  std::shared_ptr<const model::DivisionTree> tree;
  base::UtcTime state_time{};
  std::uint64_t sequence = 0;
  std::uint64_t version = 0;            // grows with each snapshot that differs

  std::shared_ptr<const std::vector<CaseCounts>> own;    // by DivisionIndex
  std::shared_ptr<const std::vector<CaseCounts>> total;  // own + children's totals
  std::vector<std::shared_ptr<const IncidentPage>> pages;
  // Incident numbers (page * kIncidentsPerPage + offset), newest first, at most 64.
  std::vector<std::uint32_t> newest;

  // Of the whole tree, today; sums of `count` equal total[root].reported_today.
  std::vector<NamedCount> reported_today_by_channel;  // largest first
  std::vector<NamedCount> reported_today_by_class;    // big class, largest first
  std::array<std::uint32_t, 24> reported_today_by_hour{};

  std::uint64_t event_count = 0;          // events folded
  std::uint64_t simulated_event_count = 0;  // of event_count: from a simulator
  std::uint64_t out_of_order_count = 0;
  std::uint64_t unknown_class_count = 0;
  std::uint64_t joined_late_count = 0;  // incidents first heard of by an event that does not create one

  [[nodiscard]] const Incident& incident(std::uint32_t number) const {
    return pages.at(number / kIncidentsPerPage)->at(number % kIncidentsPerPage);
  }
  [[nodiscard]] std::size_t incident_count() const {
    return pages.empty() ? 0 : (pages.size() - 1) * kIncidentsPerPage + pages.back()->size();
  }
};

}  // namespace gridwall::state
