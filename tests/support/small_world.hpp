// small_world: a snapshot over small_tree with cases put by hand, counted as the fold counts them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/division_tree.hpp"
#include "state/text_arena.hpp"
#include "state/world_snapshot.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {

class SmallWorld {
 public:
  explicit SmallWorld(std::shared_ptr<const model::DivisionTree> tree) : m_tree(std::move(tree)) {}

  struct Case {
    std::string id;
    std::string division;   // code
    model::Severity severity = model::Severity::Minor;
    model::CaseState state = model::CaseState::Reported;
    bool located = true;
    base::Vec2d offset_m{};  // from the division's anchor
    base::UtcTime first_seen_at{};
    std::string class_code = "E01.10";
  };
  SmallWorld& add(Case one) {
    m_cases.push_back(std::move(one));
    return *this;
  }

  [[nodiscard]] state::WorldSnapshot snapshot(base::UtcTime state_time = {}, std::uint64_t version = 1) const {
    state::WorldSnapshot snapshot;
    snapshot.tree = m_tree;
    snapshot.state_time = state_time;
    snapshot.version = version;
    std::vector<state::CaseCounts> own(m_tree->divisions().size());
    state::CowArray<state::Incident, state::kIncidentsPerPage> incidents;
    state::Symbols classes, channels, departments;
    auto ids = std::make_shared<state::TextArena>();
    for (const Case& one : m_cases) {
      const model::DivisionIndex division = m_tree->find(one.division);
      ASSERT(division.valid(), "small_world: no division {}", one.division);
      state::Incident incident;
      incident.id = ids->add(one.id);
      incident.class_symbol = classes.intern(one.class_code);
      incident.channel_symbol = channels.intern("hotline");
      incident.state = one.state;
      incident.severity = one.severity;
      incident.division = division;
      incident.located = one.located;
      incident.point_units = m_tree->to_units(m_tree->at(division).anchor_world + one.offset_m);
      incident.first_seen_at = incident.reported_at = one.first_seen_at;
      state::CaseCounts& counts = own[division.value];
      ++counts.reported_today;
      if (model::is_settled(one.state)) {
        ++counts.closed_of_reported_today;
        ++counts.closed_today;
      } else {
        ++counts.open;
        ++counts.open_by_severity[model::severity_index(one.severity)];
        ++counts.open_by_state[model::case_state_index(one.state)];
        if (!one.located) ++counts.unlocated_open;
      }
      incidents.push_back(incident);
    }
    for (std::size_t i = m_cases.size(); i-- > 0 && snapshot.newest.size() < 64;) {
      snapshot.newest.push_back(static_cast<std::uint32_t>(i));
    }
    snapshot.incidents = incidents.freeze();
    snapshot.ids = std::move(ids);
    snapshot.class_codes = classes.names();
    snapshot.channels = channels.names();
    snapshot.departments = departments.names();
    auto total = own;
    for (std::size_t i = total.size(); i-- > 1;) {
      total[m_tree->divisions()[i].parent.value] += total[i];
    }
    snapshot.reported_today_by_channel = {{"hotline", total[0].reported_today}};
    snapshot.reported_today_by_class = {{"E01", total[0].reported_today}};
    snapshot.reported_today_by_hour[3] = total[0].reported_today;
    snapshot.own_inner = frozen(own);
    snapshot.total = frozen(total);
    return snapshot;
  }

 private:
  static std::shared_ptr<const state::FrozenCounts> frozen(const std::vector<state::CaseCounts>& counts) {
    state::CowArray<state::CaseCounts, state::kCountsPerPage> pages;
    for (const state::CaseCounts& one : counts) pages.push_back(one);
    return std::make_shared<const state::FrozenCounts>(pages.freeze());
  }

  std::shared_ptr<const model::DivisionTree> m_tree;
  std::vector<Case> m_cases;
};

}  // namespace gridwall::test
