#include "wire/sync_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.hpp"
#include "base/hash.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {

namespace {

constexpr std::size_t kTicketsOfClientMax = 8;
constexpr std::size_t kRefusalsMax = 1024;  // untaken; an asker whose refusal is dropped asks again by itself
constexpr std::size_t kRequestsRemembered = 1024;
constexpr std::size_t kMessageCostBytes = 128;  // of a ring's entry beside its bytes

std::vector<std::string> sorted(std::vector<std::string> prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  return prefixes;
}

}  // namespace

std::string_view SyncServer::Entry::topic() const {
  return std::string_view(encoded).substr(12, topic_bytes);
}

void SyncServer::set_prefix_check(std::function<bool(std::string_view)> knows_prefix) {
  m_knows_prefix = std::move(knows_prefix);
}

void SyncServer::start_epoch(const JournalId& journal, std::uint64_t epoch, std::uint64_t sequence) {
  for (const Ticket& ticket : m_tickets) {
    refuse(ticket.client, ticket.request.ticket, "epoch", "another epoch has begun; follow it and ask again");
  }
  m_tickets.clear();
  m_cache.clear();
  m_ring.clear();
  m_ring_bytes = 0;
  m_bytes_through = 0;
  m_started = true;
  m_journal = journal;
  m_epoch = epoch;
  m_sequence = m_ring_base = sequence;
}

void SyncServer::on_feed(std::uint64_t sequence, const FeedMessageView& message) {
  ASSERT(m_started && sequence > m_sequence, "{} after {}", sequence, m_sequence);
  Entry entry;
  entry.sequence = sequence;
  entry.topic_bytes = message.topic.size();
  append_sync_event(entry.encoded, message);
  const std::size_t cost = entry.encoded.size() + kMessageCostBytes;
  entry.bytes_through = m_bytes_through += cost;
  m_ring_bytes += cost;
  m_ring.push_back(std::move(entry));
  m_sequence = sequence;
  for (const std::size_t limit = ring_limit(); m_ring_bytes > limit && !m_ring.empty();) {
    m_ring_bytes -= m_ring.front().encoded.size() + kMessageCostBytes;
    m_ring_base = m_ring.front().sequence;
    m_ring.pop_front();
  }
}

// Who is being sent a large snapshot needs what was said meanwhile.
std::size_t SyncServer::ring_limit() const {
  std::size_t limit = m_options.ring_bytes_max;
  for (const auto& cached : m_cache) {
    if (cached.use_count() > 1) limit = std::max(limit, cached->raw_bytes / 4);
  }
  return limit;
}

std::deque<SyncServer::Entry>::const_iterator SyncServer::after(std::uint64_t sequence) const {
  return std::upper_bound(m_ring.begin(), m_ring.end(), sequence,
                          [](std::uint64_t wanted, const Entry& entry) { return wanted < entry.sequence; });
}

void SyncServer::refuse(std::string_view client, std::uint64_t ticket, std::string_view reason, std::string detail) {
  ++m_counters.refused_count;
  if (m_refusals.size() >= kRefusalsMax) return;
  m_refusals.push_back(
      {std::string(client), encode_sync_answer(SyncRefused{ticket, std::string(reason), std::move(detail)})});
}

SyncServer::Tickets::iterator SyncServer::find(std::string_view client, std::uint64_t ticket) {
  return std::find_if(m_tickets.begin(), m_tickets.end(),
                      [&](const Ticket& open) { return open.request.ticket == ticket && open.client == client; });
}

void SyncServer::on_ask(std::string_view client, std::string_view message, base::MonoTime now) {
  auto ask = decode_sync_ask(message);
  if (!ask.ok()) return refuse(client, 0, "malformed", ask.error().message);
  if (auto* request = std::get_if<SyncRequest>(&*ask)) return on_request(client, std::move(*request), now);
  if (const auto* stop = std::get_if<SyncStop>(&*ask)) {
    if (const auto found = find(client, stop->ticket); found != m_tickets.end()) m_tickets.erase(found);
    return;
  }
  const auto& credit = std::get<SyncCredit>(*ask);
  const auto found = find(client, credit.ticket);
  if (found == m_tickets.end()) return;
  found->credits = std::min(found->credits + credit.credits, kSyncCreditsMax);
  found->active_at = now;
}

