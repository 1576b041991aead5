// The two halves of a move: a case leaves one division with all that it adds there, and arrives whole in another. A
// world that holds both places has it once before and once after; one that holds a single place loses or gains it.
// Form: one case of a keyframe part. Test: tests/unit/state/case_move_test.cpp, tests/fuzz/keyframe_fuzz.cpp.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "state/world.hpp"

namespace gridwall::state {

// Empty when the incident is not known.
std::string encode_case(const World& world, std::string_view incident_id);

}  // namespace gridwall::state
