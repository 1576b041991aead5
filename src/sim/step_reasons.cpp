#include "sim/step_reasons.hpp"

namespace gridwall::sim {

namespace {

using Words = std::string_view;
constexpr Words kRejected[]{"out_of_scope", "not_found_on_site", "too_little_information", "private_ground"};
constexpr Words kReturned[]{"wrong_department", "wrong_place", "not_our_asset"};
constexpr Words kReturnedToAcceptor[]{"wrong_class", "no_holder_found"};
constexpr Words kCancelled[]{"reported_by_mistake", "gone_by_itself", "duplicate"};
constexpr Words kExtensionRequested[]{"parts_on_order", "weather", "owner_absent"};
constexpr Words kExtensionDecided[]{"justified", "not_justified"};
constexpr Words kSuspended[]{"waits_for_budget", "waits_for_season", "ownership_disputed", "road_works_planned"};
constexpr Words kResumed[]{"obstacle_gone"};
constexpr Words kSentBack[]{"photo_missing", "only_partly_done"};
constexpr Words kReworkOrdered[]{"not_clean", "repair_does_not_hold", "only_partly_done"};
constexpr Words kForceClosed[]{"beyond_local_powers", "absorbed_by_project"};
constexpr Words kReopened[]{"came_back", "resident_objects"};
constexpr Words kUrged[]{"near_deadline", "asked_by_resident"};
constexpr Words kSupervised[]{"overtime", "leader", "important"};
constexpr Words kAppealOpened[]{"late_dispatch", "weather", "not_our_asset"};
constexpr Words kAppealDecided[]{"justified", "not_justified"};
constexpr Words kExempted[]{"storm", "police_order"};
constexpr Words kMarkedDuplicate[]{"same_place"};

}  // namespace

std::span<const std::string_view> step_reasons(StepKind kind) {
  switch (kind) {
    case StepKind::Rejected:
      return kRejected;
    case StepKind::Returned:
      return kReturned;
    case StepKind::ReturnedToAcceptor:
      return kReturnedToAcceptor;
    case StepKind::Cancelled:
      return kCancelled;
    case StepKind::ExtensionRequested:
      return kExtensionRequested;
    case StepKind::ExtensionDecided:
      return kExtensionDecided;
    case StepKind::Suspended:
      return kSuspended;
    case StepKind::Resumed:
      return kResumed;
    case StepKind::SentBack:
      return kSentBack;
    case StepKind::ReworkOrdered:
      return kReworkOrdered;
    case StepKind::ForceClosed:
      return kForceClosed;
    case StepKind::Reopened:
      return kReopened;
    case StepKind::Urged:
      return kUrged;
    case StepKind::Supervised:
      return kSupervised;
    case StepKind::AppealOpened:
      return kAppealOpened;
    case StepKind::AppealDecided:
      return kAppealDecided;
    case StepKind::Exempted:
      return kExempted;
    case StepKind::MarkedDuplicate:
      return kMarkedDuplicate;
    default:
      return {};
  }
}

}  // namespace gridwall::sim
