// Follower: a wall's end of the feed as one machine: it follows prefixes, joins by sync, notices every gap, recovers by
// itself, and proves by digests that its state equals the hub's. Pure: messages and times in; what the state is to do
// (items) and what is to be asked (requests) out. A heartbeat is told to the state only when everything before it was.
// Invariants (tests/unit/wire/follower_test.cpp, feed_simulation_test.cpp): items hold no event twice, none missing,
// none of another epoch; never InStep (Live) when the state differs from the hub's or is late by more than 1 s; after
// any disturbance that ends, in step again. One thread: the feed's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/feed_status.hpp"
#include "wire/feed_tracker.hpp"
#include "wire/sync_messages.hpp"

namespace gridwall::wire {

struct FollowerOptions {
  std::string path;              // as TrackerOptions
  std::uint64_t tree_hash = 0;   // of our layers; 0: none to compare
  std::uint64_t rules_hash = 0;  // of our profile's rules; 0: none to compare
  bool has_state = true;         // false: a listener without a fold: no sync, no digests, figures "heard since" only
  // Of what is fetched (a hub's whole state), and again of live messages that wait for its end; above: asks anew.
  std::size_t buffer_bytes_max = std::size_t{2} << 30;
};

// Forget everything; the state starts from nothing (without a fold's sync only).
struct ClearItem {};
// Replace the state by this. What was shown before stays until then, and is not current.
struct RestoreItem {
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};
  std::string head;
  std::vector<std::string> parts;
};
struct EventItem {
  std::string topic, body;
  FeedHeader decoded;
  Now heard_at;
};
// Advance to state_time, then compare: the answer goes to on_digests(beat, equal).
struct BeatItem {
  std::uint64_t beat = 0;
  std::uint64_t epoch = 0;
  base::UtcTime state_time{};
  struct Digest {
    std::string prefix;
    std::string digest;  // as Heartbeat::digest; empty: the hub keeps none
  };
  std::vector<Digest> digests;
};
using FollowerItem = std::variant<ClearItem, RestoreItem, EventItem, BeatItem>;

class Follower {
 public:
  explicit Follower(FollowerOptions options);
  Follower(Follower&&) noexcept;
  Follower& operator=(Follower&&) noexcept;
  ~Follower();

  // A feed message whose header could be read. True: this event is what the state is to be told next, and is no item;
  // apply it before what take_items() gives. In step nearly every one is, and need not be copied.
  [[nodiscard]] bool on_event(const FeedHeader& header, const FeedMessageView& message, Now now);
  void on_heartbeat(const Heartbeat& heartbeat, Now now);
  void on_clock(const ClockBeacon& beacon);
  void on_clock_offset(const OffsetMeasurement& measurement);
  void on_sync(const SyncAnswer& answer, Now now);
  void on_digests(std::uint64_t beat, bool equal, Now now);
  // The state could not be restored from the newest RestoreItem; it is asked for anew after a while.
  void on_restore_failed(std::string detail, Now now);
  void on_bad_message();
  void set_refused(std::string detail);

  // Judges; asks for sync when that is due. Call it at least ten times a second.
  const model::FeedStatus& tick(Now now);
  [[nodiscard]] const model::FeedStatus& status() const;
  [[nodiscard]] const std::vector<std::string>& prefixes() const;

  // In order, each once. Requests go to the sync socket; one that could not be sent is asked anew after a while.
  std::vector<FollowerItem> take_items();
  std::vector<SyncAsk> take_requests();

 private:
  struct Machine;
  std::unique_ptr<Machine> m_machine;
};

}  // namespace gridwall::wire
