// Topics and the chains they belong to.
#include "wire/topics.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

TEST(Topics, kinds_are_told_apart) {
  EXPECT_EQ(topic_kind("320281/"), TopicKind::Event);
  EXPECT_EQ(topic_kind("320281/001/~"), TopicKind::Event);
  EXPECT_EQ(topic_kind("@hb/320281/@"), TopicKind::Heartbeat);
  EXPECT_EQ(topic_kind("@hb/320281/~@"), TopicKind::Heartbeat);
  EXPECT_EQ(topic_kind("@clock"), TopicKind::Clock);
  for (const char* odd : {"", "@", "@hb/", "@hb/@", "@hb/320281@", "320281", "~", "/"}) {
    EXPECT_EQ(topic_kind(odd), TopicKind::Unknown) << odd;
  }
}

TEST(Topics, a_heartbeat_topic_keeps_nested_prefixes_apart) {
  EXPECT_EQ(heartbeat_topic("320281/001/"), "@hb/320281/001/@");
  EXPECT_EQ(heartbeat_prefix("@hb/320281/001/@"), "320281/001/");
  EXPECT_FALSE(heartbeat_topic("320281/001/").starts_with(heartbeat_topic("320281/")));
}

TEST(Topics, the_chain_runs_from_the_whole_feed_to_the_own_leaf) {
  EXPECT_EQ(chain_length("a/b/"), 3u);
  EXPECT_EQ(chain_length("a/b/~"), 4u);
  EXPECT_EQ(chain_index("a/b/c/", ""), 0u);
  EXPECT_EQ(chain_index("a/b/c/", "a/"), 1u);
  EXPECT_EQ(chain_index("a/b/c/", "a/b/"), 2u);
  EXPECT_EQ(chain_index("a/b/~", "a/b/~"), 3u);
  EXPECT_EQ(chain_index("a/b/~", "a/b/"), 2u);
  EXPECT_FALSE(chain_index("a/bb/", "a/b/"));
  EXPECT_FALSE(chain_index("a/b/", "a/~"));
  EXPECT_FALSE(chain_index("a/b/", "a"));
}

TEST(Topics, a_town_follows_itself_and_what_its_ancestors_own) {
  EXPECT_EQ(followed_prefixes("a/b/c/"), (std::vector<std::string>{"a/b/c/", "a/~", "a/b/~"}));
  EXPECT_EQ(subscriptions("a/b/"),
            (std::vector<std::string>{"a/b/", "a/~", "@hb/a/b/@", "@hb/a/~@", "@clock"}));
  EXPECT_EQ(subscriptions("a/"), (std::vector<std::string>{"a/", "@hb/a/@", "@clock"}));
}

}  // namespace
}  // namespace gridwall::wire
