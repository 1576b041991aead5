// gridwall keys: makes the hub's key and its clients', lists who may connect, and takes keys back.
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "app/security_options.hpp"
#include "app/text_table.hpp"
#include "base/json_writer.hpp"
#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "feed/client_list.hpp"
#include "feed/curve_keys.hpp"

namespace gridwall::app {

namespace {

using base::JsonWriter;
using base::Result;
using base::Status;

struct KeysCommand {
  std::vector<std::string> words;
  std::vector<std::string> roles;
  std::string folder = default_key_folder().string();
  std::string out;
  bool json = false;
};

void print_line(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
}

Status make_hub_key(const KeysCommand& command) {
  TRY_ASSIGN(const std::string key, feed::create_hub_key(command.folder, base::SystemClock().now_utc()));
  if (command.json) {
    JsonWriter json;
    json.begin_object().field("folder", command.folder).field("hub_public_key", key).end_object();
    print_line(json.text());
    return {};
  }
  print_line(fmt::format("{}: made; the hub's public key is {}", feed::hub_key_file(command.folder).string(), key));
  print_line(fmt::format("next: gridwall keys new client desk-1 --role operator --out desk-1.key --folder {}",
                         command.folder));
  print_line(
      fmt::format("      gridwall hub --keys {} --requests 'tcp://*:5700' --feed 'tcp://*:5701'", command.folder));
  return {};
}

Status make_client_key(const KeysCommand& command, feed::Roles roles) {
  const feed::NewClient client{command.words[2], roles, command.out, base::SystemClock().now_utc()};
  TRY_ASSIGN(const std::string key, feed::create_client_key(command.folder, client));
  if (command.json) {
    JsonWriter json;
    json.begin_object().field("seat", client.seat).field("roles", feed::roles_text(roles));
    json.field("file", command.out).field("public_key", key).end_object();
    print_line(json.text());
    return {};
  }
  print_line(fmt::format("{}: the key of seat \"{}\" ({}); bring it to that machine over a safe way and delete it here",
                         command.out, client.seat, feed::roles_text(roles)));
  print_line(fmt::format("{}: lists it; a running hub admits it at once", feed::clients_file(command.folder).string()));
  return {};
}

std::string time_text(const base::UtcTime& time) {
  return base::format_rfc3339(time);
}

void print_list_json(const feed::ClientList& list, const std::string& hub_key) {
  JsonWriter json;
  json.begin_object().field("hub_public_key", hub_key).key("clients").begin_array();
  for (const feed::ClientEntry& entry : list.entries()) {
    json.begin_object().field("seat", entry.seat).field("public_key", entry.public_key).key("roles").begin_array();
    for (std::size_t i = 0; i < feed::kRoleWords.size(); ++i) {
      if (entry.roles.has(static_cast<feed::Role>(i))) json.value(feed::kRoleWords[i]);
    }
    json.end_array().field("created", time_text(entry.created));
    if (entry.revoked) json.field("revoked", time_text(*entry.revoked));
    json.end_object();
  }
  json.end_array().end_object();
  print_line(json.text());
}

Status list_keys(const KeysCommand& command) {
  TRY_ASSIGN(const feed::ClientList list, feed::ClientList::read(feed::clients_file(command.folder)));
  TRY_ASSIGN(const std::string hub_key, feed::read_hub_public_key(command.folder));
  if (command.json) {
    print_list_json(list, hub_key);
    return {};
  }
  print_line(fmt::format("hub  {}", hub_key));
  TextTable table;
  table.add({"seat", "roles", "made", "revoked", "public key"});
  for (const feed::ClientEntry& entry : list.entries()) {
    table.add({entry.seat, feed::roles_text(entry.roles), time_text(entry.created),
               entry.revoked ? time_text(*entry.revoked) : "-", entry.public_key});
  }
  std::fputs(table.text(0).c_str(), stdout);
  return {};
}

Status revoke_key(const KeysCommand& command) {
  TRY_ASSIGN(const std::string key,
             feed::revoke_client_key(command.folder, command.words[1], base::SystemClock().now_utc()));
  if (command.json) {
    JsonWriter json;
    json.begin_object().field("revoked", key).end_object();
    print_line(json.text());
    return {};
  }
  print_line(
      fmt::format("{}: revoked ({}); a running hub ends its connections within half a second", command.words[1], key));
  return {};
}

// Exit code of `new client`.
int new_client(const KeysCommand& given, const CommandLine& line) {
  KeysCommand command = given;
  if (command.roles.empty()) return line.wrong_usage("new client: expected --role, one or several");
  feed::Roles roles;
  for (const std::string& word : command.roles) {
    const auto role = feed::role_by_word(word);
    if (!role) return line.wrong_usage("--role " + word + ": expected viewer, operator, publisher or trainer");
    roles.add(*role);
  }
  const std::string& seat = command.words[2];
  if (command.out.empty()) {
    if (seat.find('/') != std::string::npos) return line.wrong_usage("a seat with a slash needs --out FILE");
    command.out = seat + ".key";
  }
  const Status status = make_client_key(command, roles);
  return status.ok() ? 0 : fail("keys", status.error());
}

}  // namespace

int run_keys(const Arguments& arguments) {
  KeysCommand command;
  CommandLine line("keys",
                   "Keys of a hub and its clients: new hub | new client SEAT | list | revoke SEAT. A seat says where, "
                   "not who: names of people do not belong in it",
                   "gridwall keys new hub\n"
                   "  gridwall keys new client desk-3 --role operator --out desk-3.key\n"
                   "  gridwall keys revoke desk-3");
  line.positional("ACTION", command.words, "new hub, new client SEAT, list, or revoke SEAT (or its public key)");
  line.option("--folder", command.folder, "the hub's key folder: hub.key, hub.pub, clients.toml");
  line.option("--role", command.roles, "viewer, operator, publisher or trainer; several times for several");
  line.option("--out,-o", command.out, "new client: its own key file; else SEAT.key here. Never overwritten");
  line.flag("--json", command.json, "print JSON");
  if (const auto code = line.parse(arguments)) return *code;

  const auto& words = command.words;
  const auto done = [](const Status& status) { return status.ok() ? 0 : fail("keys", status.error()); };
  const bool is_new = words.size() > 1 && words[0] == "new";
  if (is_new && words[1] == "client" && words.size() == 3) return new_client(command, line);
  if (!command.roles.empty() || !command.out.empty()) {
    return line.wrong_usage("--role and --out belong to: new client SEAT");
  }
  if (is_new && words[1] == "hub" && words.size() == 2) return done(make_hub_key(command));
  if (words[0] == "list" && words.size() == 1) return done(list_keys(command));
  if (words[0] == "revoke" && words.size() == 2) return done(revoke_key(command));
  return line.wrong_usage("expected: new hub, new client SEAT, list, or revoke SEAT");
}

}  // namespace gridwall::app
