// How a hub does, as one JSON object: for `gridwall status`, the end of `gridwall hub` and whoever supervises it.
// Test: tests/unit/hub/hub_test.cpp, tests/e2e/journal.
#pragma once

#include <string>

#include "hub/hub.hpp"

namespace gridwall::base {
class JsonWriter;
}

namespace gridwall::hub {

std::string status_json(const HubStatus& status);
// The members alone, into an open object.
void write_status(base::JsonWriter& json, const HubStatus& status);

}  // namespace gridwall::hub
