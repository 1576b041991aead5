#include "feed/curve_keys.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <array>

#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "feed/client_list.hpp"
#include "feed/private_file.hpp"
#include "model/config_table.hpp"

namespace gridwall::feed {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using model::ConfigTable;

namespace {

constexpr std::size_t kKeyFileBytesMax = 64U << 10;
using KeyBuffer = std::array<char, kKeyTextBytes + 1>;

constexpr std::string_view kClientsHead =
    "# Who may connect to this hub. Written by 'gridwall keys', and by hand: the hub reads it again when it changes.\n"
    "# seat: where, not who (names of people do not belong here); roles: viewer, operator, publisher, trainer.\n";

// No value of a key file may stand in a message: only where and what was expected.
Error key_error(const std::filesystem::path& file, std::string_view key, std::string_view expected) {
  return {ErrorCode::Malformed, fmt::format("{}: {}: expected {}; the value found is not shown because the file is "
                                            "secret",
                                            file.string(), key, expected)};
}

Result<ConfigTable> open_key_file(const std::filesystem::path& file) {
  TRY_ASSIGN(const std::string text, base::read_text_file(file, kKeyFileBytesMax));
  auto table = ConfigTable::parse(text, file.string());
  if (table.ok()) return table;
  return Error{
      ErrorCode::Malformed,
      fmt::format("{}: is no key file of Gridwall: expected lines such as public_key = \"...\"", file.string())};
}

Result<std::string> read_key(const ConfigTable& table, const std::filesystem::path& file, std::string_view key) {
  const auto text = table.text(key);
  if (!text.ok() || !is_key_text(*text)) return key_error(file, key, "40 characters in quotes");
  return *text;
}

Result<KeyPair> read_pair(const ConfigTable& table, const std::filesystem::path& file) {
  KeyPair pair;
  TRY_ASSIGN(pair.public_key, read_key(table, file, "public_key"));
  TRY_ASSIGN(pair.secret_key, read_key(table, file, "secret_key"));
  KeyBuffer derived{};
  if (zmq_curve_public(derived.data(), pair.secret_key.c_str()) != 0 || pair.public_key != derived.data()) {
    return key_error(file, "public_key", "the public half of secret_key");
  }
  return pair;
}

Status make_folder(const std::filesystem::path& folder) {
  std::error_code code;
  const bool made = std::filesystem::create_directories(folder, code);
  if (code) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: cannot be made: {}", folder.string(), code.message())};
  }
  if (made) ::chmod(folder.c_str(), 0700);
  return {};
}

std::string client_file_text(const NewClient& client, const KeyPair& pair, std::string_view hub_public_key) {
  return fmt::format(
      "# Gridwall: the key of seat \"{}\" ({}). Secret: whoever has this file is that seat.\n"
      "# Give it to a program with --key; keep it readable by its owner alone (chmod 600).\n"
      "seat = \"{}\"\npublic_key = \"{}\"\nsecret_key = \"{}\"\nhub_public_key = \"{}\"\n",
      client.seat, roles_text(client.roles), client.seat, pair.public_key, pair.secret_key, hub_public_key);
}

}  // namespace

bool is_key_text(std::string_view text) {
  if (text.size() != kKeyTextBytes) return false;
  const std::string with_end(text);
  std::array<std::uint8_t, 32> bytes{};
  if (zmq_z85_decode(bytes.data(), with_end.c_str()) == nullptr) return false;
  // The decoder takes some characters outside of the alphabet: only what encodes to itself is a key.
  return key_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) == text;
}

std::string key_text(std::string_view bytes) {
  KeyBuffer text{};
  if (bytes.size() != 32) return {};
  zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return text.data();
}

Result<KeyPair> make_key_pair() {
  KeyBuffer public_key{}, secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    return Error{ErrorCode::Unsupported, "this system's ZeroMQ cannot make CURVE keys: it was built without libsodium"};
  }
  return KeyPair{public_key.data(), secret_key.data()};
}

std::filesystem::path hub_key_file(const std::filesystem::path& folder) {
  return folder / "hub.key";
}
std::filesystem::path hub_public_file(const std::filesystem::path& folder) {
  return folder / "hub.pub";
}
std::filesystem::path clients_file(const std::filesystem::path& folder) {
  return folder / "clients.toml";
}

Result<KeyPair> read_hub_key(const std::filesystem::path& folder) {
  const auto file = hub_key_file(folder);
  std::error_code code;
  if (!std::filesystem::exists(file, code)) {
    return Error{ErrorCode::NotFound, fmt::format("{}: no such key; make one with: gridwall keys new hub --folder {}",
                                                  file.string(), folder.string())};
  }
  TRY(check_owner_only(file));
  TRY_ASSIGN(const ConfigTable table, open_key_file(file));
  return read_pair(table, file);
}

