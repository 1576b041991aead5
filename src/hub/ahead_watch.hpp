// AheadWatch: whether the state's time is ahead of the hub's clock. It is where the clock went ahead and was set back,
// and where a journal ends later than the clock stands: state time waits until the clock has caught up, nothing that is
// timed comes due, and events of now may be refused as too old. Safe, but somebody must hear of it.
// Test: tests/unit/hub/ahead_watch_test.cpp.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"

namespace gridwall::hub {

class AheadWatch {
 public:
  // Less is how a clock is put right now and then, and is not told.
  static constexpr base::Duration kTold = std::chrono::seconds(1);

  // By how much; zero below kTold. Logs when it begins, when it grows anew, and when it is over.
  base::Duration look(base::UtcTime state_time, base::UtcTime clock) {
    const base::Duration ahead = state_time - clock < kTold ? base::Duration::zero() : state_time - clock;
    if (ahead > m_ahead + kTold) {
      base::log_warning("hub",
                        "the state's time is ahead of the hub's clock, and waits for it: ahead_s={:.0f}; was the clock "
                        "set back? events more than 30 days behind the state's time are refused",
                        std::chrono::duration<double>(ahead).count());
    } else if (ahead == base::Duration::zero() && m_ahead != base::Duration::zero()) {
      base::log_info("hub", "the hub's clock has caught up with the state's time");
    }
    m_ahead = ahead;
    return ahead;
  }

 private:
  base::Duration m_ahead{};
};

}  // namespace gridwall::hub