bool SyncServer::is_full_for(std::string_view client) const {
  const auto of_client =
      std::count_if(m_tickets.begin(), m_tickets.end(), [&](const Ticket& open) { return open.client == client; });
  return m_tickets.size() >= m_options.tickets_max || static_cast<std::size_t>(of_client) >= kTicketsOfClientMax;
}

void SyncServer::drop_silent(base::MonoTime now, base::Duration silent_max) {
  m_counters.expired_count +=
      m_tickets.remove_if([&](const Ticket& ticket) { return now - ticket.active_at > silent_max; });
}

std::optional<SyncRefused> SyncServer::reason_to_refuse(std::string_view client, const SyncRequest& request) const {
  if (!m_started || request.epoch != m_epoch || request.journal != m_journal) {
    return SyncRefused{request.ticket, "epoch", "this hub is in another epoch; follow its feed and ask again"};
  }
  if (is_full_for(client)) {
    return SyncRefused{request.ticket, "busy", "too many exchanges are open; ask again later"};
  }
  for (const std::string& prefix : request.prefixes) {
    if (m_knows_prefix && !m_knows_prefix(prefix)) {
      return SyncRefused{request.ticket, "prefix",
                         fmt::format("'{}' is no division of this hub; follow one of its own", prefix)};
    }
  }
  return std::nullopt;
}

// A request that came twice is one, also when its exchange is over: the asker would put pieces of both together.
bool SyncServer::heard_before(std::string_view client, std::uint64_t ticket) {
  const std::uint64_t hash = base::hash_bytes(client, ticket);
  if (std::find(m_heard.begin(), m_heard.end(), hash) != m_heard.end()) return true;
  if (m_heard.size() == kRequestsRemembered) m_heard.pop_front();
  m_heard.push_back(hash);
  return false;
}

void SyncServer::on_request(std::string_view client, SyncRequest request, base::MonoTime now) {
  if (heard_before(client, request.ticket)) return;
  ++m_counters.asked_count;
  if (is_full_for(client)) drop_silent(now, m_options.ticket_idle_max_when_full);
  if (auto refused = reason_to_refuse(client, request)) {
    return refuse(client, request.ticket, refused->reason, std::move(refused->detail));
  }
  Ticket ticket;
  ticket.client = client;
  ticket.key = sorted(request.prefixes);
  ticket.credits = request.credits;
  ticket.active_at = now;
  const bool events_suffice = request.since > 0 && request.since >= m_ring_base && request.since <= m_sequence;
  ticket.request = std::move(request);
  if (events_suffice) {
    ++m_counters.events_only_count;
    ticket.phase = Phase::Events;
    ticket.through = ticket.request.since;
  } else if (auto cached = cached_for(ticket.key)) {
    ++m_counters.shared_snapshot_count;
    start_snapshot(ticket, std::move(cached));
  } else if (!make_room(1)) {
    return refuse(client, ticket.request.ticket, "busy", "too many snapshots are being sent; ask again later");
  }
  m_tickets.push_back(std::move(ticket));
}

// One that the ring reaches back to, with half the ring to spare: an asker of an older one would soon be too slow.
std::shared_ptr<SyncServer::Cached> SyncServer::cached_for(const std::vector<std::string>& key) const {
  for (const auto& cached : m_cache) {
    if (cached->key != key || cached->sequence < m_ring_base) continue;
    const auto next = after(cached->sequence);
    const std::uint64_t newer =
        next == m_ring.end() ? 0 : m_bytes_through - next->bytes_through + next->encoded.size() + kMessageCostBytes;
    if (newer <= m_options.ring_bytes_max / 2) return cached;
  }
  return nullptr;
}

void SyncServer::start_snapshot(Ticket& ticket, std::shared_ptr<Cached> cached) {
  ticket.phase = Phase::Snapshot;
  ticket.through = cached->sequence;
  ticket.cached = std::move(cached);
}

std::optional<std::vector<std::string>> SyncServer::wanted_snapshot() const {
  const auto waiting = std::find_if(m_tickets.begin(), m_tickets.end(),
                                    [](const Ticket& ticket) { return ticket.phase == Phase::Waiting; });
  if (waiting == m_tickets.end()) return std::nullopt;
  return waiting->request.prefixes;
}

