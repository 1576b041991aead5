// ReplayDesk: a recording in the place of publishers: its clock, its events, and the requests that steer it. The hub's
// service asks it each turn what to publish, and begins an epoch where it jumped. One thread: the hub's.
// Test: tests/e2e/journal/replay_equals_live.py.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "hub/replay_clock.hpp"
#include "hub/replayer.hpp"

namespace gridwall::hub {

class ReplayDesk {
 public:
  static base::Result<std::unique_ptr<ReplayDesk>> open(const std::vector<std::filesystem::path>& files,
                                                        const LedgerOptions& ledger, base::MonoTime now);

  // What is due now, to be published; empty: nothing. When `jumped` comes back true, what is published before the next
  // epoch would be wrong: begin it with begin_epoch().
  struct Turn {
    FeedBatch batch;
    bool jumped = false;
  };
  Turn turn(base::MonoTime now);
  void begin_epoch(std::uint64_t epoch) { m_replayer->start_epoch(epoch); }

  // State time as it is to be told, with all timers until then fired.
  base::UtcTime advance();
  [[nodiscard]] Ledger& ledger() { return m_replayer->ledger(); }
  [[nodiscard]] double told_rate() const { return m_clock.told_rate(); }
  // How long the hub may wait before the next turn.
  [[nodiscard]] base::Duration patience() const;

  // Error: a rate, place or loop that is none; a bookmark that cannot be written.
  base::Status control(const wire::ControlRequest& request, base::MonoTime now);
  // The answer to a density request.
  [[nodiscard]] std::string density(std::size_t bucket_count) const;
  [[nodiscard]] wire::ReplayStatus status(const wire::ClockState& clock) const;
  [[nodiscard]] const std::string& problem() const { return m_problem; }  // of the recording; empty: none

 private:
  ReplayDesk(std::unique_ptr<Replayer> replayer, base::MonoTime now);
  bool hurry(base::UtcTime until, base::MonoTime now);
  void play(base::UtcTime until, base::MonoTime now, Turn& turn);
  void step(std::int64_t events, base::MonoTime now, Turn& turn);
  void note(const base::Error& error);

  std::unique_ptr<Replayer> m_replayer;
  ReplayClock m_clock;
  base::MonoTime m_jumped_at{};
  std::string m_problem;
};

}  // namespace gridwall::hub
