// FakeHub: HubSockets, a sequencer and, when asked to, a sync server, moved on by hand in the test's own thread. It
// answers hello and ping and sends heartbeats; what it publishes is the test's choice.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "base/clock.hpp"
#include "feed/hub_sockets.hpp"
#include "wire/event_codec.hpp"
#include "wire/requests.hpp"
#include "wire/sequencer.hpp"
#include "wire/sync_server.hpp"
#include "wire/topics.hpp"

namespace gridwall::test {

class FakeHub {
 public:
  explicit FakeHub(std::uint64_t epoch, feed::HubSocketOptions options = {})
      : m_sockets(bind(options)), m_sequencer(wire::JournalId{1, 2, 3}, epoch) {
    m_server.start_epoch(m_sequencer.journal(), epoch, 0);
  }
  // From now on hello names a sync port. The state at a sequence is the sequence's text.
  void open_sync() {
    m_sync.emplace(m_sync_context, zmq::socket_type::router);
    m_sync->set(zmq::sockopt::linger, 0);
    m_sync->bind("tcp://127.0.0.1:*");
  }

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
    m_sequencer.advance_state_time(m_clock.now_utc());
    for (const std::string& topic : topics) {
      if (const auto prefix = wire::heartbeat_prefix(topic)) beat(*prefix);
    }
    if (m_sync) serve_sync();
  }

  wire::FeedHeader publish(const std::string& path, const std::string& id) { return publish(path, event(path, id)); }
  wire::FeedHeader publish(const std::string& path, const model::Event& event) {
    const wire::FeedHeader header = m_sequencer.next(path, m_clock.now_utc(), mono());
    const std::string bytes = wire::encode_feed_header(header), body = wire::encode_event(event);
    m_server.on_feed(header.sequence, {path, bytes, body});
    if (!swallow) m_sockets.publish(path, bytes, body);
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

  std::vector<std::string> topics;  // subscribed so far
  bool swallow = false;             // sequenced, but lost on the way
  std::string hello_error;          // the hub says no
  std::string digest;               // of every prefix, in heartbeats
  std::string snapshot_head;        // instead of the sequence's text

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
    if (m_sync) {
      const std::string endpoint = m_sync->get(zmq::sockopt::last_endpoint);
      hello.sync_port = static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
    }
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
    heartbeat.feed_sequence = m_sequencer.last_sequence();
    heartbeat.digest = digest;
    heartbeat.clock.state_time = m_sequencer.state_time();
    heartbeat.clock.sent_at = mono();
    m_sockets.publish(wire::heartbeat_topic(prefix), wire::encode_heartbeat(heartbeat));
  }

  void serve_sync() {
    zmq::message_t client, message;
    while (m_sync->recv(client, zmq::recv_flags::dontwait)) {
      if (!m_sync->recv(message)) return;
      m_server.on_ask(client.to_string_view(), message.to_string_view(), m_clock.now_mono());
    }
    if (const auto wanted = m_server.wanted_snapshot()) {
      auto snapshot = std::make_shared<wire::SyncSnapshot>();
      snapshot->sequence = m_sequencer.last_sequence();
      snapshot->state_time = m_sequencer.state_time();
      snapshot->head = snapshot_head.empty() ? std::to_string(snapshot->sequence) : snapshot_head;
      for (const std::string& prefix : *wanted) snapshot->parts.push_back({prefix, prefix});
      m_server.give_snapshot(*wanted, std::move(snapshot), m_clock.now_mono());
    }
    for (const auto& outgoing : m_server.take_outgoing(m_clock.now_mono())) {
      m_sync->send(zmq::buffer(outgoing.client), zmq::send_flags::sndmore);
      m_sync->send(zmq::buffer(outgoing.parts.head), zmq::send_flags::sndmore);
      m_sync->send(zmq::buffer(outgoing.parts.payload), zmq::send_flags::dontwait);
    }
  }

  base::SystemClock m_clock;
  feed::HubSockets m_sockets;
  zmq::context_t m_sync_context{1};
  std::optional<zmq::socket_t> m_sync;
  wire::SyncServer m_server;
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