Result<std::string> read_hub_public_key(const std::filesystem::path& folder) {
  const auto file = hub_public_file(folder);
  TRY_ASSIGN(const ConfigTable table, open_key_file(file));
  return read_key(table, file, "public_key");
}

Result<ClientKey> read_client_key(const std::filesystem::path& file) {
  TRY(check_owner_only(file));
  TRY_ASSIGN(const ConfigTable table, open_key_file(file));
  ClientKey key;
  key.file = file;
  TRY_ASSIGN(key.pair, read_pair(table, file));
  TRY_ASSIGN(key.hub_public_key, read_key(table, file, "hub_public_key"));
  const auto seat = table.text("seat");
  if (!seat.ok() || !is_seat(*seat)) return key_error(file, "seat", "1 to 64 bytes of plain text in quotes");
  key.seat = *seat;
  return key;
}

Result<std::string> create_hub_key(const std::filesystem::path& folder, base::UtcTime created) {
  TRY(make_folder(folder));
  TRY_ASSIGN(const FolderLock lock, FolderLock::take(folder));
  TRY_ASSIGN(const KeyPair pair, make_key_pair());
  const std::string secret = fmt::format(
      "# Gridwall: the hub's key, made {}. Secret: whoever has it can pose as this hub.\n"
      "public_key = \"{}\"\nsecret_key = \"{}\"\n",
      base::format_rfc3339(created), pair.public_key, pair.secret_key);
  TRY(create_file(hub_key_file(folder), secret, Readers::Owner));
  const std::string shown =
      fmt::format("# Gridwall: the hub's public key, made {}. For everybody.\npublic_key = \"{}\"\n",
                  base::format_rfc3339(created), pair.public_key);
  std::error_code code;
  std::filesystem::remove(hub_public_file(folder), code);  // of a key that was moved away
  TRY(create_file(hub_public_file(folder), shown, Readers::Everybody));
  if (!std::filesystem::exists(clients_file(folder), code)) {
    TRY(create_file(clients_file(folder), kClientsHead, Readers::Everybody));
  }
  return pair.public_key;
}

Result<std::string> create_client_key(const std::filesystem::path& folder, const NewClient& client) {
  if (!is_seat(client.seat)) {
    return Error{
        ErrorCode::InvalidArgument,
        fmt::format("seat '{}': expected 1 to 64 bytes of plain text without quotes, such as desk-3", client.seat)};
  }
  TRY_ASSIGN(const FolderLock lock, FolderLock::take(folder));
  TRY_ASSIGN(const KeyPair hub, read_hub_key(folder));
  TRY_ASSIGN(const KeyPair pair, make_key_pair());
  const auto list_file = clients_file(folder);
  std::error_code code;
  std::string text(kClientsHead);
  if (std::filesystem::exists(list_file, code)) {
    TRY(check_not_writable_by_all(list_file));
    TRY_ASSIGN(text, base::read_text_file(list_file, kClientListBytesMax));
  }
  ClientEntry entry;
  entry.seat = client.seat;
  entry.public_key = pair.public_key;
  entry.roles = client.roles;
  entry.created = std::chrono::floor<std::chrono::seconds>(client.created);
  TRY_ASSIGN(const std::string grown, text_with_client(text, list_file.string(), entry));
  TRY(create_file(client.out_file, client_file_text(client, pair, hub.public_key), Readers::Owner));
  if (const Status listed = replace_file(list_file, grown); !listed.ok()) {
    std::filesystem::remove(client.out_file, code);  // a key that no list names is good for nothing
    return listed.error();
  }
  return pair.public_key;
}

Result<std::string> revoke_client_key(const std::filesystem::path& folder, std::string_view seat_or_key,
                                      base::UtcTime revoked) {
  TRY_ASSIGN(const FolderLock lock, FolderLock::take(folder));
  const auto file = clients_file(folder);
  TRY_ASSIGN(const std::string text, base::read_text_file(file, kClientListBytesMax));
  TRY_ASSIGN(const ClientList list, ClientList::parse(text, file.string()));
  const ClientEntry* entry = list.find_key(seat_or_key);
  if (entry == nullptr) entry = list.find_seat(seat_or_key);
  if (entry == nullptr) {
    return Error{ErrorCode::NotFound,
                 fmt::format("{}: no seat or key '{}'; 'gridwall keys list' names them", file.string(), seat_or_key)};
  }
  if (entry->revoked) {
    return Error{ErrorCode::Refused, fmt::format("{}: '{}' is revoked since {}", file.string(), seat_or_key,
                                                 base::format_rfc3339(*entry->revoked))};
  }
  TRY_ASSIGN(const std::string changed, text_with_revocation(text, file.string(), entry->public_key,
                                                             std::chrono::floor<std::chrono::seconds>(revoked)));
  TRY(replace_file(file, changed));
  return entry->public_key;
}

}  // namespace gridwall::feed
