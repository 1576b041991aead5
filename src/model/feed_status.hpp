// FeedStatus: how far the wall can be believed, shown on every output. Computed by wire's tracker, drawn by ui.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace gridwall::model {

enum class FeedState : std::uint8_t {
  Connecting,  // nothing heard yet
  Live,        // in step: heartbeats come in time, nothing is missing, and our digests equal the hub's
  Behind,      // heartbeats come late by `behind`
  Recovering,  // something is missing or differs, and is being fetched: figures are grey until then
  Stale,       // none since `stale_since`: figures are grey
  Refused,     // the hub said no: `detail`
  Mismatch,    // the hub's layers or profile differ from ours: `detail`
  Static,      // no feed: a picture from a file (gridwall render)
};

enum class ClockMode : std::uint8_t { Live, Simulated, Replay };

struct FeedStatus {
  FeedState state = FeedState::Connecting;
  base::UtcTime heard_since{};  // our clock: since when this wall has heard without a break
  // Everything that the hub published since its start; else figures count from heard_since.
  bool is_complete = false;
  base::UtcTime stale_since{};  // our clock: when the last heartbeat came
  base::Duration behind{};      // local monotonic time + measured offset - sent_at
  std::uint64_t last_sequence = 0;
  std::uint64_t received_count = 0;  // events
  std::uint64_t gap_count = 0;       // holes in the sequence
  std::uint64_t missed_count = 0;    // events known to be lost in them (whole-feed subscribers only)
  std::uint64_t bad_count = 0;       // messages that could not be decoded
  std::uint64_t resync_count = 0;    // times that a snapshot or the missing events were fetched, the first included
  std::uint64_t digest_count = 0;    // heartbeats whose digests were compared
  std::uint64_t digest_differs_count = 0;
  std::uint64_t durable_through = 0;  // of the newest heartbeat
  std::uint64_t epoch = 0;
  ClockMode clock_mode = ClockMode::Live;
  double clock_rate = 1.0;                   // hub seconds per real second
  std::optional<base::Duration> round_trip;  // of the clock measurement in use
  std::string detail;                        // words' key or the hub's reason

  [[nodiscard]] bool figures_are_current() const { return state == FeedState::Live || state == FeedState::Static; }
};

}  // namespace gridwall::model
