// FramePacer: when the next picture is due. A wall that shows nothing new sleeps until an event, a new snapshot or the
// slow tick (the clock in the header); one that moves runs at its full rate. Pure: times come in.
// Test: tests/unit/platform/frame_pacer_test.cpp.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace gridwall::platform {

class FramePacer {
 public:
  struct Rates {
    base::Duration busy{std::chrono::milliseconds(16)};    // between frames while something moves
    base::Duration idle{std::chrono::milliseconds(1000)};  // between frames while nothing does
  };

  explicit FramePacer(Rates rates) : m_rates(rates) {}

  // Something changed: input, a snapshot, an animation that goes on. Asked again for every frame.
  void request_frame() { m_requested = true; }

  // How long to wait for events before the next look; zero: draw now.
  [[nodiscard]] base::Duration wait_for(base::MonoTime now) const {
    if (!m_drawn) return base::Duration::zero();
    const base::MonoTime due = m_last + (m_requested ? m_rates.busy : m_rates.idle);
    return std::max(base::Duration::zero(), base::Duration(due - now));
  }

  // A frame was begun at `now`.
  void frame_drawn(base::MonoTime now) {
    m_last = now;
    m_drawn = true;
    m_requested = false;
  }

 private:
  Rates m_rates;
  base::MonoTime m_last{};
  bool m_drawn = false;
  bool m_requested = false;
};

}  // namespace gridwall::platform
