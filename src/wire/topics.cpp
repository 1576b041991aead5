#include "wire/topics.hpp"

#include <algorithm>

#include "model/path.hpp"

namespace gridwall::wire {

namespace {
constexpr std::string_view kHeartbeatStart = "@hb/";

// As model::path_prefixes has them, without making them.
std::size_t prefix_count(std::string_view path_or_leaf) {
  return static_cast<std::size_t>(std::count(path_or_leaf.begin(), path_or_leaf.end(), '/'));
}
}

TopicKind topic_kind(std::string_view topic) {
  if (topic == kClockTopic) return TopicKind::Clock;
  if (heartbeat_prefix(topic)) return TopicKind::Heartbeat;
  return is_prefix(topic) ? TopicKind::Event : TopicKind::Unknown;
}

bool is_prefix(std::string_view text) { return model::is_path(text) || model::is_own_leaf(text); }

const std::string& event_topic(const model::Event& event) { return event.division_path; }

std::string heartbeat_topic(std::string_view prefix) {
  std::string topic(kHeartbeatStart);
  topic += prefix;
  topic += '@';
  return topic;
}

std::optional<std::string_view> heartbeat_prefix(std::string_view topic) {
  if (!topic.starts_with(kHeartbeatStart) || !topic.ends_with('@')) return std::nullopt;
  topic.remove_prefix(kHeartbeatStart.size());
  if (topic.empty()) return std::nullopt;
  topic.remove_suffix(1);
  if (!is_prefix(topic)) return std::nullopt;
  return topic;
}

std::size_t chain_length(std::string_view topic) {
  return 1 + prefix_count(topic) + (topic.ends_with('~') ? 1 : 0);
}

std::optional<std::size_t> chain_index(std::string_view topic, std::string_view prefix) {
  if (prefix.empty()) return 0;
  if (prefix.ends_with('~')) {
    if (topic != prefix) return std::nullopt;
    return chain_length(topic) - 1;
  }
  if (!topic.starts_with(prefix) || !model::is_path(prefix)) return std::nullopt;
  return prefix_count(prefix);
}

bool is_under(std::string_view topic, std::string_view prefix) {
  return prefix.ends_with('~') ? topic == prefix : topic.starts_with(prefix);
}

std::vector<std::string> followed_prefixes(std::string_view path) {
  std::vector<std::string> prefixes{std::string(path)};
  for (const std::string_view ancestor : model::path_prefixes(path)) {
    if (ancestor.size() < path.size()) prefixes.push_back(std::string(ancestor) + '~');
  }
  return prefixes;
}

std::vector<std::string> subscriptions(std::string_view path) {
  std::vector<std::string> topics = followed_prefixes(path);
  const std::size_t count = topics.size();
  for (std::size_t i = 0; i < count; ++i) topics.push_back(heartbeat_topic(topics[i]));
  topics.emplace_back(kClockTopic);
  return topics;
}

}  // namespace gridwall::wire
