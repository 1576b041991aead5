#include "sim/simulator.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/assert.hpp"

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

std::string case_id(std::string_view day_id, std::uint32_t serial) {
  return fmt::format("{}{:05}", day_id, serial);
}

// The condition is chosen at filing; where a chain has none, at dispatch.
bool has_been_filed(const std::vector<CourseStep>& steps, std::size_t step_index) {
  const auto end = steps.begin() + static_cast<std::ptrdiff_t>(step_index) + 1;
  return std::any_of(steps.begin(), end, [](const CourseStep& step) {
    return step.kind == StepKind::Filed || step.kind == StepKind::Dispatched;
  });
}

// To 1e-6 degrees (0.1 m): as many digits as a file needs, and every reader has the same.
std::optional<base::Vec2d> rounded_degrees(std::optional<base::Vec2d> lonlat) {
  if (!lonlat) return lonlat;
  return base::Vec2d{std::round(lonlat->x * 1e6) / 1e6, std::round(lonlat->y * 1e6) / 1e6};
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
  if (spec.plan.departments.all.empty()) {
    return Error{ErrorCode::InvalidArgument, "the simulator needs departments; name one in config/departments.toml"};
  }
  TRY_ASSIGN(auto table, CourseTable::create(*spec.plan.vocabulary));
  return Simulator(std::move(spec), std::move(table));
}

Simulator::Simulator(SimulatorSpec spec, CourseTable table)
    : m_spec(std::move(spec)), m_planner(m_spec.plan, std::move(table)) {}

std::vector<model::Event> Simulator::begin(base::UtcTime start) {
  if (m_history_end) {
    begin_after(*m_history_end);
    return advance(start);
  }
  const base::LocalDays today = m_spec.plan.zone.day_of(start);
  const base::UtcTime midnight = m_spec.plan.zone.day_begin(today);
  load_from(today - std::chrono::days(kCourseDaysMax));
  while (m_next_day <= today) load_day(m_next_day, midnight);
  m_told_until = start;  // the register tells what stands at the start, not how it came to be
  std::vector<model::Event> events = advance(start);
  for (model::Event& event : standing(start)) events.push_back(std::move(event));
  std::stable_sort(events.begin(), events.end(),
                   [](const model::Event& a, const model::Event& b) { return a.occurred_at < b.occurred_at; });
  return events;
}

std::vector<model::Event> Simulator::standing(base::UtcTime at) const {
  if (!m_spec.registers) return {};
  std::vector<model::Event> events = m_spec.registers->standing(at);
  std::erase_if(events, [&](const model::Event& event) { return event.occurred_at >= at; });
  for (model::Event& event : events) event.id = m_run_tag + event.id;
  return events;
}

void Simulator::begin_after(base::LocalDays day) {
  const base::UtcTime midnight = m_spec.plan.zone.day_begin(day);
  load_from(day - std::chrono::days(kCourseDaysMax));
  while (m_next_day <= day) load_next_day();
  m_told_until = midnight;
  static_cast<void>(advance(midnight));
}

// Those of [from, to) beside the cases' events, which are in order of time.
void Simulator::merge_registers(std::vector<model::Event>& events, base::UtcTime from, base::UtcTime to) {
  if (!m_spec.registers || from >= to) return;
  const auto case_count = static_cast<std::ptrdiff_t>(events.size());
  const auto earlier = [](const model::Event& event, base::UtcTime time) { return event.occurred_at < time; };
  const auto by_time = [](const model::Event& a, const model::Event& b) { return a.occurred_at < b.occurred_at; };
  const base::TimeZone& zone = m_spec.plan.zone;
  for (base::LocalDays day = zone.day_of(from); zone.day_begin(day) < to; day += std::chrono::days(1)) {
    if (m_register_day_of != day) {
      m_register_day = m_spec.registers->events_of(day);
      m_register_day_of = day;
    }
    auto next = std::lower_bound(m_register_day.begin(), m_register_day.end(), from, earlier);
    for (; next != m_register_day.end() && next->occurred_at < to; ++next) {
      events.push_back(*next);
      events.back().id = m_run_tag + next->id;
    }
  }
  std::inplace_merge(events.begin(), events.begin() + case_count, events.end(), by_time);
}

void Simulator::begin_empty(base::LocalDays day) {
  load_from(day);
  m_morning = standing(m_loaded_until);
  for (model::Event& event : m_morning) event.occurred_at = m_loaded_until;
}

