// What a hub tells of its guarded doors: who was refused and why, whether the list of clients could be read. Values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gridwall::feed {

// A hub's sockets. What a key must be allowed to do to come in: the requests' door asks for any role (each request is
// judged by the hub), the others for Action::Follow.
enum class Door : std::uint8_t { Requests, Feed, Sync };
[[nodiscard]] constexpr std::string_view door_word(Door door) {
  constexpr std::string_view kWords[] = {"requests", "feed", "sync"};
  return kWords[static_cast<std::size_t>(door)];
}

struct SecurityStatus {
  bool keyed = false;                 // CURVE on every door
  std::uint64_t admitted_count = 0;   // connections
  std::uint64_t refused_count = 0;    // connections
  std::uint64_t ended_count = 0;      // connections of revoked keys that were cut
  std::uint64_t dropped_count = 0;    // messages that a revoked key's connection had still sent
  std::uint64_t list_read_count = 0;  // how often clients.toml was read
  std::string list_problem;           // why the newest clients.toml is not in force; empty: it is
};

inline constexpr std::size_t kRefusalsKept = 256;
struct ConnectionRefusal {
  std::string public_key;  // Z85; empty: none was shown
  std::string seat;        // where the list knows the key
  std::string_view door;
  std::string reason;
};

}  // namespace gridwall::feed
