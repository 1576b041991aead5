// SyncServer: the hub's side of sync: who asked, what he still has to get, how many pieces he can take. It keeps the
// newest feed messages in a ring of bounded bytes, and shares a snapshot between joiners of the same prefixes for as
// long as the ring reaches back to it. Pure: no sockets, no clock; the owner encodes snapshots when asked to.
// Invariants: what a joiner gets is complete up to SyncEnd::through and holds nothing twice; memory is bounded by the
// options, whatever askers do. One thread. Tests: tests/unit/wire/sync_server_test.cpp, feed_simulation_test.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "wire/sync_messages.hpp"

namespace gridwall::wire {

// The state under some prefixes at one sequence.
struct SyncSnapshot {
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};
  std::string head;
  struct Part {
    std::string prefix, bytes;
  };
  std::vector<Part> parts;
};

struct SyncServerOptions {
  std::size_t ring_bytes_max = 24 << 20;       // while a large snapshot is sent: a quarter of that, if it is more
  std::size_t snapshot_bytes_max = 256 << 20;  // all cached snapshots together; above: `busy`
  // One alone may be larger: else nobody could join a hub with a large state.
  std::size_t one_snapshot_bytes_max = std::size_t{2} << 30;
  std::size_t tickets_max = 1024;
  base::Duration ticket_idle_max = std::chrono::seconds(30);  // without a credit
  base::Duration ticket_idle_max_when_full =
      std::chrono::seconds(3);  // askers give up after 1 s, but a stop may be lost
};

struct SyncCounters {
  std::uint64_t asked_count = 0, snapshot_count = 0, shared_snapshot_count = 0, events_only_count = 0;
  std::uint64_t finished_count = 0, refused_count = 0, expired_count = 0;
  std::size_t open_count = 0, ring_bytes = 0, ring_message_count = 0, snapshot_bytes = 0;
  std::size_t ring_limit_bytes = 0;  // of ring_bytes, now
};

class SyncServer {
 public:
  struct Outgoing {
    std::string client;  // the owner's name of the connection
    SyncParts parts;
  };

  explicit SyncServer(SyncServerOptions options = {}) : m_options(options) {}
  SyncServer(const SyncServer&) = delete;
  SyncServer& operator=(const SyncServer&) = delete;

  // A new epoch, or the first: the ring is empty and what was being sent is refused `epoch`. State goes on from
  // `sequence`. `knows_prefix` says whether a division is there.
  void start_epoch(const JournalId& journal, std::uint64_t epoch, std::uint64_t sequence);
  void set_prefix_check(std::function<bool(std::string_view)> knows_prefix);

  // In order of the sequence; the owner's state has folded it before it gives another snapshot.
  void on_feed(std::uint64_t sequence, const FeedMessageView& message);
  void on_ask(std::string_view client, std::string_view message, base::MonoTime now);

  // The prefixes of which a snapshot is wanted now; the owner answers with give_snapshot, of its state at the newest
  // sequence of on_feed. Nothing: none is wanted.
  [[nodiscard]] std::optional<std::vector<std::string>> wanted_snapshot() const;
  void give_snapshot(const std::vector<std::string>& prefixes, std::shared_ptr<const SyncSnapshot> snapshot,
                     base::MonoTime now);  // null: it cannot be made now, who waits for it is refused `busy`

  // What may be sent now, at most `messages_max`; forgets askers that fell silent.
  std::vector<Outgoing> take_outgoing(base::MonoTime now, std::size_t messages_max = 64);
  // The connection is gone or does not read: its exchanges end.
  void drop_client(std::string_view client);

  [[nodiscard]] SyncCounters counters() const;

 private:
  // A feed message of the ring, in the form in which a piece of events holds it.
  struct Entry {
    std::uint64_t sequence = 0;
    std::uint64_t bytes_through = 0;  // of all messages since the epoch's start, this one included
    std::size_t topic_bytes = 0;
    std::string encoded;
    [[nodiscard]] std::string_view topic() const;
  };
  // A snapshot cut into pieces; each is compressed once, when the first asker gets it, and kept in that form alone.
  struct Cached {
    std::vector<std::string> key;  // prefixes, sorted
    std::uint64_t sequence = 0;
    base::UtcTime state_time{};
    struct Piece {
      SyncPieceKind kind = SyncPieceKind::Head;
      std::string prefix, bytes;
      bool last = true;
      std::optional<std::string> packed;
    };
    std::vector<Piece> pieces;
    std::size_t bytes = 0;      // now
    std::size_t raw_bytes = 0;  // before any was compressed
  };
  enum class Phase : std::uint8_t { Waiting, Snapshot, Events };  // Waiting for a snapshot to be given
  struct Ticket {
    std::string client;
    SyncRequest request;
    std::vector<std::string> key;
    Phase phase = Phase::Waiting;
    bool begun = false;
    std::shared_ptr<Cached> cached;  // in phase Snapshot
    std::size_t next_piece = 0;      // of `cached`
    std::uint64_t through = 0;       // considered: the snapshot's sequence, then the newest event's
    std::size_t sent_of_next = 0;    // bytes sent of the message after it, which is larger than a piece
    std::uint64_t piece_count = 0;
    std::uint32_t credits = 0;
    base::MonoTime active_at{};
  };
  using Tickets = std::list<Ticket>;

  bool heard_before(std::string_view client, std::uint64_t ticket);
  void on_request(std::string_view client, SyncRequest request, base::MonoTime now);
  void refuse(std::string_view client, std::uint64_t ticket, std::string_view reason, std::string detail);
  [[nodiscard]] std::optional<SyncRefused> reason_to_refuse(std::string_view client, const SyncRequest& request) const;
  [[nodiscard]] bool is_full_for(std::string_view client) const;
  void drop_silent(base::MonoTime now, base::Duration silent_max);
  Tickets::iterator find(std::string_view client, std::uint64_t ticket);
  [[nodiscard]] std::shared_ptr<Cached> cached_for(const std::vector<std::string>& key) const;
  void start_snapshot(Ticket& ticket, std::shared_ptr<Cached> cached);
  bool make_room(std::size_t bytes);
  void prune(base::MonoTime now);
  [[nodiscard]] std::size_t ring_limit() const;
  [[nodiscard]] std::deque<Entry>::const_iterator after(std::uint64_t sequence) const;
  // Null: nothing may be sent now. `over`: it was the last.
  std::optional<SyncParts> next_message(Ticket& ticket, bool& over);
  SyncParts snapshot_piece(Ticket& ticket);
  std::optional<SyncParts> events_piece(Ticket& ticket);

  SyncServerOptions m_options;
  std::function<bool(std::string_view)> m_knows_prefix;
  bool m_started = false;
  JournalId m_journal{};
  std::uint64_t m_epoch = 0;
  std::uint64_t m_sequence = 0;   // newest considered
  std::uint64_t m_ring_base = 0;  // the ring holds everything after it
  std::deque<Entry> m_ring;
  std::size_t m_ring_bytes = 0;
  std::uint64_t m_bytes_through = 0;
  std::vector<std::shared_ptr<Cached>> m_cache;
  Tickets m_tickets;                  // who was served goes to the end
  std::deque<std::uint64_t> m_heard;  // hashes of the newest requests' clients and tickets, open or not
  std::deque<Outgoing> m_refusals;
  SyncCounters m_counters;
};

}  // namespace gridwall::wire
