#include "hub/replayer.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "hub/journal_keeper.hpp"
#include "wire/feed_header.hpp"
#include "wire/topics.hpp"

namespace gridwall::hub {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using base::UtcTime;
using journal::Record;

namespace {

constexpr std::size_t kFoldedAtOnce = 2048;
// No hub derives so much from one event; a recording that says so is not worth the memory.
constexpr std::size_t kJoinedMax = 4096;
// At full speed nobody looks for a place yet, and copies are for the first look back: that much further apart.
constexpr std::uint64_t kSparse = 4;

std::size_t bytes_of(const StateCopy& copy) {
  std::size_t bytes = copy.head.size() + copy.memory.size();
  for (const StateCopy::Part& part : copy.parts) bytes += part.prefix.size() + part.bytes.size();
  return bytes;
}

bool is_half(std::string_view type) {
  return type == model::kMovedOut || type == model::kMovedIn;
}

}  // namespace

Result<std::unique_ptr<Replayer>> Replayer::open(std::span<const std::filesystem::path> paths, LedgerOptions ledger,
                                                 ReplayerOptions options) {
  TRY_ASSIGN(auto opened, journal::Recording::open(paths));
  auto recording = std::make_unique<journal::Recording>(std::move(opened));
  ledger.journal = recording->identity().journal;
  ledger.derives = false;
  TRY_ASSIGN(auto resolver, geo::EventResolver::create(ledger.tree));
  TRY_ASSIGN(auto own, Ledger::create(std::move(ledger)));
  std::unique_ptr<Replayer> replayer(new Replayer(std::move(recording), std::move(own), std::move(resolver), options));
  TRY(replayer->prepare());
  return replayer;
}

Replayer::Replayer(std::unique_ptr<journal::Recording> recording, Ledger ledger, geo::EventResolver resolver,
                   ReplayerOptions options)
    : m_recording(std::move(recording)),
      m_ledger(std::move(ledger)),
      m_resolver(std::move(resolver)),
      m_options(options),
      m_last_sequence(m_recording->last_sequence()),
      m_last_time(m_recording->last_time()) {}

Status Replayer::prepare() {
  if (m_recording->empty()) {
    return Error{ErrorCode::NotFound, fmt::format("{}: there are no events in it, so there is nothing to replay",
                                                  m_recording->segments().front().file.string())};
  }
  TRY(check_layers(m_ledger.tree()));
  TRY_ASSIGN(m_keyframes, m_recording->keyframe_places());
  TRY_ASSIGN(m_bookmarks, m_recording->bookmarks());
  return jump(first_sequence() - 1);
}

Status Replayer::check_layers(const model::DivisionTree& tree) {
  for (std::size_t i = 0; i < m_recording->segments().size(); ++i) {
    TRY_ASSIGN(const journal::Identity identity, m_recording->identity_of(i));
    if (identity.tree_hash == tree.content_hash()) continue;
    return Error{
        ErrorCode::Refused,
        fmt::format("{}: recorded with other layers ({:016x}) than are loaded ({:016x}); load those that stand "
                    "in the recording, or open files with other layers apart",
                    m_recording->segments()[i].file.string(), identity.tree_hash, tree.content_hash())};
  }
  return {};
}

// False: nothing is left to read. What is read next follows the ledger and what was gathered.
Result<bool> Replayer::fill() {
  if (m_at < m_records.size()) return true;
  const std::uint64_t next = sequence() + 1;
  if (next > m_last_sequence) return false;
  m_at = 0;
  TRY_ASSIGN(const bool found, m_recording->events_from(next).next_chunk(m_records));
  if (found && !m_records.empty() && m_records.front().sequence == next) {
    // A chunk of a live journal may go beyond what was there when it was opened.
    const std::uint64_t wanted = m_last_sequence - next + 1;
    if (m_records.size() > wanted) m_records.resize(wanted);
    return true;
  }
  m_records.clear();
  return Error{ErrorCode::Malformed, fmt::format("event {} of the recording is missing; seek to a place behind it, or "
                                                 "see 'gridwall recording verify'",
                                                 next)};
}

Result<std::optional<UtcTime>> Replayer::next_event_time() {
  TRY_ASSIGN(const bool more, fill());
  return more ? std::optional(m_records[m_at].state_time) : std::nullopt;
}

// Counted and in m_events, or neither.
Status Replayer::take(const Record& record, Telling telling) {
  model::SequencedEvent& sequenced = m_events.add();
  Status taken = m_decoder.decode_feed_event(record.body, sequenced.event);
  if (taken.ok()) taken = m_ledger.count(record.header, record.topic);
  if (!taken.ok()) {
    m_events.drop_last();
    return taken;
  }
  sequenced.sequence = record.sequence;
  sequenced.state_time = sequenced.received_at = record.state_time;
  m_resolver.resolve(sequenced);
  if (telling == Telling::Everything) m_messages.push_back({record.topic, record.header, record.body});
  return {};
}

// Two that are of one cause: no state between them was ever told.
bool Replayer::joined(const Record& record, const Record& next) {
  if (record.state_time != next.state_time) return false;
  // Most events are neither, and need not be decoded.
  const bool may_be = record.body.find(model::kMovedOut) != std::string::npos ||
                      record.body.find(model::kMovedIn) != std::string::npos ||
                      next.body.find(model::kDerivedValue) != std::string::npos;
  if (!may_be) return false;
  const auto event = m_decoder.decode_feed_event(record.body);
  if (event.ok() && is_half(event->type)) return true;
  const auto next_event = m_decoder.decode_feed_event(next.body);
  return next_event.ok() && next_event->type == model::kDerivedValue;
}

bool Replayer::belongs_to_last(const Record& next) {
  const model::SequencedEvent& last = m_events.back();
  if (last.state_time != next.state_time) return false;
  if (is_half(last.event.type)) return true;
  if (next.body.find(model::kDerivedValue) == std::string::npos) return false;
  const auto event = m_decoder.decode_feed_event(next.body);
  return event.ok() && event->type == model::kDerivedValue;
}

// Into m_events, behind what is there. An event that is damaged is an error when it is the first; else it ends the
// batch.
Result<std::size_t> Replayer::gather(const Goal& goal, std::size_t events_max, Telling telling) {
  if (!m_sound) {
    return Error{ErrorCode::Malformed, "the recording is damaged where it was played last; seek to another place"};
  }
  const std::size_t before_count = m_events.size();
  for (;;) {
    const std::size_t count = m_events.size() - before_count;
    const auto more = fill();
    if (!more.ok()) return count > 0 ? Result<std::size_t>(count) : Result<std::size_t>(more.error());
    if (!*more) return count;
    const Record& next = m_records[m_at];
    const bool due = goal.by_sequence ? next.sequence <= goal.sequence : next.state_time <= goal.time;
    if (!due || count >= events_max) {
      const bool may_join = count > 0 && (count < events_max || count - events_max < kJoinedMax);
      if (!may_join || !belongs_to_last(next)) return count;
    }
    if (const Status taken = take(next, telling); !taken.ok()) {
      if (count > 0) return count;
      return Error{ErrorCode::Malformed, fmt::format("event {} of the recording cannot be read: {}; seek behind it",
                                                     next.sequence, taken.error().message)};
    }
    ++m_at;
  }
}

// What was gathered goes into the state.
void Replayer::fold() {
  if (m_events.empty()) return;
  m_ledger.fold(m_events.all());
  m_event_time = m_events.back().state_time;
}

FeedBatch Replayer::take_batch() {
  FeedBatch batch;
  batch.events = m_events.release();
  batch.messages = std::exchange(m_messages, {});
  return batch;
}

void Replayer::tell_headers(FeedBatch& batch, base::Duration sent_at) const {
  for (FeedMessage& message : batch.messages) {
    auto header = wire::decode_feed_header(message.header);
    ASSERT(header.ok(), "the ledger has just read it: {}", header.error().message);
    header->epoch = m_ledger.sequencer().epoch();
    header->sent_at = sent_at;
    header->durable_through = 0;
    message.header = wire::encode_feed_header(*header);
  }
}

Result<FeedBatch> Replayer::play_until(UtcTime position, std::size_t events_max, base::Duration sent_at) {
  ASSERT(!m_owes_epoch, "after a jump an epoch begins before anything is published");
  const Goal goal{position};
  TRY(gather(goal, events_max, Telling::Everything));
  fold();
  FeedBatch batch = take_batch();
  tell_headers(batch, sent_at);
  copy_when_due();
  // Damage behind is told when it is come to.
  const auto next = next_event_time();
  if (next.ok() && (!*next || **next > position)) m_ledger.advance(position);
  return batch;
}

Result<FeedBatch> Replayer::play_events(std::int64_t count, base::Duration sent_at) {
  ASSERT(!m_owes_epoch, "after a jump an epoch begins before anything is published");
  for (; count > 0 && m_events.size() < kPlayedAtOnce; --count) {
    const auto gathered = gather(Goal{}, 1, Telling::Everything);
    if (!gathered.ok() && m_events.empty()) return gathered.error();
    if (!gathered.ok() || *gathered == 0) break;
  }
  fold();
  FeedBatch batch = take_batch();
  tell_headers(batch, sent_at);
  copy_when_due();
  return batch;
}

Result<Replayer::Skipped> Replayer::skip_until(UtcTime position, std::size_t events_max) {
  const Goal goal{position};
  Skipped skipped;
  while (skipped.event_count < events_max) {
    TRY_ASSIGN(const std::size_t count,
               gather(goal, std::min(kFoldedAtOnce, events_max - skipped.event_count), Telling::Nothing));
    if (count == 0) break;
    m_owes_epoch = true;
    fold();
    m_events.clear();
    skipped.event_count += count;
    m_untold_count += count;
    copy_when_due(kSparse);
  }
  TRY_ASSIGN(const auto next, next_event_time());
  const bool all = !next || *next > position;
  if (all) m_ledger.advance(position);
  skipped.jump_due = m_untold_count >= m_options.copy_events || (all && m_untold_count > 0);
  return skipped;
}

void Replayer::start_epoch(std::uint64_t epoch) {
  m_ledger.start_epoch(epoch);
  m_owes_epoch = false;
  m_untold_count = 0;
}

Status Replayer::jump(ReplayTarget target) {
  Goal goal;
  if (const std::uint64_t* sequence_wanted = std::get_if<std::uint64_t>(&target)) {
    goal.by_sequence = true;
    goal.sequence = *sequence_wanted;
    if (goal.sequence + 1 < first_sequence() || goal.sequence > m_last_sequence) {
      return Error{ErrorCode::InvalidArgument, fmt::format("event {} is not in the recording, which holds {} to {}",
                                                           goal.sequence, first_sequence(), m_last_sequence)};
    }
  } else {
    goal.time = std::get<UtcTime>(target);
    if (goal.time < first_time()) return jump(first_sequence() - 1);
  }
  m_owes_epoch = true;
  TRY(go_to_start(goal));
  TRY(fold_to(goal));
  // Before the first event the clock stands at it, as a hub's would that had just been started.
  if (goal.by_sequence && goal.sequence < first_sequence()) goal.time = first_time();
  if (goal.time != UtcTime::max()) m_ledger.advance(goal.time);
  return {};
}

Status Replayer::fold_to(const Goal& goal) {
  for (;;) {
    TRY_ASSIGN(const std::size_t count, gather(goal, kFoldedAtOnce, Telling::Nothing));
    if (count == 0) return {};
    fold();
    m_events.clear();
    copy_when_due();
  }
}

// Whether going on from there leads to the goal. A state may have been moved on by heartbeats, but never beyond the
// next event: so one event short of a sequence is safe, and at it the time must be the event's own.
bool Replayer::before(const Goal& goal, std::uint64_t at, UtcTime state_time) const {
  if (!goal.by_sequence) return state_time <= goal.time;
  return goal.sequence < first_sequence() ? at <= goal.sequence : at < goal.sequence;
}

Status Replayer::go_to_start(const Goal& goal) {
  const UtcTime now = m_ledger.world().state_time();
  const bool at_goal = goal.by_sequence && sequence() == goal.sequence && m_event_time == now;
  const bool present = at_goal || before(goal, sequence(), now);
  Copy* copy = nullptr;
  for (Copy& one : m_copies) {
    const bool good = before(goal, one.state->sequence, one.state->state_time);
    if (good && (copy == nullptr || one.state->sequence > copy->state->sequence)) copy = &one;
  }
  auto behind = std::partition_point(m_keyframes.begin(), m_keyframes.end(),
                                     [&](const auto& place) { return before(goal, place.sequence, place.state_time); });
  for (;; behind = m_keyframes.erase(behind - 1)) {
    const bool has_keyframe = behind != m_keyframes.begin();
    const std::uint64_t keyframe_at = has_keyframe ? (behind - 1)->sequence : 0;
    const std::uint64_t copy_at = copy == nullptr ? 0 : copy->state->sequence;
    // Restoring costs about as much as folding so many.
    if (m_sound && present && std::max(keyframe_at, copy_at) <= sequence() + m_options.copy_events) return {};
    if (copy != nullptr && copy_at >= keyframe_at) return restore_copy(*copy);
    if (!has_keyframe) return begin_at_nothing();
    const Status read = restore_keyframe(*(behind - 1));
    if (read.ok()) return {};
    base::log_warning("hub", "a keyframe of the recording is passed over: {}", read.error().message);
  }
}

Status Replayer::restore_copy(Copy& copy) {
  m_sound = false;
  TRY(m_ledger.restore(*copy.state));
  copy.used = ++m_use;
  ++m_copy_use.restored_count;
  restored();
  return {};
}

Status Replayer::begin_at_nothing() {
  if (first_sequence() != 1) {
    return Error{ErrorCode::Malformed,
                 fmt::format("{}: the recording begins at event {} and has no keyframe to begin from; name the files "
                             "before it too",
                             m_recording->segments().front().file.string(), first_sequence())};
  }
  m_ledger.clear();
  ++m_copy_use.clear_count;
  restored();
  return {};
}

Status Replayer::restore_keyframe(const journal::Recording::KeyframePlace& place) {
  TRY_ASSIGN(const journal::Keyframe keyframe, m_recording->read_keyframe(place));
  m_sound = false;
  TRY(m_ledger.restore(state_copy(keyframe, m_ledger.sequencer().journal())));
  const std::uint64_t digest = m_ledger.world().digest(m_ledger.tree().root());
  if (sequence() != place.sequence || digest != keyframe.digest) {
    return Error{ErrorCode::Malformed,
                 fmt::format("the keyframe at event {} holds another state than it says", place.sequence)};
  }
  ++m_copy_use.keyframe_count;
  restored();
  return {};
}

void Replayer::restored() {
  m_sound = true;
  m_event_time.reset();
  m_records.clear();
  m_at = 0;
  m_events.clear();
  m_messages.clear();
  m_copied_at = sequence();
}

bool Replayer::near_a_copy(std::uint64_t at) const {
  const std::uint64_t reach = m_options.copy_events / 2;
  return std::any_of(m_copies.begin(), m_copies.end(), [&](const Copy& copy) {
    const std::uint64_t there = copy.state->sequence;
    return std::max(at, there) - std::min(at, there) < reach;
  });
}

void Replayer::copy_when_due(std::uint64_t sparse) {
  const std::uint64_t distance =
      sparse * std::max(m_options.copy_events, m_copy_bytes / m_options.copy_bytes_per_event);
  if (sequence() < m_copied_at + distance || m_options.copies_max == 0) return;
  m_copied_at = sequence();
  if (!near_a_copy(sequence())) keep_copy();
}

void Replayer::keep_copy() {
  auto state = std::make_shared<const StateCopy>(m_ledger.copy());
  m_copy_bytes = bytes_of(*state);
  if (m_copy_bytes > m_options.copy_bytes_max) return;
  m_copies.push_back({std::move(state), m_copy_bytes, ++m_use});
  // The one that was not used for longest goes: who looks for a place goes to and fro near it.
  while (m_copies.size() > m_options.copies_max || copy_use().bytes > m_options.copy_bytes_max) {
    m_copies.erase(std::min_element(m_copies.begin(), m_copies.end(),
                                    [](const Copy& a, const Copy& b) { return a.used < b.used; }));
  }
}

Replayer::CopyUse Replayer::copy_use() const {
  CopyUse use = m_copy_use;
  use.count = m_copies.size();
  for (const Copy& copy : m_copies) use.bytes += copy.bytes;
  return use;
}

Status Replayer::step_back(std::int64_t count) {
  TRY_ASSIGN(const std::uint64_t target, steps_before(sequence(), count));
  return jump(target);
}

// The last event of what lies `count` steps before `from`, which ends one itself.
Result<std::uint64_t> Replayer::steps_before(std::uint64_t from, std::int64_t count) {
  if (count <= 0) return from;
  const std::uint64_t first = first_sequence();
  for (std::uint64_t span = static_cast<std::uint64_t>(count) + 64;; span *= 2) {
    const std::uint64_t low = from > first + span ? from - span : first;
    std::vector<std::uint64_t> ends;  // rising
    if (low == first) ends.push_back(first - 1);
    auto cursor = m_recording->events_from(low);
    std::vector<Record> records;
    std::optional<Record> last;
    for (bool more = true; more && cursor.next_sequence() <= from;) {
      TRY_ASSIGN(more, cursor.next_chunk(records));
      for (Record& record : records) {
        if (record.sequence > from) break;
        if (last && !joined(*last, record)) ends.push_back(last->sequence);
        last = std::move(record);
      }
    }
    const auto wanted = static_cast<std::size_t>(count);
    if (ends.size() >= wanted) return ends[ends.size() - wanted];
    if (low == first) return first - 1;
  }
}

Status Replayer::add_bookmark(const std::string& name) {
  const std::uint64_t at = std::max(sequence(), first_sequence());
  const UtcTime time = std::max(m_ledger.world().state_time(), first_time());
  TRY(journal::add_bookmark(m_recording->segments(), {0, at, time, name}));
  TRY_ASSIGN(m_bookmarks, m_recording->bookmarks());
  return {};
}

void Replayer::tell(wire::ReplayStatus& status) const {
  status.first_sequence = first_sequence();
  status.last_sequence = m_last_sequence;
  status.sequence = sequence();
  status.bookmarks.clear();
  for (const journal::Bookmark& bookmark : m_bookmarks) {
    if (status.bookmarks.size() >= wire::kReplayStatusBookmarksMax) break;
    status.bookmarks.push_back({bookmark.sequence, bookmark.state_time, bookmark.name});
  }
}

}  // namespace gridwall::hub
