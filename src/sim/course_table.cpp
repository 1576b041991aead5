#include "sim/course_table.hpp"

#include <fmt/format.h>

namespace gridwall::sim {

namespace {

constexpr std::array<std::string_view, kStepKindCount> kStepTypes{"incident.reported",
                                                                  "incident.self_handled",
                                                                  "incident.verify_requested",
                                                                  "incident.verified",
                                                                  "incident.accepted",
                                                                  "incident.rejected",
                                                                  "incident.filed",
                                                                  "incident.returned_to_acceptor",
                                                                  "incident.cancelled",
                                                                  "incident.dispatched",
                                                                  "incident.returned",
                                                                  "incident.handling_started",
                                                                  "incident.extension_requested",
                                                                  "incident.extension_decided",
                                                                  "incident.suspended",
                                                                  "incident.resumed",
                                                                  "incident.handled",
                                                                  "incident.check_requested",
                                                                  "incident.check_started",
                                                                  "incident.sent_back",
                                                                  "incident.rework_ordered",
                                                                  "incident.check_passed",
                                                                  "incident.closed",
                                                                  "incident.force_closed",
                                                                  "incident.evaluated",
                                                                  "incident.reopened",
                                                                  "incident.urged",
                                                                  "incident.supervised",
                                                                  "incident.appeal_opened",
                                                                  "incident.appeal_decided",
                                                                  "incident.exempted",
                                                                  "incident.marked_duplicate",
                                                                  "incident.follow_up"};

}  // namespace

std::string_view step_type(StepKind kind) {
  return kStepTypes[static_cast<std::size_t>(kind)];
}

base::Result<CourseTable> CourseTable::create(const model::Vocabulary& vocabulary) {
  CourseTable table;
  for (std::size_t i = 0; i < kStepKindCount; ++i) {
    const model::LifecycleRow* row = vocabulary.find_event(kStepTypes[i]);
    if (row == nullptr) {
      return base::Error{base::ErrorCode::Malformed,
                         fmt::format("the lifecycle table has no '{}', which the simulator sends; add its row to "
                                     "config/lifecycle.toml",
                                     kStepTypes[i])};
    }
    table.m_rows[i] = *row;
  }
  table.m_is_short = table.leads_from(StepKind::Handled, model::CaseState::Dispatched) &&
                     table.leads_from(StepKind::Closed, model::CaseState::Handled);
  return table;
}

}  // namespace gridwall::sim
