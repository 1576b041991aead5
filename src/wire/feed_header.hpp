// The header of a feed message (second of the three parts topic, header, event): fixed layout, little-endian,
// versioned. Layout, rule and example bytes: README.md; conformance: tests/data/wire. `previous` lets a subscriber of
// any prefix see each gap by itself. Test: tests/unit/wire/feed_header_test.cpp, tests/fuzz.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace gridwall::wire {

inline constexpr std::uint16_t kFeedHeaderVersion = 1;
inline constexpr std::size_t kFeedHeaderPreviousMax = 64;

using JournalId = std::array<std::uint8_t, 16>;

// 32 lower-case hexadecimal digits.
std::string journal_text(const JournalId& journal);
base::Result<JournalId> parse_journal(std::string_view text);

struct FeedHeader {
  JournalId journal{};
  std::uint64_t epoch = 0;          // compared for equality only
  std::uint64_t sequence = 0;       // from 1
  base::UtcTime state_time{};       // the hub's clock (live, simulated or replay)
  base::Duration sent_at{};         // the hub's monotonic clock, since that clock's own zero; see clock_offset.hpp
  std::uint64_t durable_through = 0;
  // The sequence of the message before this one: under the whole feed, under each prefix of its topic from the root
  // down, and under the own leaf when the topic ends in '~'. 0: none.
  std::vector<std::uint64_t> previous;

  bool operator==(const FeedHeader&) const = default;
};

// At most kFeedHeaderPreviousMax previous sequences.
std::string encode_feed_header(const FeedHeader& header);
// Errors: Malformed (magic, length, count), Unsupported (another version; says which).
base::Result<FeedHeader> decode_feed_header(std::string_view bytes);
// The same into one whose memory is used again; after an error it holds anything.
base::Status decode_feed_header(std::string_view bytes, FeedHeader& out);

}  // namespace gridwall::wire
