#include "feed/client_list.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "feed/curve_keys.hpp"
#include "feed/private_file.hpp"
#include "model/config_table.hpp"

namespace gridwall::feed {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::UtcTime;
using model::ConfigTable;

namespace {

Result<UtcTime> read_time(const ConfigTable& table, std::string_view key) {
  TRY_ASSIGN(const std::string text, table.text(key));
  const auto time = base::parse_rfc3339(text);
  if (!time.ok()) return table.error_at(key, "a time such as \"2026-11-22T08:00:00Z\"");
  return *time;
}

Result<Roles> read_roles(const ConfigTable& table) {
  TRY_ASSIGN(const auto words, table.texts("roles"));
  Roles roles;
  for (const std::string& word : words) {
    const auto role = role_by_word(word);
    if (!role) return table.error_at("roles", "an array of viewer, operator, publisher, trainer");
    roles.add(*role);
  }
  if (roles.empty()) return table.error_at("roles", "at least one of viewer, operator, publisher, trainer");
  return roles;
}

Result<ClientEntry> read_entry(const ConfigTable& table) {
  TRY(table.expect_only({"seat", "public_key", "roles", "created", "revoked"}));
  ClientEntry entry;
  TRY_ASSIGN(entry.seat, table.text("seat"));
  if (!is_seat(entry.seat)) return table.error_at("seat", "1 to 64 bytes of plain text such as \"desk-3\"");
  TRY_ASSIGN(entry.public_key, table.text("public_key"));
  if (!is_key_text(entry.public_key))
    return table.error_at("public_key", "40 characters as 'gridwall keys' writes them");
  TRY_ASSIGN(entry.roles, read_roles(table));
  TRY_ASSIGN(entry.created, read_time(table, "created"));
  if (table.has("revoked")) {
    TRY_ASSIGN(entry.revoked, read_time(table, "revoked"));
  }
  return entry;
}

std::string entry_text(const ClientEntry& entry) {
  std::string roles;
  for (std::size_t i = 0; i < kRoleWords.size(); ++i) {
    if (entry.roles.has(static_cast<Role>(i)))
      roles += fmt::format("{}\"{}\"", roles.empty() ? "" : ", ", kRoleWords[i]);
  }
  return fmt::format("\n[[client]]\nseat = \"{}\"\npublic_key = \"{}\"\nroles = [{}]\ncreated = \"{}\"\n", entry.seat,
                     entry.public_key, roles, base::format_rfc3339(entry.created));
}

}  // namespace

bool is_seat(std::string_view text) {
  const auto is_plain = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '"' && c != '\\';
  };
  return !text.empty() && text.size() <= kSeatBytesMax && text.front() != ' ' && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), is_plain);
}

Result<ClientList> ClientList::read(const std::filesystem::path& file) {
  TRY(check_not_writable_by_all(file));
  TRY_ASSIGN(const std::string text, base::read_text_file(file, kClientListBytesMax));
  return parse(text, file.string());
}

Result<ClientList> ClientList::parse(std::string_view text, const std::string& name) {
  if (text.size() > kClientListBytesMax) {
    return Error{ErrorCode::Malformed, fmt::format("{}: larger than {} bytes", name, kClientListBytesMax)};
  }
  TRY_ASSIGN(const ConfigTable document, ConfigTable::parse(text, name));
  TRY(document.expect_only({"client"}));
  ClientList list;
  if (!document.has("client")) return list;
  TRY_ASSIGN(const auto tables, document.tables("client"));
  if (tables.size() > kClientsMax) {
    return document.error_at("client", fmt::format("at most {} tables [[client]]", kClientsMax));
  }
  std::unordered_set<std::string> seats_in_force;
  for (const ConfigTable& table : tables) {
    TRY_ASSIGN(ClientEntry entry, read_entry(table));
    if (!list.m_by_key.emplace(entry.public_key, list.m_entries.size()).second) {
      return table.error_at("public_key", "a key that no other client has");
    }
    if (!entry.revoked && !seats_in_force.insert(entry.seat).second) {
      return table.error_at("seat", "a seat without another key in force (revoke the old one first)");
    }
    list.m_entries.push_back(std::move(entry));
  }
  return list;
}

const ClientEntry* ClientList::find_key(std::string_view public_key) const {
  const auto found = m_by_key.find(std::string(public_key));
  return found == m_by_key.end() ? nullptr : &m_entries[found->second];
}

const ClientEntry* ClientList::find_seat(std::string_view seat) const {
  const ClientEntry* best = nullptr;
  for (const ClientEntry& entry : m_entries) {
    if (entry.seat != seat) continue;
    if (!entry.revoked) return &entry;
    if (best == nullptr || *entry.revoked >= *best->revoked) best = &entry;
  }
  return best;
}

Result<std::string> text_with_client(std::string_view text, const std::string& name, const ClientEntry& entry) {
  TRY_ASSIGN(const ClientList before, ClientList::parse(text, name));
  if (const ClientEntry* old = before.find_seat(entry.seat); old != nullptr && !old->revoked) {
    return Error{ErrorCode::Refused,
                 fmt::format("{}: seat \"{}\" has a key in force; to replace it, run first: gridwall "
                             "keys revoke \"{}\"",
                             name, entry.seat, entry.seat)};
  }
  std::string grown(text);
  if (!grown.empty() && grown.back() != '\n') grown += '\n';
  grown += entry_text(entry);
  TRY_ASSIGN(const ClientList after, ClientList::parse(grown, name));
  if (after.entries().size() != before.entries().size() + 1 || after.find_key(entry.public_key) == nullptr) {
    return Error{ErrorCode::Malformed,
                 fmt::format("{}: a table [[client]] cannot be added behind its last line; is the list written as "
                             "client = [...]? write tables instead",
                             name)};
  }
  return grown;
}

Result<std::string> text_with_revocation(std::string_view text, const std::string& name, std::string_view public_key,
                                         UtcTime revoked) {
  TRY_ASSIGN(const ClientList before, ClientList::parse(text, name));
  const ClientEntry* const entry = before.find_key(public_key);
  if (entry == nullptr || entry->revoked) {
    return Error{ErrorCode::Refused, fmt::format("{}: no such key in force", name)};
  }
  std::vector<ClientEntry> expected = before.entries();
  expected[static_cast<std::size_t>(entry - before.entries().data())].revoked = revoked;
  const std::string line = fmt::format("revoked = \"{}\"\n", base::format_rfc3339(revoked));
  // Behind the line that holds the key; where that does not give exactly the wanted list, a hand must do it.
  for (std::size_t at = text.find(public_key); at != std::string_view::npos; at = text.find(public_key, at + 1)) {
    const auto line_end = text.find('\n', at);
    std::string changed(text.substr(0, line_end == std::string_view::npos ? text.size() : line_end + 1));
    if (changed.back() != '\n') changed += '\n';
    changed += line;
    if (line_end != std::string_view::npos) changed += text.substr(line_end + 1);
    const auto after = ClientList::parse(changed, name);
    if (after.ok() && after->entries() == expected) return changed;
  }
  return Error{ErrorCode::Malformed,
               fmt::format("{}: cannot be changed by this command as it is laid out; write by hand "
                           "into the table of seat \"{}\": {}",
                           name, entry->seat, line.substr(0, line.size() - 1))};
}

}  // namespace gridwall::feed
