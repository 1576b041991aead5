// Lines of a file of events (JSON lines, as `gridwall send` takes them), one after another, however large the file is.
// Test: tests/e2e/journal/import_and_replay.py.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "base/result.hpp"

namespace gridwall::app {

struct EventLine {
  std::string_view text;     // valid during the call
  std::uint64_t number = 0;  // from 1, blank ones counted
  bool too_long = false;     // beyond what one message may hold; `text` says nothing then
};

// Each line that is not blank, with progress named `step` on stderr. Errors: a file that cannot be read; those of
// `take`.
base::Status for_each_event_line(const std::filesystem::path& file, std::string_view step,
                                 const std::function<base::Status(const EventLine& line)>& take);

}  // namespace gridwall::app
