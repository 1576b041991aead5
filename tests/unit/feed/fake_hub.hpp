// FakeHub: HubSockets and a sequencer, moved on by hand in the test's own thread. It answers hello and ping and sends
// heartbeats; what it publishes is the test's choice.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "feed/hub_sockets.hpp"
#include "wire/event_codec.hpp"
#include "wire/requests.hpp"
#include "wire/sequencer.hpp"
#include "wire/topics.hpp"

namespace gridwall::test {

class FakeHub {
 public:
  explicit FakeHub(std::uint64_t epoch, feed::HubSocketOptions options = {})
      : m_sockets(bind(options)), m_sequencer(wire::JournalId{1, 2, 3}, epoch) {}

  [[nodiscard]] std::string requests_endpoint() const { return m_sockets.requests_endpoint().text(); }
  [[nodiscard]] feed::HubSocketOptions same_ports() const {
    feed::HubSocketOptions options;
    options.requests = m_sockets.requests_endpoint();
    options.feed = m_sockets.feed_endpoint();
    return options;
  }
  feed::HubSockets& sockets() { return m_sockets; }

  // One turn: requests answered, subscriptions noted, a heartbeat sent to each follower.
  void step() {
    while (const auto request = m_sockets.receive_request()) {
      const wire::Request decoded = wire::decode_request(request->payload);
      if (const auto* ping = std::get_if<wire::PingRequest>(&decoded)) {
        m_sockets.answer(*request, wire::encode_pong({ping->sent, mono(), m_clock.now_utc(), m_sequencer.epoch()}));
      } else if (std::holds_alternative<wire::HelloRequest>(decoded)) {
        m_sockets.answer(*request, hello_answer());
      }
    }
    while (const auto change = m_sockets.receive_subscription()) {
      if (change->subscribed) topics.push_back(change->topic);
    }
    for (const std::string& topic : topics) {
      if (const auto prefix = wire::heartbeat_prefix(topic)) beat(*prefix);
    }
  }

  wire::FeedHeader publish(const std::string& path, const std::string& id) {
    const wire::FeedHeader header = m_sequencer.next(path, m_clock.now_utc(), mono());
    if (!swallow) m_sockets.publish(path, wire::encode_feed_header(header), wire::encode_event(event(path, id)));
    return header;
  }

  static model::Event event(const std::string& path, const std::string& id) {
    model::Event event;
    event.id = id;
    event.source = "test";
    event.type = "incident.reported";
    event.occurred_at = base::UtcTime(std::chrono::hours(490'000));
    event.incident.incident_id = fmt::format("incident-{}", id);
    event.division_path = path;
    return event;
  }

  std::vector<std::string> topics;        // subscribed so far
  bool swallow = false;                   // sequenced, but lost on the way
  std::string hello_error;                // the hub says no

 private:
  static feed::HubSockets bind(const feed::HubSocketOptions& options) {
    auto sockets = feed::HubSockets::bind(options);
    ASSERT(sockets.ok(), "fake hub: {}", sockets.error().message);
    return std::move(sockets).value();
  }
  [[nodiscard]] base::Duration mono() const { return m_clock.now_mono().time_since_epoch(); }
  std::string hello_answer() {
    if (!hello_error.empty()) return wire::encode_error(hello_error);
    wire::Hello hello;
    hello.journal = m_sequencer.journal();
    hello.epoch = m_sequencer.epoch();
    hello.feed_port = m_sockets.feed_endpoint().port;
    hello.profile = "test";
    hello.root_path = "R/";
    hello.clock.state_time = m_clock.now_utc();
    return wire::encode_hello(hello);
  }
  void beat(std::string_view prefix) {
    wire::Heartbeat heartbeat;
    heartbeat.prefix = prefix;
    heartbeat.journal = m_sequencer.journal();
    heartbeat.epoch = m_sequencer.epoch();
    heartbeat.last_sequence = m_sequencer.last_sequence(prefix);
    heartbeat.clock.state_time = m_sequencer.advance_state_time(m_clock.now_utc());
    heartbeat.clock.sent_at = mono();
    m_sockets.publish(wire::heartbeat_topic(prefix), wire::encode_heartbeat(heartbeat));
  }

  base::SystemClock m_clock;
  feed::HubSockets m_sockets;
  wire::Sequencer m_sequencer;
};

// Turns `step` until `done`; false after a patience that only a hung machine needs.
inline bool turn_until(const std::function<void()>& step, const std::function<bool()>& done) {
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!done()) {
    if (std::chrono::steady_clock::now() > give_up_at) return false;
    step();
  }
  return true;
}

}  // namespace gridwall::test
