#include "feed/curve_keys.hpp"

#include <gtest/gtest.h>

#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "feed/client_list.hpp"
#include "keyed_hub.hpp"

namespace gridwall::feed {
namespace {

namespace fs = std::filesystem;
using test::KeyFolder;
using test::kKeysMadeAt;
using test::write_text;

constexpr const char* kKeyA = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
constexpr const char* kKeyB = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

fs::perms mode_of(const fs::path& file) {
  return fs::status(file).permissions();
}
std::string text_of(const fs::path& file) {
  return base::read_text_file(file).value();
}
std::string mentions(const std::string& text, const std::string& wanted) {
  return text.find(wanted) == std::string::npos ? text : std::string();
}

std::string table(const std::string& seat, const std::string& key, const std::string& rest) {
  return fmt::format("[[client]]\nseat = \"{}\"\npublic_key = \"{}\"\n{}\n", seat, key, rest);
}
constexpr const char* kRest = "roles = [\"viewer\"]\ncreated = \"2026-11-22T08:00:00Z\"";

TEST(CurveKeys, are_forty_characters_that_belong_together) {
  const auto pair = make_key_pair();
  ASSERT_TRUE(pair.ok());
  EXPECT_TRUE(is_key_text(pair->public_key));
  EXPECT_TRUE(is_key_text(pair->secret_key));
  EXPECT_NE(pair->public_key, make_key_pair()->public_key);
  for (const char* text :
       {"", "short", "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI\"", "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI ",
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hIDD", "#####################################ABC"}) {
    EXPECT_FALSE(is_key_text(text)) << text;
  }
}

TEST(CurveKeys, of_the_hub_are_readable_by_its_owner_alone) {
  const KeyFolder folder;
  EXPECT_EQ(mode_of(hub_key_file(folder.path())), fs::perms::owner_read | fs::perms::owner_write);
  const auto pair = read_hub_key(folder.path());
  ASSERT_TRUE(pair.ok()) << pair.error().message;
  EXPECT_EQ(read_hub_public_key(folder.path()).value(), pair->public_key);
  EXPECT_EQ(mentions(text_of(hub_public_file(folder.path())), pair->public_key), "");
  EXPECT_EQ(text_of(hub_public_file(folder.path())).find(pair->secret_key), std::string::npos);
}

TEST(CurveKeys, that_others_can_read_are_refused_with_the_command_that_helps) {
  const KeyFolder folder;
  folder.add("desk-1", Role::Operator);
  for (const fs::perms others : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    fs::permissions(hub_key_file(folder.path()), others, fs::perm_options::add);
    fs::permissions(folder.file_of("desk-1"), others, fs::perm_options::add);
    const auto hub = read_hub_key(folder.path());
    const auto client = read_client_key(folder.file_of("desk-1"));
    ASSERT_FALSE(hub.ok());
    ASSERT_FALSE(client.ok());
    EXPECT_EQ(mentions(hub.error().message, "chmod 600 " + hub_key_file(folder.path()).string()), "");
    EXPECT_EQ(mentions(client.error().message, "chmod 600 "), "");
    fs::permissions(hub_key_file(folder.path()), others, fs::perm_options::remove);
    fs::permissions(folder.file_of("desk-1"), others, fs::perm_options::remove);
    EXPECT_TRUE(read_hub_key(folder.path()).ok());
  }
}

TEST(CurveKeys, are_never_overwritten) {
  const KeyFolder folder;
  const std::string before = text_of(hub_key_file(folder.path()));
  const auto again = create_hub_key(folder.path(), kKeysMadeAt);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(mentions(again.error().message, "never overwritten"), "");
  EXPECT_EQ(text_of(hub_key_file(folder.path())), before);

  folder.add("desk-1", Role::Operator);
  const std::string client = text_of(folder.file_of("desk-1"));
  const std::string list = text_of(clients_file(folder.path()));
  const auto other = create_client_key(folder.path(), {"desk-2", Role::Viewer, folder.file_of("desk-1"), kKeysMadeAt});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(text_of(folder.file_of("desk-1")), client);
  EXPECT_EQ(text_of(clients_file(folder.path())), list) << "a key that was not made is not listed";
}

TEST(CurveKeys, of_a_client_hold_what_it_needs_and_are_listed) {
  const KeyFolder folder;
  Roles roles = Role::Operator;
  roles.add(Role::Viewer);
  const ConnectSecurity desk = folder.add("指挥席3", roles);
  EXPECT_EQ(desk.key->seat, "指挥席3");
  EXPECT_EQ(desk.key->hub_public_key, read_hub_public_key(folder.path()).value());
  EXPECT_EQ(mode_of(folder.file_of("指挥席3")), fs::perms::owner_read | fs::perms::owner_write);
  const auto list = ClientList::read(clients_file(folder.path()));
  ASSERT_TRUE(list.ok()) << list.error().message;
  const ClientEntry* entry = list->find_key(desk.key->pair.public_key);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->seat, "指挥席3");
  EXPECT_EQ(entry->roles, roles);
  EXPECT_EQ(entry->created, kKeysMadeAt);
  EXPECT_FALSE(entry->revoked);
  EXPECT_EQ(text_of(clients_file(folder.path())).find(desk.key->pair.secret_key), std::string::npos);
}

TEST(CurveKeys, of_a_seat_are_replaced_only_after_the_old_one_is_revoked) {
  const KeyFolder folder;
  const std::string old_key = folder.add("desk-1", Role::Operator).key->pair.public_key;
  const NewClient again{"desk-1", Role::Operator, folder.outside() / "again.key", kKeysMadeAt};
  const auto refused = create_client_key(folder.path(), again);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(mentions(refused.error().message, "gridwall keys revoke \"desk-1\""), "");
  EXPECT_FALSE(fs::exists(again.out_file));
  folder.revoke("desk-1");
  const auto made = create_client_key(folder.path(), again);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto list = ClientList::read(clients_file(folder.path()));
  ASSERT_TRUE(list.ok());
  EXPECT_TRUE(list->find_key(old_key)->revoked);
  EXPECT_EQ(list->find_seat("desk-1")->public_key, *made);
}

TEST(CurveKeys, are_revoked_without_touching_anything_else_of_the_file) {
  const std::string before = "# ours\n" + table("a", kKeyA, kRest) + "# between\n" + table("b", kKeyB, kRest) + "# end";
  const auto after = text_with_revocation(before, "clients.toml", kKeyA, kKeysMadeAt);
  ASSERT_TRUE(after.ok()) << after.error().message;
  std::string without = *after;
  const std::string added = fmt::format("revoked = \"{}\"\n", base::format_rfc3339(kKeysMadeAt));
  without.erase(without.find(added), added.size());
  EXPECT_EQ(without, before);
  EXPECT_EQ(ClientList::parse(*after, "x")->find_key(kKeyA)->revoked, kKeysMadeAt);
  EXPECT_FALSE(ClientList::parse(*after, "x")->find_key(kKeyB)->revoked);
}

TEST(CurveKeys, in_a_list_laid_out_otherwise_are_left_to_a_hand) {
  const std::string inline_list = fmt::format(
      "client = [{{seat = \"a\", public_key = \"{}\", roles = [\"viewer\"], created = \"2026-11-22T08:00:00Z\"}}]\n",
      kKeyA);
  ASSERT_TRUE(ClientList::parse(inline_list, "x").ok());
  const auto revoked = text_with_revocation(inline_list, "clients.toml", kKeyA, kKeysMadeAt);
  ASSERT_FALSE(revoked.ok());
  EXPECT_EQ(mentions(revoked.error().message, "by hand"), "");
  ClientEntry other{"b", kKeyB, Role::Viewer, kKeysMadeAt, {}};
  EXPECT_FALSE(text_with_client(inline_list, "clients.toml", other).ok());
}

TEST(CurveKeys, that_nobody_has_cannot_be_revoked) {
  const KeyFolder folder;
  folder.add("desk-1", Role::Operator);
  const auto unknown = revoke_client_key(folder.path(), "desk-9", kKeysMadeAt);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(mentions(unknown.error().message, "desk-9"), "");
  folder.revoke("desk-1");
  const auto twice = revoke_client_key(folder.path(), "desk-1", kKeysMadeAt);
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(mentions(twice.error().message, "is revoked since"), "");
}

TEST(CurveKeys, spoilt_in_their_file_are_told_without_being_shown) {
  const KeyFolder folder;
  const ConnectSecurity desk = folder.add("desk-1", Role::Operator);
  const fs::path file = folder.file_of("desk-1");
  const std::string good = text_of(file);
  const std::string secret = desk.key->pair.secret_key;
  const auto spoil = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    write_text(file, text);
    const auto read = read_client_key(file);
    EXPECT_FALSE(read.ok()) << from << " -> " << to;
    if (read.ok()) return;
    EXPECT_EQ(mentions(read.error().message, file.string()), "");
    EXPECT_EQ(read.error().message.find(secret.substr(0, 8)), std::string::npos) << read.error().message;
  };
  spoil(secret, secret.substr(0, 39));
  spoil("secret_key = \"", "secret_key = ");
  spoil("secret_key", "secret");
  spoil(desk.key->pair.public_key, kKeyA);
  spoil("seat = \"desk-1\"", "seat = 1");
  spoil("hub_public_key", "hub_key");
  write_text(file, good);
  EXPECT_TRUE(read_client_key(file).ok());
}

TEST(ClientList, names_file_line_and_key_of_what_is_wrong) {
  const struct {
    std::string text;
    const char* told;
  } cases[] = {
      {"clients = 1\n", "clients.toml:1: clients: unknown key"},
      {"client = 1\n", "clients.toml:1: client: expected tables [[client]]"},
      {"\n" + table("", kKeyA, kRest), "clients.toml:3: client[1].seat: expected"},
      {table("a\\\"b", kKeyA, kRest), "clients.toml:2: client[1].seat: expected"},
      {table(std::string(65, 'x'), kKeyA, kRest), "client[1].seat: expected"},
      {table("a", "nokey", kRest), "clients.toml:3: client[1].public_key: expected 40 characters"},
      {table("a", kKeyA, "created = \"2026-11-22T08:00:00Z\""), "client[1].roles: expected"},
      {table("a", kKeyA, "roles = [\"root\"]\ncreated = \"2026-11-22T08:00:00Z\""),
       "clients.toml:4: client[1].roles: "},
      {table("a", kKeyA, "roles = []\ncreated = \"2026-11-22T08:00:00Z\""), "clients.toml:4: client[1].roles: "},
      {table("a", kKeyA, "roles = [\"viewer\"]\ncreated = \"today\""), "clients.toml:5: client[1].created: "},
      {table("a", kKeyA, std::string(kRest) + "\nrevoked = true"), "clients.toml:6: client[1].revoked: "},
      {table("a", kKeyA, std::string(kRest) + "\nrole = \"x\""), "clients.toml:6: client[1].role: unknown key"},
      {table("a", kKeyA, kRest) + table("b", kKeyA, kRest), "clients.toml:8: client[2].public_key: "},
      {table("a", kKeyA, kRest) + table("a", kKeyB, kRest), "clients.toml:7: client[2].seat: "},
      {"[[client]\n", "clients.toml:1: not valid TOML"},
  };
  for (const auto& wrong : cases) {
    const auto list = ClientList::parse(wrong.text, "clients.toml");
    ASSERT_FALSE(list.ok()) << wrong.text;
    EXPECT_EQ(mentions(list.error().message, wrong.told), "") << wrong.text;
  }
  EXPECT_TRUE(ClientList::parse("", "clients.toml")->entries().empty());
}

TEST(ClientList, that_everybody_may_write_is_refused) {
  const KeyFolder folder;
  fs::permissions(clients_file(folder.path()), fs::perms::others_write, fs::perm_options::add);
  const auto list = ClientList::read(clients_file(folder.path()));
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(mentions(list.error().message, "chmod o-w"), "");
}

}  // namespace
}  // namespace gridwall::feed
