// What single steps of the lifecycle carry in `data.properties`: condition, limit, deadline, reason, decision and so
// on. Invariant: reads what it writes; a reason is a word of a list and never free text. Private to wire. Tests:
// tests/unit/wire/step_facts_test.cpp, event_round_trip_test.cpp.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/json_writer.hpp"
#include "wire/event_reader.hpp"

namespace gridwall::wire {

inline constexpr std::array<std::string_view, 11> kStepNames{"condition", "limit",     "deadline",     "reason",
                                                             "approved",  "resume_at", "duplicate_of", "solved_level",
                                                             "satisfied", "command",   "if_version"};

// `slots`: by kStepNames.
MaybeFault read_step_facts(std::span<const std::optional<JsonView>, kStepNames.size()> slots,
                           model::IncidentFacts& facts);
void write_step_facts(base::JsonWriter& json, const model::IncidentFacts& facts);

}  // namespace gridwall::wire
