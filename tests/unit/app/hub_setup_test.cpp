// Every command that starts a hub gives it the same: what the wall's data says, and the doors of the command line.
#include "app/hub_setup.hpp"

#include <gtest/gtest.h>

#include "support/plain_rules.hpp"
#include "support/small_tree.hpp"

namespace gridwall::app {
namespace {

WallData district() {
  WallData data;
  data.profile.id = "lianyuan";
  data.tree = test::small_tree();
  data.vocabulary = std::make_shared<const model::Vocabulary>();
  data.rules = test::plain_rules();
  data.rules_hash = 0x1234;
  return data;
}

TEST(HubSetup, a_hub_serves_the_district_that_was_read) {
  const WallData data = district();
  const hub::HubOptions options = hub_options(data);
  EXPECT_EQ(options.profile_id, "lianyuan");
  EXPECT_EQ(options.tree, data.tree);
  EXPECT_EQ(options.vocabulary, data.vocabulary);
  EXPECT_EQ(options.rules, data.rules);
  EXPECT_EQ(options.rules_hash, 0x1234u);
}

TEST(HubSetup, a_hub_in_the_walls_own_process_takes_any_free_port_of_this_machine) {
  const hub::HubOptions options = hub_options(district());
  EXPECT_EQ(options.requests_endpoint, "tcp://127.0.0.1:*");
  EXPECT_EQ(options.feed_endpoint, "tcp://127.0.0.1:*");
  EXPECT_EQ(options.sync_endpoint, "tcp://127.0.0.1:*");
  EXPECT_FALSE(options.insecure);
}

TEST(HubSetup, each_door_of_the_command_line_is_the_hubs) {
  HubDoors doors;
  CommandLine line("hub", "for the test", "");
  add_door_options(line, doors);
  const std::vector<std::string> words = {"--requests",  "tcp://127.0.0.1:1", "--feed", "tcp://127.0.0.1:2",
                                          "--sync",      "tcp://127.0.0.1:3", "--keys", "folder/keys",
                                          "--insecure",  "--feed-queue",      "96",     "--audit",
                                          "folder/audit"};
  ASSERT_EQ(line.parse(words), std::nullopt);
  const WallData data = district();
  const hub::HubOptions options = hub_options(data, doors);
  EXPECT_EQ(options.requests_endpoint, "tcp://127.0.0.1:1");
  EXPECT_EQ(options.feed_endpoint, "tcp://127.0.0.1:2");
  EXPECT_EQ(options.sync_endpoint, "tcp://127.0.0.1:3");
  EXPECT_EQ(options.key_folder, "folder/keys");
  EXPECT_EQ(options.audit_folder, "folder/audit");
  EXPECT_EQ(options.feed_queue.bytes, std::size_t{96} << 20);
  EXPECT_TRUE(options.insecure);
  EXPECT_EQ(options.tree, data.tree);
}

}  // namespace
}  // namespace gridwall::app
