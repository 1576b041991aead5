#include "state/world.hpp"

#include <algorithm>

namespace gridwall::state {

namespace {

constexpr std::uint32_t kNewestCount = 64;

// Figures cannot show it any more, and nobody has to act on it.
bool is_over(const Incident& incident, const Day& today) {
  return model::is_settled(incident.state) && incident.changed_at < today.begin &&
         incident.reported_at < today.begin && incident.closed_at < today.begin;
}

bool breaks_order(const model::LifecycleRow& row, model::CaseState state) {
  return std::find(row.from.begin(), row.from.end(), state) == row.from.end();
}

}  // namespace

World::World(std::shared_ptr<const model::DivisionTree> tree, const model::Vocabulary& vocabulary,
             std::chrono::minutes utc_offset)
    : m_tree(std::move(tree)), m_utc_offset(utc_offset), m_class_set(vocabulary.class_set),
      m_tally(m_tree, utc_offset) {
  ASSERT(!m_tree->divisions().empty(), "a world needs a root division");
  for (const auto& row : vocabulary.lifecycle) m_rows.emplace(row.type, row);
  for (const auto& entry : vocabulary.classes) m_class_severities.emplace(entry.code, entry.severity);
}

void World::apply(std::span<const model::SequencedEvent> events) {
  for (const auto& event : events) {
    advance_to(event.state_time);
    m_sequence = std::max(m_sequence, event.sequence);
    ++m_event_count;
    if (event.event.source.starts_with(model::kSimulatorSource)) ++m_simulated_event_count;
    m_changed = true;
    // Other classes of events (alerts, metrics, notices) have no figures yet.
    if (event.event.type.starts_with("incident.") && !event.event.incident.incident_id.empty()) fold(event);
  }
}

void World::advance_to(base::UtcTime state_time) {
  if (state_time <= m_state_time) return;
  m_state_time = state_time;
  m_changed = true;
  if (m_tally.today().contains(state_time)) return;
  const Day today = local_day(state_time, m_utc_offset);
  m_incidents.compact([&](const Incident& incident) { return !is_over(incident, today); });
  m_tally.restart(today);
  for (std::uint32_t number = 0; number < m_incidents.count(); ++number) m_tally.add(m_incidents.at(number));
}

void World::fold(const model::SequencedEvent& event) {
  const auto found_row = m_rows.find(event.event.type);
  const model::LifecycleRow* row = found_row == m_rows.end() ? nullptr : &found_row->second;
  const auto number = m_incidents.find(event.event.incident.incident_id);
  if (!number) {
    Incident incident = first_heard(event);
    // The feed was joined after the incident began, or its beginning was lost: it counts all the same.
    if (row == nullptr || !row->from.empty()) ++m_joined_late_count;
    change(incident, event, row, true);
    m_tally.add(incident);
    m_incidents.add(std::move(incident));
    return;
  }
  Incident& incident = m_incidents.edit(*number);
  m_tally.subtract(incident);
  change(incident, event, row, false);
  m_tally.add(incident);
}

Incident World::first_heard(const model::SequencedEvent& event) const {
  Incident incident;
  incident.id = event.event.incident.incident_id;
  incident.first_seen_at = event.state_time;
  incident.reported_at = event.event.occurred_at;
  incident.division = m_tree->root();
  return incident;
}

void World::change(Incident& incident, const model::SequencedEvent& event, const model::LifecycleRow* row,
                   bool is_new) {
  const auto& facts = event.event.incident;
  // The hub's verdict counts for what we did not see ourselves.
  if (event.event.out_of_order || (row != nullptr && !is_new && breaks_order(*row, incident.state))) {
    incident.out_of_order = true;
    ++m_out_of_order_count;
  }
  if (row != nullptr && row->to) {
    const bool was_closed = !is_new && model::is_closed(incident.state);
    const bool closes = *row->to == model::CaseState::Closed || *row->to == model::CaseState::ForcedClosed;
    if (closes && !was_closed) incident.closed_at = event.event.occurred_at;
    if (!model::is_closed(*row->to)) incident.closed_at = {};
    incident.state = *row->to;
  }
  change_class(incident, facts, is_new);
  if (!facts.channel.empty()) incident.channel = facts.channel;
  if (!facts.department.empty()) incident.department = facts.department;
  change_place(incident, event, is_new);
  incident.changed_at = event.state_time;
  incident.last_sequence = event.sequence;
}

// A new class brings its own severity with it, unless the event says which.
void World::change_class(Incident& incident, const model::IncidentFacts& facts, bool is_new) {
  const bool foreign = !facts.class_set.empty() && facts.class_set != m_class_set;
  if (!facts.class_code.empty()) {
    // The same number means another thing in another edition: its code must never meet our table.
    std::string code = foreign ? facts.class_set + ":" + facts.class_code : facts.class_code;
    if (is_new || code != incident.class_code) {
      const auto known_class = m_class_severities.find(code);
      const bool unknown = known_class == m_class_severities.end();
      if (unknown) ++m_unknown_class_count;
      incident.severity = unknown ? model::Severity::Minor : known_class->second;
      incident.class_code = std::move(code);
    }
  }
  if (facts.severity) incident.severity = *facts.severity;
}

bool World::known(model::DivisionIndex division) const {
  return division.valid() && division.value < m_tree->divisions().size();
}

// An event that tells no place leaves the incident where it is; a place once known is not forgotten.
void World::change_place(Incident& incident, const model::SequencedEvent& event, bool is_new) const {
  if (known(event.division)) {
    const bool moved = is_new || event.division != incident.division;
    incident.division = event.division;
    if (event.point_world) {
      incident.located = true;
      incident.point_units = m_tree->to_units(*event.point_world);
    } else if (moved) {
      incident.located = false;
      incident.point_units = {};
    }
    return;
  }
  const bool tells_tray = known(event.unlocated_in) && (is_new || !event.event.incident.division_code.empty());
  if (!incident.located && tells_tray) incident.division = event.unlocated_in;
}

std::shared_ptr<const WorldSnapshot> World::freeze() {
  if (!m_changed && m_last) return m_last;
  auto snapshot = std::make_shared<WorldSnapshot>();
  snapshot->tree = m_tree;
  snapshot->state_time = m_state_time;
  snapshot->sequence = m_sequence;
  snapshot->version = ++m_version;
  m_tally.freeze_into(*snapshot);
  snapshot->pages = m_incidents.freeze();
  const std::uint32_t shown_count = std::min(kNewestCount, m_incidents.count());
  for (std::uint32_t i = 1; i <= shown_count; ++i) snapshot->newest.push_back(m_incidents.count() - i);
  snapshot->event_count = m_event_count;
  snapshot->simulated_event_count = m_simulated_event_count;
  snapshot->out_of_order_count = m_out_of_order_count;
  snapshot->unknown_class_count = m_unknown_class_count;
  snapshot->joined_late_count = m_joined_late_count;
  m_changed = false;
  m_last = std::move(snapshot);
  return m_last;
}

void World::clear() {
  m_incidents.clear();
  m_tally.restart({});
  m_state_time = {};
  m_sequence = m_event_count = m_simulated_event_count = 0;
  m_out_of_order_count = m_unknown_class_count = m_joined_late_count = 0;
  m_changed = true;
}

}  // namespace gridwall::state
