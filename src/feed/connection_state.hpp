// ConnectionStatus: how a client's connection to the hub does, for a wall's header and a command's last words. A value.
#pragma once

#include <cstdint>
#include <string>

namespace gridwall::feed {

enum class ConnectionState : std::uint8_t {
  Connecting,    // nobody answered yet
  Connected,     // handshake done: with keys, both sides have proved who they are
  Refused,       // the hub does not let us in; tried again with growing pauses
  Disconnected,  // was connected; tried again
};

struct ConnectionStatus {
  ConnectionState state = ConnectionState::Connecting;
  std::string reason;               // of Refused: one sentence with what to do
  std::uint64_t refused_count = 0;  // handshakes, so far
};

}  // namespace gridwall::feed
