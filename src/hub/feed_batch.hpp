// FeedBatch: what one request adds to the feed, in order: the bytes that go out and the events that they say. A batch
// is never divided: it is published, journalled and folded whole, so that both halves of a move are always together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "hub/dedupe.hpp"
#include "model/event.hpp"

namespace gridwall::hub {

struct FeedMessage {
  std::string topic, header, body;
};

// An acceptance to be remembered.
struct AcceptedKey {
  Dedupe::Key key;
  base::UtcTime occurred_at{};
  std::uint64_t sequence = 0;
};

struct FeedBatch {
  std::vector<FeedMessage> messages;
  std::vector<model::SequencedEvent> events;  // beside `messages`
  std::vector<AcceptedKey> keys;

  [[nodiscard]] bool empty() const { return messages.empty(); }
  [[nodiscard]] std::uint64_t last_sequence() const { return events.empty() ? 0 : events.back().sequence; }
};

// The hub's clocks at one moment.
struct Moment {
  base::UtcTime utc{};    // live, simulated or replayed
  base::Duration mono{};  // monotonic, of the hub's machine
};

}  // namespace gridwall::hub
