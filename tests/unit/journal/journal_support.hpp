// Records, identities and folders for the journal's tests. Records look like a hub's: topics of a small district,
// headers whose numbers grow, bodies of text that repeats in part.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/time_text.hpp"
#include "journal/recording.hpp"
#include "journal/writer.hpp"
#include "support/temp_folder.hpp"
#include "wire/feed_header.hpp"

namespace gridwall::journal {

using test::TempFolder;

inline base::UtcTime at(const char* text) {
  return base::parse_rfc3339(text).value();
}
inline const base::UtcTime kMorning = at("2026-11-22T08:00:00+08:00");

inline Record record(std::uint64_t sequence, base::Duration step = std::chrono::seconds(1)) {
  base::Random random(sequence);
  Record made;
  made.sequence = sequence;
  made.state_time = kMorning + step * static_cast<std::int64_t>(sequence);
  made.topic = random.next_below(5) == 0
                   ? "320281/~"
                   : fmt::format("320281/{:03}/{:03}/", random.next_below(3), random.next_below(9));
  wire::FeedHeader header;
  header.sequence = sequence;
  header.state_time = made.state_time;
  header.durable_through = sequence - 1;
  header.previous = {sequence - 1, sequence / 2};
  if (made.topic.size() > 10) header.previous.push_back(sequence / 3);
  made.header = wire::encode_feed_header(header);
  made.body = fmt::format(R"({{"id":"e-{}","source":"/test","type":"incident.reported","noise":"{:x}{:x}"}})", sequence,
                          random.next_u64(), random.next_u64());
  return made;
}

inline std::vector<Record> records(std::uint64_t first, std::uint64_t count,
                                   base::Duration step = std::chrono::seconds(1)) {
  std::vector<Record> made;
  for (std::uint64_t i = 0; i < count; ++i) made.push_back(record(first + i, step));
  return made;
}

inline DedupeKey key_of(const Record& record) {
  base::Random random(record.sequence * 7919);
  return {random.next_u64(), random.next_u64(), record.state_time, record.sequence};
}

inline std::vector<DedupeKey> keys_of(const std::vector<Record>& all) {
  std::vector<DedupeKey> keys;
  for (const Record& one : all) keys.push_back(key_of(one));
  return keys;
}

inline Identity identity() {
  Identity made;
  made.journal.fill(7);
  made.profile = "jiangyin";
  made.root_path = "320281/";
  made.tree_hash = 0xfedcba9876543210;
  made.zone = "Asia/Shanghai";
  return made;
}

inline std::vector<ContentItem> content() {
  return {{"tree", std::string(100'000, 'x')}, {"config/a.toml", "a = 1\n"}, {"config/b.toml", "a = 1\n"}};
}

inline Keyframe keyframe(std::uint64_t sequence, base::Duration step = std::chrono::seconds(1)) {
  Keyframe made;
  made.sequence = sequence;
  made.state_time = kMorning + step * static_cast<std::int64_t>(sequence);
  made.digest = sequence * 0x9e3779b97f4a7c15;
  made.head = fmt::format("head {}", sequence);
  made.parts = {{"320281/~", "own"}, {"320281/000/", std::string(5000, 'a')}, {"320281/001/", "one"}};
  made.chains = "chains";
  return made;
}

inline base::Result<Writer> open_writer(const std::filesystem::path& path, WriterOptions options = {}) {
  return Writer::open(path, identity(), content(), options);
}

// Appends and commits in groups.
inline void write(Writer& writer, std::uint64_t first, std::uint64_t count, std::uint64_t group,
                  base::Duration step = std::chrono::seconds(1)) {
  for (std::uint64_t begin = first; begin < first + count; begin += group) {
    const auto some = records(begin, std::min(group, first + count - begin), step);
    const auto status = writer.append(some, keys_of(some));
    ASSERT_TRUE(status.ok()) << status.error().message;
    const auto durable = writer.commit();
    ASSERT_TRUE(durable.ok()) << durable.error().message;
    ASSERT_EQ(*durable, some.back().sequence);
  }
}

// And closes it.
inline void write(base::Result<Writer> writer, std::uint64_t first, std::uint64_t count, std::uint64_t group) {
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  write(*writer, first, count, group, std::chrono::seconds(1));
}

inline std::vector<Record> read_all(Recording& recording, std::uint64_t from = 0) {
  std::vector<Record> all, some;
  auto cursor = recording.events_from(from);
  for (;;) {
    const auto more = cursor.next_chunk(some);
    EXPECT_TRUE(more.ok()) << more.error().message;
    if (!more.ok() || !*more) return all;
    all.insert(all.end(), some.begin(), some.end());
  }
}

inline std::vector<Record> read_all(const std::filesystem::path& path) {
  auto recording = Recording::open(path);
  EXPECT_TRUE(recording.ok()) << recording.error().message;
  return recording.ok() ? read_all(*recording) : std::vector<Record>();
}

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline void put_bytes(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace gridwall::journal
