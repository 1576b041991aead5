#include "feed/subscriber.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "fake_hub.hpp"
#include "keyed_hub.hpp"

namespace gridwall::feed {
namespace {

using namespace std::chrono_literals;
using model::FeedState;
using test::FakeHub;

class SubscriberTest : public testing::Test {
 protected:
  void follow(const std::string& endpoint, const std::string& prefix = "", const ConnectSecurity& security = {}) {
    SubscriberOptions options;
    options.security = security;
    options.request_endpoint = endpoint;
    options.prefix = prefix;
    auto connected = Subscriber::connect(options, m_clock);
    ASSERT_TRUE(connected.ok()) << connected.error().message;
    m_subscriber.emplace(std::move(*connected));
  }

  void step() {
    if (m_hub) m_hub->step();
    PollResult result = m_subscriber->poll(10ms);
    for (Item& item : result.items) {
      if (auto* event = std::get_if<model::SequencedEvent>(&item)) m_heard.push_back(std::move(*event));
      if (!std::holds_alternative<Clear>(item)) continue;
      ++m_restart_count;
      m_heard.clear();
    }
    m_status = result.status;
  }
  bool step_until(const std::function<bool()>& done) {
    return test::turn_until([&] { step(); }, done);
  }
  bool reaches(FeedState state) {
    return step_until([&] { return m_status.state == state; });
  }

  base::SystemClock m_clock;
  std::optional<FakeHub> m_hub;
  std::optional<Subscriber> m_subscriber;
  std::vector<model::SequencedEvent> m_heard;
  model::FeedStatus m_status;
  int m_restart_count = 0;
};

TEST_F(SubscriberTest, waits_for_a_hub_that_is_not_there_yet) {
  m_hub.emplace(1);
  const HubSocketOptions ports = m_hub->same_ports();
  const std::string endpoint = m_hub->requests_endpoint();
  m_hub.reset();
  follow(endpoint);
  for (int i = 0; i < 5; ++i) step();
  EXPECT_EQ(m_status.state, FeedState::Connecting);
  EXPECT_EQ(m_subscriber->hello(), nullptr);
  m_hub.emplace(1, ports);
  EXPECT_TRUE(reaches(FeedState::Live));
  ASSERT_NE(m_subscriber->hello(), nullptr);
  EXPECT_EQ(m_subscriber->hello()->root_path, "R/");
}

TEST_F(SubscriberTest, is_let_in_by_its_key_until_that_is_revoked_and_shows_why) {
  const test::KeyFolder folder;
  HubSocketOptions keyed;
  keyed.key_folder = folder.path();
  m_hub.emplace(1, keyed);
  follow(m_hub->requests_endpoint(), "", folder.add("wall-1", Role::Viewer));
  ASSERT_TRUE(reaches(FeedState::Live));
  folder.revoke("wall-1");
  ASSERT_TRUE(reaches(FeedState::Refused));
  EXPECT_NE(m_status.detail.find("does not admit the key"), std::string::npos) << m_status.detail;
}

TEST_F(SubscriberTest, without_a_key_is_refused_by_a_hub_that_wants_one_and_says_what_to_do) {
  const test::KeyFolder folder;
  HubSocketOptions keyed;
  keyed.key_folder = folder.path();
  m_hub.emplace(1, keyed);
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Refused));
  EXPECT_NE(m_status.detail.find("--key FILE"), std::string::npos) << m_status.detail;
}

TEST_F(SubscriberTest, with_a_publishers_key_is_refused_the_feed) {
  const test::KeyFolder folder;
  HubSocketOptions keyed;
  keyed.key_folder = folder.path();
  m_hub.emplace(1, keyed);
  follow(m_hub->requests_endpoint(), "", folder.add("city", Role::Publisher));
  ASSERT_TRUE(reaches(FeedState::Refused));
  EXPECT_NE(m_status.detail.find("its roles do not allow this"), std::string::npos) << m_status.detail;
  EXPECT_TRUE(m_heard.empty());
}

