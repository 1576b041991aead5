// Import: a history of events becomes a recording without a hub: the same intake, the same fold, one .gwr file. State
// time is the largest event time so far, so nothing is too old, and every key is kept.
// Test: tests/e2e/journal/import_and_replay.py.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "app/wall_data.hpp"
#include "hub/intake.hpp"
#include "journal/writer.hpp"

namespace gridwall::app {

struct ImportResult {
  std::uint64_t line_count = 0, event_count = 0, refused_count = 0, duplicate_count = 0;
  std::string first_refusal;  // with file and line
  std::uint64_t last_sequence = 0;
};

// Error: the file is there already, a file that cannot be read or written. `profile_name` as load_wall_data had it.
base::Result<ImportResult> import_history(const std::filesystem::path& events, const std::filesystem::path& recording,
                                          const WallData& data, const std::string& profile_name);

}  // namespace gridwall::app
