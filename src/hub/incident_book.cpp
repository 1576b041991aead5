#include "hub/incident_book.hpp"

#include <algorithm>

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

bool follows_lifecycle(const model::LifecycleRow& row, const BookedIncident* incident) {
  if (incident == nullptr) return row.from.empty();
  return std::find(row.from.begin(), row.from.end(), incident->state) != row.from.end();
}

}  // namespace gridwall::hub
