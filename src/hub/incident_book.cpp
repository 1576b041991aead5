#include "hub/incident_book.hpp"

namespace gridwall::hub {

const BookedIncident* IncidentBook::find(std::string_view id) const {
  const auto found = m_by_id.find(id);
  return found == m_by_id.end() ? nullptr : &*found->second;
}

void IncidentBook::note(BookedIncident incident) {
  if (const auto found = m_by_id.find(incident.id); found != m_by_id.end()) {
    const List::iterator old = found->second;
    m_by_id.erase(found);
    list_of(old->state).erase(old);
  }
  List& list = list_of(incident.state);
  list.push_back(std::move(incident));
  m_by_id.emplace(list.back().id, std::prev(list.end()));
  if (m_by_id.size() > m_capacity_incidents) {
    List& victims = m_settled.empty() ? m_open : m_settled;
    m_by_id.erase(victims.front().id);
    victims.pop_front();
    ++m_forgotten_count;
  }
}

model::CaseState BookedIncident::state_at(base::UtcTime state_time) const {
  const bool resumed =
      state == model::CaseState::Suspended && resume_due_at != base::UtcTime{} && state_time >= resume_due_at;
  return resumed ? model::CaseState::Handling : state;
}

bool follows_lifecycle(const model::LifecycleRow& row, const BookedIncident* incident, base::UtcTime state_time) {
  return incident == nullptr ? row.creates() : row.leads_from(incident->state_at(state_time));
}

BookedIncident after_event(const model::LifecycleRow& row, const BookedIncident* incident, const model::Event& event,
                           base::UtcTime state_time) {
  const model::CaseState before = incident != nullptr ? incident->state_at(state_time) : model::CaseState::Reported;
  BookedIncident after{event.incident.incident_id, row.to.value_or(before), event.division_path, event.point_lonlat};
  if (after.state != model::CaseState::Suspended) return after;
  if (row.effect == model::Effect::Suspend) {
    const base::UtcTime resume_at = event.incident.resume_at.value_or(base::UtcTime{});
    if (resume_at > event.occurred_at) after.resume_due_at = resume_at;
  } else if (incident != nullptr) {
    after.resume_due_at = incident->resume_due_at;
  }
  return after;
}

}  // namespace gridwall::hub
