// A recording folded to one moment for its figures, by the rules that stand in it. The same answer as of a file of the
// same events. Test: tests/unit/app/recording_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "app/event_file.hpp"

namespace gridwall::app {

// Fills `data` with the district as it was recorded at that moment. Errors: nothing was recorded until then.
base::Result<EventFileResult> fold_recording(const std::vector<std::string>& files, base::UtcTime at,
                                             model::Language language, WallData& data);

}  // namespace gridwall::app
