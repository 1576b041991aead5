// Writer: a journal that grows. A folder with one segment a day (days of Identity::zone by state time,
// "2026-11-22.gwr"), or one file for an import. Invariants: what commit() returned for is on the disk, whatever happens
// next; records of one append() are there together or not at all; after an error nothing since the last commit is, and
// the writer goes on. One thread; one writer a folder (a lock file tells others). Tests:
// tests/unit/journal/writer_test.cpp, writer_faults_test.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/time_zone.hpp"
#include "journal/key_book.hpp"
#include "journal/record.hpp"
#include "journal/segment_file.hpp"

namespace gridwall::journal {

struct WriterOptions {
  bool one_segment = false;             // the path is a .gwr file
  std::size_t keep_days = 0;            // segments that ended longer ago go when a new one begins; 0: none does
  std::uint64_t segment_bytes_max = 0;  // a full disk begins here; 0: at the disk's own end
};

struct WriterCounters {
  std::uint64_t event_count = 0, chunk_count = 0, commit_count = 0, failed_commit_count = 0;
  std::uint64_t merge_count = 0, keyframe_count = 0, segment_count = 0;  // of this run
  std::uint64_t bytes_written = 0;                                       // of chunks and keys, as they are stored
};

class Writer {
 public:
  // Goes on where a journal at `path` ended; its journal id wins over that of `identity`. `content` is copied. Errors:
  // another writer has it, another district's journal, a file that is damaged.
  static base::Result<Writer> open(const std::filesystem::path& path, Identity identity,
                                   std::span<const ContentItem> content, WriterOptions options = {});
  // A new file, or one that goes on from `start` (a piece that was cut out).
  static base::Result<Writer> create_file(const std::filesystem::path& file, Identity identity,
                                          std::span<const ContentItem> content, const Keyframe* start);
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) = delete;

  // Buffers; nothing is durable before commit(). Sequences follow the last one and state times never fall; a record
  // above the limits of record.hpp is refused (InvalidArgument, nothing is taken). Any other error is as commit()'s.
  base::Status append(std::span<const Record> records, std::span<const DedupeKey> keys = {});
  // Returns the last sequence that is on the disk. Error (disk full, a failing disk): everything since the last commit
  // is dropped, last_sequence() is again what is durable; the same may be tried again later.
  base::Result<std::uint64_t> commit();

  // Own transactions; refused while something is not committed. A keyframe is never ahead of what is durable.
  base::Status put_keyframe(const Keyframe& keyframe);
  base::Status put_bookmark(const Bookmark& bookmark);
  // Makes large chunks of small ones, about 1 MiB of them a call. True: there may be more to do.
  base::Result<bool> merge_small_chunks();

  // The day is over, or the configuration differs from what the current segment holds. Never for one file.
  [[nodiscard]] bool needs_segment(base::UtcTime state_time) const;
  // `keyframe` is of the last durable sequence. On failure the current segment stays, and writing goes on there.
  base::Status begin_segment(base::UtcTime state_time, const Keyframe& keyframe);

  // Among durable keys. Error: a file of the journal cannot be read.
  base::Result<std::optional<std::uint64_t>> find_key(std::uint64_t low, std::uint64_t high);
  // Keys of events that occurred since then, at most 30 days before the last state time, the oldest file first.
  base::Status load_keys(base::UtcTime since, const std::function<void(const DedupeKey&)>& take);

  [[nodiscard]] const Identity& identity() const { return m_identity; }
  // With what is not yet durable. 0: a new journal.
  [[nodiscard]] std::uint64_t last_sequence() const { return m_last_sequence; }
  [[nodiscard]] std::uint64_t durable_through() const { return m_segment ? m_segment->last_sequence() : 0; }
  [[nodiscard]] base::UtcTime last_state_time() const { return m_last_time; }
  // Empty until the first event.
  [[nodiscard]] std::filesystem::path segment() const;
  [[nodiscard]] std::vector<std::filesystem::path> segments() const;
  [[nodiscard]] WriterCounters counters() const;
  [[nodiscard]] bool has_uncommitted() const { return m_uncommitted_count > 0; }

 private:
  class Lock;
  Writer(std::filesystem::path path, Identity identity, WriterOptions options);
  base::Status start(std::span<const ContentItem> content);
  base::Status go_on(const std::filesystem::path& file, std::span<const ContentItem> content);
  base::Status load_key_book();
  base::Status check(std::span<const Record> records) const;
  base::Status store(std::span<const Record> records);
  base::Status write_pending();
  void drop_pending();
  base::Status make_segment(base::UtcTime state_time, const Keyframe* keyframe);
  [[nodiscard]] std::filesystem::path new_name(base::UtcTime state_time) const;
  void retire_old_segments(base::LocalDays today);
  base::Status retire(const std::filesystem::path& file);

  std::filesystem::path m_path;
  Identity m_identity;
  WriterOptions m_options;
  base::TimeZone m_zone;
  std::unique_ptr<Lock> m_lock;
  std::unique_ptr<SegmentFile> m_segment;  // null: nothing yet
  std::vector<ContentItem> m_content;      // as long as the current segment does not hold it
  bool m_content_differs = false;
  KeyBook m_keys;

  ChunkBuilder m_builder;
  std::vector<DedupeKey> m_pending_keys;
  std::uint64_t m_uncommitted_count = 0;
  std::uint64_t m_last_sequence = 0;
  base::UtcTime m_last_time{};
  std::uint64_t m_merge_from = 1;
  WriterCounters m_counters;
};

// "2026-11-22" or "2026-11-22_02": the day of a segment's name.
std::optional<base::LocalDays> day_of_name(const std::filesystem::path& file);

}  // namespace gridwall::journal
