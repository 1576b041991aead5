#include "hub/ledger.hpp"

#include "model/path.hpp"
#include "state/byte_stream.hpp"
#include "state/case_move.hpp"
#include "state/keyframe.hpp"
#include "wire/feed_header.hpp"
#include "wire/topics.hpp"

namespace gridwall::hub {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

constexpr std::size_t kPrefixBytesMax = 1024;
constexpr std::uint32_t kMemoryVersion = 1;

struct Chain {
  std::string_view prefix;
  std::uint64_t last = 0;
};

}  // namespace

Result<Ledger> Ledger::create(LedgerOptions options) {
  ASSERT(options.tree != nullptr && options.vocabulary != nullptr && options.rules != nullptr, "a ledger needs all");
  TRY_ASSIGN(auto resolver, geo::EventResolver::create(options.tree));
  return Ledger(std::move(options), std::move(resolver));
}

Ledger::Ledger(LedgerOptions options, geo::EventResolver resolver)
    : m_options(std::move(options)),
      m_resolver(std::move(resolver)),
      m_sequencer(m_options.journal, m_options.epoch),
      m_world(std::make_shared<state::World>(m_options.tree, m_options.vocabulary, m_options.rules)),
      m_recurrence(m_options.rules->alerts.recurrence, m_options.tree, *m_options.vocabulary) {}

base::UtcTime Ledger::advance(base::UtcTime utc) {
  const base::UtcTime state_time = m_sequencer.advance_state_time(utc);
  m_world->advance_to(state_time);
  return state_time;
}

std::string Ledger::topic_of(model::DivisionIndex place, bool located) const {
  const model::Division& division = m_options.tree->at(place);
  return located ? model::leaf_of(division) : model::own_leaf(division.path);
}

wire::FeedHeader Ledger::publish(model::Event event, Moment now, FeedBatch& batch) {
  if (event.type.starts_with("incident.")) {
    const state::Incident* known = find(event.incident.incident_id);
    if (known != nullptr && topic_of(*known) != event.division_path) put_move(*known, event, now, batch);
  }
  const std::size_t at = batch.events.size();
  wire::FeedHeader header = put(std::move(event), now, batch);
  ASSERT(m_options.derives, "one that only repeats publishes nothing");
  for (model::SequencedEvent& derived : m_recurrence.follow(batch.events[at])) {
    put_derived(std::move(derived), now, batch);
  }
  return header;
}

wire::FeedHeader Ledger::put(model::Event event, Moment now, FeedBatch& batch) {
  wire::FeedHeader header = m_sequencer.next(wire::event_topic(event), now.utc, now.mono);
  batch.messages.push_back({wire::event_topic(event), wire::encode_feed_header(header), wire::encode_event(event)});
  model::SequencedEvent& sequenced = batch.events.emplace_back();
  sequenced.event = std::move(event);
  sequenced.sequence = header.sequence;
  sequenced.state_time = sequenced.received_at = header.state_time;
  m_resolver.resolve(sequenced);
  m_world->apply({&sequenced, 1});
  return header;
}

// What the old place loses and the new one gets is the same case: the first takes away exactly what the second adds.
void Ledger::put_move(const state::Incident& incident, const model::Event& event, Moment now, FeedBatch& batch) {
  ++m_moved_count;
  model::Event half;
  half.source = model::kHubSource;
  half.occurred_at = m_sequencer.state_time();
  half.incident.incident_id = event.incident.incident_id;
  half.division_path = topic_of(incident);
  half.moved_case = state::encode_case(*m_world, event.incident.incident_id);
  for (const std::string_view type : {model::kMovedOut, model::kMovedIn}) {
    half.type = type;
    half.id = fmt::format("{}", m_sequencer.last_sequence() + 1);
    static_cast<void>(put(half, now, batch));
    half.division_path = event.division_path;
    half.point_lonlat = event.point_lonlat;
    half.point_units = event.point_units;
  }
}

void Ledger::put_derived(model::SequencedEvent derived, Moment now, FeedBatch& batch) {
  const state::Incident* incident = find(derived.event.incident.incident_id);
  if (incident == nullptr) return;  // settled long ago, and out of the state
  ++m_derived_count;
  derived.event.id = fmt::format("{}", m_sequencer.last_sequence() + 1);
  derived.event.division_path = topic_of(*incident);
  static_cast<void>(put(std::move(derived.event), now, batch));
}

Status Ledger::count(std::string_view header, std::string_view topic) {
  TRY(wire::decode_feed_header(header, m_header));
  if (m_sequencer.repeat(m_header, topic)) return {};
  return Error{ErrorCode::Malformed, fmt::format("event {} of the journal does not follow event {}", m_header.sequence,
                                                 m_sequencer.last_sequence())};
}

