// ClientList: clients.toml, checked: which public key belongs to which seat, with which roles, made when, revoked when.
// A frozen value; the hub reads the file again when it changes. One table a client:
//   [[client]]
//   seat = "desk-3"                    # where, not who: names of people do not belong here
//   public_key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
//   roles = ["operator"]               # viewer, operator, publisher, trainer
//   created = "2026-11-22T08:00:00Z"
//   revoked = "2026-11-30T08:00:00Z"   # only then
// Test: tests/unit/feed/curve_keys_test.cpp, tests/fuzz/client_list_fuzz.cpp.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/roles.hpp"

namespace gridwall::feed {

inline constexpr std::size_t kSeatBytesMax = 64;
inline constexpr std::size_t kClientsMax = 10'000;
inline constexpr std::size_t kClientListBytesMax = 4U << 20;

struct ClientEntry {
  std::string seat, public_key;
  Roles roles;
  base::UtcTime created{};
  std::optional<base::UtcTime> revoked;
  bool operator==(const ClientEntry&) const = default;
};

class ClientList {
 public:
  ClientList() = default;  // nobody
  // Errors name file, line and key. Public keys are unique, and so are the seats of keys in force.
  static base::Result<ClientList> read(const std::filesystem::path& file);
  static base::Result<ClientList> parse(std::string_view text, const std::string& name);

  [[nodiscard]] const std::vector<ClientEntry>& entries() const { return m_entries; }
  // Null: no such key. A revoked one is found; ask it.
  [[nodiscard]] const ClientEntry* find_key(std::string_view public_key) const;
  // The one in force, else the newest revoked one; null: never heard of.
  [[nodiscard]] const ClientEntry* find_seat(std::string_view seat) const;

 private:
  std::vector<ClientEntry> m_entries;
  std::unordered_map<std::string, std::size_t> m_by_key;
};

// Up to 64 bytes of printable text without quotes and backslashes, no blank at either end.
[[nodiscard]] bool is_seat(std::string_view text);

// The text with one more client, or with `revoked` added to one: comments and order stay. Checked by reading it again.
base::Result<std::string> text_with_client(std::string_view text, const std::string& name, const ClientEntry& entry);
base::Result<std::string> text_with_revocation(std::string_view text, const std::string& name,
                                               std::string_view public_key, base::UtcTime revoked);

}  // namespace gridwall::feed
