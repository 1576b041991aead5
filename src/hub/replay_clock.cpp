#include "hub/replay_clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/time_text.hpp"

namespace gridwall::hub {

using base::Duration;
using base::Error;
using base::ErrorCode;
using base::MonoTime;
using base::Status;
using base::UtcTime;
using wire::ControlAction;

ReplayClock::ReplayClock(UtcTime first, UtcTime last, MonoTime now)
    : m_first(first), m_last(std::max(first, last)), m_position(first), m_anchor_position(first), m_anchor(now) {}

Status ReplayClock::apply(const wire::ControlRequest& request, MonoTime now) {
  switch (request.action) {
    case ControlAction::Play:
      play(now);
      break;
    case ControlAction::Pause:
      pause(now);
      break;
    case ControlAction::Rate:
      return set_rate(request.rate, now);
    case ControlAction::Max:
      as_fast_as_possible(now);
      break;
    case ControlAction::Seek:
      seek(request.time ? ReplayTarget(*request.time) : ReplayTarget(request.sequence));
      break;
    case ControlAction::Step:
      step(request.events, now);
      break;
    case ControlAction::Loop:
      return loop(request.loop, now);
    case ControlAction::Skip:
      skip_idle(request.skip);
      break;
    case ControlAction::Bookmark:
      break;
  }
  return {};
}

void ReplayClock::anchor(MonoTime now) {
  m_anchor_position = m_position;
  m_anchor = now;
}

// Where the position stops for now.
UtcTime ReplayClock::limit() const {
  return in_loop() ? std::min(m_loop->to - Duration(1), m_last) : m_last;
}

bool ReplayClock::in_loop() const {
  return m_loop && m_position < m_loop->to;
}

void ReplayClock::run_to(MonoTime now) {
  if (!m_playing || m_is_max || m_under_way || m_target) return anchor(now);
  // 128 bits: an hour at 3,600 in nanoseconds times a million is more than 64 hold.
  const __int128 elapsed = std::max<std::int64_t>(0, Duration(now - m_anchor).count());
  const __int128 way = elapsed * m_rate_millionths / 1'000'000;
  const __int128 room = (limit() - m_anchor_position).count();
  m_position = m_anchor_position + Duration(static_cast<std::int64_t>(std::min(way, room)));
}

void ReplayClock::play(MonoTime now) {
  if (m_playing) return;
  if (m_ended) seek(m_first);
  m_playing = true;
  anchor(now);
}

void ReplayClock::pause(MonoTime now) {
  run_to(now);
  m_playing = false;
}

Status ReplayClock::set_rate(double rate, MonoTime now) {
  if (!std::isfinite(rate) || rate < kReplayRateMin || rate > kReplayRateMax) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("rate {}: expected {} to {} replayed seconds a second, or 'max' for as fast as possible",
                             rate, kReplayRateMin, kReplayRateMax)};
  }
  run_to(now);
  anchor(now);
  m_rate_millionths = std::llround(rate * 1e6);
  m_is_max = false;
  return {};
}

void ReplayClock::as_fast_as_possible(MonoTime now) {
  run_to(now);
  m_is_max = true;
}

void ReplayClock::seek(ReplayTarget target) {
  if (UtcTime* time = std::get_if<UtcTime>(&target)) {
    m_position = *time = std::clamp(*time, m_first, m_last);
  }
  m_target = target;
  m_step_events = 0;
  m_ended = false;
}

void ReplayClock::step(std::int64_t events, MonoTime now) {
  pause(now);
  // A key that is held down must not queue up more than one command could ask for.
  m_step_events =
      std::clamp(m_step_events + events, -wire::kControlStepEventsMax, std::int64_t{wire::kControlStepEventsMax});
  m_ended = false;
}

Status ReplayClock::loop(std::optional<wire::TimeSpan> span, MonoTime now) {
  run_to(now);
  anchor(now);
  if (!span) {
    m_loop.reset();
    return {};
  }
  // The last event is within a loop that goes to the end.
  const wire::TimeSpan within{std::max(span->from, m_first), std::min(span->to, m_last + Duration(1))};
  if (within.to - within.from < kLoopMin) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("loop: expected at least a second between {} and {}, where the recording begins and ends",
                             base::format_rfc3339(m_first), base::format_rfc3339(m_last))};
  }
  m_loop = within;
  if (m_position < within.from || m_position >= within.to) seek(within.from);
  return {};
}

// What was commanded, when it is time for it.
void ReplayClock::take_pending(ReplayMove& move, MonoTime now) {
  const bool is_jump = m_target.has_value() || m_step_events < 0;
  if (is_jump && m_jumped_at && now - *m_jumped_at < kJumpInterval) return;
  if (is_jump) m_jumped_at = now;
  move.jump = std::exchange(m_target, std::nullopt);
  move.step_events = std::exchange(m_step_events, 0);
  m_under_way = true;
}

ReplayMove ReplayClock::advance(MonoTime now, std::optional<UtcTime> next_event) {
  ReplayMove move;
  if (m_under_way) return move;
  // What is still due at the old place is of no interest any more; and of events of one time, a step plays one.
  if (m_target || m_step_events != 0) {
    take_pending(move, now);
    return move;
  }
  if (!m_playing) return move;
  const bool owes = next_event && *next_event <= m_position;
  const UtcTime end = limit();
  if (m_is_max) {
    move.play_to = end;
  } else if (owes) {
    anchor(now);
    move.play_to = m_position;
  } else {
    run_to(now);
    const UtcTime next = std::min(next_event.value_or(m_last), end);
    if (m_skips_idle && next - m_position > kIdleSkipped) {
      m_position = next;
      anchor(now);
    }
    move.play_to = m_position;
  }
  const bool all_told = !next_event || *next_event > end;
  if (m_position < end || !all_told) return move;
  if (in_loop()) {
    seek(m_loop->from);
    take_pending(move, now);
    return move;
  }
  m_playing = false;
  m_ended = move.ended = true;
  return move;
}

void ReplayClock::arrived(UtcTime position, MonoTime now) {
  m_under_way = false;
  // A newer seek names where it goes; its place is shown already.
  if (!m_target) m_position = std::clamp(position, m_first, m_last);
  anchor(now);
}

void ReplayClock::reached(UtcTime position) {
  if (!m_under_way && !m_target) m_position = std::clamp(std::max(position, m_position), m_first, m_last);
}

void ReplayClock::tell(wire::ReplayStatus& status) const {
  status.position = m_position;
  status.playing = m_playing;
  status.rate = rate();
  status.is_max = m_is_max;
  status.skips_idle = m_skips_idle;
  status.ended = m_ended;
  status.loop = m_loop;
  status.first = m_first;
  status.last = m_last;
}

}  // namespace gridwall::hub
