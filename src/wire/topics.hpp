// Topics of the feed. An event's topic is its path ("320281/001/") or own leaf ("320281/~"); a heartbeat's is
// "@hb/" + prefix + "@" (the closing '@' keeps nested prefixes apart); the clock's is "@clock".
// Test: tests/unit/wire/topics_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/event.hpp"

namespace gridwall::wire {

inline constexpr std::string_view kClockTopic = "@clock";

enum class TopicKind { Event, Heartbeat, Clock, Unknown };
TopicKind topic_kind(std::string_view topic);

// What a prefix may be: a path or an own leaf.
bool is_prefix(std::string_view text);

// The hub has resolved the path.
const std::string& event_topic(const model::Event& event);
std::string heartbeat_topic(std::string_view prefix);
// The prefix of "@hb/<prefix>@"; nothing when the topic is no heartbeat's. Also reads what an XPUB socket hears as a
// subscription, so the hub knows for whom to send.
std::optional<std::string_view> heartbeat_prefix(std::string_view topic);

// How many previous sequences the header of a message with this topic carries.
std::size_t chain_length(std::string_view topic);
// Where in FeedHeader::previous the value for `prefix` stands: "" (whole feed), a path, an own leaf. Nothing when the
// topic is not under the prefix.
std::optional<std::size_t> chain_index(std::string_view topic, std::string_view prefix);

// Whether what has this topic belongs to the prefix: below a path, or of exactly this own leaf.
bool is_under(std::string_view topic, std::string_view prefix);

// The prefixes that a wall of `path` follows: the path itself, then the own leaf of each ancestor from the root down.
std::vector<std::string> followed_prefixes(std::string_view path);
// All that such a wall subscribes to: followed prefixes, their heartbeats, the clock.
std::vector<std::string> subscriptions(std::string_view path);

}  // namespace gridwall::wire
