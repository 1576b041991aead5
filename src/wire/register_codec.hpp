// What stands beside incidents (site.status, metric.value, task.step, notice.posted) in the JSON of an event: the
// members of `data.properties` beside place and department. Invariants: words are words of lists, never texts, so that
// nothing personal fits in; what is read is written back the same. Private to wire. Tests:
// tests/unit/wire/register_codec_test.cpp, tests/fuzz.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "base/json_writer.hpp"
#include "wire/event_reader.hpp"

namespace gridwall::wire {

inline constexpr std::array<std::string_view, 15> kEntryNames{"table",  "entity", "column",   "state",   "tier",
                                                              "step",   "value",  "of",       "period",  "radius_m",
                                                              "due_at", "rating", "exercise", "checked", "text"};

// Of "site.status" and its like; nothing: another type.
std::optional<model::RegisterKind> register_kind(std::string_view type);

// The slots of kEntryNames into `facts`, whose kind is set.
MaybeFault read_entry(std::span<const std::optional<JsonView>, kEntryNames.size()> slots, model::RegisterFacts& facts);

// Into the open object of properties.
void write_entry(base::JsonWriter& json, const model::RegisterFacts& facts);

}  // namespace gridwall::wire
