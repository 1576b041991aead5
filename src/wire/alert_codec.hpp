// Outside alerts in the JSON of an event: `data` is a Feature whose geometry is the area's polygons, with circles,
// codes and the rest under properties. Invariants: nothing that is not on the list gets in, counts and texts are
// bounded, what is read is written back the same. Private to wire. Tests: tests/unit/wire/alert_codec_test.cpp,
// tests/fuzz.
#pragma once

#include "base/json_writer.hpp"
#include "wire/event_reader.hpp"

namespace gridwall::wire {

inline constexpr std::string_view kAlertPrefix = "alert.";

// `data` of an alert.* event into `alert`; `resolved` is what stands under that name, for the caller. Members that are
// not on the list are added to `dropped_count`.
MaybeFault read_alert(const JsonView& data, model::AlertFacts& alert, std::optional<JsonView>& resolved,
                      std::uint64_t& dropped_count);

// The members of `data` behind "type", up to the open object of properties.
void write_alert(base::JsonWriter& json, const model::AlertFacts& alert);

}  // namespace gridwall::wire