// Forgets snapshots that nobody is being sent, the oldest first, until there is room for so many bytes.
bool SyncServer::make_room(std::size_t bytes) {
  std::size_t held = 0;
  for (const auto& cached : m_cache) held += cached->bytes;
  for (auto cached = m_cache.begin(); cached != m_cache.end() && held + bytes > m_options.snapshot_bytes_max;) {
    if (cached->use_count() > 1) {
      ++cached;
      continue;
    }
    held -= (*cached)->bytes;
    cached = m_cache.erase(cached);
  }
  if (held == 0) return bytes <= std::max(m_options.one_snapshot_bytes_max, m_options.snapshot_bytes_max);
  return held + bytes <= m_options.snapshot_bytes_max;
}

void SyncServer::give_snapshot(const std::vector<std::string>& prefixes, std::shared_ptr<const SyncSnapshot> snapshot,
                               base::MonoTime now) {
  const auto key = sorted(prefixes);
  const auto is_waiting = [&](const Ticket& ticket) { return ticket.phase == Phase::Waiting && ticket.key == key; };
  std::shared_ptr<Cached> cached;
  if (snapshot) {
    ASSERT(snapshot->sequence <= m_sequence, "a snapshot of {} at {}", snapshot->sequence, m_sequence);
    // Nobody could go on from it: another one stays wanted.
    if (snapshot->sequence < m_ring_base) return;
    cached = std::make_shared<Cached>();
    cached->key = key;
    const auto cut = [&](SyncPieceKind kind, std::string_view prefix, std::string_view bytes) {
      cached->bytes += bytes.size();
      do {
        const std::string_view piece = bytes.substr(0, kSyncPieceBytesMax);
        bytes.remove_prefix(piece.size());
        cached->pieces.push_back({kind, std::string(prefix), std::string(piece), bytes.empty(), std::nullopt});
      } while (!bytes.empty());
    };
    cut(SyncPieceKind::Head, {}, snapshot->head);
    for (const auto& part : snapshot->parts) cut(SyncPieceKind::Part, part.prefix, part.bytes);
    cached->raw_bytes = cached->bytes;
    cached->sequence = snapshot->sequence;
    cached->state_time = snapshot->state_time;
    snapshot.reset();
    ++m_counters.snapshot_count;
  }
  bool has_room = cached && make_room(cached->bytes);
  if (cached && !has_room) {
    drop_silent(now, m_options.ticket_idle_max_when_full);
    has_room = make_room(cached->bytes);
  }
  bool is_first = true;
  for (auto ticket = m_tickets.begin(); ticket != m_tickets.end();) {
    if (!is_waiting(*ticket)) {
      ++ticket;
    } else if (has_room) {
      if (!std::exchange(is_first, false)) ++m_counters.shared_snapshot_count;
      start_snapshot(*ticket, cached);
      ticket->active_at = now;  // it was us who took long
      ++ticket;
    } else {
      refuse(ticket->client, ticket->request.ticket, "busy", "no snapshot can be kept now; ask again later");
      ticket = m_tickets.erase(ticket);
    }
  }
  if (has_room) m_cache.push_back(std::move(cached));
}

void SyncServer::prune(base::MonoTime now) {
  drop_silent(now, m_options.ticket_idle_max);
  m_tickets.remove_if([&](const Ticket& ticket) {
    const bool is_slow = ticket.phase != Phase::Waiting && ticket.through < m_ring_base;
    if (is_slow) refuse(ticket.client, ticket.request.ticket, "too_slow", "the feed went on too far; ask again");
    return is_slow;
  });
  std::erase_if(m_cache, [&](const auto& cached) { return cached->sequence < m_ring_base; });
}

SyncParts SyncServer::snapshot_piece(Ticket& ticket) {
  Cached::Piece& piece = ticket.cached->pieces[ticket.next_piece++];
  SyncPiece answer{ticket.request.ticket, ticket.piece_count++, piece.kind, piece.prefix, piece.last, {}};
  --ticket.credits;
  if (!piece.packed) {
    const std::size_t raw_size = piece.bytes.size();
    answer.bytes = std::exchange(piece.bytes, {});
    piece.packed = encode_sync_answer(answer).payload;
    ticket.cached->bytes += piece.packed->size();
    ticket.cached->bytes -= raw_size;
  }
  SyncParts parts{encode_sync_piece_head(answer), *piece.packed};
  if (ticket.next_piece == ticket.cached->pieces.size()) {
    ticket.phase = Phase::Events;
    ticket.cached.reset();
  }
  return parts;
}

