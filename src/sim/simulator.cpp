#include "sim/simulator.hpp"

#include <algorithm>

#include "base/time_text.hpp"

namespace gridwall::sim {

using base::Error;
using base::ErrorCode;

namespace {

template <typename T>
bool any_weight(const std::vector<T>& items) {
  for (const T& item : items) {
    if (item.weight > 0) return true;
  }
  return false;
}

}  // namespace

base::Result<Simulator> Simulator::create(SimulatorSpec spec) {
  if (!spec.plan.tree || spec.plan.tree->divisions().empty()) {
    return Error{ErrorCode::InvalidArgument, "the simulator needs divisions; give it a layer file"};
  }
  ASSERT(spec.plan.vocabulary != nullptr, "a vocabulary");
  ASSERT(spec.to_lonlat != nullptr, "a function to degrees");
  if (!any_weight(spec.plan.vocabulary->classes)) {
    return Error{ErrorCode::Malformed, "no incident class has a weight above 0; the simulator cannot choose one"};
  }
  if (!any_weight(spec.plan.vocabulary->channels)) {
    return Error{ErrorCode::Malformed, "no channel has a weight above 0; the simulator cannot choose one"};
  }
  for (const auto type : course_event_types()) {
    if (spec.plan.vocabulary->find_event(type) != nullptr) continue;
    return Error{ErrorCode::Malformed, fmt::format("the lifecycle table has no '{}', which the simulator sends", type)};
  }
  return Simulator(std::move(spec));
}

Simulator::Simulator(SimulatorSpec spec) : m_spec(std::move(spec)), m_planner(m_spec.plan) {}

std::vector<model::Event> Simulator::begin(base::UtcTime start) {
  m_active.clear();
  m_due = {};
  m_next_case_number = 1;
  const base::UtcTime today = base::start_of_local_day(start, m_spec.plan.utc_offset);
  for (int back = kCourseDaysMax; back >= 0; --back) load_day(today - std::chrono::hours(24 * back), today);
  return advance(start);
}

// Cases whose course ended before `settled_since` are history.
void Simulator::load_day(base::UtcTime day_begin, base::UtcTime settled_since) {
  const base::LocalTime date = base::to_local(day_begin, m_spec.plan.utc_offset);
  for (PlannedCase& planned : m_planner.plan(day_begin)) {
    const std::uint64_t number = m_next_case_number++;
    if (planned.steps.back().at < settled_since) continue;
    ActiveCase active;
    active.id = fmt::format("{}{:02}{:02}{:02}{:05}", m_run_tag, date.year % 100, date.month, date.day, planned.serial);
    if (planned.place) active.point_lonlat = m_spec.to_lonlat(planned.place->point_world);
    m_due.push({planned.steps.front().at, number, 0});
    active.planned = std::move(planned);
    m_active.emplace(number, std::move(active));
  }
  m_loaded_until = day_begin + std::chrono::hours(24);
}

base::UtcTime Simulator::next_due() {
  // A district with a case a year still ends this loop: each day is drawn anew.
  while (m_due.empty() || m_due.top().at >= m_loaded_until) load_day(m_loaded_until, m_loaded_until);
  return m_due.top().at;
}

std::vector<model::Event> Simulator::advance(base::UtcTime to) {
  ASSERT(m_loaded_until != base::UtcTime{}, "begin() first");
  std::vector<model::Event> events;
  while (m_loaded_until < to) load_day(m_loaded_until, m_loaded_until);
  while (!m_due.empty() && m_due.top().at < to) {
    const Due due = m_due.top();
    m_due.pop();
    const auto found = m_active.find(due.case_number);
    const auto& steps = found->second.planned.steps;
    events.push_back(event_of(found->second, due.step_index));
    if (due.step_index + 1 == steps.size()) {
      m_active.erase(found);
    } else {
      m_due.push({steps[due.step_index + 1].at, due.case_number, due.step_index + 1});
    }
  }
  return events;
}

model::Event Simulator::event_of(const ActiveCase& active, std::size_t step_index) const {
  const PlannedCase& planned = active.planned;
  const model::Vocabulary& vocabulary = *m_spec.plan.vocabulary;
  const model::IncidentClass& incident_class = vocabulary.classes[planned.class_index];
  model::Event event;
  event.id = fmt::format("{}-{}-{}", m_spec.plan.seed, active.id, step_index + 1);
  event.source = std::string(model::kSimulatorSource) + m_spec.profile_id;
  event.type = std::string(planned.steps[step_index].type);
  event.occurred_at = planned.steps[step_index].at;
  // Each event says everything, so that a wall that joined late knows the incident from any of them.
  model::IncidentFacts& facts = event.incident;
  facts.incident_id = active.id;
  facts.class_set = vocabulary.class_set;
  facts.class_code = incident_class.code;
  facts.severity = planned.severity;
  facts.channel = vocabulary.channels[planned.channel_index].id;
  facts.division_code = m_spec.plan.tree->at(planned.named_division).code;
  if (active.point_lonlat) {
    facts.crs = "EPSG:4326";
    facts.point = active.point_lonlat;
  }
  // One department for each big class; who that is, the deployer's table says.
  const auto reached = planned.steps.begin() + static_cast<std::ptrdiff_t>(step_index) + 1;
  const bool dispatched = std::any_of(planned.steps.begin(), reached,
                                      [](const CourseStep& step) { return step.type == "incident.dispatched"; });
  if (dispatched) facts.department = "dept-" + incident_class.code.substr(0, incident_class.code.find('.'));
  return event;
}

}  // namespace gridwall::sim
