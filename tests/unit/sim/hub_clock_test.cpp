#include "sim/hub_clock.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

const base::UtcTime kNoon = at("2026-03-02T12:00:00Z");

TEST(HubClock, runs_on_at_the_hubs_rate_between_two_tellings) {
  sim::HubClock clock;
  const base::MonoTime heard{};
  EXPECT_FALSE(clock.now(heard));
  clock.tell({model::ClockMode::Simulated, 60, kNoon, {}}, heard);
  EXPECT_EQ(clock.now(heard + std::chrono::seconds(2)), kNoon + std::chrono::minutes(2));
}

TEST(HubClock, the_same_telling_heard_again_does_not_hold_it_back) {
  sim::HubClock clock;
  const wire::ClockState told{model::ClockMode::Live, 1, kNoon, {}};
  clock.tell(told, base::MonoTime{});
  clock.tell(told, base::MonoTime{} + std::chrono::seconds(5));
  EXPECT_EQ(clock.now(base::MonoTime{} + std::chrono::seconds(5)), kNoon + std::chrono::seconds(5));
}

TEST(SimulatedPace, at_speed_one_stamps_are_the_plans_own) {
  const sim::SimulatedPace pace{kNoon, 1};
  EXPECT_EQ(pace.plan_time(kNoon + std::chrono::hours(3)), kNoon + std::chrono::hours(3));
  EXPECT_EQ(pace.hub_time(kNoon + std::chrono::hours(3)), kNoon + std::chrono::hours(3));
}

TEST(SimulatedPace, a_plan_pressed_together_never_stamps_in_the_hubs_future_and_leaves_the_past_alone) {
  const sim::SimulatedPace pace{kNoon, 60};
  EXPECT_EQ(pace.plan_time(kNoon + std::chrono::seconds(1)), kNoon + std::chrono::minutes(1));
  EXPECT_EQ(pace.hub_time(kNoon + std::chrono::minutes(1)), kNoon + std::chrono::seconds(1));
  EXPECT_EQ(pace.hub_time(kNoon - std::chrono::hours(1)), kNoon - std::chrono::hours(1));
}

}  // namespace
}  // namespace gridwall::test
