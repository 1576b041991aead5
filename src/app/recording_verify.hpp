// Whether a recording is as it was written: files, chunks, headers, chains, and the digests of its keyframes against
// its events. Test: tests/unit/app/recording_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/recording.hpp"

namespace gridwall::app {

struct VerifyResult {
  std::uint64_t event_count = 0, keyframe_count = 0;
  std::uint64_t digest = 0;           // of the root at the end
  std::vector<std::string> problems;  // sentences; the first hundred
};
using TellProgress = std::function<void(std::string_view step, double share)>;

// Error: it cannot be read at all.
base::Result<VerifyResult> verify_recording(journal::Recording& recording, const TellProgress& tell);

}  // namespace gridwall::app
