// SyncSocket: the hub's third door, through which walls get snapshots and what they missed. A ROUTER socket of its own,
// so that megabytes for a joiner never stand before a publisher's answer, and served by a thread of its own.
// Sending never waits. One thread at a time; closed before the HubSockets that it came from. Test:
// tests/unit/hub/sync_service_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/endpoint.hpp"

namespace gridwall::feed {

class PeerGuard;
class ZmqSocket;

class SyncSocket {
 public:
  SyncSocket(std::unique_ptr<ZmqSocket> socket, Endpoint endpoint, std::unique_ptr<PeerGuard> peers);
  SyncSocket(SyncSocket&&) noexcept;
  SyncSocket& operator=(SyncSocket&&) noexcept;
  ~SyncSocket();

  struct Ask {
    std::string client;   // the connection
    std::string message;  // of one part; anything else is nothing that a wall sends, and is passed over
  };
  enum class Sent : std::uint8_t { Yes, Full, Gone };

  [[nodiscard]] const Endpoint& endpoint() const { return m_endpoint; }
  // Also ends the connections of keys that were revoked.
  void wait(base::Duration patience);
  std::optional<Ask> receive();
  // Full: the client does not read; what it missed it asks for again.
  Sent send(std::string_view client, std::string_view head, std::string_view payload);

 private:
  std::unique_ptr<ZmqSocket> m_socket;
  Endpoint m_endpoint;
  std::unique_ptr<PeerGuard> m_peers;
};

}  // namespace gridwall::feed
