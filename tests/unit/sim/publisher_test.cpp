// A simulator, a hub and their sockets over loopback: what is sent arrives, at the hub's clock.
#include "sim/publisher.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "geo/transform.hpp"
#include "hub/hub.hpp"
#include "support/plain_rules.hpp"

namespace gridwall::test {
namespace {

constexpr std::uint64_t kEnoughEvents = 800;

// A start far from now, so that nobody's own clock can be taken for the hub's.
const base::UtcTime kMorning = at("2026-03-04T10:30:00+08:00");

sim::Simulator simulator_in_degrees(std::uint64_t seed) {
  auto input = plan_input(seed);
  auto made = geo::Transform::create(input.tree->world_crs(), geo::kLonLatCrs);
  EXPECT_TRUE(made.ok());
  const auto transform = std::make_shared<const geo::Transform>(std::move(made).value());
  sim::SimulatorSpec spec{"test", input, [transform](base::Vec2d p) { return transform->forward(p); }};
  return sim::Simulator::create(std::move(spec)).value();
}

struct HubAt {
  base::SystemClock real;
  base::ScaledClock clock;
  std::unique_ptr<hub::Hub> hub;

  HubAt(double rate, model::ClockMode mode) : clock(real, kMorning, rate) {
    hub::HubOptions options;
    options.profile_id = "test";
    options.tree = plan_input().tree;
    options.vocabulary = shipped_vocabulary();
    options.rules = test::plain_rules();
    options.clock = &clock;
    options.clock_mode = mode;
    options.clock_rate = rate;
    auto started = hub::Hub::start(options);
    EXPECT_TRUE(started.ok()) << (started.ok() ? "" : started.error().message);
    hub = std::move(started).value();
  }

  // Until so many are answered; a test that hangs is ended by ctest's limit.
  sim::PublisherStats publish(std::uint64_t seed, double rate, std::uint64_t answered_count) {
    std::uint64_t answered = 0;
    auto stats = sim::publish(
        simulator_in_degrees(seed), {hub->requests_endpoint(), rate}, real, [&] { return answered >= answered_count; },
        [&](const sim::PublisherStats& now) {
          answered = now.accepted_count + now.duplicate_count + now.refused_count;
        });
    EXPECT_TRUE(stats.ok()) << (stats.ok() ? "" : stats.error().message);
    hub->stop();
    return stats.ok() ? *stats : sim::PublisherStats{};
  }
};

TEST(Publisher, everything_sent_is_accepted_in_lifecycle_order_and_nothing_lies_in_the_hubs_future) {
  HubAt at_sixty(60, model::ClockMode::Simulated);
  const auto stats = at_sixty.publish(1, 60, kEnoughEvents);
  EXPECT_EQ(stats.refused_count, 0u) << stats.first_problem;
  EXPECT_EQ(stats.duplicate_count, 0u);
  EXPECT_GE(stats.accepted_count, kEnoughEvents);
  const auto intake = at_sixty.hub->status()->intake;
  EXPECT_EQ(intake.accepted_count, stats.accepted_count);
  EXPECT_EQ(intake.out_of_order_count, 0u);
  EXPECT_EQ(intake.unknown_type_count, 0u);
  EXPECT_EQ(intake.outside_count, 0u);
  EXPECT_EQ(intake.claimed_code_differs_count, 0u) << "positions lie in the divisions they name";
  EXPECT_EQ(intake.skew_ahead_count, 0u);
  EXPECT_GT(intake.unlocated_count, 0u);
}

TEST(Publisher, a_hub_on_another_rate_gets_the_plan_pressed_together_and_nothing_in_its_future) {
  HubAt live(1, model::ClockMode::Live);
  const auto stats = live.publish(2, 3600, 2000);
  EXPECT_EQ(stats.refused_count, 0u) << stats.first_problem;
  const auto intake = live.hub->status()->intake;
  EXPECT_EQ(intake.out_of_order_count, 0u);
  EXPECT_EQ(intake.skew_ahead_count, 0u);
}

TEST(Publisher, an_endpoint_that_is_none_is_an_error) {
  const base::SystemClock clock;
  const auto stats = sim::publish(simulator(), {"nowhere", 0}, clock, [] { return true; });
  EXPECT_FALSE(stats.ok());
}

TEST(Publisher, without_a_hub_it_waits_until_it_is_stopped) {
  const base::SystemClock clock;
  int rounds = 0;
  const auto stats =
      sim::publish(simulator(), {"tcp://127.0.0.1:1", 0}, clock, [&] { return rounds >= 3; },
                   [&](const sim::PublisherStats&) { ++rounds; });
  ASSERT_TRUE(stats.ok());
  EXPECT_FALSE(stats->hub_heard);
  EXPECT_EQ(stats->sent_count, 0u);
}

}  // namespace
}  // namespace gridwall::test