TEST_F(SubscriberTest, follows_the_root_that_the_hub_names_and_hears_every_event_in_order) {
  m_hub.emplace(1);
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Live));
  for (int i = 0; i < 500; ++i) m_hub->publish(i % 2 == 0 ? "R/01/" : "R/~", std::to_string(i));
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 500; }));
  for (std::size_t i = 0; i < m_heard.size(); ++i) {
    ASSERT_EQ(m_heard[i].sequence, i + 1);
    ASSERT_EQ(m_heard[i].event.id, std::to_string(i));
  }
  EXPECT_EQ(m_status.received_count, 500u);
  EXPECT_EQ(m_status.gap_count, 0u);
  EXPECT_GT(m_heard.front().received_at, base::UtcTime{});
  EXPECT_TRUE(m_status.round_trip.has_value());
}

TEST_F(SubscriberTest, with_a_prefix_hears_its_own_and_its_ancestors_own_leaves) {
  m_hub.emplace(1);
  follow(m_hub->requests_endpoint(), "R/01/");
  ASSERT_TRUE(reaches(FeedState::Live));
  m_hub->publish("R/02/", "elsewhere");
  m_hub->publish("R/01/03/", "below");
  m_hub->publish("R/~", "ancestor's own");
  m_hub->publish("R/01/~", "own");
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 3; }));
  EXPECT_EQ(m_heard[0].event.id, "below");
  EXPECT_EQ(m_heard[1].event.id, "ancestor's own");
  EXPECT_EQ(m_heard[2].event.id, "own");
  EXPECT_EQ(m_status.gap_count, 0u);
}

TEST_F(SubscriberTest, notices_what_was_lost_on_the_way) {
  m_hub.emplace(1);
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Live));
  m_hub->publish("R/01/", "first");
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 1; }));
  m_hub->swallow = true;
  m_hub->publish("R/01/", "lost");
  m_hub->swallow = false;
  m_hub->publish("R/01/", "third");
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 2; }));
  EXPECT_EQ(m_status.gap_count, 1u);
}

TEST_F(SubscriberTest, goes_stale_when_the_hub_dies_and_starts_anew_with_the_next) {
  m_hub.emplace(1);
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Live));
  m_hub->publish("R/01/", "before");
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 1; }));
  const HubSocketOptions ports = m_hub->same_ports();
  m_hub.reset();
  ASSERT_TRUE(reaches(FeedState::Stale));
  EXPECT_EQ(m_heard.size(), 1u) << "stale figures stay";
  m_hub.emplace(2, ports);
  ASSERT_TRUE(reaches(FeedState::Live));
  EXPECT_EQ(m_status.epoch, 2u);
  EXPECT_EQ(m_restart_count, 1);
  EXPECT_TRUE(m_heard.empty());
  m_hub->publish("R/01/", "after");
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 1; }));
  EXPECT_EQ(m_heard[0].event.id, "after");
}

TEST_F(SubscriberTest, drops_and_counts_messages_that_cannot_be_read) {
  m_hub.emplace(1);
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Live));
  const auto header = wire::encode_feed_header(m_hub->publish("R/01/", "good"));
  m_hub->sockets().publish("R/01/", "no header", "{}");
  m_hub->sockets().publish("R/01/", header);
  m_hub->sockets().publish("@hb/R/@", "not json");
  m_hub->sockets().publish("@clock", "[]");
  m_hub->publish("R/01/", "good too");
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 2; }));
  EXPECT_EQ(m_status.bad_count, 4u);
}

TEST_F(SubscriberTest, tells_why_the_hub_refuses_it) {
  m_hub.emplace(1);
  m_hub->hello_error = "this key has no role";
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Refused));
  EXPECT_NE(m_status.detail.find("this key has no role"), std::string::npos) << m_status.detail;
}

TEST(Subscriber, refuses_a_prefix_that_is_no_path) {
  const base::SystemClock clock;
  SubscriberOptions options;
  options.request_endpoint = "tcp://127.0.0.1:5700";
  options.prefix = "R/01";
  const auto refused = Subscriber::connect(options, clock);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::InvalidArgument);
  EXPECT_NE(refused.error().message.find("R/01"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::feed
