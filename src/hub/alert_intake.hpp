// Where an outside alert belongs. What of its text may be seen: redaction.hpp.
// Test: tests/unit/hub/alert_intake_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "model/division_tree.hpp"

namespace gridwall::hub {

// The topic of the one division that holds all `codes`; the root's own leaf when there are none or one is unknown: an
// alert is rather heard by too many.
std::string alert_topic(const model::DivisionTree& tree, const std::vector<std::string>& codes);

}  // namespace gridwall::hub
