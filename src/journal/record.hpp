// What a journal holds, as values: feed messages as they were published, keys of what was accepted, keyframes of state,
// bookmarks, and the whole configuration that makes sense of them. Bytes only: no message is decoded in this room.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "wire/feed_header.hpp"

namespace gridwall::journal {

struct Record {
  std::uint64_t sequence = 0;  // from 1, each one more than the last
  base::UtcTime state_time{};  // never below the last
  std::string topic, header, body;
  bool operator==(const Record&) const = default;
};

// An accepted event, known again by the hash of its (source, id).
struct DedupeKey {
  std::uint64_t low = 0, high = 0;
  base::UtcTime occurred_at{};
  std::uint64_t sequence = 0;
  bool operator==(const DedupeKey&) const = default;
};

struct KeyframePart {
  std::string prefix;  // a path, or the root's own leaf
  std::string bytes;
  bool operator==(const KeyframePart&) const = default;
};

// The state after the event `sequence`; opaque but for its place.
struct Keyframe {
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};
  std::uint64_t digest = 0;  // of the root
  std::string head;
  std::vector<KeyframePart> parts;
  std::string chains;  // the sequencer's last sequence by prefix
  bool operator==(const Keyframe&) const = default;
};

struct Bookmark {
  std::int64_t id = 0;  // given by the file; ignored when it is written
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};
  std::string name;  // at most kBookmarkNameBytesMax
  bool operator==(const Bookmark&) const = default;
};

// "tree", "config/profiles/x.toml"; equal bytes are stored once.
struct ContentItem {
  std::string name;
  std::string bytes;
  bool operator==(const ContentItem&) const = default;
};

struct Identity {
  wire::JournalId journal{};
  std::string profile, root_path;
  std::uint64_t tree_hash = 0;
  std::string zone;  // of the days that segments are cut at
  bool simulated = false;
  bool operator==(const Identity&) const = default;
};

// Limits: above them a writer refuses and a reader calls the file damaged.
inline constexpr std::size_t kTopicBytesMax = 4096;
inline constexpr std::size_t kHeaderBytesMax = 1024;
inline constexpr std::size_t kBodyBytesMax = std::size_t{8} << 20;
inline constexpr std::size_t kBookmarkNameBytesMax = 256;
inline constexpr std::size_t kPrefixBytesMax = 4096;
inline constexpr std::size_t kKeyframePartBytesMax = std::size_t{256} << 20;
inline constexpr std::size_t kContentBytesMax = std::size_t{256} << 20;
inline constexpr std::size_t kContentItemsMax = 4096;

}  // namespace gridwall::journal
