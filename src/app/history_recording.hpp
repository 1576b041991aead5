// The months before a demonstration's first day as a recording: seeded, made once in seconds, kept in the cache folder
// and continued from day to day, so that trends, last period and last year are there in the first minute. Every event
// says that it was simulated. Test: tests/e2e/wall/demo_has_a_history.py.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/wall_data.hpp"
#include "base/time_zone.hpp"

namespace gridwall::app {

struct HistoryWish {
  std::string profile_name;             // as load_wall_data had it
  std::optional<std::uint64_t> seed{};  // none: the profile's
  int months = 13;                      // at least; a history that is continued grows longer
  base::LocalDays until{};              // ends at that day's begin
};

// A new recording of it. Errors: the file is there already, of writing.
base::Status write_history(const std::filesystem::path& file, const WallData& data, const HistoryWish& wish);
// From the cache, made or continued where it has to be, with progress on stderr.
base::Result<std::filesystem::path> ensure_history(const WallData& data, const HistoryWish& wish);

}  // namespace gridwall::app
