// Recordings that a demonstration makes for itself and keeps in the cache folder: made beside their place and put there
// whole, so that several programs at once come to the same file. Test: tests/e2e/wall/demo_replays_a_storm.py.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace gridwall::app {

// What a made recording depends on beside the program's version; any change makes another file.
[[nodiscard]] std::string recording_name(const std::string& stem, const std::string& ingredients);

// `file` in the cache folder, made by `make` at another path and renamed. Errors: of `make`, or of the disk.
base::Result<std::filesystem::path> ensure_recording(
    const std::string& file, const std::function<base::Status(const std::filesystem::path& made)>& make);

}  // namespace gridwall::app
