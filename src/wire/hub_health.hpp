// What a hub answers to {"op":"status"}, as far as a wall shows it. Members that an older or newer hub lacks or adds
// are no fault. Test: tests/unit/wire/hub_health_test.cpp, tests/fuzz.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "model/hub_view.hpp"

namespace gridwall::wire {

struct HubAnswer {
  model::HubHealth health;
  std::optional<model::ReplayStatus> replay;
};

// Errors: Malformed; Refused when the hub answered {"error":...}.
base::Result<HubAnswer> decode_hub_status(std::string_view message);

}  // namespace gridwall::wire
