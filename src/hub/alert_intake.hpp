// What the hub does with an outside alert before it passes it on: where it belongs, and what of its text may be seen.
// Test: tests/unit/hub/alert_intake_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/division_tree.hpp"
#include "model/event.hpp"

namespace gridwall::hub {

// The topic of the one division that holds all `codes`; the root's own leaf when there are none or one is unknown: an
// alert is rather heard by too many.
std::string alert_topic(const model::DivisionTree& tree, const std::vector<std::string>& codes);

// Masks personal marks in all free text; how many there were.
std::uint64_t mask_alert(model::AlertFacts& alert);

}  // namespace gridwall::hub
