// How a feed stands, in the words of every JSON line and file of ours: its state, and whose time it goes by. Who reads
// "live" alone could take a replay for the district; so the two are always written together.
// Test: tests/unit/app/feed_state_test.cpp.
#pragma once

#include <string>

#include "base/json_writer.hpp"
#include "model/feed_status.hpp"

namespace gridwall::app {

// "live", "behind", "stale" ...
[[nodiscard]] const char* feed_state_word(model::FeedState state);
// For a line of text: the word, and that it is a replay.
[[nodiscard]] std::string feed_state_text(const model::FeedStatus& status);

// Members of an open object: "state"; "replay", true only where a recording is played; "clock" with its mode ("live",
// "simulated", "replay") and rate, null while no hub has told it.
void write_feed_state(base::JsonWriter& json, const model::FeedStatus& status);

}  // namespace gridwall::app
