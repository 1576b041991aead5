// The hub over real sockets on loopback: what a publisher sends is what a subscriber hears.
#include "hub/hub.hpp"

#include <gtest/gtest.h>

#include "feed/client.hpp"
#include "feed/subscriber.hpp"
#include "small_hub.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;
using model::FeedState;

class HubTest : public testing::Test {
 protected:
  std::unique_ptr<Hub> start(RateLimit client_bytes = {}) {
    HubOptions options = test::small_hub_options(m_clock);
    options.client_bytes = client_bytes;
    auto hub = Hub::start(options);
    EXPECT_TRUE(hub.ok()) << (hub.ok() ? "" : hub.error().message);
    return std::move(hub).value();
  }
  feed::Subscriber follow(const Hub& hub, const std::string& prefix = "") {
    feed::SubscriberOptions options;
    options.request_endpoint = hub.requests_endpoint();
    options.prefix = prefix;
    return std::move(feed::Subscriber::connect(options, m_clock)).value();
  }
  static bool until(const std::function<bool()>& done) {
    const auto give_up_at = std::chrono::steady_clock::now() + 60s;
    while (!done()) {
      if (std::chrono::steady_clock::now() > give_up_at) return false;
    }
    return true;
  }
  static bool reaches_live(feed::Subscriber& subscriber) {
    return until([&] { return subscriber.poll(20ms).status.state == FeedState::Live; });
  }
  model::Event now_event(int number) {
    model::Event event = test::event(fmt::format("{}", number), fmt::format("incident {}", number));
    event.occurred_at = m_clock.now_utc();
    return test::at(std::move(event), -3000 + number % 6000, -3000);
  }

  base::SystemClock m_clock;
};

TEST_F(HubTest, publishes_to_subscribers_what_publishers_send) {
  const auto hub = start();
  auto whole = follow(*hub);
  auto part = follow(*hub, "R/01/");
  ASSERT_TRUE(reaches_live(whole));
  ASSERT_TRUE(reaches_live(part));
  auto client = std::move(feed::Client::connect(hub->requests_endpoint(), m_clock)).value();
  constexpr int kEventCount = 600;
  int sent = 0, accepted = 0, accepted_below_01 = 0, heard_whole = 0, heard_part = 0;
  ASSERT_TRUE(until([&] {
    while (sent < kEventCount && client.has_room()) client.send(wire::encode_intake_event(now_event(sent++ * 10)));
    for (const auto& answered : client.poll(1ms)) {
      for (const auto& answer : answered.answers) {
        accepted += answer.status == wire::AnswerStatus::Accepted ? 1 : 0;
        accepted_below_01 += answer.path.starts_with("R/01/") ? 1 : 0;
      }
    }
    heard_whole += static_cast<int>(count_events(whole.poll(1ms)));
    heard_part += static_cast<int>(count_events(part.poll(1ms)));
    return accepted == kEventCount && heard_whole == accepted && heard_part == accepted_below_01;
  })) << accepted
      << " " << heard_whole << " " << heard_part << " of " << accepted_below_01;
  EXPECT_GT(accepted_below_01, 0);
  EXPECT_LT(accepted_below_01, kEventCount);
  const auto status = whole.poll(0ms).status;
  EXPECT_EQ(status.gap_count, 0u);
  EXPECT_EQ(status.last_sequence, static_cast<std::uint64_t>(kEventCount));
  hub->stop();
  EXPECT_EQ(hub->status()->intake.accepted_count, static_cast<std::uint64_t>(kEventCount));
  EXPECT_EQ(hub->status()->last_sequence, static_cast<std::uint64_t>(kEventCount));
  EXPECT_GT(hub->status()->heartbeat_count, 0u);
}

TEST_F(HubTest, sends_heartbeats_for_divisions_only) {
  const auto hub = start();
  auto unknown = follow(*hub, "R/77/");
  ASSERT_TRUE(until([&] {
    unknown.poll(20ms);
    return hub->status()->unknown_prefix_count > 0;
  }));
  auto known = follow(*hub, "R/01/");
  ASSERT_TRUE(reaches_live(known));
  EXPECT_EQ(unknown.poll(20ms).status.state, FeedState::Connecting);
  EXPECT_EQ(hub->status()->unknown_prefix_count, 1u);
}

TEST_F(HubTest, asks_a_client_that_sends_too_much_to_slow_down_and_takes_all_in_the_end) {
  const auto hub = start({20'000, 1'000});
  feed::ClientOptions options;
  options.rate_pause = 10ms;
  auto client = std::move(feed::Client::connect(hub->requests_endpoint(), m_clock, options)).value();
  constexpr std::size_t kEventCount = 20;
  for (std::size_t i = 0; i < kEventCount; ++i) client.send(wire::encode_intake_event(now_event(static_cast<int>(i))));
  std::size_t accepted = 0;
  ASSERT_TRUE(until([&] {
    for (const auto& answered : client.poll(5ms)) accepted += answered.answers.size();
    return accepted == kEventCount;
  }));
  hub->stop();
  EXPECT_GT(hub->status()->rate_limited_count, 0u);
  EXPECT_EQ(hub->status()->intake.accepted_count, kEventCount);
}

TEST_F(HubTest, is_another_epoch_at_each_start) {
  const auto first = start();
  const auto second = start();
  EXPECT_NE(first->status()->epoch, second->status()->epoch);
}

TEST_F(HubTest, says_why_it_cannot_start) {
  const auto hub = start();
  HubOptions options;
  options.tree = test::small_tree();
  options.vocabulary = test::small_vocabulary();
  options.rules = test::plain_rules();
  options.clock = &m_clock;
  options.requests_endpoint = hub->requests_endpoint();
  const auto taken = Hub::start(options);
  ASSERT_FALSE(taken.ok());
  EXPECT_NE(taken.error().message.find(hub->requests_endpoint()), std::string::npos);
  options.requests_endpoint = "tcp://0.0.0.0:*";
  const auto open_to_all = Hub::start(options);
  ASSERT_FALSE(open_to_all.ok());
  EXPECT_EQ(open_to_all.error().code, base::ErrorCode::Unsupported);
}

}  // namespace
}  // namespace gridwall::hub
