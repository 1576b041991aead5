// What a wall asks its hub for beside the feed: how it does (health panel), where a replay stands (timeline), and what
// it tells a replay's clock to do. Values: wire codes them, feed fetches them, ui draws them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace gridwall::model {

enum class ReplayAction : std::uint8_t { Play, Pause, Rate, Max, Seek, Step, Loop, Skip, Bookmark };

struct TimeSpan {
  base::UtcTime from{}, to{};  // from < to
  bool operator==(const TimeSpan&) const = default;
};

struct ReplayOrder {
  ReplayAction action = ReplayAction::Pause;
  double rate = 1;                    // replayed seconds a second
  std::optional<base::UtcTime> time;  // of a seek; else sequence is its target
  std::uint64_t sequence = 0;
  std::int64_t events = 0;       // of a step; negative: back
  std::optional<TimeSpan> loop;  // none: off
  bool skip = false;
  std::string name;  // of a bookmark
  bool operator==(const ReplayOrder&) const = default;
};

struct ReplayStatus {
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
  std::vector<Mark> bookmarks;  // in order of sequence
  bool operator==(const ReplayStatus&) const = default;
};

// Events of a recording in equal spans from the first event's time to the last's.
struct ReplayDensity {
  base::UtcTime first{}, last{};
  std::vector<std::uint64_t> counts;
  bool operator==(const ReplayDensity&) const = default;
};

// Counts are since the hub's start.
struct HubHealth {
  std::uint64_t last_sequence = 0;
  std::uint64_t request_count = 0, refused_count = 0, rate_limited_count = 0, answer_dropped_count = 0;
  std::uint64_t dropped_member_count = 0;  // of events: not on the allow-list
  std::uint64_t scrubbed_count = 0;        // marks that could tell a person, of every kind
  std::uint64_t waiting_answer_count = 0;  // for the disk
  std::uint64_t followed_prefix_count = 0;
  double state_ahead_s = 0;  // its state's time is ahead of its clock, which was set back; 0: it is not
  double accept_p50_ms = 0, accept_p99_ms = 0;
  struct Journal {
    std::uint64_t durable_through = 0, behind_events = 0;
    double commit_p50_ms = 0, commit_p99_ms = 0;
    std::string failure;  // empty: it writes
    bool operator==(const Journal&) const = default;
  };
  std::optional<Journal> journal;  // none: nothing is kept
  std::uint64_t snapshot_count = 0, sync_finished_count = 0, sync_refused_count = 0, sync_open_count = 0;
  bool keyed = false;
  std::uint64_t peer_refused_count = 0;  // connections turned away
  bool operator==(const HubHealth&) const = default;
};

// How the wall itself does. Lags are those of the feed's newest message, looked at with each new state.
// The pictures of the last minute.
struct PictureHealth {
  std::size_t frame_count = 0, gpu_frame_count = 0;
  double frame_p50_ms = 0, frame_p99_ms = 0;  // of the main thread, from the snapshot to the swap
  double gpu_p50_ms = 0, gpu_p99_ms = 0;
  std::uint64_t draw_count = 0, triangle_count = 0, uploaded_bytes = 0;  // of the last one
  std::uint64_t memory_bytes = 0;                                        // on the card
};

struct WallHealth {
  double events_per_s = 0;
  std::size_t lag_sample_count = 0;
  double lag_p50_ms = 0, lag_p99_ms = 0;
  std::size_t queue_length = 0, queue_length_max = 0;  // between the feed's thread and the state's
  std::uint64_t queue_dropped_count = 0;
  PictureHealth picture;
};

// The newest that the hub answered.
struct HubView {
  std::optional<HubHealth> health;
  std::optional<ReplayStatus> replay;  // none: not a replay
  std::optional<ReplayDensity> density;
  double events_per_s = 0;      // between the last two answers
  base::MonoTime answered_at{};  // zero: never
  std::string problem;          // no answer, or the last order was refused; empty: none
};

}  // namespace gridwall::model
