#include "feed/roles.hpp"

#include <gtest/gtest.h>

namespace gridwall::feed {
namespace {

constexpr Action kActions[] = {Action::Ask,     Action::Follow,  Action::Publish,
                               Action::Command, Action::Control, Action::Inject};

std::string allowed(Roles roles) {
  std::string text;
  for (const Action action : kActions) text += may(roles, action) ? 'x' : '-';
  return text;
}

TEST(Roles, each_allow_what_their_work_needs_and_nothing_else) {
  EXPECT_EQ(allowed(Role::Viewer), "xx----");
  EXPECT_EQ(allowed(Role::Operator), "xx-x--");
  EXPECT_EQ(allowed(Role::Publisher), "x-x---");
  EXPECT_EQ(allowed(Role::Trainer), "xx--xx");
  EXPECT_EQ(allowed(Roles()), "------");
  EXPECT_EQ(allowed(Roles::all()), "xxxxxx");
}

TEST(Roles, of_one_seat_add_up) {
  Roles roles = Role::Publisher;
  roles.add(Role::Operator);
  EXPECT_EQ(allowed(roles), "xxxx--");
  EXPECT_EQ(roles_text(roles), "operator+publisher");
  EXPECT_EQ(roles_text(Roles()), "none");
}

TEST(Roles, are_found_by_their_words_only) {
  for (const std::string_view word : kRoleWords) EXPECT_EQ(roles_text(*role_by_word(word)), word);
  EXPECT_FALSE(role_by_word("root"));
  EXPECT_FALSE(role_by_word("Viewer"));
}

TEST(Roles, of_a_peer_without_keys_are_all_and_unproven) {
  EXPECT_EQ(Peer{}.roles, Roles::all());
  EXPECT_FALSE(Peer{}.proven);
}

}  // namespace
}  // namespace gridwall::feed
