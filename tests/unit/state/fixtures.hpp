// Builders for the tests of `state`: a tiny vocabulary, events in one line, and a recount by brute force.
#pragma once

#include <map>

#include "base/time_text.hpp"
#include "model/event.hpp"
#include "state/world.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {

using model::CaseState;
using model::Severity;

inline const base::TimeZone& zone() {
  static const base::TimeZone kShanghai = base::TimeZone::find("Asia/Shanghai").value();
  return kShanghai;
}

inline base::UtcTime at(const char* text) { return base::parse_rfc3339(text).value(); }

// Six steps that need no more than they say.
inline std::shared_ptr<const model::Vocabulary> vocabulary() {
  model::Vocabulary words;
  words.class_set = "GB";
  words.big_classes = {{"E01", "一", "One", model::MarkerShape::Circle},
                       {"E05", "五", "Five", model::MarkerShape::Cross}};
  words.classes = {{"E01.10", "垃圾", "Waste", Severity::Minor, 1, false, true},
                   {"E05.05", "塌陷", "Collapse", Severity::Critical, 1, false, true}};
  words.lifecycle = {{"incident.reported", {}, CaseState::Reported, "", ""},
                     {"incident.filed", {CaseState::Reported}, CaseState::Filed, "", ""},
                     {"incident.closed", {CaseState::Filed}, CaseState::Closed, "", ""},
                     {"incident.evaluated", {CaseState::Closed}, CaseState::Evaluated, "", ""},
                     {"incident.reopened", {CaseState::Closed}, CaseState::Reopened, "", ""},
                     {"incident.rejected", {CaseState::Reported}, CaseState::Rejected, "", ""}};
  words.lifecycle[0].stamps = {model::Stamp::Reported};
  words.lifecycle[1].stamps = {model::Stamp::Filed};
  words.lifecycle[2].stamps = {model::Stamp::Closed};
  words.lifecycle[4].effect = model::Effect::Reopen;
  return std::make_shared<const model::Vocabulary>(std::move(words));
}

inline std::shared_ptr<const model::DistrictRules> rules() {
  model::DistrictRules rules;
  rules.zone = zone();
  rules.calendar = model::WorkCalendar(model::WorkCalendarSpec{}, zone());
  return std::make_shared<const model::DistrictRules>(std::move(rules));
}

inline state::World world_over(std::shared_ptr<const model::DivisionTree> tree) {
  return state::World(std::move(tree), vocabulary(), rules());
}

inline state::Day day_of(base::UtcTime time) {
  const base::Period day = base::period_of(time, base::PeriodKind::Day, zone());
  return {base::period_begin(day, zone()), base::period_end(day, zone())};
}

// An event in one line: event("incident.filed", "7").time("...").in(division).located(). State time = occurred_at.
struct EventBuilder : model::SequencedEvent {
  EventBuilder& time(base::UtcTime occurred_at) {
    event.occurred_at = state_time = occurred_at;
    return *this;
  }
  EventBuilder& heard(base::UtcTime when) {
    state_time = when;
    return *this;
  }
  EventBuilder& in(std::uint32_t index) {
    division = {index};
    return *this;
  }
  EventBuilder& point(base::Vec2d world) {
    point_world = world;
    return *this;
  }
  EventBuilder& tray(std::uint32_t index) {
    division = model::DivisionIndex::none();
    unlocated_in = {index};
    event.incident.division_code = "named";
    return *this;
  }
  EventBuilder& of_class(std::string code) {
    event.incident.class_code = std::move(code);
    return *this;
  }
  EventBuilder& by(std::string channel) {
    event.incident.channel = std::move(channel);
    return *this;
  }
};

inline EventBuilder event(std::string type, std::string incident_id) {
  EventBuilder built;
  built.event.type = std::move(type);
  built.event.incident.incident_id = std::move(incident_id);
  built.time(at("2026-03-02T10:00:00+08:00"));
  return built;
}

// Everything the snapshot says, counted anew from its incidents; empty when it agrees, else the first difference.
inline std::string difference_from_recount(const state::WorldSnapshot& snapshot) {
  const auto& tree = *snapshot.tree;
  const state::Day today = day_of(snapshot.state_time);
  std::vector<state::CaseCounts> own(tree.divisions().size()), total(own.size());
  std::map<std::string, std::uint32_t> by_channel, by_class;
  std::array<std::uint32_t, 24> by_hour{};
  for (std::uint32_t number = 0; number < snapshot.incident_count(); ++number) {
    const state::Incident& incident = snapshot.incident(number);
    state::CaseCounts& counts = own[incident.division.value];
    if (!model::is_settled(incident.state)) {
      ++counts.open;
      ++counts.open_by_severity[static_cast<std::size_t>(incident.severity) - 1];
      ++counts.open_by_state[model::case_state_index(incident.state)];
      const auto& standing = incident.standing;
      if (!incident.located) ++counts.unlocated_open;
      if (standing.deadline == model::DeadlineStatus::Warn) ++counts.warn;
      if (standing.deadline == model::DeadlineStatus::Paused) ++counts.paused;
      if (standing.deadline == model::DeadlineStatus::Overdue) {
        ++counts.overdue;
        ++counts.overdue_by_age[standing.overdue_age];
      }
      counts.accept_late += standing.accept_late;
      counts.dispatch_late += standing.dispatch_late;
      counts.verify_late += standing.verify_late;
      counts.check_late += standing.check_late;
      counts.milestone_missed += standing.milestone_missed;
      counts.suspension_overrun += standing.suspension_overrun;
      counts.returned_twice += incident.return_count >= 2;
    }
    if (model::is_closed(incident.state) && today.contains(incident.closed_at)) ++counts.closed_today;
    if (!today.contains(incident.reported_at)) continue;
    ++counts.reported_today;
    if (model::is_closed(incident.state)) ++counts.closed_of_reported_today;
    ++by_channel[snapshot.channel(incident)];
    const std::string& code = snapshot.class_code(incident);
    ++by_class[code.substr(0, code.find('.'))];
    const auto hour = base::period_of(incident.reported_at, base::PeriodKind::Hour, zone()).index;
    ++by_hour[static_cast<std::size_t>(hour % 24)];
  }
  for (std::size_t i = own.size(); i-- > 0;) {  // children stand behind their parents
    total[i] += own[i];
    if (i > 0) total[tree.divisions()[i].parent.value] += total[i];
    if (!(own[i] == snapshot.own({static_cast<std::uint32_t>(i)}))) return fmt::format("own figures of division {}", i);
    if (!(total[i] == snapshot.total->at(i))) return fmt::format("total figures of division {}", i);
  }
  const auto differs = [](const auto& wanted, const std::vector<state::NamedCount>& found) {
    for (std::size_t i = 1; i < found.size(); ++i) {
      if (found[i].count > found[i - 1].count) return true;
    }
    std::map<std::string, std::uint32_t> as_map;
    for (const auto& [key, count] : found) as_map[key] = count;
    return as_map != wanted;
  };
  if (differs(by_channel, snapshot.reported_today_by_channel)) return "figures by channel";
  if (differs(by_class, snapshot.reported_today_by_class)) return "figures by class";
  if (by_hour != snapshot.reported_today_by_hour) return "figures by hour";
  return "";
}

}  // namespace gridwall::test
