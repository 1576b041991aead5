// Roles: what a client's key is for, and what each role may do. The one table of rights; the hub asks may() and nothing
// else. A client that proved nothing (loopback, or a hub run with --insecure) has all roles and is marked as unproven.
// Test: tests/unit/feed/roles_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gridwall::feed {

enum class Role : std::uint8_t { Viewer, Operator, Publisher, Trainer };
inline constexpr std::array<std::string_view, 4> kRoleWords{"viewer", "operator", "publisher", "trainer"};

class Roles {
 public:
  constexpr Roles() = default;  // none
  constexpr Roles(Role role) : m_bits(bit(role)) {}
  static constexpr Roles all() {
    Roles roles;
    roles.m_bits = (1U << kRoleWords.size()) - 1;
    return roles;
  }
  constexpr void add(Role role) { m_bits = static_cast<std::uint8_t>(m_bits | bit(role)); }
  [[nodiscard]] constexpr bool has(Role role) const { return (m_bits & bit(role)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return m_bits == 0; }
  constexpr bool operator==(const Roles&) const = default;

 private:
  static constexpr std::uint8_t bit(Role role) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role)); }
  std::uint8_t m_bits = 0;
};

enum class Action : std::uint8_t {
  Ask,      // hello, ping, status
  Follow,   // the feed, snapshots, catch-up
  Publish,  // facts of a source, also an import of a history
  Command,  // a desk's steps, acknowledgements, notes, notices
  Control,  // the clock: play, pause, seek, speed; bookmarks
  Inject,   // a trainer's events
};

// Viewers follow; operators follow and command; publishers publish and see nothing; trainers follow, control, inject.
[[nodiscard]] bool may(Roles roles, Action action);

[[nodiscard]] std::optional<Role> role_by_word(std::string_view word);
// "viewer+operator"; "none" without any.
[[nodiscard]] std::string roles_text(Roles roles);

// Who sent a message. Proven: by a key that the hub's list holds; then seat and roles are the list's. Otherwise the
// seat is empty and the client may state one.
struct Peer {
  std::string seat;
  Roles roles = Roles::all();
  bool proven = false;
};

}  // namespace gridwall::feed
