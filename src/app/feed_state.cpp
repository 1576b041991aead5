#include "app/feed_state.hpp"

#include "wire/heartbeat.hpp"

namespace gridwall::app {

namespace {

bool is_replay(const model::FeedStatus& status) {
  return status.clock_mode == model::ClockMode::Replay;
}

}  // namespace

const char* feed_state_word(model::FeedState state) {
  switch (state) {
    case model::FeedState::Connecting:
      return "connecting";
    case model::FeedState::Live:
      return "live";
    case model::FeedState::Behind:
      return "behind";
    case model::FeedState::Recovering:
      return "recovering";
    case model::FeedState::Stale:
      return "stale";
    case model::FeedState::Refused:
      return "refused";
    case model::FeedState::Mismatch:
      return "mismatch";
    case model::FeedState::Static:
      return "static";
  }
  return "unknown";
}

std::string feed_state_text(const model::FeedStatus& status) {
  std::string text = feed_state_word(status.state);
  if (is_replay(status)) text += " (replay)";
  return text;
}

void write_feed_state(base::JsonWriter& json, const model::FeedStatus& status) {
  json.field("state", feed_state_word(status.state)).field("replay", is_replay(status)).key("clock");
  const bool is_told = status.state != model::FeedState::Connecting && status.state != model::FeedState::Static;
  if (!is_told) {
    json.null();
    return;
  }
  json.begin_object().field("mode", wire::clock_mode_word(status.clock_mode)).field("rate", status.clock_rate);
  json.end_object();
}

}  // namespace gridwall::app
