#include "model/incident.hpp"

#include <algorithm>

namespace gridwall::model {

std::optional<CaseState> case_state_from_number(int number) {
  const auto wanted = static_cast<CaseState>(number);
  if (std::find(kCaseStates.begin(), kCaseStates.end(), wanted) == kCaseStates.end()) return std::nullopt;
  return wanted;
}

std::size_t case_state_index(CaseState state) {
  return static_cast<std::size_t>(std::find(kCaseStates.begin(), kCaseStates.end(), state) - kCaseStates.begin());
}

}  // namespace gridwall::model
