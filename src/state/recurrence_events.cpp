#include "state/recurrence_events.hpp"

#include "state/byte_stream.hpp"

namespace gridwall::state {

namespace {
constexpr std::size_t kTextBytesMax = 256;
}

RecurrenceEvents::Case& RecurrenceEvents::case_of(const std::string& incident_id, base::UtcTime reported_at,
                                                  base::UtcTime state_time) {
  const auto [found, is_new] = m_cases.try_emplace(incident_id);
  if (is_new) {
    found->second.number = m_next_number++;
    found->second.reported_at = reported_at;
    m_ids.emplace(found->second.number, incident_id);
    m_order.emplace_back(state_time, incident_id);
  }
  return found->second;
}

std::span<const RecurrenceFact> RecurrenceEvents::note(Case& one, const std::string& class_key, base::Vec2i point_units,
                                                       base::UtcTime state_time) {
  one.noted = true;
  const auto [found, is_new] = m_classes.try_emplace(class_key, static_cast<std::uint32_t>(m_classes.size()));
  if (is_new) m_class_names.push_back(class_key);
  return m_finder.note(one.number, found->second, point_units, one.reported_at, state_time);
}

// The finder looks back as far as this and no further; it names nothing that is older.
void RecurrenceEvents::forget_before(base::UtcTime state_time) {
  while (!m_order.empty() && m_order.front().first < state_time) {
    const auto found = m_cases.find(m_order.front().second);
    m_ids.erase(found->second.number);
    m_cases.erase(found);
    m_order.pop_front();
  }
}

std::vector<model::SequencedEvent> RecurrenceEvents::follow(const model::SequencedEvent& event) {
  const model::IncidentFacts& facts = event.event.incident;
  if (facts.incident_id.empty() || !event.event.type.starts_with("incident.")) return {};
  // Twice as long as the finder needs: what it may still name is always there.
  forget_before(event.state_time - 2 * m_kept);
  Case& one = case_of(facts.incident_id, event.event.occurred_at, event.state_time);
  // The same code means another thing in another edition.
  const bool foreign = !facts.class_set.empty() && facts.class_set != m_class_set;
  if (!facts.class_code.empty()) one.class_key = foreign ? facts.class_set + ":" + facts.class_code : facts.class_code;
  if (one.noted || one.class_key.empty() || !event.point_world) return {};
  if (m_sensitive.contains(one.class_key)) {
    one.noted = true;  // its point is its grid's; a class that it gets later does not make that a place
    return {};
  }
  std::vector<model::SequencedEvent> derived;
  for (const RecurrenceFact& fact : note(one, one.class_key, m_tree->to_units(*event.point_world), event.state_time)) {
    const auto id = m_ids.find(fact.incident);
    if (id == m_ids.end()) continue;
    model::SequencedEvent& next = derived.emplace_back();
    next.sequence = event.sequence;
    next.state_time = event.state_time;
    next.received_at = event.received_at;
    next.event.source = model::kHubSource;
    next.event.type = model::kDerivedValue;
    next.event.occurred_at = event.state_time;
    next.event.incident.incident_id = id->second;
    next.event.derived_name = recurrence_word(fact.kind);
    next.event.derived_value = 1;
  }
  return derived;
}

std::string RecurrenceEvents::encode() const {
  ByteWriter out;
  out.put(m_next_number);
  out.put(static_cast<std::uint32_t>(m_class_names.size()));
  for (const std::string& name : m_class_names) out.put_text(name);
  out.put(static_cast<std::uint32_t>(m_order.size()));
  for (const auto& [heard_at, id] : m_order) {
    const Case& one = m_cases.at(id);
    out.put(heard_at);
    out.put_text(id);
    out.put(one.number);
    out.put(one.reported_at);
    out.put_text(one.class_key);
    out.put(static_cast<std::uint8_t>(one.noted));
  }
  const std::vector<RecurrenceCase> content = m_finder.content();
  out.put(static_cast<std::uint32_t>(content.size()));
  for (const RecurrenceCase& one : content) {
    out.put(one.incident);
    out.put(one.reported_at);
    out.put(one.point_units.x);
    out.put(one.point_units.y);
    out.put(one.class_symbol);
    out.put(static_cast<std::uint8_t>(one.recurrent));
  }
  return std::move(out.bytes());
}

bool RecurrenceEvents::restore(std::string_view bytes) {
  clear();
  ByteReader in(bytes);
  m_next_number = in.take<std::uint64_t>();
  const std::uint32_t class_count = in.take_count(4);
  for (std::uint32_t i = 0; i < class_count && !in.bad(); ++i) {
    m_class_names.emplace_back(in.take_text(kTextBytesMax));
    if (!m_classes.try_emplace(m_class_names.back(), i).second) in.fail();
  }
  const std::uint32_t case_count = in.take_count(33);
  for (std::uint32_t i = 0; i < case_count && !in.bad(); ++i) {
    const base::UtcTime heard_at = in.take_time();
    std::string id(in.take_text(kTextBytesMax));
    Case one;
    one.number = in.take<std::uint64_t>();
    one.reported_at = in.take_time();
    one.class_key = in.take_text(kTextBytesMax);
    one.noted = in.take_truth();
    if (!m_ids.try_emplace(one.number, id).second || !m_cases.try_emplace(id, one).second) in.fail();
    m_order.emplace_back(heard_at, std::move(id));
  }
  std::vector<RecurrenceCase> content(in.take_count(29));
  for (RecurrenceCase& one : content) {
    one.incident = in.take<std::uint64_t>();
    one.reported_at = in.take_time();
    one.point_units = {in.take<std::int32_t>(), in.take<std::int32_t>()};
    one.class_symbol = in.take<std::uint32_t>();
    one.recurrent = in.take_truth();
    if (one.class_symbol >= class_count) in.fail();
  }
  if (in.bad() || !in.at_end()) {
    clear();
    return false;
  }
  m_finder.restore(content);
  return true;
}

void RecurrenceEvents::clear() {
  m_finder.clear();
  m_cases.clear();
  m_ids.clear();
  m_order.clear();
  m_classes.clear();
  m_class_names.clear();
  m_next_number = 0;
}

}  // namespace gridwall::state
