// JournalKeeper: writes what the hub has published to its journal, on a thread of its own, and tells how far it is on
// the disk. Commits are shared: all that came while the disk was busy goes with the next. When the journal cannot be
// written, nothing after durable_through() exists any more; the hub goes back there (restore) and tries again.
// Test: tests/unit/hub/journal_keeper_test.cpp, tests/e2e/feed/kill_the_hub.py.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bounded_channel.hpp"
#include "base/thread.hpp"
#include "base/time_zone.hpp"
#include "hub/ledger.hpp"
#include "journal/recording.hpp"
#include "journal/writer.hpp"

namespace gridwall::hub {

struct JournalOptions {
  std::filesystem::path folder;               // of segments, or a .gwr file with writer.one_segment
  std::vector<journal::ContentItem> content;  // the whole profile and tree
  journal::WriterOptions writer;
  std::uint64_t keyframe_events = 250'000;  // between two keyframes
  base::Duration keyframe_interval = std::chrono::minutes(10);
  std::uint64_t keyframe_interval_events = 1000;  // and at least so many within the interval
};

using KeyframePromise = std::shared_future<std::shared_ptr<const StateCopy>>;

struct JournalStatus {
  std::uint64_t durable_through = 0;
  std::size_t pending_bytes = 0;  // given, not on the disk yet
  journal::WriterCounters counters;
  std::string failure;                          // not empty: it cannot be written
  double commit_p50_ms = 0, commit_p99_ms = 0;  // of the last thousand commits
};

class JournalKeeper {
 public:
  // Errors: another hub has the journal, it is another district's, it is damaged. `identity` is of a new journal.
  static base::Result<std::unique_ptr<JournalKeeper>> open(JournalOptions options, const journal::Identity& identity);
  ~JournalKeeper();

  // Of the journal that is there.
  [[nodiscard]] const wire::JournalId& journal() const { return m_journal; }
  // The state at durable_through(), from the newest keyframe and the events after it; while the thread does not write.
  base::Status restore(Ledger& ledger);
  base::Status load_keys(base::UtcTime since, Dedupe& dedupe);
  // Begins to write, in a new segment where the day or the configuration is another one than the last segment's.
  base::Status start(const StateCopy& state, base::UtcTime now, base::MonoTime now_mono);
  // The same without a thread: who has one of his own (a simulation) calls turn(), and nothing waits for it.
  base::Status begin(const StateCopy& state, base::UtcTime now, base::MonoTime now_mono);
  // Writes what has come, and looks at the disk again where it failed. False: there was nothing to write.
  bool turn(base::MonoTime now, base::Duration patience);

  // The hub's thread. False: too much waits for the disk; nothing may be published until there is room.
  [[nodiscard]] bool has_room() const { return m_pending_bytes.load() < kPendingBytesMax; }
  void write(std::shared_ptr<const FeedBatch> batch);
  // A keyframe when it is due, of the state after all that was written until now; `ask` has it made.
  void keyframe_when_due(base::UtcTime next_state_time, base::MonoTime now,
                         const std::function<KeyframePromise()>& ask);
  // A bookmark at the last event given to write(). Error: there is none yet, or the journal fails.
  struct KeptBookmark {
    journal::Bookmark bookmark;
    std::future<base::Status> written;
  };
  base::Result<KeptBookmark> bookmark(const std::string& name);
  [[nodiscard]] std::uint64_t durable_through() const { return m_durable_through.load(); }
  [[nodiscard]] bool failed() const { return m_failed.load(); }
  // After a failure: the hub has gone back to durable_through(). Tries whether the disk takes something again.
  bool try_again();

  // Any thread.
  [[nodiscard]] JournalStatus status() const;

 private:
  struct KeyframeItem {
    KeyframePromise keyframe;
    base::UtcTime segment_of{};  // the epoch: within the segment; else a new one begins with it at this state time
  };
  struct BookmarkItem {
    journal::Bookmark bookmark;
    std::shared_ptr<std::promise<base::Status>> written;  // null: told already
  };
  struct Item {
    std::uint64_t generation = 0;  // those of before a failure are not written after it
    std::variant<std::shared_ptr<const FeedBatch>, KeyframeItem, BookmarkItem> content;
  };
  static constexpr std::size_t kPendingBytesMax = 64 << 20;
  static constexpr std::size_t kQueueItems = 100'000;

  JournalKeeper(JournalOptions options, journal::Writer writer);
  void run(const std::stop_token& stop);
  base::Status write_all(std::vector<Item>& items);
  base::Status write_batch(const FeedBatch& batch);
  base::Status take_keyframe(const KeyframeItem& item);
  base::Status take_bookmark(BookmarkItem& item);
  base::Status begin_segment(base::UtcTime state_time, const StateCopy& state);
  base::Status put_ready_keyframes();
  base::Status commit();
  void settle(std::vector<Item>& items);
  void probe();
  [[nodiscard]] base::LocalDays day_of(base::UtcTime time) const;

  JournalOptions m_options;
  wire::JournalId m_journal;
  base::TimeZone m_zone;
  journal::Writer m_writer;  // the thread's; the hub's before start()
  base::BoundedChannel<Item> m_items;
  std::vector<KeyframePromise> m_keyframes;  // wanted, not written yet
  base::MonoTime m_probed_at{};

  std::atomic<std::uint64_t> m_durable_through = 0;
  std::atomic<std::size_t> m_pending_bytes = 0;
  std::atomic<bool> m_failed = false, m_probe_succeeded = false;
  std::atomic<std::uint64_t> m_generation = 0;
  std::uint64_t m_written_through = 0;  // the hub's: given to write()
  std::vector<journal::Record> m_records;
  std::vector<journal::DedupeKey> m_record_keys;
  std::uint64_t m_keyframe_at = 0;  // the hub's: sequence of the last keyframe that was asked for
  base::MonoTime m_keyframe_asked_at{};
  base::UtcTime m_written_time{};

  mutable std::mutex m_mutex;  // of the two below
  JournalStatus m_status;
  std::vector<double> m_commit_ms;
  std::size_t m_commit_next = 0;
  base::Thread m_thread;  // last: it uses all above
};

// The state after event `through` of that recording, from the newest keyframe at or before it and the events behind.
// `journal` is what the ledger's state is of from now on. Returns the keyframe's sequence; 0: there was none.
base::Result<std::uint64_t> restore_ledger(const std::filesystem::path& recording, std::uint64_t through,
                                           const wire::JournalId& journal, Ledger& ledger);

// Bytes of a keyframe as the journal keeps it, and back.
journal::Keyframe journal_keyframe(const StateCopy& copy);
StateCopy state_copy(const journal::Keyframe& keyframe, const wire::JournalId& journal);

}  // namespace gridwall::hub
