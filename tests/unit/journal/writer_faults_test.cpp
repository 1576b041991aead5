// What a writer promises when the disk is full, when writes fail, and when the process is killed at any moment.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "journal/writer.hpp"
#include "journal_support.hpp"

namespace gridwall::journal {
namespace {

// Bodies that zstd cannot make small.
std::vector<Record> noisy(std::uint64_t first, std::uint64_t count, std::size_t bytes) {
  auto made = records(first, count);
  for (Record& one : made) {
    base::Random random(one.sequence);
    one.body.resize(bytes);
    for (char& c : one.body) c = static_cast<char>(random.next_u64());
  }
  return made;
}

TEST(WriterFaults, a_full_disk_drops_what_was_not_durable_and_writing_goes_on_when_there_is_room) {
  TempFolder folder;
  std::uint64_t durable = 0, failed_count = 0;
  {
    auto writer = open_writer(folder.path(), {.segment_bytes_max = 1 << 20});
    for (int round = 0; round < 50; ++round) {
      const auto some = noisy(writer->last_sequence() + 1, 10, 5000);
      auto status = writer->append(some, keys_of(some));
      if (status.ok()) {
        const auto committed = writer->commit();
        if (committed.ok()) {
          durable = *committed;
          continue;
        }
        status = committed.error();
      }
      ++failed_count;
      EXPECT_NE(status.error().message.find("the disk is full"), std::string::npos) << status.error().message;
      EXPECT_EQ(writer->last_sequence(), durable);
      EXPECT_FALSE(writer->has_uncommitted());
      EXPECT_FALSE(writer->find_key(key_of(some[0]).low, key_of(some[0]).high).value().has_value());
    }
    EXPECT_GT(failed_count, 10u);
    EXPECT_GT(durable, 100u);
    EXPECT_EQ(writer->counters().failed_commit_count, failed_count);
    EXPECT_EQ(read_all(folder.path()), noisy(1, durable, 5000));
  }
  auto writer = open_writer(folder.path());
  EXPECT_EQ(writer->last_sequence(), durable);
  const auto more = noisy(durable + 1, 100, 5000);
  ASSERT_TRUE(writer->append(more).ok());
  EXPECT_EQ(writer->commit().value(), durable + 100);
  EXPECT_EQ(read_all(folder.path()), noisy(1, durable + 100, 5000));
}

TEST(WriterFaults, a_full_disk_in_the_middle_of_a_large_transaction_drops_all_of_it) {
  TempFolder folder;
  auto writer = open_writer(folder.path(), {.segment_bytes_max = 2 << 20});
  write(*writer, 1, 10, 10);
  base::Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) status = writer->append(noisy(writer->last_sequence() + 1, 40, 10'000));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(writer->last_sequence(), 10u);
  write(*writer, 11, 10, 10);
  EXPECT_EQ(read_all(folder.path()), records(1, 20));
}

TEST(WriterFaults, a_segment_that_finds_no_room_leaves_the_old_one_in_use) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  write(*writer, 1, 10, 10);
  std::filesystem::create_directory(folder / "2026-11-23.gwr.part");
  put_bytes(folder / "2026-11-23.gwr.part" / "in the way", "x");
  const auto status = writer->begin_segment(at("2026-11-23T00:00:00+08:00"), keyframe(10));
  ASSERT_FALSE(status.ok());
  write(*writer, 11, 10, 10);
  std::filesystem::remove_all(folder / "2026-11-23.gwr.part");
  ASSERT_TRUE(writer->begin_segment(at("2026-11-23T00:00:00+08:00"), keyframe(20)).ok());
  EXPECT_EQ(read_all(folder.path()), records(1, 20));
}

// In a child process, because the limit holds for all of it: files may not grow above 600 kB, then they may.
void write_with_a_file_limit(const std::filesystem::path& folder) {
  signal(SIGXFSZ, SIG_IGN);
  auto writer = open_writer(folder);
  if (!writer.ok()) _exit(10);
  rlimit limit{600'000, RLIM_INFINITY};
  setrlimit(RLIMIT_FSIZE, &limit);
  int failed_count = 0;
  std::uint64_t durable = 0;
  for (int round = 0; round < 60; ++round) {
    if (round == 40) {
      limit.rlim_cur = RLIM_INFINITY;
      setrlimit(RLIMIT_FSIZE, &limit);
    }
    const auto some = noisy(writer->last_sequence() + 1, 10, 4000);
    const bool appended = writer->append(some).ok();
    const auto committed = appended ? writer->commit() : base::Result<std::uint64_t>(base::Error{});
    if (committed.ok()) {
      durable = *committed;
    } else {
      ++failed_count;
      if (writer->last_sequence() != durable || round >= 40) _exit(11);
    }
  }
  _exit(failed_count > 5 && durable >= 200 ? 0 : 12);
}

TEST(WriterFaults, writes_that_fail_leave_a_whole_file_and_later_ones_succeed) {
  TempFolder folder;
  const pid_t child = fork();
  if (child == 0) write_with_a_file_limit(folder.path());
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  ASSERT_EQ(WEXITSTATUS(status), 0);
  const auto all = read_all(folder.path());
  EXPECT_EQ(all, noisy(1, all.size(), 4000));
  EXPECT_GE(all.size(), 200u);
}

// Writes until it is killed; tells each durable sequence through the pipe, after commit() returned.
void write_for_ever(const std::filesystem::path& folder, int pipe) {
  auto writer = open_writer(folder);
  if (!writer.ok()) _exit(10);
  for (std::uint64_t round = 0;; ++round) {
    const auto some = records(writer->last_sequence() + 1, 1 + round % 37);
    if (!writer->append(some, keys_of(some)).ok()) _exit(11);
    const auto durable = writer->commit();
    if (!durable.ok()) _exit(12);
    if (::write(pipe, &*durable, sizeof *durable) != sizeof *durable) _exit(13);
    if (round % 5 == 4 && !writer->put_keyframe(keyframe(*durable)).ok()) _exit(14);
    if (round % 7 == 6 && !writer->merge_small_chunks().ok()) _exit(15);
  }
}

TEST(WriterFaults, everything_that_was_committed_survives_a_kill_at_any_moment) {
  TempFolder folder;
  base::Random random(1);
  std::uint64_t durable = 0;
  for (int round = 0; round < 20; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = fork();
    if (child == 0) write_for_ever(folder.path(), pipe[1]);
    close(pipe[1]);
    std::uint64_t told = 0;
    for (std::uint64_t i = 0, commits = 1 + random.next_below(60); i < commits; ++i) {
      ASSERT_EQ(read(pipe[0], &told, sizeof told), static_cast<ssize_t>(sizeof told)) << "the writer gave up";
    }
    kill(child, SIGKILL);
    while (read(pipe[0], &told, sizeof told) == sizeof told) durable = told;
    durable = std::max(durable, told);
    close(pipe[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "exit code " << WEXITSTATUS(status);
    const auto all = read_all(folder.path());
    ASSERT_GE(all.size(), durable);
    ASSERT_EQ(all, records(1, all.size()));
  }
  auto writer = open_writer(folder.path());
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  for (std::uint64_t sequence = 1; sequence <= durable; sequence += 97) {
    EXPECT_EQ(writer->find_key(key_of(record(sequence)).low, key_of(record(sequence)).high).value(), sequence);
  }
}

}  // namespace
}  // namespace gridwall::journal
