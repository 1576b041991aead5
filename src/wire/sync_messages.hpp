// Sync: how a wall that joins, or missed something, gets a snapshot of its prefixes and everything after. A request is
// one part of JSON to the hub's sync port; an answer is a JSON head and one zstd payload (empty where there is none).
// Pieces flow only against credits, so a slow joiner holds no memory but a place in the queue. Layout, rules and
// example bytes: README.md, tests/data/wire. Test: tests/unit/wire/sync_messages_test.cpp, tests/fuzz.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/feed_header.hpp"

namespace gridwall::wire {

inline constexpr std::size_t kSyncPrefixesMax = 64;
inline constexpr std::size_t kSyncPieceBytesMax = 1 << 20;  // unpacked
inline constexpr std::uint32_t kSyncCreditsMax = 64;

// "Send me what is under these prefixes." The asker follows them already and has heard a heartbeat of each.
struct SyncRequest {
  std::uint64_t ticket = 0;  // the asker's, never used twice; names the exchange
  JournalId journal{};
  std::uint64_t epoch = 0;            // that it hears; another one is refused `epoch`
  std::vector<std::string> prefixes;  // paths and own leaves
  std::uint64_t since = 0;            // it has everything up to here; 0: nothing, it needs a snapshot
  std::uint64_t at_least = 0;         // the heartbeats named this; what is sent reaches at least so far
  std::uint32_t credits = 0;          // pieces that it can take
  bool operator==(const SyncRequest&) const = default;
};
struct SyncCredit {
  std::uint64_t ticket = 0;
  std::uint32_t credits = 0;
  bool operator==(const SyncCredit&) const = default;
};
struct SyncStop {
  std::uint64_t ticket = 0;
  bool operator==(const SyncStop&) const = default;
};
using SyncAsk = std::variant<SyncRequest, SyncCredit, SyncStop>;

// First answer. Snapshot: the state at `sequence` follows, then events after it. Events: only these, after `since`.
struct SyncBegin {
  std::uint64_t ticket = 0;
  JournalId journal{};
  std::uint64_t epoch = 0;
  bool is_snapshot = false;
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};
  bool operator==(const SyncBegin&) const = default;
};
// Bytes of the state's head, of one prefix's part, or feed messages in order (SyncEvents form). A head or part larger
// than a piece comes in several, `last` on the final one.
enum class SyncPieceKind : std::uint8_t { Head, Part, Events };
struct SyncPiece {
  std::uint64_t ticket = 0;
  std::uint64_t index = 0;  // 0, 1, 2 ...; one that is missing ends the exchange
  SyncPieceKind kind = SyncPieceKind::Head;
  std::string prefix;  // of a Part
  bool last = true;
  std::string bytes;  // unpacked here; zstd on the wire
  bool operator==(const SyncPiece&) const = default;
};
// All is sent: the asker now has everything under its prefixes up to `through`.
struct SyncEnd {
  std::uint64_t ticket = 0;
  std::uint64_t piece_count = 0;
  std::uint64_t through = 0;
  bool operator==(const SyncEnd&) const = default;
};
struct SyncRefused {
  std::uint64_t ticket = 0;
  std::string reason;  // "epoch", "prefix", "busy", "too_slow", "malformed"
  std::string detail;
  bool operator==(const SyncRefused&) const = default;
};
using SyncAnswer = std::variant<SyncBegin, SyncPiece, SyncEnd, SyncRefused>;

// Error: Malformed.
std::string encode_sync_ask(const SyncAsk& ask);
base::Result<SyncAsk> decode_sync_ask(std::string_view message);

struct SyncParts {
  std::string head, payload;
};
SyncParts encode_sync_answer(const SyncAnswer& answer);
// The head alone, for a payload that is kept compressed; `bytes` are not looked at.
std::string encode_sync_piece_head(const SyncPiece& piece);
base::Result<SyncAnswer> decode_sync_answer(std::string_view head, std::string_view payload);

// A feed message inside a piece of events: three lengths (4 bytes each, little-endian), then topic, header, body.
struct FeedMessageView {
  std::string_view topic, header, body;
};
void append_sync_event(std::string& bytes, const FeedMessageView& message);
base::Result<std::vector<FeedMessageView>> read_sync_events(std::string_view bytes);

}  // namespace gridwall::wire