void Simulator::load_from(base::LocalDays day) {
  m_begun = true;
  m_active.clear();
  m_due = {};
  m_next_case_number = 1;
  m_next_day = day;
  m_loaded_until = m_spec.plan.zone.day_begin(day);
  m_told_until = m_loaded_until;
}

void Simulator::load_day(base::LocalDays day, base::UtcTime open_at) {
  const std::chrono::year_month_day date(day);
  const std::string day_id = fmt::format("{}{:02}{:02}{:02}", m_run_tag, static_cast<int>(date.year()) % 100,
                                         static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  for (PlannedCase& planned : m_planner.plan(day)) {
    const std::uint64_t number = m_next_case_number++;
    if (settled_at(planned.steps) < open_at) continue;
    ActiveCase active;
    active.day_id = day_id;
    if (planned.place) active.point_lonlat = rounded_degrees(m_spec.to_lonlat(planned.place->point_world));
    m_due.push({planned.steps.front().at, number, 0});
    active.planned = std::move(planned);
    m_active.emplace(number, std::move(active));
  }
  m_next_day = day + std::chrono::days(1);
  m_loaded_until = m_spec.plan.zone.day_begin(m_next_day);
}

void Simulator::load_next_day() {
  load_day(m_next_day, m_loaded_until);
}

base::UtcTime Simulator::next_due() {
  // A district with a case a year still ends this loop: each day is drawn anew.
  while (m_due.empty() || m_due.top().at >= m_loaded_until) load_next_day();
  return m_due.top().at;
}

std::vector<model::Event> Simulator::advance(base::UtcTime to) {
  ASSERT(m_begun, "begin() first");
  std::vector<model::Event> events;
  while (m_loaded_until < to) load_next_day();
  while (!m_due.empty() && m_due.top().at < to) {
    const Due due = m_due.top();
    m_due.pop();
    const auto found = m_active.find(due.case_number);
    const auto& steps = found->second.planned.steps;
    events.push_back(event_of(found->second, due.step_index));
    found->second.told_count = due.step_index + 1;
    if (due.step_index + 1 == steps.size()) {
      m_active.erase(found);
    } else {
      m_due.push({steps[due.step_index + 1].at, due.case_number, due.step_index + 1});
    }
  }
  events.insert(events.begin(), std::make_move_iterator(m_morning.begin()), std::make_move_iterator(m_morning.end()));
  m_morning.clear();
  merge_registers(events, m_told_until, to);
  m_told_until = std::max(m_told_until, to);
  return events;
}

std::size_t Simulator::open_count() const {
  const auto is_open = [](const auto& entry) {
    const ActiveCase& active = entry.second;
    return active.told_count > 0 && !model::is_settled(active.planned.steps[active.told_count - 1].state);
  };
  return static_cast<std::size_t>(std::count_if(m_active.begin(), m_active.end(), is_open));
}

model::Event Simulator::event_of(const ActiveCase& active, std::size_t step_index) const {
  const PlannedCase& planned = active.planned;
  const model::Vocabulary& vocabulary = *m_spec.plan.vocabulary;
  const model::IncidentClass& incident_class = vocabulary.classes[planned.class_index];
  const CourseStep& step = planned.steps[step_index];
  model::Event event;
  // Each event says everything, so that a wall that joined late knows the incident from any of them.
  model::IncidentFacts& facts = event.incident;
  facts.incident_id = case_id(active.day_id, planned.serial);
  event.id = fmt::format("{}-{}-{}", m_spec.plan.seed, facts.incident_id, step_index + 1);
  event.source = std::string(model::kSimulatorSource) + m_spec.profile_id;
  event.type = std::string(step_type(step.kind));
  event.occurred_at = step.at;
  facts.class_set = vocabulary.class_set;
  facts.class_code = incident_class.code;
  facts.severity = planned.severity;
  facts.channel = vocabulary.channels[planned.channel_index].id;
  facts.division_code = m_spec.plan.tree->at(planned.named_division).code;
  if (active.point_lonlat) {
    facts.crs = "EPSG:4326";
    facts.point = active.point_lonlat;
  }
  if (step.department) facts.department = m_spec.plan.departments.all[*step.department].id;
  if (has_been_filed(planned.steps, step_index)) facts.condition = planned.condition;
  facts.reason = std::string(step.reason);
  facts.approved = step.approved;
  facts.satisfied = step.satisfied;
  facts.resume_at = step.resume_at;
  facts.solved_level = step.solved_level;
  if (step.kind == StepKind::MarkedDuplicate) facts.duplicate_of = case_id(active.day_id, planned.duplicate_of);
  return event;
}

}  // namespace gridwall::sim
