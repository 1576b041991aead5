// Heartbeat and clock beacon: second part of a control message (topic, JSON). They take no sequence.
// A heartbeat proves to a subscriber of one prefix that it has all there is; the beacon tells the hub's clock to those
// who follow it (a simulator). Layout: README.md. Test: tests/unit/wire/heartbeat_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/feed_status.hpp"
#include "wire/feed_header.hpp"

namespace gridwall::wire {

struct ClockState {
  model::ClockMode mode = model::ClockMode::Live;
  double rate = 1.0;  // hub seconds per real second
  base::UtcTime state_time{};
  base::Duration sent_at{};  // the hub's monotonic clock
  bool operator==(const ClockState&) const = default;
};

struct Heartbeat {
  std::string prefix;  // a path or an own leaf
  JournalId journal{};
  std::uint64_t epoch = 0;
  std::uint64_t last_sequence = 0;  // of this prefix; 0: none
  std::uint64_t feed_sequence = 0;  // of the whole feed: who has this prefix's last has all of it up to here
  std::string digest;               // of this prefix's state, 16 hexadecimal digits; empty where the hub keeps none
  std::uint64_t durable_through = 0;
  std::uint64_t tree_hash = 0;   // DivisionTree::content_hash of the hub's layers
  std::uint64_t rules_hash = 0;  // of the hub's lifecycle, limits, calendars, classes; 0: it does not say
  ClockState clock;
  bool operator==(const Heartbeat&) const = default;
};

struct ClockBeacon {
  JournalId journal{};
  std::uint64_t epoch = 0;
  ClockState clock;
  bool operator==(const ClockBeacon&) const = default;
};

std::string encode_heartbeat(const Heartbeat& heartbeat);
base::Result<Heartbeat> decode_heartbeat(std::string_view payload);
std::string encode_clock_beacon(const ClockBeacon& beacon);
base::Result<ClockBeacon> decode_clock_beacon(std::string_view payload);

// "live", "simulated", "replay".
std::string_view clock_mode_word(model::ClockMode mode);

}  // namespace gridwall::wire
