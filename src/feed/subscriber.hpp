// Subscriber: a wall's or a listener's end of the feed. Asks the hub who it is, follows a prefix and its ancestors' own
// leaves, measures the clock offset, and judges the feed through wire::FeedTracker. A hub that is not there, dies or
// comes back is no error: the status tells. One thread. Test: tests/unit/feed/subscriber_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/event.hpp"
#include "model/feed_status.hpp"
#include "wire/requests.hpp"

namespace gridwall::feed {

struct SubscriberOptions {
  std::string request_endpoint;               // "tcp://127.0.0.1:5700"
  std::optional<std::string> feed_endpoint;   // else: the port that the hub names, on the same host
  std::string prefix;                         // a path ("320281/001/"); "": the whole district of the hub
  std::uint64_t tree_hash = 0;                // of our layers, to compare with the hub's; 0: none
  int receive_queue_messages = 100'000;       // above, messages are lost and the gap is noticed
};

struct PollResult {
  // New, in the feed's order. `division`, `unlocated_in` and `point_world` are left for the receiver, who has a tree.
  std::vector<model::SequencedEvent> events;
  model::FeedStatus status;
  base::UtcTime state_time{};  // of the newest heartbeat of this turn: moves the state's clock after `events`
  bool restarted = false;  // another epoch: clear the state first, then apply `events`
};

class Subscriber {
 public:
  // Errors: an endpoint that is none or not loopback, a prefix that is no path. `clock` must outlive the subscriber.
  static base::Result<Subscriber> connect(const SubscriberOptions& options, const base::Clock& clock);
  Subscriber(Subscriber&&) noexcept;
  Subscriber& operator=(Subscriber&&) noexcept;
  ~Subscriber();

  // Waits up to `patience` for something to come, then takes at most `events_max`. Call it a few times a second at
  // least: stale and behind are judged here.
  PollResult poll(base::Duration patience, std::size_t events_max = 10'000);

  // What the hub said of itself; null until it answered.
  [[nodiscard]] const wire::Hello* hello() const;

 private:
  struct Link;
  explicit Subscriber(std::unique_ptr<Link> link);
  std::unique_ptr<Link> m_link;
};

}  // namespace gridwall::feed
