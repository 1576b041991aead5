#include "wire/sync_exchange.hpp"

#include <algorithm>

#include "wire/topics.hpp"

namespace gridwall::wire {

namespace {

// An empty piece costs something too, so that their number is bounded.
constexpr std::size_t kPieceCostBytes = 64;

}  // namespace

SyncExchange::SyncExchange(SyncRequest request, std::size_t bytes_max, Now now)
    : m_request(std::move(request)), m_bytes_max(bytes_max), m_progress_at(now.mono) {}

SyncExchange::Outcome SyncExchange::on_answer(SyncAnswer answer, Now now) {
  const bool ours = std::visit([&](const auto& value) { return value.ticket == m_request.ticket; }, answer);
  if (!ours) return Outcome::Ignored;
  const Outcome outcome = std::visit([&](auto& value) { return on(value, now); }, answer);
  if (outcome == Outcome::Progress) m_progress_at = now.mono;
  return outcome;
}

SyncExchange::Outcome SyncExchange::on(SyncBegin& begin, Now) {
  if (m_begun) return Outcome::Ignored;
  if (begin.journal != m_request.journal || begin.epoch != m_request.epoch) return Outcome::Broken;
  if (!begin.is_snapshot && (m_request.since == 0 || begin.sequence != m_request.since)) return Outcome::Broken;
  m_begun = true;
  m_fetched.begin = begin;
  if (!begin.is_snapshot) m_kind = SyncPieceKind::Events;
  return Outcome::Progress;
}

// Where a piece's bytes go: heads come first, then parts, then events, each whole before the next.
std::string* SyncExchange::place_of(const SyncPiece& piece) {
  if (m_open && (piece.kind != m_kind || piece.prefix != m_open_prefix)) return nullptr;
  if (piece.kind < m_kind) return nullptr;
  switch (piece.kind) {
    case SyncPieceKind::Head:
      return &m_fetched.head;
    case SyncPieceKind::Part:
      if (!m_open) m_fetched.parts.emplace_back();
      return &m_fetched.parts.back();
    case SyncPieceKind::Events:
      return &m_events;
  }
  return nullptr;
}

SyncExchange::Outcome SyncExchange::on(SyncPiece& piece, Now now) {
  if (m_begun && piece.index < m_piece_count) return Outcome::Ignored;
  if (!m_begun || piece.index > m_piece_count) return Outcome::Broken;
  std::string* place = place_of(piece);
  m_bytes += piece.bytes.size() + kPieceCostBytes;
  if (place == nullptr || m_bytes > m_bytes_max) return Outcome::Broken;
  *place += piece.bytes;
  m_kind = piece.kind;
  m_open = !piece.last;
  m_open_prefix = std::move(piece.prefix);
  if (m_kind == SyncPieceKind::Events && !m_open && !read_events(now)) return Outcome::Broken;
  ++m_piece_count;
  ++m_credits;
  return Outcome::Progress;
}

bool SyncExchange::read_events(Now now) {
  const auto messages = read_sync_events(m_events);
  if (!messages.ok()) return false;
  for (const FeedMessageView& message : *messages) {
    auto header = decode_feed_header(message.header);
    const bool followed = std::any_of(m_request.prefixes.begin(), m_request.prefixes.end(),
                                      [&](const std::string& prefix) { return is_under(message.topic, prefix); });
    if (!header.ok() || !followed || !is_prefix(message.topic)) return false;
    if (header->epoch != m_request.epoch || header->journal != m_request.journal) return false;
    const auto& events = m_fetched.events;
    const std::uint64_t before = events.empty() ? m_fetched.begin.sequence : events.back().decoded.sequence;
    if (header->sequence <= before) return false;
    m_fetched.events.push_back(
        {std::string(message.topic), std::string(message.body), std::move(*header), now});
  }
  m_events.clear();
  return true;
}

SyncExchange::Outcome SyncExchange::on(SyncEnd& end, Now) {
  const auto& events = m_fetched.events;
  const std::uint64_t newest = events.empty() ? m_fetched.begin.sequence : events.back().decoded.sequence;
  const bool whole = m_begun && !m_open && end.piece_count == m_piece_count && end.through >= newest &&
                     end.through >= m_request.at_least && end.through >= m_request.since;
  if (!whole) return Outcome::Broken;
  m_fetched.through = end.through;
  return Outcome::Done;
}

SyncExchange::Outcome SyncExchange::on(SyncRefused& refused, Now) {
  m_refused = std::move(refused);
  return Outcome::Refused;
}

}  // namespace gridwall::wire
