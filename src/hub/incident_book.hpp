// IncidentBook: what the hub must know of each incident to judge its next event: the state it is in, and where it
// lies. Bounded: above the capacity the incident untouched for longest is forgotten, a settled one before an open one.
// One thread. Test: tests/unit/hub/incident_book_test.cpp.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/geometry.hpp"
#include "model/event.hpp"
#include "model/incident.hpp"
#include "model/vocabulary.hpp"

namespace gridwall::hub {

struct BookedIncident {
  std::string id;
  model::CaseState state = model::CaseState::Reported;
  std::string division_path;  // of its first event: its place does not move in this version
  std::optional<base::Vec2d> point_lonlat;
  base::UtcTime resume_due_at{};  // a suspension ends by itself, as the fold's timer has it; epoch: not said

  [[nodiscard]] model::CaseState state_at(base::UtcTime state_time) const;
};

class IncidentBook {
 public:
  explicit IncidentBook(std::size_t capacity_incidents) : m_capacity_incidents(capacity_incidents) {}

  // Null when unknown. Valid until the next note().
  [[nodiscard]] const BookedIncident* find(std::string_view id) const;
  // Adds or replaces.
  void note(BookedIncident incident);

  [[nodiscard]] std::size_t size() const { return m_by_id.size(); }
  [[nodiscard]] std::uint64_t forgotten_count() const { return m_forgotten_count; }

 private:
  using List = std::list<BookedIncident>;  // the longest untouched first

  List& list_of(model::CaseState state) { return model::is_settled(state) ? m_settled : m_open; }

  std::size_t m_capacity_incidents;
  List m_open, m_settled;
  std::unordered_map<std::string_view, List::iterator> m_by_id;  // the keys are the lists' ids
  std::uint64_t m_forgotten_count = 0;
};

// Whether `row` may follow. Unknown incident: only rows that create one may.
bool follows_lifecycle(const model::LifecycleRow& row, const BookedIncident* incident, base::UtcTime state_time);
// What the incident is after the row's event; a new one when `incident` is null. Place and id are the event's.
BookedIncident after_event(const model::LifecycleRow& row, const BookedIncident* incident, const model::Event& event,
                           base::UtcTime state_time);

}  // namespace gridwall::hub
