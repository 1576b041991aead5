// CourseTable: the steps that a simulated case may take, tied to the rows of the district's lifecycle table: the table
// says where each leads from and to, so that no course breaks it. Test: tests/unit/sim/case_course_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "model/vocabulary.hpp"

namespace gridwall::sim {

enum class StepKind : std::uint8_t {
  Reported,
  SelfHandled,
  VerifyRequested,
  Verified,
  Accepted,
  Rejected,
  Filed,
  ReturnedToAcceptor,
  Cancelled,
  Dispatched,
  Returned,
  HandlingStarted,
  ExtensionRequested,
  ExtensionDecided,
  Suspended,
  Resumed,
  Handled,
  CheckRequested,
  CheckStarted,
  SentBack,
  ReworkOrdered,
  CheckPassed,
  Closed,
  ForceClosed,
  Evaluated,
  Reopened,
  Urged,
  Supervised,
  AppealOpened,
  AppealDecided,
  Exempted,
  MarkedDuplicate,
  FollowUp,
};
inline constexpr std::size_t kStepKindCount = static_cast<std::size_t>(StepKind::FollowUp) + 1;
// "incident.filed"; static text.
std::string_view step_type(StepKind kind);

// Immutable. Keeps its own copy of the rows.
class CourseTable {
 public:
  // Error: an event that courses need and the table lacks, by name.
  static base::Result<CourseTable> create(const model::Vocabulary& vocabulary);

  // A chain of four steps: reported, dispatched, handled, closed; in between only what the table insists on. So it is
  // where the table lets a case be handled without a begin and closed without a check.
  [[nodiscard]] bool is_short() const { return m_is_short; }
  [[nodiscard]] bool leads_from(StepKind kind, model::CaseState state) const { return row(kind).leads_from(state); }
  // The state after the step.
  [[nodiscard]] model::CaseState after(StepKind kind, model::CaseState state) const {
    return row(kind).to.value_or(state);
  }
  [[nodiscard]] bool reason_required(StepKind kind) const { return row(kind).reason_required; }

 private:
  CourseTable() = default;
  [[nodiscard]] const model::LifecycleRow& row(StepKind kind) const { return m_rows[static_cast<std::size_t>(kind)]; }
  std::array<model::LifecycleRow, kStepKindCount> m_rows;
  bool m_is_short = false;
};

}  // namespace gridwall::sim
