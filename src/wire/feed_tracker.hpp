// FeedTracker: a subscriber's judgement of its feed: is an event new, was something missed, how old is what we show.
// Invariants (tests/unit/wire/feed_tracker_test.cpp, feed_simulation_test.cpp): no gap unnoticed, none counted twice;
// no event applied twice, and always in the order of the sequence; never Live when the data is late by more than 1 s.
// With `recovers` it also says when a wall that can fetch what it missed must do so, and is Live only when its state
// was proven equal to the hub's. Pure, one thread: the feed's thread calls on_*, and tick() a few times a second.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/feed_status.hpp"
#include "wire/clock_offset.hpp"
#include "wire/feed_header.hpp"
#include "wire/heartbeat.hpp"

namespace gridwall::wire {

struct Now {
  base::MonoTime mono{};
  base::UtcTime utc{};  // only for what is shown: heard_since, stale_since
};

struct TrackerOptions {
  std::string path;              // the wall's prefix, a path; "" follows the whole feed, which has no heartbeat: such a
                                 // tracker counts gaps but stays Connecting. The hub's hello names the root path.
  std::uint64_t tree_hash = 0;   // of our layers; 0: we have none to compare
  std::uint64_t rules_hash = 0;  // of our rules; 0: none to compare
  // The caller fetches what is missing (wire::Follower): nothing is applied before settle(), nor after a gap until the
  // next settle(). False: a gap is counted and the feed goes on.
  bool recovers = false;
};

// What to do with a message.
struct Heard {
  bool apply = false;  // on_event: new, in order, ours: give it to the state. Else drop it.
  // The first message of another epoch: clear the state before anything is applied, and ping at once, since the tracker
  // does not trust an offset of another epoch.
  bool restarted = false;
  bool gap = false;   // something was missed before this event
  bool hold = false;  // `recovers`: it may be new, but what is before it is being fetched
};

class FeedTracker {
 public:
  explicit FeedTracker(TrackerOptions options);

  Heard on_event(const FeedHeader& header, std::string_view topic, Now now);
  Heard on_heartbeat(const Heartbeat& heartbeat, Now now);
  // The clock's mode and rate arrive sooner with the beacon; it proves nothing about events.
  void on_clock(const ClockBeacon& beacon);
  void on_clock_offset(const OffsetMeasurement& measurement);
  // A message that could not be decoded; `reason` is logged by the caller.
  void on_bad_message();
  // The hub said no (another protocol version, a key without the role). "" takes it back.
  void set_refused(std::string detail);

  // All under the followed prefixes up to `through` is applied, and what follows is taken live: in step.
  void settle(std::uint64_t through, Now now);
  // What we have is not what the hub has: nothing is applied until settle(). `seen` stays.
  void lose_step(Now now);
  [[nodiscard]] bool in_step() const { return m_in_step; }
  // The state was found equal to the hub's at the moment of the heartbeat that was sent then.
  void prove(base::Duration sent_at);
  // An event applied that did not come through on_event.
  void count_event(std::uint64_t sequence);
  // Of this epoch: every followed prefix's heartbeat was heard; all that these and the events named; what we surely
  // have of all prefixes; all of one prefix that was promised so far.
  [[nodiscard]] bool all_heard() const;
  [[nodiscard]] std::uint64_t seen() const { return m_seen; }
  [[nodiscard]] std::uint64_t complete_through() const;
  [[nodiscard]] std::uint64_t complete_through(std::string_view topic) const;
  [[nodiscard]] bool has_all_promised() const;
  [[nodiscard]] const JournalId& journal() const { return m_journal; }
  [[nodiscard]] bool differs() const { return m_tree_differs || m_rules_differ; }

  // The status at `now`. Confirms gaps whose grace has passed.
  const model::FeedStatus& tick(Now now);
  [[nodiscard]] const model::FeedStatus& status() const { return m_status; }
  [[nodiscard]] const std::vector<std::string>& prefixes() const { return m_prefixes; }

 private:
  // One followed prefix with its own chain and heartbeat.
  struct Chain {
    bool known = false;               // the first message sets `last`
    std::uint64_t last = 0;           // newest sequence heard or given up
    std::uint64_t promised = 0;       // a heartbeat named it; not heard yet when above `last`
    std::uint64_t promised_feed = 0;  // who has `promised` has everything of this prefix up to here
    base::MonoTime promised_at{};
    bool heartbeat_heard = false;
    Now heartbeat_at{};  // ours
    base::Duration heartbeat_sent_at{};
  };

  bool enter_epoch(const JournalId& journal, std::uint64_t epoch, Heard& heard, Now now);
  Chain* find_chain(std::string_view topic, std::size_t& chain_index);
  void promise(Chain& chain, const Heartbeat& heartbeat, Now now);
  void note_gap(const Chain& chain, std::uint64_t up_to, Now now);
  void confirm_gaps(Now now);
  [[nodiscard]] model::FeedState judge(Now now);
  [[nodiscard]] bool counts_every_sequence() const;

  TrackerOptions m_options;
  std::vector<std::string> m_prefixes;
  std::vector<Chain> m_chains;  // beside m_prefixes
  model::FeedStatus m_status;
  bool m_epoch_known = false;
  JournalId m_journal{};
  base::MonoTime m_epoch_heard_at{};         // its first message or newest heartbeat
  std::vector<std::uint64_t> m_past_epochs;  // bounded; a straggler of one is dropped
  std::optional<OffsetMeasurement> m_offset;
  bool m_tree_differs = false, m_rules_differ = false;
  bool m_in_step = false;  // `recovers` only, as the three below
  bool m_settled = false;  // once at least
  std::uint64_t m_seen = 0;
  std::optional<base::Duration> m_proven_sent_at;
  std::string m_refused;
};

}  // namespace gridwall::wire
