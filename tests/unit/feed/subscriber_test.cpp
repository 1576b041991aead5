#include "feed/subscriber.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "base/text_file.hpp"
#include "fake_hub.hpp"
#include "keyed_hub.hpp"

namespace gridwall::feed {
namespace {

using namespace std::chrono_literals;
using model::FeedState;
using test::FakeHub;

class SubscriberTest : public testing::Test {
 protected:
  void follow(const std::string& endpoint, const std::string& prefix = "", bool has_state = false,
              const ConnectSecurity& security = {}) {
    SubscriberOptions options;
    options.has_state = has_state;
    options.security = security.key ? security : m_security;
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
      if (const auto* beat = std::get_if<Beat>(&item)) m_subscriber->answer_beat(beat->beat, m_states_equal);
      if (auto* restore = std::get_if<Restore>(&item)) m_restored.push_back(std::move(*restore));
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
  ConnectSecurity m_security;
  std::optional<FakeHub> m_hub;
  std::optional<Subscriber> m_subscriber;
  std::vector<model::SequencedEvent> m_heard;
  model::FeedStatus m_status;
  std::vector<Restore> m_restored;
  bool m_states_equal = true;
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
  follow(m_hub->requests_endpoint(), "", false, folder.add("wall-1", Role::Viewer));
  ASSERT_TRUE(reaches(FeedState::Live));
  folder.revoke("wall-1");
  ASSERT_TRUE(reaches(FeedState::Refused));
  EXPECT_NE(m_status.detail.find("does not admit the key"), std::string::npos) << m_status.detail;
}

TEST_F(SubscriberTest, hears_the_feed_again_once_it_is_let_in_again) {
  const test::KeyFolder folder;
  HubSocketOptions keyed;
  keyed.key_folder = folder.path();
  const ConnectSecurity wall = folder.add("wall-1", Role::Viewer);
  const std::string list = base::read_text_file(clients_file(folder.path())).value();
  m_hub.emplace(1, keyed);
  follow(m_hub->requests_endpoint(), "", false, wall);
  ASSERT_TRUE(reaches(FeedState::Live));
  folder.revoke("wall-1");
  ASSERT_TRUE(reaches(FeedState::Refused));
  test::write_text(clients_file(folder.path()), list);
  EXPECT_TRUE(reaches(FeedState::Live));
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
  follow(m_hub->requests_endpoint(), "", false, folder.add("city", Role::Publisher));
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

TEST_F(SubscriberTest, with_a_state_joins_by_a_snapshot_and_goes_on_with_what_follows_it) {
  m_hub.emplace(1);
  m_hub->open_sync();
  m_hub->digest = "0123456789abcdef";
  for (int i = 0; i < 3; ++i) m_hub->publish("R/01/", "before");
  follow(m_hub->requests_endpoint(), "R/01/", true);
  m_states_equal = false;
  ASSERT_TRUE(step_until([&] { return m_status.digest_differs_count > 0; }));
  EXPECT_NE(m_status.state, FeedState::Live) << "a state that differs is not believed";
  m_states_equal = true;
  ASSERT_TRUE(reaches(FeedState::Live));
  ASSERT_GE(m_restored.size(), 2u);
  EXPECT_EQ(m_restored.back().head, "3");
  EXPECT_EQ(m_restored.back().parts, (std::vector<std::string>{"R/01/", "R/~"}));
  EXPECT_TRUE(m_status.is_complete);
  EXPECT_EQ(m_restart_count, 0) << "figures stay until they are replaced";
  m_hub->publish("R/01/", "after");
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 1; }));
  EXPECT_EQ(m_heard[0].sequence, 4u);
}

TEST_F(SubscriberTest, with_a_state_fetches_what_was_lost_on_the_way) {
  m_hub.emplace(1);
  m_hub->open_sync();
  m_hub->publish("R/01/", "0");
  follow(m_hub->requests_endpoint(), "", true);
  ASSERT_TRUE(reaches(FeedState::Live));
  m_hub->swallow = true;
  for (int i = 0; i < 200; ++i) m_hub->publish("R/01/", "lost");
  m_hub->swallow = false;
  m_hub->publish("R/01/", "third");
  ASSERT_TRUE(step_until([&] { return m_heard.size() == 201; }));
  for (std::size_t i = 0; i < m_heard.size(); ++i) ASSERT_EQ(m_heard[i].sequence, i + 2);
  EXPECT_EQ(m_restored.size(), 1u) << "the events were enough";
  ASSERT_TRUE(reaches(FeedState::Live));
  EXPECT_EQ(m_status.gap_count, 1u);
  EXPECT_EQ(m_status.resync_count, 2u);
}

TEST_F(SubscriberTest, with_a_state_comes_back_with_a_restarted_hub_by_its_snapshot) {
  m_hub.emplace(1);
  m_hub->open_sync();
  follow(m_hub->requests_endpoint(), "", true);
  ASSERT_TRUE(reaches(FeedState::Live));
  const HubSocketOptions ports = m_hub->same_ports();
  m_hub.reset();
  m_hub.emplace(2, ports);
  m_hub->open_sync();  // at another port
  m_hub->publish("R/01/", "of the new epoch");
  ASSERT_TRUE(step_until([&] { return m_status.epoch == 2 && m_status.state == FeedState::Live; }));
  EXPECT_EQ(m_restored.back().head, "1");
}

TEST_F(SubscriberTest, bytes_that_cannot_be_restored_are_asked_for_again) {
  m_hub.emplace(1);
  m_hub->open_sync();
  m_hub->snapshot_head = "broken";
  follow(m_hub->requests_endpoint(), "", true);
  ASSERT_TRUE(step_until([&] { return !m_restored.empty(); }));
  m_subscriber->restore_failed("a tree of another district");
  ASSERT_TRUE(step_until([&] { return m_status.detail == "a tree of another district"; }));
  EXPECT_EQ(m_status.state, FeedState::Recovering);
  EXPECT_TRUE(step_until([&] { return m_restored.size() == 2; }));
}

TEST_F(SubscriberTest, a_hub_without_snapshots_is_followed_from_now_on) {
  m_hub.emplace(1);
  m_hub->publish("R/01/", "before");
  follow(m_hub->requests_endpoint(), "", true);
  ASSERT_TRUE(reaches(FeedState::Live));
  EXPECT_FALSE(m_status.is_complete);
  EXPECT_TRUE(m_restored.empty());
}

TEST_F(SubscriberTest, both_halves_of_a_move_come_in_one_turn) {
  m_hub.emplace(1);
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Live));
  const auto half = [](std::string_view type, const std::string& path) {
    model::Event event = FakeHub::event(path, "move");
    event.type = type;
    event.source = model::kHubSource;
    if (type == model::kMovedIn) event.moved_case = "the whole case";
    return event;
  };
  constexpr std::size_t kMoveCount = 20;
  for (std::size_t i = 0; i < kMoveCount; ++i) {
    m_hub->publish("R/01/", half(model::kMovedOut, "R/01/"));
    m_hub->publish("R/02/", half(model::kMovedIn, "R/02/"));
  }
  std::size_t halves = 0;
  ASSERT_TRUE(test::turn_until(
      [&] {
        const PollResult result = m_subscriber->poll(10ms, 1);
        const std::size_t count = count_events(result);
        EXPECT_TRUE(count == 0 || count == 2) << count;
        halves += count;
      },
      [&] { return halves >= 2 * kMoveCount; }));
}

TEST_F(SubscriberTest, a_move_to_where_it_does_not_look_is_heard_by_half) {
  m_hub.emplace(1);
  follow(m_hub->requests_endpoint(), "R/01/");
  ASSERT_TRUE(reaches(FeedState::Live));
  model::Event out = FakeHub::event("R/01/", "move");
  out.type = model::kMovedOut;
  m_hub->publish("R/01/", out);
  EXPECT_TRUE(step_until([&] { return m_heard.size() == 1; }));
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

TEST_F(SubscriberTest, comes_in_with_a_key_and_tells_that_it_is_refused_without) {
  const test::KeyFolder keys;
  HubSocketOptions guarded;
  guarded.key_folder = keys.path();
  m_hub.emplace(1, guarded);
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Refused));
  EXPECT_FALSE(m_status.detail.empty());
  m_security = keys.add("wall", Role::Viewer);
  follow(m_hub->requests_endpoint());
  ASSERT_TRUE(reaches(FeedState::Live));
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
