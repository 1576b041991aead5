#include "journal/recording.hpp"

#include "journal_support.hpp"

namespace gridwall::journal {
namespace {

// Three days of 400 events, in groups of 7, with keyframes and bookmarks.
class RecordingOfThreeDays : public testing::Test {
 protected:
  static constexpr std::chrono::minutes kStep{4};
  void SetUp() override {
    auto writer = open_writer(m_folder.path());
    ASSERT_TRUE(writer.ok());
    for (std::uint64_t sequence = 1; sequence <= 1000; ++sequence) {
      if (writer->needs_segment(record(sequence, kStep).state_time)) {
        ASSERT_TRUE(writer->begin_segment(record(sequence, kStep).state_time, keyframe(sequence - 1, kStep)).ok());
        m_starts.push_back(sequence);
      }
      const auto one = records(sequence, 1, kStep);
      ASSERT_TRUE(writer->append(one).ok());
      const bool last_of_group = sequence % 7 == 0 || sequence == 1000;
      if (last_of_group || writer->needs_segment(record(sequence + 1, kStep).state_time)) {
        ASSERT_TRUE(writer->commit().ok());
      }
      if (sequence % 210 == 0) {
        ASSERT_TRUE(writer->put_keyframe(keyframe(sequence, kStep)).ok());
      }
      if (sequence % 350 == 0) {
        ASSERT_TRUE(writer->put_bookmark({0, sequence, one[0].state_time, fmt::format("mark {}", sequence)}).ok());
      }
    }
    auto recording = Recording::open(m_folder.path());
    ASSERT_TRUE(recording.ok()) << recording.error().message;
    m_recording = std::make_unique<Recording>(std::move(*recording));
  }

