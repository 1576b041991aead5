// PeerGuard: knows who is behind each message of the hub's doors, and ends the connections of keys that were revoked.
// libzmq tells a message's key and file descriptor but cannot close one peer of a socket: so the descriptor is shut
// down, after making sure that it still is the same connection. libzmq then sees its end and forgets it.
// Private to feed's .cpp files; one for each thread that reads doors, which ends before the ZapHandler does. Test:
// tests/unit/feed/zap_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <zmq.hpp>

#include "feed/hub_security.hpp"
#include "feed/roles.hpp"
#include "feed/zap.hpp"

namespace gridwall::feed {

class PeerGuard {
 public:
  // `zap` null: no keys, everybody is admitted unproven.
  explicit PeerGuard(ZapHandler* zap) : m_zap(zap) {}

  // A port of our own doors: a descriptor is only shut down when it belongs to one.
  void add_port(std::uint16_t port) { m_ports.push_back(port); }
  // Who sent it; nullopt: a key no longer in force, the message is nobody's and its connection is ended.
  std::optional<Peer> admit(zmq::message_t& message, Door door);
  // Ends what the list no longer admits, when the list changed. Cheap otherwise.
  void end_revoked();

 private:
  // Both ends of a TCP connection; a descriptor that is used anew has others.
  using Ends = std::string;
  struct Connection {
    std::string key;
    Ends ends;
    Door door = Door::Requests;
  };
  [[nodiscard]] Ends ends_of(int descriptor) const;
  void end(int descriptor, const Ends& ends);

  ZapHandler* m_zap = nullptr;
  std::vector<std::uint16_t> m_ports;
  std::uint64_t m_version = 0;
  std::shared_ptr<const ClientList> m_clients;
  std::unordered_map<int, Connection> m_connections;  // by descriptor; no more than the process may open
};

}  // namespace gridwall::feed
