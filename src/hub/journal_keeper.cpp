#include "hub/journal_keeper.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/percentile.hpp"

namespace gridwall::hub {

using base::Error;
using base::Result;
using base::Status;

namespace {

constexpr std::size_t kItemsPerCommit = 4096;
constexpr base::Duration kPatience = std::chrono::milliseconds(100);
constexpr base::Duration kProbeInterval = std::chrono::seconds(1);
constexpr std::size_t kProbeBytes = 4 << 20;
constexpr std::size_t kCommitsKept = 1000;

std::size_t bytes_of(const FeedBatch& batch) {
  std::size_t bytes = 0;
  for (const FeedMessage& message : batch.messages) {
    bytes += message.topic.size() + message.header.size() + message.body.size();
  }
  return bytes;
}

}  // namespace

journal::Keyframe journal_keyframe(const StateCopy& copy) {
  journal::Keyframe keyframe{copy.sequence, copy.state_time, copy.digest, copy.head, {}, copy.memory};
  for (const StateCopy::Part& part : copy.parts) keyframe.parts.push_back({part.prefix, part.bytes});
  return keyframe;
}

StateCopy state_copy(const journal::Keyframe& keyframe, const wire::JournalId& journal) {
  StateCopy copy;
  copy.journal = journal;
  copy.sequence = keyframe.sequence;
  copy.state_time = keyframe.state_time;
  copy.digest = keyframe.digest;
  copy.head = keyframe.head;
  for (const journal::KeyframePart& part : keyframe.parts) copy.parts.push_back({part.prefix, part.bytes});
  copy.memory = keyframe.chains;
  return copy;
}

Result<std::uint64_t> restore_ledger(const std::filesystem::path& path, std::uint64_t through,
                                     const wire::JournalId& journal, Ledger& ledger) {
  ledger.clear();
  if (through == 0) return std::uint64_t{0};
  TRY_ASSIGN(auto recording, journal::Recording::open(path));
  TRY_ASSIGN(const auto keyframe, recording.keyframe_at_or_before(through));
  if (keyframe) TRY(ledger.restore(state_copy(*keyframe, journal)));
  auto cursor = recording.events_from(ledger.sequencer().last_sequence() + 1);
  std::vector<journal::Record> records;
  std::optional<FeedBatch> none;
  while (ledger.sequencer().last_sequence() < through) {
    TRY_ASSIGN(const bool more, cursor.next_chunk(records));
    if (!more) {
      return Error{base::ErrorCode::Malformed,
                   fmt::format("{}: the journal ends at event {}, {} was expected; see 'gridwall recording verify'",
                               path.string(), ledger.sequencer().last_sequence(), through)};
    }
    for (journal::Record& record : records) {
      if (record.sequence > through) break;
      TRY(ledger.repeat({std::move(record.topic), std::move(record.header), std::move(record.body)}, none));
    }
  }
  return keyframe ? keyframe->sequence : 0;
}

Result<std::unique_ptr<JournalKeeper>> JournalKeeper::open(JournalOptions options, const journal::Identity& identity) {
  TRY_ASSIGN(auto writer, journal::Writer::open(options.folder, identity, options.content, options.writer));
  TRY_ASSIGN(auto zone, base::TimeZone::find(writer.identity().zone));
  std::unique_ptr<JournalKeeper> keeper(new JournalKeeper(std::move(options), std::move(writer)));
  keeper->m_zone = std::move(zone);
  return keeper;
}

JournalKeeper::JournalKeeper(JournalOptions options, journal::Writer writer)
    : m_options(std::move(options)),
      m_journal(writer.identity().journal),
      m_writer(std::move(writer)),
      m_items("journal", kQueueItems, base::WhenFull::Block),
      m_durable_through(m_writer.durable_through()),
      m_written_through(m_writer.last_sequence()),
      m_keyframe_at(m_writer.last_sequence()),
      m_written_time(m_writer.last_state_time()) {
  m_status.durable_through = m_durable_through.load();
}

JournalKeeper::~JournalKeeper() {
  m_thread.request_stop();
  m_items.close();
  m_thread.join();
}

Status JournalKeeper::restore(Ledger& ledger) {
  m_written_through = m_durable_through.load();
  // Counted from what is on the disk: a hub that dies again and again has no longer way back each time.
  TRY_ASSIGN(m_keyframe_at, restore_ledger(m_options.folder, m_written_through, m_journal, ledger));
  return {};
}

Status JournalKeeper::load_keys(base::UtcTime since, Dedupe& dedupe) {
  return m_writer.load_keys(since, [&](const journal::DedupeKey& key) {
    dedupe.remember({key.low, key.high}, key.occurred_at, key.sequence);
  });
}

Status JournalKeeper::start(const StateCopy& state, base::UtcTime now, base::MonoTime now_mono) {
  TRY(begin(state, now, now_mono));
  m_thread = base::Thread("journal", [this](const std::stop_token& stop) { run(stop); });
  return {};
}

Status JournalKeeper::begin(const StateCopy& state, base::UtcTime now, base::MonoTime now_mono) {
  const base::UtcTime state_time = std::max(now, m_writer.last_state_time());
  if (m_writer.last_sequence() > 0 && m_writer.needs_segment(state_time)) {
    TRY(begin_segment(state_time, state));
    m_keyframe_at = state.sequence;
  }
  m_written_time = state_time;
  m_keyframe_asked_at = now_mono;
  return {};
}

void JournalKeeper::write(std::shared_ptr<const FeedBatch> batch) {
  if (batch->empty()) return;
  m_written_through = batch->last_sequence();
  m_written_time = batch->events.back().state_time;
  m_pending_bytes += bytes_of(*batch);
  m_items.send({m_generation.load(), std::move(batch)});
}

base::Result<JournalKeeper::KeptBookmark> JournalKeeper::bookmark(const std::string& name) {
  const std::uint64_t at = std::max(m_written_through, m_durable_through.load());
  if (at == 0)
    return Error{base::ErrorCode::InvalidArgument, "nothing has happened yet that a bookmark could stand at"};
  if (m_failed.load()) {
    return Error{base::ErrorCode::Unavailable, "the journal cannot be written at the moment; try again"};
  }
  KeptBookmark kept{{0, at, m_written_time, name}, {}};
  auto written = std::make_shared<std::promise<Status>>();
  kept.written = written->get_future();
  m_items.send({m_generation.load(), BookmarkItem{kept.bookmark, std::move(written)}});
  return kept;
}

base::LocalDays JournalKeeper::day_of(base::UtcTime time) const {
  return m_zone.day_of(time);
}

void JournalKeeper::keyframe_when_due(base::UtcTime next_state_time, base::MonoTime now,
                                      const std::function<KeyframePromise()>& ask) {
  if (m_written_through == 0 || m_failed.load()) return;
  const bool new_day = !m_options.writer.one_segment && day_of(next_state_time) != day_of(m_written_time);
  const std::uint64_t events = m_written_through - m_keyframe_at;
  const bool many = events >= m_options.keyframe_events;
  const bool long_ago =
      events >= m_options.keyframe_interval_events && now - m_keyframe_asked_at >= m_options.keyframe_interval;
  if (!new_day && !many && !long_ago) return;
  m_keyframe_at = m_written_through;
  m_keyframe_asked_at = now;
  m_written_time = next_state_time;
  m_items.send({m_generation.load(), KeyframeItem{ask(), new_day ? next_state_time : base::UtcTime{}}});
}

bool JournalKeeper::try_again() {
  if (!m_probe_succeeded.exchange(false)) return false;
  ++m_generation;
  m_keyframe_at = std::min(m_keyframe_at, m_durable_through.load());
  m_failed = false;
  base::log_info("hub", "the journal can be written again, after event {}", m_durable_through.load());
  return true;
}

JournalStatus JournalKeeper::status() const {
  const std::scoped_lock lock(m_mutex);
  JournalStatus status = m_status;
  status.durable_through = m_durable_through.load();
  status.pending_bytes = m_pending_bytes.load();
  if (!m_failed.load()) status.failure.clear();
  status.commit_p50_ms = base::percentile(m_commit_ms, 0.5);
  status.commit_p99_ms = base::percentile(m_commit_ms, 0.99);
  return status;
}

void JournalKeeper::run(const std::stop_token& stop) {
  while (turn(std::chrono::steady_clock::now(), kPatience) || !stop.stop_requested()) {
  }
}

bool JournalKeeper::turn(base::MonoTime now, base::Duration patience) {
  std::vector<Item> items = m_items.receive(kItemsPerCommit, patience);
  if (m_failed.load()) {
    if (!m_probe_succeeded.load() && now - m_probed_at >= kProbeInterval) {
      m_probed_at = now;
      probe();
    }
  } else if (const Status written = write_all(items); !written.ok()) {
    base::log_error("hub", "the journal cannot be written: {}; nothing is accepted until it can",
                    written.error().message);
    const std::scoped_lock lock(m_mutex);
    m_status.failure = written.error().message;
    m_probe_succeeded = false;
    m_keyframes.clear();
    m_failed = true;
  } else if (items.empty()) {
    static_cast<void>(m_writer.merge_small_chunks());  // idle: a fault shows at the next commit
  }
  settle(items);
  return !items.empty();
}

// Whatever became of them, they wait no longer.
void JournalKeeper::settle(std::vector<Item>& items) {
  for (Item& item : items) {
    if (const auto* batch = std::get_if<std::shared_ptr<const FeedBatch>>(&item.content)) {
      m_pending_bytes -= bytes_of(**batch);
    } else if (auto* bookmark = std::get_if<BookmarkItem>(&item.content); bookmark != nullptr && bookmark->written) {
      bookmark->written->set_value(
          Error{base::ErrorCode::Unavailable, "the journal cannot be written, so the bookmark was not kept"});
    }
  }
}

Status JournalKeeper::write_all(std::vector<Item>& items) {
  for (Item& item : items) {
    if (item.generation != m_generation.load()) continue;
    if (const auto* batch = std::get_if<std::shared_ptr<const FeedBatch>>(&item.content)) {
      TRY(write_batch(**batch));
    } else if (auto* bookmark = std::get_if<BookmarkItem>(&item.content)) {
      TRY(take_bookmark(*bookmark));
    } else {
      TRY(take_keyframe(std::get<KeyframeItem>(item.content)));
    }
  }
  TRY(commit());
  return put_ready_keyframes();
}

Status JournalKeeper::write_batch(const FeedBatch& batch) {
  m_records.clear();
  m_record_keys.clear();
  for (std::size_t i = 0; i < batch.messages.size(); ++i) {
    const FeedMessage& message = batch.messages[i];
    m_records.push_back(
        {batch.events[i].sequence, batch.events[i].state_time, message.topic, message.header, message.body});
  }
  for (const AcceptedKey& one : batch.keys) {
    m_record_keys.push_back({one.key.low, one.key.high, one.occurred_at, one.sequence});
  }
  return m_writer.append(m_records, m_record_keys);
}

// What it marks is on the disk before it is.
Status JournalKeeper::take_bookmark(BookmarkItem& item) {
  TRY(commit());
  item.written->set_value(m_writer.put_bookmark(item.bookmark));
  item.written.reset();
  return {};
}

Status JournalKeeper::take_keyframe(const KeyframeItem& item) {
  if (item.segment_of == base::UtcTime{}) {
    m_keyframes.push_back(item.keyframe);
    return {};
  }
  TRY(commit());
  const std::shared_ptr<const StateCopy> state = item.keyframe.get();
  // Without one the old segment goes on: a longer file, and nothing lost.
  if (state == nullptr || state->sequence != m_writer.durable_through()) return {};
  return begin_segment(item.segment_of, *state);
}

Status JournalKeeper::begin_segment(base::UtcTime state_time, const StateCopy& state) {
  if (!m_writer.needs_segment(state_time)) return {};
  if (const Status begun = m_writer.begin_segment(state_time, journal_keyframe(state)); !begun.ok()) {
    base::log_warning("hub", "no new segment of the journal, the old one goes on: {}", begun.error().message);
  }
  return {};
}

Status JournalKeeper::put_ready_keyframes() {
  std::erase_if(m_keyframes, [&](const KeyframePromise& promise) {
    if (promise.wait_for(base::Duration::zero()) != std::future_status::ready) return false;
    const std::shared_ptr<const StateCopy> state = promise.get();
    if (state == nullptr) return true;
    // Only a shorter way for seeks and starts is lost with it; a full disk shows at the next commit.
    if (const Status put = m_writer.put_keyframe(journal_keyframe(*state)); !put.ok()) {
      base::log_warning("hub", "a keyframe was not written: {}", put.error().message);
    }
    const std::scoped_lock lock(m_mutex);
    m_status.counters = m_writer.counters();
    return true;
  });
  return {};
}

Status JournalKeeper::commit() {
  if (!m_writer.has_uncommitted()) return {};
  const base::MonoTime begin = std::chrono::steady_clock::now();
  TRY_ASSIGN(const std::uint64_t through, m_writer.commit());
  m_durable_through = through;
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  const std::scoped_lock lock(m_mutex);
  if (m_commit_ms.size() < kCommitsKept) m_commit_ms.resize(m_commit_ms.size() + 1);
  m_commit_ms[m_commit_next++ % m_commit_ms.size()] = took.count();
  m_status.counters = m_writer.counters();
  return {};
}

// A file beside the journal that is as large as what may come at once: a disk that takes it takes a commit.
void JournalKeeper::probe() {
  const std::filesystem::path folder = m_options.writer.one_segment ? m_options.folder.parent_path() : m_options.folder;
  const std::filesystem::path file = folder / ".probe";
  const std::string bytes(kProbeBytes, 'p');
  const int handle = ::open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (handle < 0) return;
  const bool written =
      ::write(handle, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && ::fsync(handle) == 0;
  ::close(handle);
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  m_probe_succeeded = written;
}

}  // namespace gridwall::hub
