#include "hub/replay_desk.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "wire/requests.hpp"

namespace gridwall::hub {

namespace {

constexpr std::size_t kEventsPerTurn = 2'000;    // published, then requests and heartbeats have their turn
constexpr std::size_t kSkippedPerTurn = 20'000;  // folded only
constexpr base::Duration kPlayingTurn = std::chrono::milliseconds(5);
constexpr base::Duration kPausedTurn = std::chrono::milliseconds(100);

}  // namespace

base::Result<std::unique_ptr<ReplayDesk>> ReplayDesk::open(const std::vector<std::filesystem::path>& files,
                                                           const LedgerOptions& ledger, base::MonoTime now) {
  TRY_ASSIGN(auto replayer, Replayer::open(files, ledger));
  return std::unique_ptr<ReplayDesk>(new ReplayDesk(std::move(replayer), now));
}

ReplayDesk::ReplayDesk(std::unique_ptr<Replayer> replayer, base::MonoTime now)
    : m_replayer(std::move(replayer)), m_clock(m_replayer->first_time(), m_replayer->last_time(), now) {}

base::Duration ReplayDesk::patience() const {
  return m_clock.playing() ? kPlayingTurn : kPausedTurn;
}

// A recording that is damaged here stops here: what is shown stays, and says why.
void ReplayDesk::note(const base::Error& error) {
  if (m_problem != error.message) base::log_error("hub", "the recording cannot be played on: {}", error.message);
  m_problem = error.message;
}

ReplayDesk::Turn ReplayDesk::turn(base::MonoTime now) {
  Turn turn;
  const auto next = m_replayer->next_event_time();
  if (!next.ok()) {
    note(next.error());
    m_clock.pause(now);
  }
  const ReplayMove move = m_clock.advance(now, next.ok() ? *next : std::nullopt);
  const bool hurries = m_clock.is_max() && m_clock.playing();
  bool jump_due = !hurries;
  if (move.play_to && hurries) jump_due = hurry(*move.play_to, now);
  if (move.play_to && !hurries && !m_replayer->owes_epoch()) play(*move.play_to, now, turn);
  if (move.jump) {
    if (const base::Status jumped = m_replayer->jump(*move.jump); !jumped.ok()) note(jumped.error());
    if (move.step_events == 0) m_clock.arrived(m_replayer->ledger().world().state_time(), now);
  }
  if (move.step_events != 0) step(move.step_events, now, turn);
  turn.jumped = m_replayer->owes_epoch() && (jump_due || move.jump || move.step_events != 0);
  if (turn.jumped) m_jumped_at = now;
  return turn;
}

// Walls follow jumps, four a second; what lies between is folded and not told.
bool ReplayDesk::hurry(base::UtcTime until, base::MonoTime now) {
  const auto skipped = m_replayer->skip_until(until, kSkippedPerTurn);
  if (!skipped.ok()) {
    note(skipped.error());
    m_clock.pause(now);
    return true;
  }
  m_clock.reached(m_replayer->ledger().world().state_time());
  return skipped->jump_due && now - m_jumped_at >= kJumpInterval;
}

void ReplayDesk::play(base::UtcTime until, base::MonoTime now, Turn& turn) {
  auto batch = m_replayer->play_until(until, kEventsPerTurn, now.time_since_epoch());
  if (batch.ok()) {
    turn.batch = std::move(*batch);
  } else {
    note(batch.error());
    m_clock.pause(now);
  }
}

void ReplayDesk::step(std::int64_t events, base::MonoTime now, Turn& turn) {
  if (events < 0) {
    if (const base::Status back = m_replayer->step_back(-events); !back.ok()) note(back.error());
  } else if (!m_replayer->owes_epoch()) {
    auto batch = m_replayer->play_events(events, now.time_since_epoch());
    if (batch.ok()) {
      turn.batch = std::move(*batch);
    } else {
      note(batch.error());
    }
  }
  m_clock.arrived(m_replayer->ledger().world().state_time(), now);
}

base::UtcTime ReplayDesk::advance() {
  base::UtcTime to = std::max(m_clock.position(), m_replayer->ledger().sequencer().state_time());
  const auto next = m_replayer->next_event_time();
  if (next.ok() && *next) to = std::min(to, **next);
  return m_replayer->ledger().advance(to);
}

base::Status ReplayDesk::control(const wire::ControlRequest& request, base::MonoTime now) {
  if (request.action == wire::ControlAction::Bookmark) return m_replayer->add_bookmark(request.name);
  return m_clock.apply(request, now);
}

std::string ReplayDesk::density(std::size_t bucket_count) const {
  auto counts = m_replayer->density(bucket_count);
  if (!counts.ok()) return wire::encode_error(counts.error().message);
  return wire::encode_density({m_replayer->first_time(), m_replayer->last_time(), std::move(*counts)});
}

wire::ReplayStatus ReplayDesk::status(const wire::ClockState& clock) const {
  wire::ReplayStatus status;
  status.clock = clock;
  m_clock.tell(status);
  m_replayer->tell(status);
  return status;
}

}  // namespace gridwall::hub
