// The replay's part of an answer, for those codecs that have one inside another. Private to wire.
#pragma once

#include "wire/control.hpp"
#include "wire/json_document.hpp"

namespace gridwall::wire {

// Error: Malformed.
base::Result<ReplayStatus> read_replay_status(const JsonView& object);

}  // namespace gridwall::wire
