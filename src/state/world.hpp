// World: the fold. Events in, snapshots out; a pure function of the events and heartbeats in their order, so replay
// equals live. Figures move with each event and are never counted anew (but at local midnight, when today's start at
// zero). Invariants and batches: tests/unit/state/world_test.cpp, world_property_test.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "model/event.hpp"
#include "model/vocabulary.hpp"
#include "state/incident_store.hpp"
#include "state/tally.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::state {

// One thread; snapshots may go to any.
class World {
 public:
  // The vocabulary is copied. `utc_offset` is the profile's: it says where a day begins.
  World(std::shared_ptr<const model::DivisionTree> tree, const model::Vocabulary& vocabulary,
        std::chrono::minutes utc_offset);

  // Events in feed order. What does not belong to an incident is counted and passed over.
  void apply(std::span<const model::SequencedEvent> events);

  // Moves the state's clock, by an event or a heartbeat and nothing else. Never back. At the first moment of a new
  // local day today's figures start anew, and incidents that were settled before it are dropped, so memory is bounded
  // by one day's incidents and the open ones.
  void advance_to(base::UtcTime state_time);

  // What is known now. The same pointer as the last time when nothing changed; else everything that did not change is
  // shared with it.
  [[nodiscard]] std::shared_ptr<const WorldSnapshot> freeze();

  // Forgets everything but the tree: the hub restarted or jumped. Snapshot versions go on growing.
  void clear();

 private:
  void fold(const model::SequencedEvent& event);
  [[nodiscard]] Incident first_heard(const model::SequencedEvent& event) const;
  void change(Incident& incident, const model::SequencedEvent& event, const model::LifecycleRow* row, bool is_new);
  void change_class(Incident& incident, const model::IncidentFacts& facts, bool is_new);
  void change_place(Incident& incident, const model::SequencedEvent& event, bool is_new) const;
  [[nodiscard]] bool known(model::DivisionIndex division) const;

  std::shared_ptr<const model::DivisionTree> m_tree;
  std::chrono::minutes m_utc_offset;
  std::string m_class_set;
  StringMap<model::LifecycleRow> m_rows;           // by event type
  StringMap<model::Severity> m_class_severities;   // by class code

  IncidentStore m_incidents;
  Tally m_tally;
  base::UtcTime m_state_time{};
  std::uint64_t m_sequence = 0;
  std::uint64_t m_event_count = 0;
  std::uint64_t m_simulated_event_count = 0;
  std::uint64_t m_out_of_order_count = 0;
  std::uint64_t m_unknown_class_count = 0;
  std::uint64_t m_joined_late_count = 0;

  bool m_changed = true;
  std::uint64_t m_version = 0;
  std::shared_ptr<const WorldSnapshot> m_last;
};

}  // namespace gridwall::state
