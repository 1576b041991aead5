#include "journal/writer.hpp"

#include "journal_support.hpp"

namespace gridwall::journal {
namespace {

namespace fs = std::filesystem;

TEST(Writer, what_was_committed_is_read_as_it_was_given) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  write(*writer, 1, 1000, 17);
  EXPECT_EQ(writer->segment().filename(), "2026-11-22.gwr");
  EXPECT_EQ(read_all(folder.path()), records(1, 1000));
}

TEST(Writer, what_was_not_committed_is_not_there) {
  TempFolder folder;
  {
    auto writer = open_writer(folder.path());
    write(*writer, 1, 10, 10);
    ASSERT_TRUE(writer->append(records(11, 5)).ok());
    EXPECT_EQ(writer->last_sequence(), 15u);
    EXPECT_EQ(writer->durable_through(), 10u);
  }
  EXPECT_EQ(read_all(folder.path()), records(1, 10));
}

TEST(Writer, a_journal_goes_on_where_it_ended_under_its_own_id) {
  TempFolder folder;
  { write(open_writer(folder.path()), 1, 10, 5); }
  Identity another = identity();
  another.journal.fill(9);
  auto writer = Writer::open(folder.path(), another, content());
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  EXPECT_EQ(writer->identity().journal, identity().journal);
  EXPECT_EQ(writer->last_sequence(), 10u);
  EXPECT_EQ(writer->last_state_time(), record(10).state_time);
  EXPECT_FALSE(writer->needs_segment(record(11).state_time));
  write(*writer, 11, 10, 5);
  EXPECT_EQ(read_all(folder.path()), records(1, 20));
}

TEST(Writer, a_closed_journal_is_one_plain_file) {
  TempFolder folder;
  { write(open_writer(folder.path()), 1, 10, 5); }
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    EXPECT_TRUE(entry.path().filename() == "2026-11-22.gwr" || entry.path().extension() == ".lock") << entry.path();
  }
}

TEST(Writer, a_sequence_or_time_that_does_not_follow_is_refused_and_nothing_is_taken) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  write(*writer, 1, 10, 5);
  EXPECT_FALSE(writer->append(records(12, 1)).ok());
  EXPECT_FALSE(writer->append(records(10, 1)).ok());
  std::vector<Record> gap = {record(11), record(13)};
  EXPECT_FALSE(writer->append(gap).ok());
  std::vector<Record> back = {record(11), record(12)};
  back[1].state_time = record(9).state_time;
  const auto status = writer->append(back);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("event 12"), std::string::npos) << status.error().message;
  EXPECT_FALSE(writer->has_uncommitted());
  std::vector<Record> large = {record(11)};
  large[0].body.resize(kBodyBytesMax + 1);
  EXPECT_FALSE(writer->append(large).ok());
  write(*writer, 11, 1, 1);
}

TEST(Writer, large_batches_make_chunks_of_a_megabyte_and_keep_a_call_in_one) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  std::vector<Record> first = records(1, 3000), second = records(3001, 3000);
  for (Record& one : first) one.body.resize(300, 'x');
  for (Record& one : second) one.body.resize(300, 'x');
  ASSERT_TRUE(writer->append(first).ok());
  ASSERT_TRUE(writer->append(second).ok());
  ASSERT_TRUE(writer->commit().ok());
  EXPECT_EQ(writer->counters().chunk_count, 2u);
  auto recording = Recording::open(folder.path());
  std::vector<Record> read;
  auto cursor = recording->events_from(1);
  ASSERT_TRUE(*cursor.next_chunk(read));
  EXPECT_EQ(read, first);
}

