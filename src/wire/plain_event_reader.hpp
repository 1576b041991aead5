// Reads an incident's event as encode_event() writes it: its members in that order, no white space, no escapes. Such
// bytes need no document: they are compared and copied in one pass, several times quicker than the general way.
// Invariant: what it takes, EventReader takes too and makes the same event of it; it never refuses, it only steps
// aside. Private to wire: EventDecoder asks it first. Tests: tests/unit/wire/plain_event_reader_test.cpp, tests/fuzz.
#pragma once

#include <string_view>

#include "model/event.hpp"

namespace gridwall::wire {

// Into an empty event. False: another form, or something to refuse; `event` holds then what was read so far.
bool read_plain_event(std::string_view message, model::Event& event);

}  // namespace gridwall::wire
