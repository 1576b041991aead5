// KeyBook: where the dedupe keys of a journal's files stand, told apart by filters in memory, so that a key that was
// never seen costs no reading. Keys are kept for 30 days whatever becomes of the events. One thread.
// Test: tests/unit/journal/key_book_test.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "journal/key_run.hpp"
#include "journal/segment_reader.hpp"

namespace gridwall::journal {

inline constexpr std::chrono::days kKeysKept{30};
// What is left of a segment whose events went: its keys.
inline constexpr std::string_view kKeysOnlyEnding = ".keys";

class KeyBook {
 public:
  // Filters take 4 bytes a key: 64 million of them at most, then the oldest are forgotten and counted.
  explicit KeyBook(std::size_t keys_max = std::size_t{64} << 20) : m_keys_max(keys_max) {}

  // Reads what a file holds; files in order of their time.
  base::Status load(const std::filesystem::path& file, base::UtcTime since);
  // A committed run of the file.
  void add(const std::filesystem::path& file, std::int64_t run, std::span<const DedupeKey> keys);
  // The sequence that the event got. Error: a file cannot be read.
  base::Result<std::optional<std::uint64_t>> find(std::uint64_t low, std::uint64_t high);
  // All newer than `since`, the oldest file first.
  base::Status each(base::UtcTime since, const std::function<void(const DedupeKey&)>& take);

  void expire(base::UtcTime since);
  // Its keys stand in another file now; empty: nowhere.
  void move_file(const std::filesystem::path& from, const std::filesystem::path& to);
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::uint64_t forgotten_early_count() const { return m_forgotten_early_count; }

 private:
  struct Block {
    std::filesystem::path file;
    std::int64_t first_run = 0, last_run = 0;
    base::UtcTime newest{};
    KeyFilter filter;
  };
  base::Result<SegmentReader*> reader_of(const std::filesystem::path& file);

  std::size_t m_keys_max;
  std::deque<Block> m_blocks;
  std::map<std::filesystem::path, SegmentReader> m_readers;  // of some files
  std::uint64_t m_forgotten_early_count = 0;
};

}  // namespace gridwall::journal
