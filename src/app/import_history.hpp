// Import: a file of events becomes a recording without a hub (history_writer.hpp), and what was wrong with it is named.
// Test: tests/e2e/journal/import_and_replay.py.
#pragma once

#include <filesystem>
#include <string>

#include "app/wall_data.hpp"

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
