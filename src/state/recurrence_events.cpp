#include "state/recurrence_events.hpp"

namespace gridwall::state {

std::vector<model::SequencedEvent> RecurrenceEvents::follow(const model::SequencedEvent& event) {
  const model::IncidentFacts& facts = event.event.incident;
  if (facts.incident_id.empty() || !event.event.type.starts_with("incident.")) return {};
  const auto [found, is_new] = m_cases.try_emplace(facts.incident_id);
  Case& one = found->second;
  if (is_new) {
    one.number = m_ids.size();
    one.reported_at = event.event.occurred_at;
    m_ids.push_back(facts.incident_id);
  }
  // The same code means another thing in another edition.
  if (!facts.class_code.empty()) one.class_key = facts.class_set + ":" + facts.class_code;
  if (one.noted || one.class_key.empty() || !event.point_world) return {};
  one.noted = true;
  const auto symbol = m_classes.try_emplace(one.class_key, static_cast<std::uint32_t>(m_classes.size())).first->second;
  std::vector<model::SequencedEvent> derived;
  for (const RecurrenceFact& fact :
       m_finder.note(one.number, symbol, m_tree->to_units(*event.point_world), one.reported_at, event.state_time)) {
    model::SequencedEvent& next = derived.emplace_back();
    next.sequence = event.sequence;
    next.state_time = event.state_time;
    next.received_at = event.received_at;
    next.event.source = "/gridwall/hub";
    next.event.type = "derived.value";
    next.event.occurred_at = event.state_time;
    next.event.incident.incident_id = m_ids[fact.incident];
    next.event.derived_name = recurrence_word(fact.kind);
    next.event.derived_value = 1;
  }
  return derived;
}

}  // namespace gridwall::state
