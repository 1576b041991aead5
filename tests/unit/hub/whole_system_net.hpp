// The network of the simulated system: what one end sends reaches the other late, twice, or not at all.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "hub/feed_batch.hpp"
#include "wire/feed_header.hpp"
#include "wire/heartbeat.hpp"

namespace gridwall::hub {

inline constexpr base::Duration kSimStep = std::chrono::milliseconds(10);

struct Weather {
  double feed_loss = 0, sync_loss = 0, request_loss = 0, duplication = 0;
  base::Duration delay{}, jitter{}, sync_delay{}, request_delay{};
  base::Duration heartbeat_delay{};
  bool heartbeats_apart = false, slow_state = false;
  // How likely a thread of the hub has a turn in a step.
  double sync_turns = 1, journal_turns = 0.5;
  double event_rate = 0.1;  // messages of each publisher in a step
};

// Keeps its order, unless what is sent is doubled. Between two channels nothing is promised.
template <typename T>
class Channel {
 public:
  void send(T message, base::Duration now, base::Duration delay, const Weather& weather, double loss,
            base::Random& random) {
    if (random.next_unit() < loss) return;
    const base::Duration jitter = weather.jitter * static_cast<std::int64_t>(random.next_below(100)) / 100;
    m_last_arrival = std::max(m_last_arrival, now + delay + jitter);
    if (random.next_unit() < weather.duplication) {
      m_flying.emplace(m_last_arrival + std::chrono::milliseconds(random.next_below(2000)), message);
    }
    m_flying.emplace(m_last_arrival, std::move(message));
  }
  std::optional<T> receive(base::Duration now) {
    if (m_flying.empty() || m_flying.begin()->first > now) return std::nullopt;
    T message = std::move(m_flying.begin()->second);
    m_flying.erase(m_flying.begin());
    return message;
  }
  [[nodiscard]] std::size_t size() const { return m_flying.size(); }
  void clear() { m_flying.clear(); }

 private:
  std::multimap<base::Duration, T> m_flying;  // by arrival
  base::Duration m_last_arrival{};
};

// One message of the feed's socket.
struct FeedOut {
  bool is_event = false;
  std::string topic;  // of an event; else the heartbeat's prefix
  wire::FeedHeader header;
  std::string header_bytes, body;  // of a heartbeat the body alone
};
using FeedOutPointer = std::shared_ptr<const FeedOut>;

}  // namespace gridwall::hub
