// A chunk: some hundred to some thousand records as one run of bytes, column by column, as it is before zstd. Layout,
// rule and why: README.md beside this file. Invariant: decode(encode(r)) == r, and bytes that are no chunk are refused
// with a sentence, in time and memory bounded by their number. Test: tests/unit/journal/chunk_codec_test.cpp,
// tests/fuzz.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "journal/record.hpp"

namespace gridwall::journal {

inline constexpr std::uint8_t kChunkVersion = 1;
inline constexpr std::size_t kChunkBytesTarget = std::size_t{1} << 20;
inline constexpr std::size_t kChunkBytesMax = std::size_t{32} << 20;
inline constexpr std::size_t kChunkRecordsMax = std::size_t{1} << 20;

// Collects records; keeps its memory from chunk to chunk. One thread.
class ChunkBuilder {
 public:
  // `record` follows the last one (the caller has checked) and keeps the limits of record.hpp.
  void add(const Record& record);
  [[nodiscard]] bool empty() const { return m_count == 0; }
  [[nodiscard]] std::uint32_t count() const { return m_count; }
  // Of the chunk that finish() would give, to some bytes.
  [[nodiscard]] std::size_t bytes() const {
    return m_lengths.size() + m_topics.size() + m_headers.size() + m_bodies.size();
  }
  [[nodiscard]] std::uint64_t first_sequence() const { return m_first_sequence; }
  [[nodiscard]] base::UtcTime first_time() const { return m_first_time; }
  [[nodiscard]] base::UtcTime last_time() const { return m_last_time; }
  // Replaces `chunk`; the builder is empty afterwards.
  void finish(std::string& chunk);
  void clear();

 private:
  std::uint32_t m_count = 0;
  std::uint64_t m_first_sequence = 0;
  base::UtcTime m_first_time{}, m_last_time{};
  std::string m_lengths, m_topics, m_headers, m_bodies;
  // The last header of each length, whole; headers are written as differences to it.
  std::vector<std::string> m_last_headers = std::vector<std::string>(kHeaderBytesMax + 1);
};

// Replaces `records`, whose memory is used again. Error: Malformed; `records` is empty then.
class ChunkReader {
 public:
  base::Status read(std::string_view chunk, std::vector<Record>& records);

 private:
  std::array<std::uint32_t, kHeaderBytesMax + 1> m_last_of_length{};  // record + 1; 0: none
};

}  // namespace gridwall::journal
