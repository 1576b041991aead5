#include "scene/incident_index.hpp"

namespace gridwall::scene {

void IncidentIndex::begin(const state::WorldSnapshot& snapshot) {
  const std::size_t division_count = snapshot.tree->divisions().size();
  m_tree = snapshot.tree;
  m_incidents = {};
  m_entries.clear();
  m_lists.assign(division_count + 1, {});
  m_counts.assign(division_count, 0);
  m_boxes.assign(division_count, {});
  m_critical.clear();
}

void IncidentIndex::follow(const state::WorldSnapshot& snapshot) {
  const bool goes_on = m_tree == snapshot.tree && snapshot.incidents.size() >= m_incidents.size();
  if (!goes_on) begin(snapshot);
  m_entries.resize(snapshot.incidents.size());
  snapshot.incidents.visit_changed(m_incidents, [&](std::size_t number, const state::Incident& incident) {
    update(static_cast<std::uint32_t>(number), incident);
  });
  m_incidents = snapshot.incidents;
}

void IncidentIndex::update(std::uint32_t number, const state::Incident& incident) {
  take_out(number);
  if (!is_shown(incident)) return;
  const std::uint32_t list = incident.division.valid() && incident.division.value < m_counts.size()
                                 ? incident.division.value
                                 : static_cast<std::uint32_t>(m_counts.size());
  Entry& entry = m_entries[number];
  entry.list = list;
  entry.place = static_cast<std::uint32_t>(m_lists[list].size());
  m_lists[list].push_back(number);
  if (incident.severity == model::Severity::Critical) {
    entry.critical_place = static_cast<std::uint32_t>(m_critical.size());
    m_critical.push_back(number);
  }
  count(list, 1, &incident.point_units);
}

void IncidentIndex::take_out(std::uint32_t number) {
  Entry& entry = m_entries[number];
  if (entry.list == kNowhere) return;
  count(entry.list, -1, nullptr);
  // The last one takes its place.
  std::vector<std::uint32_t>& list = m_lists[entry.list];
  m_entries[list.back()].place = entry.place;
  list[entry.place] = list.back();
  list.pop_back();
  if (entry.critical_place != kNowhere) {
    m_entries[m_critical.back()].critical_place = entry.critical_place;
    m_critical[entry.critical_place] = m_critical.back();
    m_critical.pop_back();
  }
  entry = {};
}

void IncidentIndex::count(std::uint32_t list, std::int32_t by, const base::Vec2i* point) {
  if (list >= m_counts.size()) return;
  for (model::DivisionIndex d{list}; d.valid(); d = m_tree->divisions()[d.value].parent) {
    m_counts[d.value] += static_cast<std::uint32_t>(by);
    if (m_counts[d.value] == 0) m_boxes[d.value] = {};
    if (point != nullptr) m_boxes[d.value].extend(*point);
  }
}

std::span<const std::uint32_t> IncidentIndex::at(model::DivisionIndex division) const {
  return m_lists[division.valid() ? division.value : m_counts.size()];
}

std::size_t IncidentIndex::memory_bytes() const {
  std::size_t bytes = m_entries.capacity() * sizeof(Entry) + m_lists.capacity() * sizeof(m_lists[0]) +
                      m_counts.capacity() * 4 + m_boxes.capacity() * sizeof(PointBox) + m_critical.capacity() * 4;
  for (const auto& list : m_lists) bytes += list.capacity() * 4;
  return bytes;
}

}  // namespace gridwall::scene