TEST(Writer, a_new_day_needs_a_segment_that_is_whole_by_itself) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  const auto hour = std::chrono::hours(1);
  write(*writer, 1, 15, 5, hour);  // to 23:00
  EXPECT_FALSE(writer->needs_segment(at("2026-11-22T23:59:59+08:00")));
  EXPECT_TRUE(writer->needs_segment(at("2026-11-23T00:00:00+08:00")));
  ASSERT_TRUE(writer->begin_segment(at("2026-11-23T00:00:00+08:00"), keyframe(15, hour)).ok());
  EXPECT_EQ(writer->segment().filename(), "2026-11-23.gwr");
  EXPECT_EQ(writer->last_sequence(), 15u);
  write(*writer, 16, 10, 5, hour);
  EXPECT_EQ(read_all(folder.path()), records(1, 25, hour));
  auto second = Recording::open(folder / "2026-11-23.gwr");
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(read_all(*second), records(16, 10, hour));
  EXPECT_EQ(second->identity(), identity());
  EXPECT_EQ(second->content("tree").value(), content()[0].bytes);
  EXPECT_EQ(second->content("config/b.toml").value(), content()[2].bytes);
  EXPECT_EQ(second->contents()->size(), 3u);
  const auto start = second->keyframe_at_or_before(std::uint64_t{15});
  ASSERT_TRUE(start.ok() && start->has_value());
  EXPECT_EQ(**start, keyframe(15, hour));
}

TEST(Writer, a_segment_without_events_yet_goes_on_after_its_keyframe) {
  TempFolder folder;
  {
    auto writer = open_writer(folder.path());
    write(*writer, 1, 5, 5);
    ASSERT_TRUE(writer->begin_segment(at("2026-11-23T00:00:00+08:00"), keyframe(5)).ok());
  }
  auto writer = open_writer(folder.path());
  EXPECT_EQ(writer->last_sequence(), 5u);
  EXPECT_EQ(writer->last_state_time(), record(5).state_time);
  EXPECT_EQ(writer->segment().filename(), "2026-11-23.gwr");
  write(*writer, 6, 5, 5);
  EXPECT_EQ(read_all(folder.path()), records(1, 10));
}

TEST(Writer, another_configuration_needs_a_segment_of_the_same_day) {
  TempFolder folder;
  { write(open_writer(folder.path()), 1, 5, 5); }
  auto changed = content();
  changed[1].bytes = "a = 2\n";
  auto writer = Writer::open(folder.path(), identity(), changed);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  EXPECT_TRUE(writer->needs_segment(record(6).state_time));
  ASSERT_TRUE(writer->begin_segment(record(6).state_time, keyframe(5)).ok());
  EXPECT_EQ(writer->segment().filename(), "2026-11-22_02.gwr");
  EXPECT_FALSE(writer->needs_segment(record(6).state_time));
  write(*writer, 6, 5, 5);
  auto recording = Recording::open(folder.path());
  EXPECT_EQ(read_all(*recording), records(1, 10));
  EXPECT_EQ(recording->content("config/a.toml", 0).value(), "a = 1\n");
  EXPECT_EQ(recording->content("config/a.toml", 1).value(), "a = 2\n");
}

TEST(Writer, another_districts_journal_is_refused) {
  TempFolder folder;
  { write(open_writer(folder.path()), 1, 5, 5); }
  Identity another = identity();
  another.root_path = "431382/";
  const auto writer = Writer::open(folder.path(), another, content());
  ASSERT_FALSE(writer.ok());
  EXPECT_NE(writer.error().message.find("is the journal of 320281/, not of 431382/"), std::string::npos);
}

TEST(Writer, two_writers_never_share_a_folder) {
  TempFolder folder;
  auto first = open_writer(folder.path());
  const auto second = open_writer(folder.path());
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("another hub writes this journal"), std::string::npos);
}

TEST(Writer, keyframes_and_bookmarks_never_run_ahead_of_what_is_durable) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  write(*writer, 1, 5, 5);
  EXPECT_FALSE(writer->put_keyframe(keyframe(6)).ok());
  ASSERT_TRUE(writer->append(records(6, 1)).ok());
  EXPECT_FALSE(writer->put_keyframe(keyframe(6)).ok());
  EXPECT_FALSE(writer->put_bookmark({0, 6, record(6).state_time, "storm"}).ok());
  ASSERT_TRUE(writer->commit().ok());
  EXPECT_TRUE(writer->put_keyframe(keyframe(6)).ok());
  EXPECT_TRUE(writer->put_bookmark({0, 6, record(6).state_time, "storm"}).ok());
}

