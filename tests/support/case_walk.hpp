// One case led through the shipped lifecycle by hand, on the shipped calendar: step by step, at local times.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/case_flags.hpp"
#include "model/lifecycle.hpp"
#include "support/working_time.hpp"

namespace gridwall::support {

inline const std::vector<model::LifecycleRow>& shipped_lifecycle() {
  static const std::vector<model::LifecycleRow> rows = [] {
    auto loaded = model::load_lifecycle(GRIDWALL_SOURCE_DIR "/config/lifecycle.toml");
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message);
    return std::move(loaded).value();
  }();
  return rows;
}

inline const model::LifecycleRow& lifecycle_row(std::string_view type) {
  for (const auto& row : shipped_lifecycle()) {
    if (row.type == type) return row;
  }
  ADD_FAILURE() << "no row " << type;
  return shipped_lifecycle().front();
}

class CaseWalk {
 public:
  CaseWalk() = default;
  explicit CaseWalk(std::string_view limit) { m_class.limit = model::parse_limit(limit).value(); }

  model::LimitRules rules;
  model::CaseRecord record;

  // `step`: "filed". Reasons are given where they are asked for.
  CaseWalk& then(std::string_view step, base::UtcTime at, model::IncidentFacts facts = {}) {
    const model::LifecycleRow& row = lifecycle_row("incident." + std::string(step));
    if (row.reason_required && facts.reason.empty()) facts.reason = "because";
    if (facts.reason == "-") facts.reason.clear();
    model::Event event;
    event.type = row.type;
    event.occurred_at = at;
    event.incident = std::move(facts);
    model::apply_event(record, m_is_new, row, event, m_class.limit.given() ? &m_class : nullptr, case_rules());
    m_is_new = false;
    return *this;
  }
  CaseWalk& then(std::string_view step, std::string_view at, model::IncidentFacts facts = {}) {
    return then(step, local(at), std::move(facts));
  }
  // Reported, accepted, filed and dispatched at once.
  CaseWalk& dispatched(std::string_view at, model::IncidentFacts facts = {}) {
    return then("reported", at).then("accepted", at).then("filed", at).then("dispatched", at, std::move(facts));
  }
  CaseWalk& handling(std::string_view at) { return dispatched(at).then("handling_started", at); }
  CaseWalk& with_milestones(std::vector<model::Limit> milestones) {
    m_class.milestones = std::move(milestones);
    return *this;
  }
  bool timer(std::string_view due) { return model::apply_timer(record, local(due), case_rules()); }

  [[nodiscard]] model::CaseRules case_rules() const { return {&rules, &shipped_calendar()}; }
  [[nodiscard]] model::CaseStanding standing(base::UtcTime at) const {
    return model::standing_at(record, at, case_rules());
  }
  [[nodiscard]] model::CaseStanding standing(std::string_view at) const { return standing(local(at)); }
  [[nodiscard]] model::DeadlineStatus status(std::string_view at) const { return standing(at).deadline; }
  [[nodiscard]] std::optional<base::UtcTime> next_after(std::string_view at) const {
    return model::next_change(record, local(at), case_rules());
  }
  [[nodiscard]] std::string deadline() const { return local_text(record.deadline_at); }
  [[nodiscard]] model::CaseMeasure measure(std::string_view at, const model::CaseSurroundings& around = {}) const {
    return model::measure(record, standing(at), around, case_rules());
  }

 private:
  bool m_is_new = true;
  model::ClassLimit m_class;
};

inline model::IncidentFacts decision(bool approved) {
  model::IncidentFacts facts;
  facts.approved = approved;
  return facts;
}
inline model::IncidentFacts until(std::string_view resume_at) {
  model::IncidentFacts facts;
  facts.resume_at = local(resume_at);
  return facts;
}
inline model::IncidentFacts due(std::string_view deadline) {
  model::IncidentFacts facts;
  facts.deadline = local(deadline);
  return facts;
}
inline model::IncidentFacts limited(std::string limit) {
  model::IncidentFacts facts;
  facts.limit = std::move(limit);
  return facts;
}

}  // namespace gridwall::support
