// CURVE keys: pairs as Z85 text, the hub's key folder and a client's key file. Secrets are in files that only their
// owner may read (anything else is refused) and never in an error text or a log.
//   FOLDER/hub.key       the hub's pair, secret        FOLDER/hub.pub   its public key, for whoever wants it
//   FOLDER/clients.toml  who may connect: feed/client_list.hpp
// Test: tests/unit/feed/curve_keys_test.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/roles.hpp"

namespace gridwall::feed {

inline constexpr std::size_t kKeyTextBytes = 40;  // 32 bytes as Z85

struct KeyPair {
  std::string public_key, secret_key;  // Z85
};

// A client's own file: its pair, and the hub that it trusts.
struct ClientKey {
  std::string seat;  // as the hub's list names it; for messages only, the hub believes its list
  KeyPair pair;
  std::string hub_public_key;
  std::filesystem::path file;  // where it was read
};

// Error: a ZeroMQ without CURVE.
base::Result<KeyPair> make_key_pair();
[[nodiscard]] bool is_key_text(std::string_view text);
// 32 bytes as Z85.
[[nodiscard]] std::string key_text(std::string_view bytes);

[[nodiscard]] std::filesystem::path hub_key_file(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path hub_public_file(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path clients_file(const std::filesystem::path& folder);

// Errors: no such file, others may read it, it is no key file, or its halves do not belong together.
base::Result<KeyPair> read_hub_key(const std::filesystem::path& folder);
base::Result<std::string> read_hub_public_key(const std::filesystem::path& folder);
base::Result<ClientKey> read_client_key(const std::filesystem::path& file);

// Makes the folder (mode 0700), hub.key, hub.pub and an empty clients.toml; returns the public key. Error: a hub key is
// there already, it is never overwritten.
base::Result<std::string> create_hub_key(const std::filesystem::path& folder, base::UtcTime created);

struct NewClient {
  std::string seat;
  Roles roles;
  std::filesystem::path out_file;  // the client's own, made for its owner alone
  base::UtcTime created{};
};
// Writes the client's file, then names it in clients.toml; both or neither. Returns its public key. Errors: a seat that
// has a key in force, a file that is there, a folder without a hub key.
base::Result<std::string> create_client_key(const std::filesystem::path& folder, const NewClient& client);

// From then on the hub refuses the seat's key. `seat_or_key`: a seat, or a public key. Returns the public key.
base::Result<std::string> revoke_client_key(const std::filesystem::path& folder, std::string_view seat_or_key,
                                            base::UtcTime revoked);

}  // namespace gridwall::feed
