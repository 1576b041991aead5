#include "model/incident.hpp"

#include <algorithm>

namespace gridwall::model {

std::optional<CaseState> case_state_from_number(int number) {
  constexpr std::array kAll{10, 11, 12, 13, 20, 21, 30, 31, 32, 33, 34,
                            40, 41, 42, 43, 50, 51, 60, 70, 90, 91};
  if (std::find(kAll.begin(), kAll.end(), number) == kAll.end()) return std::nullopt;
  return static_cast<CaseState>(number);
}

}  // namespace gridwall::model
