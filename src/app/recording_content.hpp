// What a recording carries beside its events: the division tree and every file of the configuration that its district
// was loaded from; and the way back, so that a recording is replayed as it was lived after the configuration changed.
// Test: tests/e2e/recording.
#pragma once

#include <string>
#include <vector>

#include "app/wall_data.hpp"
#include "journal/recording.hpp"

namespace gridwall::app {

// `data` as load_wall_data(profile_name, ...) gave it. Errors: a file that is gone since.
base::Result<std::vector<journal::ContentItem>> collect_content(const WallData& data, const std::string& profile_name);
// Of a new journal of that district; `journal` is given by the caller.
journal::Identity recorded_identity(const WallData& data, const wire::JournalId& journal, bool simulated);

// The district as it was recorded in that segment. Words come from this program, everything else from the recording.
// Errors name the file and what of it is missing.
base::Result<WallData> load_recorded_data(journal::Recording& recording, std::size_t segment, model::Language language);
// Two segments were recorded with the same district, to the byte.
base::Result<bool> same_content(journal::Recording& recording, std::size_t a, std::size_t b);

}  // namespace gridwall::app
