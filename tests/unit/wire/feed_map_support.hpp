// What the tests of feed maps share: the shipped maps, the samples, and a short way to say what a feed became.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "wire/feed_map.hpp"

namespace gridwall::test {

inline const std::filesystem::path kFeedRoot = GRIDWALL_SOURCE_DIR;

inline std::string sample(const std::string& name) {
  return base::read_text_file(kFeedRoot / "tests/data/feeds" / name).value();
}

inline wire::FeedMap shipped_map(const std::string& name) {
  const auto file = model::ConfigTable::open(kFeedRoot / "config/maps" / (name + ".toml")).value();
  const std::string table = wire::class_table_name(file).value();
  if (table.empty()) return wire::read_feed_map(file, nullptr).value();
  const auto classes = model::ConfigTable::open(kFeedRoot / "config/classes" / (table + ".toml")).value();
  return wire::read_feed_map(file, &classes).value();
}

inline wire::MappedFeed mapped(const std::string& map, std::string_view bytes, const wire::FeedOptions& options = {}) {
  auto feed = wire::map_feed(shipped_map(map), bytes, options);
  EXPECT_TRUE(feed.ok()) << feed.error().message;
  return feed.ok() ? std::move(*feed) : wire::MappedFeed{};
}

// The events of one incident or alert, in order: "reported 2022-01-01T05:16:00Z".
inline std::vector<std::string> steps(const wire::MappedFeed& feed, std::string_view id) {
  std::vector<std::string> out;
  for (const wire::MappedEvent& mapped : feed.events) {
    const model::Event& event = mapped.event;
    if (event.incident.incident_id != id) continue;
    out.push_back(event.type.substr(event.type.find('.') + 1) + " " + base::format_rfc3339(event.occurred_at));
  }
  return out;
}

inline const model::Event& event_of(const wire::MappedFeed& feed, std::string_view id, std::string_view type) {
  for (const wire::MappedEvent& mapped : feed.events) {
    if (mapped.event.incident.incident_id == id && mapped.event.type == type) return mapped.event;
  }
  ADD_FAILURE() << "no " << type << " of " << id;
  static const model::Event kNone;
  return kNone;
}

inline base::UtcTime utc(std::string_view text) {
  return base::parse_rfc3339(text).value();
}

}  // namespace gridwall::test
