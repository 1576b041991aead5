// SyncExchange: the asker's end of one exchange: puts pieces together, in order and within a bound, and says when all
// is there. Invariant: what it hands out is whole, in the feed's order, of one epoch and under the asked prefixes; a
// piece that is missing or makes no sense ends it. Private to wire. Test: tests/unit/wire/sync_exchange_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wire/follower.hpp"

namespace gridwall::wire {

class SyncExchange {
 public:
  enum class Outcome {
    Ignored,  // of another exchange, or heard before
    Progress,
    Done,
    Broken,   // it cannot end well: ask anew
    Refused,  // see refusal()
  };
  struct Fetched {
    SyncBegin begin;
    std::string head;
    std::vector<std::string> parts;
    std::vector<EventItem> events;  // after begin.sequence, rising
    std::uint64_t through = 0;
  };

  SyncExchange(SyncRequest request, std::size_t bytes_max, Now now);

  Outcome on_answer(SyncAnswer answer, Now now);
  [[nodiscard]] const SyncRequest& request() const { return m_request; }
  [[nodiscard]] base::MonoTime progress_at() const { return m_progress_at; }
  [[nodiscard]] const SyncRefused& refusal() const { return m_refused; }
  // Pieces taken since the last call: room for as many more.
  std::uint32_t take_credits() { return std::exchange(m_credits, 0); }
  // After Done, once.
  Fetched take() { return std::move(m_fetched); }

 private:
  Outcome on(SyncBegin& begin, Now now);
  Outcome on(SyncPiece& piece, Now now);
  Outcome on(SyncEnd& end, Now now);
  Outcome on(SyncRefused& refused, Now now);
  std::string* place_of(const SyncPiece& piece);
  bool read_events(Now now);

  SyncRequest m_request;
  std::size_t m_bytes_max;
  std::size_t m_bytes = 0;
  base::MonoTime m_progress_at;
  bool m_begun = false;
  std::uint64_t m_piece_count = 0;
  std::uint32_t m_credits = 0;
  SyncPieceKind m_kind = SyncPieceKind::Head;  // of the newest piece
  bool m_open = false;                         // its last bytes are still to come
  std::string m_open_prefix;
  std::string m_events;
  Fetched m_fetched;
  SyncRefused m_refused;
};

}  // namespace gridwall::wire
