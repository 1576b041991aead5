// The recording of a generated storm day, kept in the cache folder and made on first use: what a trainer plays before
// there is a recording of one's own. Every event says that it was simulated. Test:
// tests/e2e/wall/demo_replays_a_storm.py.
#pragma once

#include <filesystem>
#include <string>

#include "app/wall_data.hpp"
#include "model/storm_day.hpp"

namespace gridwall::app {

// Takes seconds the first time, with progress on stderr, then nothing. Several programs at once come to the same file.
// `profile_name`: as load_wall_data had it.
base::Result<std::filesystem::path> ensure_storm_recording(const WallData& data, const std::string& profile_name,
                                                           const model::StormDay& storm, model::Language language);

}  // namespace gridwall::app
