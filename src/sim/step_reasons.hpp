// Reason words of simulated steps: every kind that a table may ask one of. Words, never free text.
#pragma once

#include <span>
#include <string_view>

#include "sim/course_table.hpp"

namespace gridwall::sim {

// Empty for kinds that have none of their own.
std::span<const std::string_view> step_reasons(StepKind kind);
// For a deployer's table that asks for a reason where we have no list.
inline constexpr std::string_view kOtherReason = "other";

}  // namespace gridwall::sim
