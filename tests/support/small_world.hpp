// small_world: a snapshot over small_tree with cases put by hand, counted as the fold counts them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/division_tree.hpp"
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
    std::vector<std::shared_ptr<state::IncidentPage>> pages;
    for (const Case& one : m_cases) {
      const model::DivisionIndex division = m_tree->find(one.division);
      ASSERT(division.valid(), "small_world: no division {}", one.division);
      state::Incident incident;
      incident.id = one.id;
      incident.class_code = one.class_code;
      incident.channel = "hotline";
      incident.state = one.state;
      incident.severity = one.severity;
      incident.division = division;
      incident.located = one.located;
      incident.point_units = m_tree->to_units(m_tree->at(division).anchor_world + one.offset_m);
      incident.first_seen_at = incident.reported_at = one.first_seen_at;
      state::CaseCounts& counts = own[division.value];
      ++counts.reported_today;
      if (model::is_settled(one.state)) {
        ++counts.closed_today;
      } else {
        ++counts.open;
        ++counts.open_by_severity[model::severity_index(one.severity)];
        if (!one.located) ++counts.unlocated_open;
      }
      if (pages.empty() || pages.back()->size() == state::kIncidentsPerPage) {
        pages.push_back(std::make_shared<state::IncidentPage>());
      }
      pages.back()->push_back(std::move(incident));
    }
    for (std::size_t i = m_cases.size(); i-- > 0 && snapshot.newest.size() < 64;) {
      snapshot.newest.push_back(static_cast<std::uint32_t>(i));
    }
    snapshot.pages.assign(pages.begin(), pages.end());
    auto total = own;
    for (std::size_t i = total.size(); i-- > 1;) {
      state::CaseCounts& parent = total[m_tree->divisions()[i].parent.value];
      const state::CaseCounts child = total[i];
      parent.open += child.open;
      parent.reported_today += child.reported_today;
      parent.closed_today += child.closed_today;
      parent.unlocated_open += child.unlocated_open;
      for (std::size_t s = 0; s < model::kSeverityCount; ++s) parent.open_by_severity[s] += child.open_by_severity[s];
    }
    snapshot.reported_today_by_channel = {{"hotline", total[0].reported_today}};
    snapshot.reported_today_by_class = {{"E01", total[0].reported_today}};
    snapshot.reported_today_by_hour[3] = total[0].reported_today;
    snapshot.own = std::make_shared<const std::vector<state::CaseCounts>>(std::move(own));
    snapshot.total = std::make_shared<const std::vector<state::CaseCounts>>(std::move(total));
    return snapshot;
  }

 private:
  std::shared_ptr<const model::DivisionTree> m_tree;
  std::vector<Case> m_cases;
};

}  // namespace gridwall::test
