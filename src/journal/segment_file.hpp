// SegmentFile: one .gwr file that is being written. Rows go in a transaction; commit() returns when the disk has them.
// After any error everything since the last commit is gone from the file, and it may be tried again. A new file appears
// under its name only when its identity, content and first keyframe are on the disk. One thread.
// Test: tests/unit/journal/writer_test.cpp.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/compressor.hpp"
#include "base/result.hpp"
#include "journal/chunk_codec.hpp"
#include "journal/database.hpp"
#include "journal/record.hpp"

namespace gridwall::journal {

class SegmentFile {
 public:
  struct Limits {
    std::uint64_t bytes_max = 0;  // of the file; 0: the disk's
  };
  // `keyframe` null: the journal begins here, with nothing before.
  static base::Result<SegmentFile> create(const std::filesystem::path& file, const Identity& identity,
                                          std::span<const ContentItem> content, const Keyframe* keyframe,
                                          Limits limits);
  static base::Result<SegmentFile> open(const std::filesystem::path& file, Limits limits);
  // Leaves a plain file without a log beside it, unless somebody reads it now.
  ~SegmentFile();
  SegmentFile(SegmentFile&&) noexcept = default;
  SegmentFile& operator=(SegmentFile&&) = delete;

  base::Status add_chunk(ChunkBuilder& builder);
  base::Status add_keys(std::span<const DedupeKey> keys);
  // Runs keep their numbers when they move to another file.
  void set_next_run(std::int64_t run) { m_next_run = run; }
  base::Status commit();
  void roll_back();

  // One transaction each.
  base::Status put_keyframe(const Keyframe& keyframe);
  base::Status put_bookmark(const Bookmark& bookmark);
  struct Merge {
    bool merged = false;
    std::uint64_t next_sequence = 0;  // where to look next
  };
  // Small chunks from `first_sequence` on that together fill one become one; when `closing`, also those that do not.
  base::Result<Merge> merge_from(std::uint64_t first_sequence, bool closing);

  [[nodiscard]] const Identity& identity() const { return m_identity; }
  [[nodiscard]] const std::filesystem::path& file() const { return m_database.file(); }
  // Of the events in the file, or of its first keyframe when there are none; committed.
  [[nodiscard]] std::uint64_t last_sequence() const { return m_last_sequence; }
  [[nodiscard]] base::UtcTime last_time() const { return m_last_time; }
  [[nodiscard]] base::Result<bool> has_content(std::span<const ContentItem> content) const;
  // Of the run that add_keys() writes next.
  [[nodiscard]] std::int64_t next_run() const { return m_next_run; }
  // zstd bytes of chunks and bytes of keys that were given to the file since it was opened.
  [[nodiscard]] std::uint64_t bytes_written() const { return m_bytes_written; }
  [[nodiscard]] std::uint64_t chunk_count() const { return m_chunk_count; }

 private:
  explicit SegmentFile(Database database) : m_database(std::move(database)) {}
  static base::Status write_new(const std::filesystem::path& partial, const Identity& identity,
                                std::span<const ContentItem> content, const Keyframe* keyframe);
  base::Status prepare();
  base::Status read_ends();
  base::Status begin();
  base::Status add_content(std::span<const ContentItem> content);
  base::Status add_keyframe(const Keyframe& keyframe);
  base::Status insert_chunk(ChunkBuilder& builder);
  base::Status replace_chunks(std::uint64_t first_sequence, std::uint64_t last_sequence);

  Database m_database;
  Identity m_identity;
  Statement m_insert_chunk, m_insert_keys, m_insert_part;
  base::Compressor m_compressor;
  std::string m_raw, m_frame;
  std::uint64_t m_last_sequence = 0, m_pending_sequence = 0;
  base::UtcTime m_last_time{}, m_pending_time{};
  std::int64_t m_next_run = 1, m_committed_runs = 1;
  std::uint64_t m_bytes_written = 0, m_chunk_count = 0;
};

// The bytes of `directory`'s entries reach the disk.
base::Status sync_folder(const std::filesystem::path& folder);

}  // namespace gridwall::journal
