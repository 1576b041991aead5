// Control: what a replay's clock is told over the request socket, and what it answers; JSON both ways. Limits of rates
// and places are the clock's business (hub/replay_clock.hpp), the form alone is checked here.
// Test: tests/unit/wire/control_test.cpp, tests/fuzz.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/hub_view.hpp"
#include "wire/heartbeat.hpp"

namespace gridwall::wire {

inline constexpr std::size_t kControlNameBytesMax = 256;          // of a bookmark
inline constexpr std::int64_t kControlStepEventsMax = 1'000'000;  // either way
inline constexpr std::size_t kReplayStatusBookmarksMax = 1000;    // in one answer

using ControlAction = model::ReplayAction;
// "play", "pause" ...: the member 'do'.
std::string_view control_action_word(ControlAction action);

using model::TimeSpan;

// {"op":"control","do":"play"}; beside it, by action: "value" (rate: seconds a second; skip: true or false),
// "time" or "sequence" (seek), "events" (step, negative: back), "from" and "to" (loop; neither: off), "name"
// (bookmark).
using ControlRequest = model::ReplayOrder;

std::string encode_control(const ControlRequest& request);
// Error: Malformed, with a sentence for the asker.
base::Result<ControlRequest> decode_control(std::string_view message);

// Where a replay is: the answer to every control request.
struct ReplayStatus : model::ReplayStatus {
  ClockState clock;  // as heartbeats tell it
  bool operator==(const ReplayStatus&) const = default;
};

std::string encode_replay_status(const ReplayStatus& status);
// Errors: Malformed; Refused when the hub answered {"error":...}.
base::Result<ReplayStatus> decode_replay_status(std::string_view message);

// A live hub answers a bookmark with {"ok":true,"bookmark":{"sequence","time","name"}} once it is on the disk.
std::string encode_kept_bookmark(const ReplayStatus::Mark& mark);
base::Result<ReplayStatus::Mark> decode_kept_bookmark(std::string_view message);

// {"op":"density","buckets":240}: for the strip under a timeline. The answer: {"ok":true,"first","last","counts"}.
inline constexpr std::size_t kDensityBucketsMax = 2000;
std::string encode_density_request(std::size_t bucket_count);
std::string encode_density(const model::ReplayDensity& density);
// Errors: Malformed; Refused when the hub answered {"error":...}.
base::Result<model::ReplayDensity> decode_density(std::string_view message);

}  // namespace gridwall::wire
