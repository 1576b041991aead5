// Subscriber: a wall's or a listener's end of the feed. Asks the hub who it is, follows a prefix and its ancestors' own
// leaves, measures the clock offset, fetches what it lacks from the hub's sync port and judges all that through
// wire::Follower. A hub that is not there, dies or comes back is no error: the status tells. One thread.
// Test: tests/unit/feed/subscriber_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/connect_security.hpp"
#include "model/event.hpp"
#include "model/feed_status.hpp"
#include "wire/follower.hpp"
#include "wire/requests.hpp"

namespace gridwall::feed {

struct SubscriberOptions {
  std::string request_endpoint;               // "tcp://127.0.0.1:5700"
  std::optional<std::string> feed_endpoint;   // else: the port that the hub names, on the same host
  std::string prefix;                         // a path ("320281/001/"); "": the whole district of the hub
  std::uint64_t tree_hash = 0;                // of our layers, to compare with the hub's; 0: none
  std::uint64_t rules_hash = 0;               // of our profile's rules, the same
  // The caller folds the items into a state, restores it and answers beats. A hub without a sync port is followed as
  // if this were false: items are then events from now on, with beats that nobody need answer.
  bool has_state = false;
  int receive_queue_messages = 100'000;       // above, messages are lost and the gap is noticed
  ConnectSecurity security{};                 // for every socket; a hub that does not let us in: the status says why
};

// What the state is to do, one after the other. Of an event `division`, `unlocated_in` and `point_world` are left for
// the receiver, who has a tree.
//   Clear    forget everything
//   Restore  replace the state by these bytes (state::restore_keyframe); failed: restore_failed()
//   event    apply it
//   Beat     advance to its state_time; where it has digests, compare and answer_beat()
using Clear = wire::ClearItem;
using Restore = wire::RestoreItem;
using Beat = wire::BeatItem;
using Item = std::variant<Clear, Restore, model::SequencedEvent, Beat>;

struct PollResult {
  std::vector<Item> items;  // in order; both halves of a move stand in one result
  model::FeedStatus status;
};

[[nodiscard]] std::size_t count_events(const PollResult& result);

class Subscriber {
 public:
  // Errors: an endpoint that is none, or another machine without keys; a prefix that is no path. `clock` must outlive
  // the subscriber.
  static base::Result<Subscriber> connect(const SubscriberOptions& options, const base::Clock& clock);
  Subscriber(Subscriber&&) noexcept;
  Subscriber& operator=(Subscriber&&) noexcept;
  ~Subscriber();

  // Waits up to `patience` for something to come, then takes at most `events_max` items (one more where it would part
  // a move); the rest comes with the next call. Call it a few times a second at least: stale and behind are judged
  // here.
  PollResult poll(base::Duration patience, std::size_t events_max = 1000);

  // Whether the state after a Beat had its digests. An answer that comes late, or about a state that has been replaced
  // since, does no harm.
  void answer_beat(std::uint64_t beat, bool equal);
  // The bytes of the newest Restore could not be used: they are asked for again after a while, and `why` is shown.
  void restore_failed(std::string why);

  // What the hub said of itself; null until it answered.
  [[nodiscard]] const wire::Hello* hello() const;

 private:
  struct Link;
  explicit Subscriber(std::unique_ptr<Link> link);
  std::unique_ptr<Link> m_link;
};

}  // namespace gridwall::feed