// The asker's events after `through`, as many as a piece holds; moves `through` over what is not his at no cost.
std::optional<SyncParts> SyncServer::events_piece(Ticket& ticket) {
  SyncPiece piece{ticket.request.ticket, ticket.piece_count, SyncPieceKind::Events, {}, true, {}};
  const auto& prefixes = ticket.request.prefixes;
  for (auto entry = after(ticket.through); entry != m_ring.end(); ++entry) {
    const bool is_his = std::any_of(prefixes.begin(), prefixes.end(),
                                    [&](const std::string& prefix) { return is_under(entry->topic(), prefix); });
    if (is_his) {
      if (ticket.credits == 0) return std::nullopt;
      const std::string_view rest = std::string_view(entry->encoded).substr(ticket.sent_of_next);
      if (piece.bytes.size() + rest.size() > kSyncPieceBytesMax) {
        if (!piece.bytes.empty()) break;
        piece.bytes = rest.substr(0, kSyncPieceBytesMax);
        piece.last = false;
        ticket.sent_of_next += piece.bytes.size();
        break;
      }
      piece.bytes += rest;
      ticket.sent_of_next = 0;
    }
    ticket.through = entry->sequence;
  }
  if (piece.bytes.empty()) {
    // What lies beyond the ring's last entry was considered when the epoch began.
    ticket.through = std::max(ticket.through, m_sequence);
    return std::nullopt;
  }
  ++ticket.piece_count;
  --ticket.credits;
  return encode_sync_answer(piece);
}

std::optional<SyncParts> SyncServer::next_message(Ticket& ticket, bool& over) {
  if (ticket.phase == Phase::Waiting) return std::nullopt;
  if (!ticket.begun) {
    ticket.begun = true;
    SyncBegin begin{ticket.request.ticket, m_journal, m_epoch, ticket.phase == Phase::Snapshot, ticket.through, {}};
    if (begin.is_snapshot) begin.state_time = ticket.cached->state_time;
    return encode_sync_answer(begin);
  }
  if (ticket.phase == Phase::Snapshot) {
    return ticket.credits == 0 ? std::nullopt : std::optional(snapshot_piece(ticket));
  }
  if (auto piece = events_piece(ticket)) return piece;
  if (ticket.through < m_sequence || ticket.through < ticket.request.at_least) return std::nullopt;
  over = true;
  ++m_counters.finished_count;
  return encode_sync_answer(SyncEnd{ticket.request.ticket, ticket.piece_count, ticket.through});
}

std::vector<SyncServer::Outgoing> SyncServer::take_outgoing(base::MonoTime now, std::size_t messages_max) {
  prune(now);
  std::vector<Outgoing> outgoing;
  while (!m_refusals.empty() && outgoing.size() < messages_max) {
    outgoing.push_back(std::move(m_refusals.front()));
    m_refusals.pop_front();
  }
  // In turn: one message each, and who got one goes to the end, so that a quick asker does not keep out the others.
  std::size_t idle_count = 0;
  while (outgoing.size() < messages_max && idle_count < m_tickets.size()) {
    const auto ticket = m_tickets.begin();
    bool over = false;
    auto parts = next_message(*ticket, over);
    idle_count = parts ? 0 : idle_count + 1;
    if (parts) outgoing.push_back({ticket->client, std::move(*parts)});
    if (over) {
      m_tickets.erase(ticket);
    } else {
      m_tickets.splice(m_tickets.end(), m_tickets, ticket);
    }
  }
  return outgoing;
}

void SyncServer::drop_client(std::string_view client) {
  m_tickets.remove_if([&](const Ticket& ticket) { return ticket.client == client; });
}

SyncCounters SyncServer::counters() const {
  SyncCounters counters = m_counters;
  counters.open_count = m_tickets.size();
  counters.ring_bytes = m_ring_bytes;
  counters.ring_message_count = m_ring.size();
  counters.ring_limit_bytes = ring_limit();
  for (const auto& cached : m_cache) counters.snapshot_bytes += cached->bytes;
  return counters;
}

}  // namespace gridwall::wire
