// Control: what a replay's clock is told over the request socket, and what it answers; JSON both ways. Limits of rates
// and places are the clock's business (hub/replay_clock.hpp), the form alone is checked here.
// Test: tests/unit/wire/control_test.cpp, tests/fuzz.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/heartbeat.hpp"

namespace gridwall::wire {

inline constexpr std::size_t kControlNameBytesMax = 256;          // of a bookmark
inline constexpr std::int64_t kControlStepEventsMax = 1'000'000;  // either way
inline constexpr std::size_t kReplayStatusBookmarksMax = 1000;    // in one answer

enum class ControlAction : std::uint8_t { Play, Pause, Rate, Max, Seek, Step, Loop, Skip, Bookmark };
// "play", "pause" ...: the member 'do'.
std::string_view control_action_word(ControlAction action);

struct TimeSpan {
  base::UtcTime from{}, to{};  // from < to
  bool operator==(const TimeSpan&) const = default;
};

// {"op":"control","do":"play"}; beside it, by action: "value" (rate: seconds a second; skip: true or false),
// "time" or "sequence" (seek), "events" (step, negative: back), "from" and "to" (loop; neither: off), "name"
// (bookmark).
struct ControlRequest {
  ControlAction action = ControlAction::Pause;
  double rate = 1;
  std::optional<base::UtcTime> time;  // of a seek; else sequence is its target
  std::uint64_t sequence = 0;
  std::int64_t events = 0;
  std::optional<TimeSpan> loop;
  bool skip = false;
  std::string name;
  bool operator==(const ControlRequest&) const = default;
};

std::string encode_control(const ControlRequest& request);
// Error: Malformed, with a sentence for the asker.
base::Result<ControlRequest> decode_control(std::string_view message);

// Where a replay is: the answer to every control request.
struct ReplayStatus {
  ClockState clock;  // as heartbeats tell it
  base::UtcTime position{};
  bool playing = false;
  double rate = 1;      // chosen; kept while paused or as fast as possible
  bool is_max = false;  // as fast as possible
  bool skips_idle = false;
  bool ended = false;
  std::optional<TimeSpan> loop;
  base::UtcTime first{}, last{};  // of the recording's events
  std::uint64_t first_sequence = 0, last_sequence = 0;
  std::uint64_t sequence = 0;  // the last event played
  struct Mark {
    std::uint64_t sequence = 0;
    base::UtcTime time{};
    std::string name;
    bool operator==(const Mark&) const = default;
  };
  std::vector<Mark> bookmarks;  // at most kReplayStatusBookmarksMax, the first ones
  bool operator==(const ReplayStatus&) const = default;
};

std::string encode_replay_status(const ReplayStatus& status);
// Errors: Malformed; Refused when the hub answered {"error":...}.
base::Result<ReplayStatus> decode_replay_status(std::string_view message);

}  // namespace gridwall::wire