TEST(Writer, merging_keeps_every_event_in_fewer_chunks) {
  TempFolder folder;
  auto writer = open_writer(folder.path());
  write(*writer, 1, 12'000, 20);
  auto recording = Recording::open(folder.path());
  EXPECT_EQ(recording->info(0)->chunk_count, 600u);
  while (true) {
    const auto more = writer->merge_small_chunks();
    ASSERT_TRUE(more.ok()) << more.error().message;
    if (!*more) break;
  }
  const auto info = recording->info(0);
  EXPECT_LT(info->chunk_count, 400u);
  EXPECT_EQ(info->event_count, 12'000u);
  EXPECT_EQ(read_all(*recording), records(1, 12'000));
  write(*writer, 12'001, 100, 10);
  EXPECT_EQ(read_all(folder.path()), records(1, 12'100));
}

TEST(Writer, keys_are_found_also_after_a_restart) {
  TempFolder folder;
  {
    auto writer = open_writer(folder.path());
    write(*writer, 1, 5000, 100);
    EXPECT_EQ(writer->find_key(key_of(record(4321)).low, key_of(record(4321)).high).value(), 4321u);
  }
  auto writer = open_writer(folder.path());
  for (const std::uint64_t sequence : {1, 77, 5000}) {
    const DedupeKey key = key_of(record(sequence));
    EXPECT_EQ(writer->find_key(key.low, key.high).value(), sequence);
    EXPECT_FALSE(writer->find_key(key.high, key.low).value().has_value());
  }
  std::vector<DedupeKey> loaded;
  ASSERT_TRUE(writer->load_keys(record(4001).state_time, [&](const DedupeKey& key) { loaded.push_back(key); }).ok());
  EXPECT_EQ(loaded, keys_of(records(4001, 1000)));
}

TEST(Writer, old_segments_go_but_their_keys_stay_for_thirty_days) {
  TempFolder folder;
  const auto step = std::chrono::hours(24);
  const auto next_day = [&](Writer& writer, std::uint64_t sequence) {
    ASSERT_TRUE(writer.begin_segment(record(sequence, step).state_time, keyframe(sequence - 1, step)).ok());
    write(writer, sequence, 1, 1, step);
  };
  {
    auto writer = open_writer(folder.path(), {.keep_days = 3});
    write(*writer, 1, 1, 1, step);
    for (std::uint64_t sequence = 2; sequence <= 10; ++sequence) next_day(*writer, sequence);
    EXPECT_EQ(writer->segments().size(), 4u);
    EXPECT_EQ(writer->find_key(key_of(record(2)).low, key_of(record(2)).high).value(), 2u);
  }
  auto writer = open_writer(folder.path(), {.keep_days = 3});
  for (std::uint64_t sequence = 1; sequence <= 10; ++sequence) {
    EXPECT_EQ(writer->find_key(key_of(record(sequence)).low, key_of(record(sequence)).high).value(), sequence);
  }
  EXPECT_EQ(read_all(folder.path()), records(7, 4, step));
  for (std::uint64_t sequence = 11; sequence <= 45; ++sequence) next_day(*writer, sequence);
  EXPECT_FALSE(fs::exists(folder / "2026-11-24.keys"));
  EXPECT_FALSE(writer->find_key(key_of(record(2)).low, key_of(record(2)).high).value().has_value());
  EXPECT_EQ(writer->find_key(key_of(record(30)).low, key_of(record(30)).high).value(), 30u);
}

TEST(Writer, one_file_holds_an_import_and_a_cut_piece_starts_with_its_keyframe) {
  TempFolder folder;
  const auto hour = std::chrono::hours(1);
  {
    auto writer = open_writer(folder / "history.gwr", {.one_segment = true});
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    write(*writer, 1, 100, 50, hour);
    EXPECT_FALSE(writer->needs_segment(record(101, hour).state_time));
  }
  EXPECT_EQ(read_all(folder / "history.gwr"), records(1, 100, hour));
  const Keyframe start = keyframe(40, hour);
  {
    auto piece = Writer::create_file(folder / "piece.gwr", identity(), content(), &start);
    ASSERT_TRUE(piece.ok()) << piece.error().message;
    EXPECT_EQ(piece->last_sequence(), 40u);
    write(*piece, 41, 10, 5, hour);
    EXPECT_FALSE(Writer::create_file(folder / "piece.gwr", identity(), content(), &start).ok());
  }
  EXPECT_EQ(read_all(folder / "piece.gwr"), records(41, 10, hour));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 2);
}

}  // namespace
}  // namespace gridwall::journal