// What followed from them stands in the journal as well: only the finder's memory is wanted.
void Ledger::fold(std::span<const model::SequencedEvent> events) {
  if (m_options.derives) {
    for (const model::SequencedEvent& event : events) static_cast<void>(m_recurrence.follow(event));
  }
  m_world->apply(events);
}

Status Ledger::repeat(const FeedMessage& message, std::optional<FeedBatch>& told) {
  model::SequencedEvent sequenced;
  TRY(m_decoder.decode_feed_event(message.body, sequenced.event));
  TRY(count(message.header, message.topic));
  sequenced.sequence = m_header.sequence;
  sequenced.state_time = sequenced.received_at = m_header.state_time;
  m_resolver.resolve(sequenced);
  fold({&sequenced, 1});
  if (told) {
    told->messages.push_back(message);
    told->events.push_back(std::move(sequenced));
  }
  return {};
}

Status Ledger::repeat(const FeedBatch& batch) {
  for (const FeedMessage& message : batch.messages) TRY(count(message.header, message.topic));
  fold(batch.events);
  return {};
}

Status Ledger::restore(std::string_view head, std::span<const std::string_view> parts, std::string_view memory) {
  state::ByteReader in(memory);
  if (in.take<std::uint32_t>() != kMemoryVersion) in.fail();
  const auto last_sequence = in.take<std::uint64_t>();
  std::vector<Chain> chains(in.take_count(12));
  for (Chain& chain : chains) {
    chain = {in.take_text(kPrefixBytesMax), in.take<std::uint64_t>()};
    if (!wire::is_prefix(chain.prefix) || chain.last > last_sequence) in.fail();
  }
  const std::string_view recurrence = in.take_text(memory.size());
  if (in.bad() || !in.at_end() || (m_options.derives && !m_recurrence.restore(recurrence))) {
    return Error{ErrorCode::Malformed,
                 "a keyframe's chains were cut or changed, or are of another version of Gridwall"};
  }
  TRY(state::restore_keyframe(*m_world, head, parts));
  m_sequencer.start_at(last_sequence, m_world->state_time());
  for (const Chain& chain : chains) m_sequencer.restore(chain.prefix, chain.last);
  return {};
}

std::string Ledger::encode_memory() const {
  std::uint32_t count = 0;
  state::ByteWriter chains, out;
  m_sequencer.for_each_prefix([&](std::string_view prefix, std::uint64_t last) {
    chains.put_text(prefix);
    chains.put(last);
    ++count;
  });
  out.put(kMemoryVersion);
  out.put(m_sequencer.last_sequence());
  out.put(count);
  out.bytes() += chains.bytes();
  out.put_text(m_recurrence.encode());
  return std::move(out.bytes());
}

void Ledger::clear() {
  m_world->clear();
  m_recurrence.clear();
  m_sequencer.start_at(0, base::UtcTime::min());
}

void Ledger::start_epoch(std::uint64_t epoch) {
  m_sequencer.start_epoch(epoch, m_sequencer.state_time());
}

StateCopy Ledger::copy() const {
  state::Keyframe keyframe = state::encode_keyframe(*m_world);
  StateCopy copy{m_sequencer.journal(),
                 m_sequencer.epoch(),
                 m_sequencer.last_sequence(),
                 m_world->state_time(),
                 m_world->digest(m_options.tree->root()),
                 std::move(keyframe.head),
                 {},
                 encode_memory()};
  for (state::KeyframePart& part : keyframe.parts) {
    const std::string_view path = m_options.tree->at(part.scope.division).path;
    copy.parts.push_back({part.scope.own_only ? model::own_leaf(path) : std::string(path), std::move(part.bytes)});
  }
  return copy;
}

Status Ledger::restore(const StateCopy& copy) {
  std::vector<std::string_view> parts;
  for (const StateCopy::Part& part : copy.parts) parts.emplace_back(part.bytes);
  return restore(copy.head, parts, copy.memory);
}

void Ledger::tell(std::string_view prefix, wire::Heartbeat& heartbeat) const {
  heartbeat.journal = m_sequencer.journal();
  heartbeat.epoch = m_sequencer.epoch();
  heartbeat.tree_hash = m_options.tree->content_hash();
  heartbeat.feed_sequence = m_sequencer.last_sequence();
  heartbeat.prefix = prefix;
  heartbeat.last_sequence = m_sequencer.last_sequence(prefix);
  heartbeat.digest = digest_text(prefix);
}

std::string Ledger::digest_text(std::string_view prefix) const {
  const bool own = prefix.ends_with('~');
  const model::DivisionIndex division = m_options.tree->find_path(own ? prefix.substr(0, prefix.size() - 1) : prefix);
  if (!division.valid()) return {};
  return fmt::format("{:016x}", own ? m_world->own_digest(division) : m_world->digest(division));
}

}  // namespace gridwall::hub