  TempFolder m_folder;
  std::vector<std::uint64_t> m_starts;
  std::unique_ptr<Recording> m_recording;
};

TEST_F(RecordingOfThreeDays, is_one_line_of_events_from_any_place) {
  ASSERT_EQ(m_recording->segments().size(), 4u);
  EXPECT_EQ(m_recording->first_sequence(), 1u);
  EXPECT_EQ(m_recording->last_sequence(), 1000u);
  const auto all = records(1, 1000, kStep);
  for (const std::uint64_t from : {0u, 1u, 2u, 7u, 8u, 500u, 999u, 1000u}) {
    const std::vector<Record> expected(all.begin() + std::max<int>(static_cast<int>(from) - 1, 0), all.end());
    EXPECT_EQ(read_all(*m_recording, from), expected) << from;
  }
  EXPECT_TRUE(read_all(*m_recording, 1001).empty());
}

TEST_F(RecordingOfThreeDays, finds_the_sequence_of_every_time_and_the_time_of_every_sequence) {
  for (std::uint64_t sequence = 1; sequence <= 1000; sequence += 3) {
    const base::UtcTime time = record(sequence, kStep).state_time;
    EXPECT_EQ(m_recording->sequence_at(time).value(), sequence);
    EXPECT_EQ(m_recording->sequence_at(time + std::chrono::seconds(59)).value(), sequence);
    EXPECT_EQ(m_recording->sequence_at(time - base::Duration(1)).value(), sequence - 1);
    EXPECT_EQ(m_recording->time_of(sequence).value(), time);
  }
  EXPECT_EQ(m_recording->sequence_at(base::UtcTime::max()).value(), 1000u);
  EXPECT_EQ(m_recording->sequence_at(base::UtcTime::min()).value(), 0u);
  EXPECT_FALSE(m_recording->time_of(0).ok());
  EXPECT_FALSE(m_recording->time_of(1001).ok());
}

TEST_F(RecordingOfThreeDays, gives_the_newest_keyframe_before_a_place_or_time) {
  EXPECT_FALSE(m_recording->keyframe_at_or_before(std::uint64_t{209})->has_value());
  for (std::uint64_t sequence = 210; sequence <= 1000; sequence += 11) {
    std::uint64_t expected = sequence / 210 * 210;
    for (const std::uint64_t start : m_starts) {
      if (start - 1 <= sequence) expected = std::max(expected, start - 1);
    }
    EXPECT_EQ(m_recording->keyframe_at_or_before(sequence).value()->sequence, expected) << sequence;
    EXPECT_EQ(m_recording->keyframe_at_or_before(record(sequence, kStep).state_time).value()->sequence, expected);
  }
}

TEST_F(RecordingOfThreeDays, reads_only_the_parts_of_a_keyframe_that_a_prefix_needs) {
  const auto parts = [&](std::vector<std::string> prefixes) {
    const auto read = m_recording->keyframe_at_or_before(std::uint64_t{210}, prefixes);
    std::string names;
    for (const auto& part : read.value()->parts) names += part.prefix + " ";
    return names;
  };
  EXPECT_EQ(parts({}), "320281/~ 320281/000/ 320281/001/ ");
  EXPECT_EQ(parts({"320281/"}), "320281/~ 320281/000/ 320281/001/ ");
  EXPECT_EQ(parts({"320281/001/"}), "320281/001/ ");
  EXPECT_EQ(parts({"320281/001/007/", "320281/~"}), "320281/~ 320281/001/ ");
  EXPECT_EQ(parts({"320281/001/~"}), "320281/001/ ");
  EXPECT_EQ(parts({"320281/009/"}), "");
}

TEST_F(RecordingOfThreeDays, tells_bookmarks_and_how_dense_the_events_lie) {
  const auto bookmarks = m_recording->bookmarks();
  ASSERT_EQ(bookmarks->size(), 2u);
  EXPECT_EQ((*bookmarks)[1].name, "mark 700");
  EXPECT_EQ((*bookmarks)[1].state_time, record(700, kStep).state_time);
  const auto density = m_recording->density(10);
  ASSERT_EQ(density->size(), 10u);
  std::uint64_t sum = 0;
  for (const std::uint64_t bucket : *density) {
    EXPECT_NEAR(static_cast<double>(bucket), 100, 8);
    sum += bucket;
  }
  EXPECT_EQ(sum, 1000u);
}

TEST_F(RecordingOfThreeDays, a_bookmark_is_added_to_the_file_that_holds_its_event) {
  ASSERT_TRUE(add_bookmark(m_recording->segments(), {0, 640, record(640, kStep).state_time, "later"}).ok());
  EXPECT_EQ(m_recording->bookmarks()->at(1).name, "later");
  EXPECT_FALSE(add_bookmark(m_recording->segments(), {0, 1001, {}, "nowhere"}).ok());
}

TEST_F(RecordingOfThreeDays, a_missing_file_is_told_with_the_events_it_held) {
  const auto ranges = std::vector(m_recording->segments().begin(), m_recording->segments().end());
  std::vector<std::filesystem::path> files = {ranges[0].file, ranges[2].file};
  const auto recording = Recording::open(files);
  ASSERT_FALSE(recording.ok());
  EXPECT_NE(recording.error().message.find(
                fmt::format("the events {} to {} are missing", ranges[1].first_sequence, ranges[1].last_sequence)),
            std::string::npos)
      << recording.error().message;
  files = {ranges[3].file, ranges[2].file};
  EXPECT_EQ(Recording::open(files)->first_sequence(), ranges[2].first_sequence);
}

TEST(Recording, files_of_two_journals_are_not_one_recording) {
  TempFolder one, two;
  { write(open_writer(one.path()), 1, 5, 5); }
  {
    Identity another = identity();
    another.journal.fill(8);
    write(Writer::open(two.path(), another, content()), 6, 5, 5);
  }
  const std::vector<std::filesystem::path> files = {one.path(), two.path()};
  const auto recording = Recording::open(files);
  ASSERT_FALSE(recording.ok());
  EXPECT_NE(recording.error().message.find("files of one journal were expected"), std::string::npos);
}

TEST(Recording, the_same_events_twice_are_told_with_both_files) {
  TempFolder one, two;
  { write(open_writer(one.path()), 1, 10, 5); }
  { write(open_writer(two.path()), 6, 10, 5); }
  const std::vector<std::filesystem::path> files = {one.path(), two.path()};
  const auto recording = Recording::open(files);
  ASSERT_FALSE(recording.ok());
  EXPECT_NE(recording.error().message.find("both hold the events 6 to 10"), std::string::npos);
}

TEST(Recording, a_live_journal_is_read_while_it_is_written_and_merged) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  write(*writer, 1, 20, 5);
  auto recording = Recording::open(folder.path());
  ASSERT_TRUE(recording.ok()) << recording.error().message;
  auto cursor = recording->events_from(1);
  std::vector<Record> all, some;
  const auto drain = [&] {
    for (;;) {
      const auto more = cursor.next_chunk(some);
      ASSERT_TRUE(more.ok()) << more.error().message;
      if (!*more) return;
      all.insert(all.end(), some.begin(), some.end());
    }
  };
  drain();
  EXPECT_EQ(all.size(), 20u);
  for (std::uint64_t round = 0; round < 60; ++round) {
    write(*writer, 21 + round * 400, 400, 100);
    ASSERT_TRUE(*cursor.next_chunk(some));  // in the middle of what is merged next
    all.insert(all.end(), some.begin(), some.end());
    while (*writer->merge_small_chunks()) {
    }
    if (round % 3 == 0) drain();
  }
  drain();
  EXPECT_EQ(all, records(1, 20 + 60 * 400));
  ASSERT_TRUE(writer->begin_segment(at("2026-11-23T00:00:00+08:00"), keyframe(writer->last_sequence())).ok());
  write(*writer, writer->last_sequence() + 1, 5, 5);
  EXPECT_FALSE(*cursor.next_chunk(some));
  ASSERT_TRUE(recording->refresh().ok());
  ASSERT_TRUE(*cursor.next_chunk(some));
  EXPECT_EQ(some.size(), 5u);
}

TEST(Recording, a_backup_of_a_live_journal_is_a_whole_file) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  write(*writer, 1, 500, 5);
  double share = 0;
  const auto status = back_up_file(writer->segment(), folder / "copy", [&](double done) { share = done; });
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(share, 1.0);
  EXPECT_EQ(read_all(folder / "copy"), records(1, 500));
  EXPECT_FALSE(back_up_file(writer->segment(), folder / "copy", {}).ok());
}

TEST(Recording, a_folder_without_recordings_says_so) {
  TempFolder folder;
  const auto recording = Recording::open(folder.path());
  ASSERT_FALSE(recording.ok());
  EXPECT_NE(recording.error().message.find("no .gwr file there"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::journal
