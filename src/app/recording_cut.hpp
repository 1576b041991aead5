// A piece of a recording as a recording of its own: its events as they were, a keyframe of the state before them, the
// keyframes and bookmarks among them, the district inside. Test: tests/unit/app/recording_test.cpp.
#pragma once

#include <filesystem>

#include "app/recording_verify.hpp"

namespace gridwall::app {

struct CutResult {
  std::uint64_t first_sequence = 0, last_sequence = 0, keyframe_count = 0, bookmark_count = 0;
};

// Errors: `out` is there, the piece was recorded with two configurations, or the recording cannot be folded to its
// beginning. No file is left behind then.
base::Result<CutResult> cut_recording(journal::Recording& recording, std::uint64_t first_sequence,
                                      std::uint64_t last_sequence, const std::filesystem::path& out,
                                      const TellProgress& tell);

}  // namespace gridwall::app
