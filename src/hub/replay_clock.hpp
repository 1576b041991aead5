// ReplayClock: where a recording stands and how fast it runs. Play, pause, rates, seeks, steps, a loop, skipping of
// idle spans. A pure machine: the owner asks advance() for what to do, does it, and reports where a jump has led
// (arrived). Invariants: the position never leaves [first, last]; it is counted in whole nanoseconds from the last
// command, so it does not drift; jumps come at most four a second, the newest wins. One thread. Test:
// tests/unit/hub/replay_clock_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/control.hpp"

namespace gridwall::hub {

inline constexpr double kReplayRateMin = 0.1, kReplayRateMax = 3600;  // replayed seconds a second
inline constexpr base::Duration kIdleSkipped = std::chrono::seconds(60);
inline constexpr base::Duration kLoopMin = std::chrono::seconds(1);
inline constexpr base::Duration kJumpInterval = std::chrono::milliseconds(250);

// A moment of state time, or the sequence of the last event that has happened there.
using ReplayTarget = std::variant<base::UtcTime, std::uint64_t>;

// What the owner does now, in this order.
struct ReplayMove {
  std::optional<base::UtcTime> play_to;  // publish what is due until then; state time goes there
  std::optional<ReplayTarget> jump;      // go there, start an epoch, call arrived()
  std::int64_t step_events = 0;          // play so many events; back: jump. Then call arrived()
  bool ended = false;                    // the end has just been reached: it pauses
};

class ReplayClock {
 public:
  // Of a recording's events; paused at the first, which has not been played yet.
  ReplayClock(base::UtcTime first, base::UtcTime last, base::MonoTime now);

  // Errors: InvalidArgument, a rate or a loop out of bounds; nothing has changed then. A bookmark is the owner's.
  base::Status apply(const wire::ControlRequest& request, base::MonoTime now);

  // At the end: from the beginning.
  void play(base::MonoTime now);
  void pause(base::MonoTime now);
  base::Status set_rate(double rate, base::MonoTime now);
  // The owner folds what is due as quickly as it can and tells reached().
  void as_fast_as_possible(base::MonoTime now);
  void seek(ReplayTarget target);
  // Pauses.
  void step(std::int64_t events, base::MonoTime now);
  // [from, to). From outside of it, it is entered at its begin; who seeks out of it behind `to` has left it alone.
  base::Status loop(std::optional<wire::TimeSpan> span, base::MonoTime now);
  void skip_idle(bool on) { m_skips_idle = on; }

  // `next_event`: of the first event that was not played; none: there is no more. While one is due that was not played,
  // the clock waits for it, so that who cannot keep up is slow and not wrong.
  ReplayMove advance(base::MonoTime now, std::optional<base::UtcTime> next_event);
  // A jump or step has led here (or has failed, and this is where it stands still).
  void arrived(base::UtcTime position, base::MonoTime now);
  // As fast as possible: everything until then is folded.
  void reached(base::UtcTime position);

  [[nodiscard]] base::UtcTime position() const { return m_position; }
  [[nodiscard]] bool playing() const { return m_playing; }
  [[nodiscard]] bool ended() const { return m_ended; }
  [[nodiscard]] bool is_max() const { return m_is_max; }
  [[nodiscard]] double rate() const { return static_cast<double>(m_rate_millionths) / 1e6; }
  // As a feed's clock tells it: 0 while it stands.
  [[nodiscard]] double told_rate() const { return m_playing ? rate() : 0; }
  [[nodiscard]] std::optional<wire::TimeSpan> loop() const { return m_loop; }
  [[nodiscard]] bool skips_idle() const { return m_skips_idle; }
  [[nodiscard]] base::UtcTime first() const { return m_first; }
  [[nodiscard]] base::UtcTime last() const { return m_last; }
  // Fills in what the clock knows of a status.
  void tell(wire::ReplayStatus& status) const;

 private:
  void anchor(base::MonoTime now);
  // Runs to `now`, without any rule of ends and loops but the limit.
  void run_to(base::MonoTime now);
  [[nodiscard]] bool in_loop() const;
  [[nodiscard]] base::UtcTime limit() const;
  void take_pending(ReplayMove& move, base::MonoTime now);

  base::UtcTime m_first, m_last;
  base::UtcTime m_position;
  base::UtcTime m_anchor_position;
  base::MonoTime m_anchor;
  std::int64_t m_rate_millionths = 1'000'000;
  bool m_playing = false, m_is_max = false, m_skips_idle = false, m_ended = false;
  std::optional<wire::TimeSpan> m_loop;
  std::optional<ReplayTarget> m_target;  // wanted
  std::int64_t m_step_events = 0;        // wanted, from the target on
  bool m_under_way = false;              // given to the owner, who has not arrived yet
  std::optional<base::MonoTime> m_jumped_at;
};

}  // namespace gridwall::hub
