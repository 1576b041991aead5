// HubSockets: the hub's two doors. An XPUB socket publishes the feed (and tells who subscribes to what), a ROUTER
// socket takes requests and answers them. Sending never waits: a subscriber that does not read loses messages, which
// its own gap check finds; a client that does not read loses answers and asks again.
// One thread. Test: tests/unit/feed/hub_sockets_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/endpoint.hpp"
#include "feed/hub_security.hpp"
#include "feed/roles.hpp"
#include "feed/sync_socket.hpp"

namespace gridwall::feed {

// What is kept for a subscriber that does not read; above, it loses messages and fetches them again. ZeroMQ counts
// messages, and its mark must not be lowered below what is under way (the pipe would never open again): so the bound is
// reckoned once, from what a message is taken to weigh. An event of an incident is 0.7 to 1.5 kB, and ZeroMQ adds some
// 0.4 kB for its three parts. Why 48 MiB: a stopped wall costs the hub less than 64, with what the kernel holds.
struct FeedQueue {
  std::size_t bytes = 48U << 20;
  std::size_t message_bytes = 2048;

  [[nodiscard]] int messages() const;  // at least 1,000
};

struct HubSocketOptions {
  Endpoint requests{"127.0.0.1", 0};
  Endpoint feed{"127.0.0.1", 0};
  Endpoint sync{"127.0.0.1", 0};
  FeedQueue feed_queue;  // for each slow subscriber
  int answer_queue_messages = 10'000;
  std::int64_t request_bytes_max = 8 << 20;  // a client that sends more is disconnected
  std::filesystem::path key_folder;          // hub.key and clients.toml (feed/curve_keys.hpp); empty: without keys
};

// What parse_endpoint() may be told of a hub's endpoints.
[[nodiscard]] inline Protection protection_of_hub(const std::filesystem::path& key_folder, bool insecure) {
  if (!key_folder.empty()) return Protection::Keys;
  return insecure ? Protection::Insecure : Protection::Loopback;
}

struct Request {
  // ROUTER's name of the connection, then whatever the client put before an empty part, and that part: a REQ socket
  // and our own client find their way back by it. The answer carries the same.
  std::vector<std::string> envelope;
  std::string payload;
  std::size_t part_count = 1;  // behind the envelope; other than 1 is a malformed request
  Peer peer;                   // without keys: unproven, with all roles

  [[nodiscard]] const std::string& client() const { return envelope.front(); }
};

struct SubscriptionChange {
  std::string topic;
  bool subscribed = true;  // VERBOSER: each subscriber's, so that they can be counted
};

class HubSockets {
 public:
  // Errors: an endpoint that is taken, a key folder that cannot be used.
  static base::Result<HubSockets> bind(const HubSocketOptions& options);
  HubSockets(HubSockets&&) noexcept;
  HubSockets& operator=(HubSockets&&) noexcept;
  ~HubSockets();

  // With the ports that were really bound.
  [[nodiscard]] const Endpoint& requests_endpoint() const;
  [[nodiscard]] const Endpoint& feed_endpoint() const;
  // The third door, for the thread that serves it; once. It must not outlive this object.
  [[nodiscard]] SyncSocket take_sync();

  // How the doors are guarded, since the start. Any count is 0 without keys.
  [[nodiscard]] SecurityStatus security() const;
  // Connections refused since the last call, for the audit log; at most kRefusalsKept.
  std::vector<ConnectionRefusal> take_refusals();

  // Returns early when a request or a subscription came. Also ends the connections of keys that were revoked.
  void wait(base::Duration patience);
  std::optional<Request> receive_request();
  std::optional<SubscriptionChange> receive_subscription();

  // False: the client is gone or does not read.
  bool answer(const Request& request, std::string_view payload);
  // False: ZeroMQ refused the whole message (never because of a slow subscriber).
  bool publish(std::string_view topic, std::string_view header, std::string_view body);
  bool publish(std::string_view topic, std::string_view payload);  // control messages

 private:
  struct Sockets;
  explicit HubSockets(std::unique_ptr<Sockets> sockets);
  std::unique_ptr<Sockets> m_sockets;
};

}  // namespace gridwall::feed
