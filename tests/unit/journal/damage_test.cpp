// Files that were cut, changed, or are no recordings: what is whole is shown, what is missing is told, and nothing
// else.
#include <sqlite3.h>

#include "journal/recording.hpp"
#include "journal/schema.hpp"
#include "journal_support.hpp"

namespace gridwall::journal {
namespace {

namespace fs = std::filesystem;

// Everything that can be asked of a recording; what comes must be a beginning of what was written.
struct Reading {
  bool opened = false, told = false;
  std::size_t event_count = 0;
};
Reading read_through(const fs::path& file, const std::vector<Record>& written) {
  Reading reading;
  auto recording = Recording::open(file);
  reading.opened = recording.ok();
  if (!recording.ok()) {
    EXPECT_NE(recording.error().message.find(file.string()), std::string::npos) << recording.error().message;
    return reading;
  }
  reading.told = !recording->segments()[0].damage.empty();
  std::vector<Record> some;
  auto cursor = recording->events_from(1);
  for (;;) {
    const auto more = cursor.next_chunk(some);
    if (!more.ok()) {
      reading.told = true;
      EXPECT_TRUE(some.empty());
      EXPECT_NE(more.error().message.find(file.string()), std::string::npos) << more.error().message;
    }
    if (!more.ok() || !*more) break;
    for (const Record& one : some) {
      EXPECT_LE(one.sequence, written.size());
      EXPECT_EQ(one, written[one.sequence - 1]);
      ++reading.event_count;
    }
  }
  (void)recording->info(0);
  (void)recording->bookmarks();
  (void)recording->density(16);
  (void)recording->sequence_at(record(30).state_time);
  (void)recording->keyframe_at_or_before(std::uint64_t{1000});
  (void)recording->content("tree");
  return reading;
}

// Some hundred chunks, two keyframes, a bookmark; many pages, so that a cut can fall everywhere.
std::vector<Record> write_sample(const fs::path& file) {
  auto writer = open_writer(file, {.one_segment = true});
  write(*writer, 1, 600, 3);
  EXPECT_TRUE(writer->put_keyframe(keyframe(600)).ok());
  write(*writer, 601, 600, 30);
  EXPECT_TRUE(writer->put_keyframe(keyframe(1200)).ok());
  EXPECT_TRUE(writer->put_bookmark({0, 700, record(700).state_time, "here"}).ok());
  return records(1, 1200);
}

TEST(Damage, a_file_cut_at_any_byte_opens_to_its_last_whole_chunk_or_says_why_not) {
  TempFolder folder;
  const auto written = write_sample(folder / "whole.gwr");
  const std::string whole = bytes_of(folder / "whole.gwr");
  base::Random random(7);
  std::size_t opened_count = 0, last_events = 0;
  for (int i = 0; i < 240; ++i) {
    const std::size_t size = i < 20 ? static_cast<std::size_t>(i) * 25 : random.next_below(whole.size());
    put_bytes(folder / "cut.gwr", std::string_view(whole).substr(0, size));
    const Reading reading = read_through(folder / "cut.gwr", written);
    EXPECT_TRUE(!reading.opened || reading.told || reading.event_count == written.size()) << size;
    if (reading.opened) ++opened_count;
    if (size * 10 > whole.size() * 9) last_events = std::max(last_events, reading.event_count);
  }
  RecordProperty("opened", static_cast<int>(opened_count));
  EXPECT_GT(opened_count, 120u);
  EXPECT_GT(last_events, 600u);
}

TEST(Damage, a_log_cut_at_any_byte_loses_whole_commits_from_its_end_only) {
  TempFolder folder;
  fs::create_directory(folder / "live");
  std::vector<Record> written;
  {
    auto writer = open_writer(folder / "live");
    write(*writer, 1, 300, 3);
    written = records(1, 300);
    for (const auto& entry : fs::directory_iterator(folder / "live")) fs::copy(entry.path(), folder.path());
  }
  const std::string log = bytes_of(folder / "2026-11-22.gwr-wal");
  const std::string main = bytes_of(folder / "2026-11-22.gwr");
  ASSERT_GT(log.size(), 100'000u);
  base::Random random(8);
  std::size_t most = 0;
  for (int i = 0; i < 200; ++i) {
    const std::size_t size = i == 0 ? log.size() : random.next_below(log.size());
    const fs::path file = folder / fmt::format("cut{}.gwr", i);
    put_bytes(file, main);
    put_bytes(file.string() + "-wal", std::string_view(log).substr(0, size));
    const Reading reading = read_through(file, written);
    EXPECT_TRUE(reading.opened) << size;
    EXPECT_FALSE(reading.told) << size;
    EXPECT_EQ(reading.event_count % 3, 0u);
    most = std::max(most, reading.event_count);
  }
  EXPECT_EQ(most, 300u);
}

TEST(Damage, changed_bytes_are_never_shown_as_events) {
  TempFolder folder;
  const auto written = write_sample(folder / "whole.gwr");
  const std::string whole = bytes_of(folder / "whole.gwr");
  base::Random random(9);
  for (int i = 0; i < 300; ++i) {
    std::string changed = whole;
    for (std::uint64_t n = 1 + random.next_below(8); n > 0; --n) {
      changed[random.next_below(changed.size())] = static_cast<char>(random.next_u64());
    }
    put_bytes(folder / "changed.gwr", changed);
    const Reading reading = read_through(folder / "changed.gwr", written);
    EXPECT_TRUE(!reading.opened || reading.told || reading.event_count == written.size() || reading.event_count == 0);
  }
}

TEST(Damage, a_chunk_whose_bytes_were_changed_is_told_with_its_events) {
  TempFolder folder;
  const auto written = write_sample(folder / "whole.gwr");
  {
    auto database = Database::open(folder / "whole.gwr", Database::Access::Write);
    ASSERT_TRUE(database->execute("UPDATE chunk SET hash = hash + 1 WHERE first_sequence = 301").ok());
  }
  auto recording = Recording::open(folder / "whole.gwr");
  auto cursor = recording->events_from(298);
  std::vector<Record> some;
  ASSERT_TRUE(cursor.next_chunk(some).ok());
  const auto more = cursor.next_chunk(some);
  ASSERT_FALSE(more.ok());
  EXPECT_NE(more.error().message.find("events 301 to 303 cannot be read"), std::string::npos) << more.error().message;
  EXPECT_EQ(recording->events_from(304).next_chunk(some).value(), true);
}

TEST(Damage, chunks_that_are_missing_in_the_middle_are_told) {
  TempFolder folder;
  write_sample(folder / "whole.gwr");
  {
    auto database = Database::open(folder / "whole.gwr", Database::Access::Write);
    ASSERT_TRUE(database->execute("DELETE FROM chunk WHERE first_sequence BETWEEN 301 AND 310").ok());
  }
  auto recording = Recording::open(folder / "whole.gwr");
  std::vector<Record> some;
  const auto more = recording->events_from(301).next_chunk(some);
  ASSERT_FALSE(more.ok());
  EXPECT_NE(more.error().message.find("the events 301 to 312 are missing"), std::string::npos) << more.error().message;
}

std::string refusal_of(const fs::path& file) {
  const auto recording = Recording::open(file);
  return recording.ok() ? std::string("opened") : recording.error().message;
}

TEST(Damage, what_is_no_recording_is_refused_with_a_sentence) {
  TempFolder folder;
  const auto expect = [&](const std::string& name, const std::string& words) {
    const std::string message = refusal_of(folder / name);
    EXPECT_NE(message.find(words), std::string::npos) << message;
    EXPECT_NE(message.find(name), std::string::npos) << message;
  };
  expect("missing.gwr", "no such file");
  put_bytes(folder / "empty.gwr", "");
  expect("empty.gwr", "a .gwr file of gridwall's was expected");
  put_bytes(folder / "text.gwr", std::string(5000, 't'));
  expect("text.gwr", "is no recording");
  fs::create_directory(folder / "folder.gwr");
  expect("folder.gwr", "no .gwr file there");
  sqlite3* other = nullptr;
  sqlite3_open((folder / "other.gwr").c_str(), &other);
  sqlite3_exec(other, "CREATE TABLE t (x)", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  expect("other.gwr", "another program's file");
}

TEST(Damage, another_version_is_refused_by_its_number) {
  TempFolder folder;
  write_sample(folder / "later.gwr");
  {
    auto database = Database::open(folder / "later.gwr", Database::Access::Write);
    ASSERT_TRUE(database->execute("PRAGMA user_version = 2").ok());
  }
  EXPECT_NE(refusal_of(folder / "later.gwr").find("is a recording of version 2, version 1 is understood"),
            std::string::npos);
}

TEST(Damage, tables_that_are_not_ours_are_never_looked_into) {
  for (const char* sql : {"CREATE TRIGGER t AFTER INSERT ON bookmark BEGIN DELETE FROM chunk; END",
                          "CREATE VIEW v AS SELECT 1", "ALTER TABLE bookmark ADD COLUMN more TEXT",
                          "DROP TABLE bookmark", "CREATE TABLE extra (x)", "CREATE INDEX extra ON bookmark (name)"}) {
    TempFolder folder;
    write_sample(folder / "changed.gwr");
    sqlite3* connection = nullptr;
    sqlite3_open((folder / "changed.gwr").c_str(), &connection);
    ASSERT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(connection);
    sqlite3_close(connection);
    EXPECT_NE(refusal_of(folder / "changed.gwr").find("its tables are not those of a recording"), std::string::npos)
        << sql;
  }
}

}  // namespace
}  // namespace gridwall::journal
