// Nobody who reads our JSON can take a replay for the live district.
#include "app/feed_state.hpp"

#include <gtest/gtest.h>

namespace gridwall::app {
namespace {

std::string json_of(const model::FeedStatus& status) {
  base::JsonWriter json;
  json.begin_object();
  write_feed_state(json, status);
  json.end_object();
  return json.take();
}

model::FeedStatus status_of(model::FeedState state, model::ClockMode mode, double rate) {
  model::FeedStatus status;
  status.state = state;
  status.clock_mode = mode;
  status.clock_rate = rate;
  return status;
}

TEST(FeedState, a_replay_in_step_says_that_it_is_a_replay) {
  const auto replay = status_of(model::FeedState::Live, model::ClockMode::Replay, 8);
  EXPECT_EQ(json_of(replay), R"({"state":"live","replay":true,"clock":{"mode":"replay","rate":8}})");
  EXPECT_EQ(feed_state_text(replay), "live (replay)");
}

TEST(FeedState, a_live_feed_and_a_simulated_one_are_told_apart_by_their_clock) {
  const auto live = status_of(model::FeedState::Live, model::ClockMode::Live, 1);
  EXPECT_EQ(json_of(live), R"({"state":"live","replay":false,"clock":{"mode":"live","rate":1}})");
  EXPECT_EQ(feed_state_text(live), "live");
  const auto simulated = status_of(model::FeedState::Behind, model::ClockMode::Simulated, 60);
  EXPECT_EQ(json_of(simulated), R"({"state":"behind","replay":false,"clock":{"mode":"simulated","rate":60}})");
}

TEST(FeedState, a_replay_that_is_stale_is_still_a_replay) {
  const auto stale = status_of(model::FeedState::Stale, model::ClockMode::Replay, 1);
  EXPECT_EQ(json_of(stale), R"({"state":"stale","replay":true,"clock":{"mode":"replay","rate":1}})");
}

TEST(FeedState, before_a_hub_was_heard_no_clock_is_claimed) {
  EXPECT_EQ(json_of({}), R"({"state":"connecting","replay":false,"clock":null})");
  const auto picture = status_of(model::FeedState::Static, model::ClockMode::Live, 1);
  EXPECT_EQ(json_of(picture), R"({"state":"static","replay":false,"clock":null})");
}

}  // namespace
}  // namespace gridwall::app
