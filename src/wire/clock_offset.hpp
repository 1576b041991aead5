// ClockOffset: how far the hub's monotonic clock stands from ours, from pings on the request socket. The quickest of
// the last 8 round trips counts, since queueing only ever adds; its error is at most half its round trip.
// Pure, one thread. Test: tests/unit/wire/clock_offset_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "wire/constants.hpp"

namespace gridwall::wire {

struct OffsetMeasurement {
  base::Duration offset{};      // hub's monotonic time = our monotonic time since its zero + offset
  base::Duration round_trip{};
  std::uint64_t epoch = 0;      // of the hub that answered: another start may be another machine
  bool operator==(const OffsetMeasurement&) const = default;
};

class ClockOffset {
 public:
  // `sent` is what the ping carried, `hub_mono` and `epoch` what the answer says. An answer from another epoch
  // empties the window first. An answer received before it was sent is ignored.
  void on_pong(base::MonoTime sent, base::MonoTime received, base::Duration hub_mono, std::uint64_t epoch);

  [[nodiscard]] std::optional<OffsetMeasurement> best() const;

 private:
  std::array<OffsetMeasurement, kOffsetWindow> m_window{};
  std::size_t m_count = 0;  // answers so far in this epoch
};

}  // namespace gridwall::wire
