// SegmentReader: one .gwr file that is read, while another process may write to it. Each call looks the rows up anew
// and holds no lock afterwards, so it never hinders the writer and always sees the newest. A file that was cut is read
// to its last whole chunk. One thread. Test: tests/unit/journal/recording_test.cpp, damage_test.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/compressor.hpp"
#include "base/hash.hpp"
#include "base/result.hpp"
#include "journal/chunk_codec.hpp"
#include "journal/database.hpp"
#include "journal/record.hpp"

namespace gridwall::journal {

struct ChunkInfo {
  std::uint64_t first_sequence = 0, last_sequence = 0;
  base::UtcTime first_time{}, last_time{};
  std::uint64_t raw_bytes = 0, hash = 0;
  [[nodiscard]] std::uint64_t count() const { return last_sequence - first_sequence + 1; }
};

struct KeyframeInfo {
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};
  std::uint64_t digest = 0;
  std::uint64_t part_count = 0, raw_bytes = 0;
};

struct ContentInfo {
  std::string name;
  base::ContentAddress address{};
  std::uint64_t raw_bytes = 0;
};

class SegmentReader {
 public:
  static base::Result<SegmentReader> open(const std::filesystem::path& file);

  [[nodiscard]] const Identity& identity() const { return m_identity; }
  [[nodiscard]] const std::filesystem::path& file() const { return m_database.file(); }
  [[nodiscard]] const Database& database() const { return m_database; }

  // The chunk with `sequence`, or the first behind it. Nothing: at the end, or at the last whole one of a cut file.
  base::Result<std::optional<ChunkInfo>> find_chunk(std::uint64_t sequence);
  // The chunk with `sequence`, or the last before it.
  base::Result<std::optional<ChunkInfo>> find_chunk_back(std::uint64_t sequence);
  // Its events; checked: length, hash, form, sequences and times. Errors name the file and the events.
  base::Status read_chunk(const ChunkInfo& chunk, std::vector<Record>& records);
  // Both at one moment of a file that is being written. False: nothing at or behind `sequence`.
  base::Result<bool> read_from(std::uint64_t sequence, ChunkInfo& chunk, std::vector<Record>& records);
  // In order; stops when `take` says false.
  base::Status each_chunk(const std::function<bool(const ChunkInfo&, std::uint64_t stored_bytes)>& take);

  base::Result<std::vector<KeyframeInfo>> keyframes() const;
  // With the parts that have something under one of the prefixes; none: all.
  base::Result<Keyframe> read_keyframe(std::uint64_t sequence, std::span<const std::string> prefixes);
  base::Result<std::vector<Bookmark>> bookmarks() const;
  base::Result<std::vector<ContentInfo>> contents() const;
  base::Result<std::string> read_content(std::string_view name);
  // In order; only runs with a key not older than `since`. Damaged runs are passed over and counted.
  base::Result<std::uint64_t> each_key_run(
      base::UtcTime since, std::int64_t from_id, std::int64_t to_id,
      const std::function<bool(std::int64_t id, std::span<const DedupeKey>)>& take);

  // Not empty: what is missing of the file, as a sentence.
  [[nodiscard]] const std::string& damage() const { return m_damage; }

 private:
  explicit SegmentReader(Database database) : m_database(std::move(database)) {}
  base::Status prepare();
  void find_whole_part();
  [[nodiscard]] std::optional<ChunkInfo> find_whole(std::uint64_t sequence) const;
  base::Result<std::optional<ChunkInfo>> one_chunk(Statement& statement, std::uint64_t sequence);
  base::Error damaged(std::string detail) const;

  Database m_database;
  Identity m_identity;
  Statement m_chunk_back, m_chunk_next, m_chunk_bytes;
  base::Decompressor m_decompressor;
  ChunkReader m_chunk_reader;
  std::string m_raw;
  std::string m_damage;
  std::optional<std::vector<ChunkInfo>> m_whole;  // of a cut file: nothing else is shown
};

// A part with `part_prefix` has something under one of `prefixes`; none of these means everything.
bool part_is_wanted(std::string_view part_prefix, std::span<const std::string> prefixes);

}  // namespace gridwall::journal
