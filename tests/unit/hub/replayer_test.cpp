// A recording of some weeks of everything that the shipped lifecycle knows, with moves and recurrences: replayed in any
// way, it is at each checkpoint what it was when it was live.
#include "hub/replayer.hpp"

#include <gtest/gtest.h>

#include "hub/journal_keeper.hpp"
#include "journal/writer.hpp"
#include "model/path.hpp"
#include "unit/journal/journal_support.hpp"
#include "unit/state/random_feed.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;
using base::UtcTime;

constexpr int kEventCount = 3000;
constexpr std::size_t kAll = 1'000'000;
constexpr ReplayerOptions kFineCopies{150, 16, std::size_t{64} << 20, 1 << 16};

struct Checkpoint {
  std::uint64_t sequence = 0;
  UtcTime state_time{};
  std::string digests;
};

std::string digests_of(const Ledger& ledger) {
  std::string all;
  for (const auto& division : ledger.tree().divisions()) {
    all += ledger.digest_text(division.path) + ledger.digest_text(model::own_leaf(division.path));
  }
  return all;
}

LedgerOptions ledger_options() {
  const auto& district = test::shipped_district();
  return {test::small_tree(), district.vocabulary, district.rules, {}, 7};
}

journal::Identity identity() {
  journal::Identity identity;
  identity.journal[3] = 9;
  identity.profile = "test";
  identity.root_path = "R/";
  identity.tree_hash = test::small_tree()->content_hash();
  identity.zone = "Asia/Shanghai";
  return identity;
}

// A day on which everything happens, made once.
class Live {
 public:
  static const Live& get() {
    static const Live kLive;
    return kLive;
  }
  journal::TempFolder folder;
  std::vector<FeedMessage> messages;  // message i has the sequence i + 1
  std::vector<std::string> types;
  std::vector<UtcTime> times;
  std::vector<Checkpoint> checkpoints;
  std::uint64_t moved_count = 0, derived_count = 0;
  std::size_t segment_count = 0;

  // No state was told between this one and the next.
  [[nodiscard]] bool joined(std::uint64_t sequence) const {
    if (sequence == 0 || sequence >= types.size() || times[sequence - 1] != times[sequence]) return false;
    const std::string& type = types[sequence - 1];
    return type == model::kMovedOut || type == model::kMovedIn || types[sequence] == model::kDerivedValue;
  }

 private:
  Live() : m_ledger(std::move(Ledger::create(with_journal())).value()) {
    m_writer.emplace(std::move(journal::Writer::open(folder.path(), identity(), {})).value());
    const auto walk = test::random_walks(11, kEventCount);
    UtcTime now = walk.front().state_time;
    for (std::size_t i = 0; i < walk.size(); ++i) {
      // Every tenth comes at the time of the one before.
      const UtcTime next = i % 10 == 3 ? now : walk[i].state_time;
      heartbeat(now, next);
      begin_day(next);
      now = std::max(next, m_ledger.sequencer().state_time());
      publish(walk[i].event, now);
      if (i % 7 == 0) {
        EXPECT_TRUE(m_writer->commit().ok());
      }
      if (i % 500 == 499) put_keyframe();
    }
    heartbeat(now, now + 1h);
    EXPECT_TRUE(m_writer->commit().ok());
    segment_count = m_writer->segments().size();
    moved_count = m_ledger.moved_count();
    derived_count = m_ledger.derived_count();
    m_writer.reset();
  }

  static LedgerOptions with_journal() {
    LedgerOptions options = ledger_options();
    options.journal = identity().journal;
    return options;
  }

  void heartbeat(UtcTime now, UtcTime next) {
    if (next <= now || messages.empty() || m_random.next_below(10) > 0) return;
    m_ledger.advance(now + base::Duration(m_random.next_below(static_cast<std::uint64_t>((next - now).count()))));
    checkpoints.push_back({m_ledger.sequencer().last_sequence(), m_ledger.world().state_time(), digests_of(m_ledger)});
  }

  void begin_day(UtcTime next) {
    if (messages.empty() || !m_writer->needs_segment(next)) return;
    EXPECT_TRUE(m_writer->commit().ok());
    EXPECT_TRUE(m_writer->begin_segment(next, journal_keyframe(m_ledger.copy())).ok());
  }

  void put_keyframe() {
    EXPECT_TRUE(m_writer->commit().ok());
    EXPECT_TRUE(m_writer->put_keyframe(journal_keyframe(m_ledger.copy())).ok());
  }

  void publish(model::Event event, UtcTime now) {
    // Few classes and places, and ever new cases: much of it is seen again.
    event.incident.incident_id += fmt::format("-{}", messages.size() / 300);
    event.incident.class_code = test::shipped_district().vocabulary->classes[m_random.next_below(2)].code;
    const auto& divisions = m_ledger.tree().divisions();
    const auto& division = divisions[m_random.next_below(divisions.size())];
    const state::Incident* known = m_ledger.find(event.incident.incident_id);
    if (known != nullptr && m_random.next_below(4) > 0) {
      event.division_path = m_ledger.topic_of(*known);
    } else if (division.children.size() == 0) {
      event.division_path = division.path;
      event.point_units = m_ledger.tree().to_units(division.anchor_world);
    } else {
      event.division_path = model::own_leaf(division.path);
    }
    event.id = std::to_string(messages.size());
    event.source = "city";
    m_ledger.advance(now);
    FeedBatch batch;
    m_ledger.publish(std::move(event), {now, base::Duration(messages.size())}, batch);
    std::vector<journal::Record> records;
    for (std::size_t i = 0; i < batch.messages.size(); ++i) {
      const FeedMessage& message = batch.messages[i];
      records.push_back(
          {batch.events[i].sequence, batch.events[i].state_time, message.topic, message.header, message.body});
      messages.push_back(message);
      types.push_back(batch.events[i].event.type);
      times.push_back(batch.events[i].state_time);
    }
    EXPECT_TRUE(m_writer->append(records).ok());
  }

  Ledger m_ledger;
  std::optional<journal::Writer> m_writer;
  base::Random m_random{5};
};

class ReplayerTest : public testing::Test {
 protected:
  static std::unique_ptr<Replayer> open(ReplayerOptions options = kFineCopies,
                                        std::vector<std::filesystem::path> paths = {Live::get().folder.path()}) {
    auto opened = Replayer::open(paths, ledger_options(), options);
    EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().message);
    return std::move(opened).value();
  }
  static void expect_at(const Replayer& replayer, const Checkpoint& checkpoint) {
    EXPECT_EQ(replayer.sequence(), checkpoint.sequence);
    EXPECT_EQ(replayer.ledger().world().state_time(), checkpoint.state_time) << checkpoint.sequence;
    EXPECT_EQ(digests_of(replayer.ledger()), checkpoint.digests) << checkpoint.sequence;
  }
  // What went out is what was recorded but for the epoch and what belongs to the moment.
  static void expect_recorded(const FeedBatch& batch, std::uint64_t& next, std::uint64_t epoch) {
    const Live& recorded = Live::get();
    for (std::size_t i = 0; i < batch.messages.size(); ++i, ++next) {
      const FeedMessage& message = batch.messages[i];
      const FeedMessage& before = recorded.messages.at(next - 1);
      auto header = wire::decode_feed_header(message.header).value();
      const auto header_before = wire::decode_feed_header(before.header).value();
      ASSERT_EQ(message.topic, before.topic);
      ASSERT_EQ(message.body, before.body);
      ASSERT_EQ(header.epoch, epoch);
      ASSERT_EQ(header.durable_through, 0u);
      ASSERT_EQ(header.sent_at, 99ns);
      header.epoch = header_before.epoch;
      header.sent_at = header_before.sent_at;
      header.durable_through = header_before.durable_through;
      ASSERT_EQ(header, header_before);
      ASSERT_EQ(batch.events.at(i).sequence, next);
    }
  }
};

TEST_F(ReplayerTest, the_recording_has_everything_that_may_go_wrong) {
  const Live& live = Live::get();
  EXPECT_GT(live.moved_count, 100u);
  EXPECT_GT(live.derived_count, 20u);
  EXPECT_GT(live.segment_count, 5u);
  EXPECT_GE(live.checkpoints.size(), 100u);
}

TEST_F(ReplayerTest, equals_live_at_every_checkpoint_as_fast_as_possible) {
  auto replayer = open();
  for (const Checkpoint& checkpoint : Live::get().checkpoints) {
    const auto skipped = replayer->skip_until(checkpoint.state_time, kAll);
    ASSERT_TRUE(skipped.ok()) << skipped.error().message;
    expect_at(*replayer, checkpoint);
  }
  EXPECT_TRUE(replayer->owes_epoch());
}

TEST_F(ReplayerTest, equals_live_at_every_checkpoint_in_small_steps_and_publishes_what_was_recorded) {
  auto replayer = open();
  replayer->start_epoch(42);
  base::Random random(3);
  std::uint64_t next = 1;
  UtcTime position = replayer->first_time();
  for (const Checkpoint& checkpoint : Live::get().checkpoints) {
    while (position < checkpoint.state_time || replayer->sequence() < checkpoint.sequence) {
      position = std::min(checkpoint.state_time, position + base::Duration(random.next_below(2'000'000'000'000)));
      const auto batch = replayer->play_until(position, 1 + random.next_below(4), 99ns);
      ASSERT_TRUE(batch.ok()) << batch.error().message;
      expect_recorded(*batch, next, 42);
      ASSERT_FALSE(Live::get().joined(replayer->sequence())) << replayer->sequence();
    }
    expect_at(*replayer, checkpoint);
  }
}

TEST_F(ReplayerTest, equals_live_after_a_thousand_seeks_both_ways_by_time_and_by_event) {
  auto replayer = open();
  const auto& checkpoints = Live::get().checkpoints;
  base::Random random(17);
  for (int i = 0; i < 1000; ++i) {
    const Checkpoint& checkpoint = checkpoints[random.next_below(checkpoints.size())];
    const bool by_time = random.next_below(2) == 0;
    const base::Status jumped =
        replayer->jump(by_time ? ReplayTarget(checkpoint.state_time) : ReplayTarget(checkpoint.sequence));
    ASSERT_TRUE(jumped.ok()) << jumped.error().message;
    if (!by_time) {
      EXPECT_EQ(replayer->ledger().world().state_time(), Live::get().times[checkpoint.sequence - 1]);
      replayer->ledger().advance(checkpoint.state_time);
    }
    expect_at(*replayer, checkpoint);
    ASSERT_LE(replayer->copy_use().count, kFineCopies.copies_max);
    if (HasFailure()) return;
  }
  const auto use = replayer->copy_use();
  EXPECT_GT(use.restored_count, 10u);
  EXPECT_GT(use.keyframe_count, 50u);
}

TEST_F(ReplayerTest, goes_on_after_a_seek_with_the_messages_that_were_recorded) {
  auto replayer = open();
  base::Random random(23);
  for (std::uint64_t epoch = 1; epoch <= 60; ++epoch) {
    ASSERT_TRUE(replayer->jump(random.next_below(replayer->last_sequence()) + 1).ok());
    replayer->start_epoch(epoch);
    std::uint64_t next = replayer->sequence() + 1;
    const auto batch = replayer->play_until(replayer->ledger().world().state_time() + 3h, kAll, 99ns);
    ASSERT_TRUE(batch.ok());
    expect_recorded(*batch, next, epoch);
  }
}

TEST_F(ReplayerTest, equals_live_after_loops_on_a_clock) {
  auto replayer = open();
  const auto& checkpoints = Live::get().checkpoints;
  const base::MonoTime start(1000h);
  ReplayClock clock(replayer->first_time(), replayer->last_time(), start);
  const Checkpoint &from = checkpoints[10], &to = checkpoints[25];
  ASSERT_TRUE(clock.loop(wire::TimeSpan{from.state_time, to.state_time + 1ns}, start).ok());
  ASSERT_TRUE(clock.set_rate(3600, start).ok());
  clock.play(start);
  std::uint64_t epoch = 0;
  int begin_count = 0, end_count = 0;
  for (int tick = 0; tick < 20'000 && begin_count < 4; ++tick) {
    const base::MonoTime now = start + tick * 50ms;
    const ReplayMove move = clock.advance(now, replayer->next_event_time().value());
    if (move.play_to) {
      if (replayer->owes_epoch()) replayer->start_epoch(++epoch);
      ASSERT_TRUE(replayer->play_until(*move.play_to, kAll, 99ns).ok());
    }
    if (move.play_to == to.state_time) {
      expect_at(*replayer, to);
      ++end_count;
    }
    if (!move.jump) continue;
    ASSERT_TRUE(replayer->jump(*move.jump).ok());
    replayer->start_epoch(++epoch);
    clock.arrived(replayer->ledger().world().state_time(), now);
    expect_at(*replayer, from);
    ++begin_count;
  }
  EXPECT_EQ(begin_count, 4);
  EXPECT_GE(end_count, 3);
}

TEST_F(ReplayerTest, never_stops_between_the_halves_of_a_move_or_before_what_was_derived) {
  const Live& live = Live::get();
  auto replayer = open();
  int joined_count = 0;
  for (std::uint64_t sequence = 1; sequence <= 400; ++sequence) {
    ASSERT_TRUE(replayer->jump(sequence).ok());
    std::uint64_t end = sequence;
    for (; live.joined(end); ++joined_count) ++end;
    ASSERT_EQ(replayer->sequence(), end) << "sought " << sequence;
  }
  EXPECT_GT(joined_count, 20);
}

TEST_F(ReplayerTest, steps_by_event_to_and_fro_along_the_same_places) {
  const Live& live = Live::get();
  auto replayer = open();
  std::vector<std::uint64_t> places{0};
  std::vector<std::string> digests{digests_of(replayer->ledger())};
  replayer->start_epoch(1);
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(replayer->play_events(1, 99ns).ok());
    ASSERT_FALSE(live.joined(replayer->sequence()));
    places.push_back(replayer->sequence());
    digests.push_back(digests_of(replayer->ledger()));
  }
  ASSERT_TRUE(replayer->step_back(30).ok());
  EXPECT_EQ(replayer->sequence(), places[90]);
  for (std::size_t i = 90; i-- > 1;) {
    ASSERT_TRUE(replayer->step_back(1).ok());
    ASSERT_EQ(replayer->sequence(), places[i]);
    EXPECT_EQ(digests_of(replayer->ledger()), digests[i]) << i;
  }
  ASSERT_TRUE(replayer->step_back(1'000'000).ok());
  EXPECT_EQ(replayer->sequence(), 0u);
  replayer->start_epoch(2);
  const auto batch = replayer->play_events(120, 99ns);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(replayer->sequence(), places[120]);
}

TEST_F(ReplayerTest, says_when_a_jump_is_due_and_stops_at_the_end) {
  auto replayer = open();
  const auto few = replayer->skip_until(replayer->last_time(), 10);
  ASSERT_TRUE(few.ok());
  EXPECT_FALSE(few->jump_due);
  const auto many = replayer->skip_until(replayer->last_time(), kFineCopies.copy_events);
  EXPECT_TRUE(many->jump_due);
  replayer->start_epoch(2);
  EXPECT_FALSE(replayer->owes_epoch());
  EXPECT_TRUE(replayer->skip_until(replayer->last_time(), kAll)->jump_due);
  EXPECT_EQ(replayer->sequence(), replayer->last_sequence());
  EXPECT_FALSE(replayer->next_event_time().value().has_value());
  EXPECT_FALSE(replayer->jump(replayer->last_sequence() + 1).ok());
  EXPECT_TRUE(replayer->jump(UtcTime::max()).ok());
  EXPECT_TRUE(replayer->jump(UtcTime::min()).ok());
  EXPECT_EQ(replayer->sequence(), 0u);
}

TEST_F(ReplayerTest, begins_at_the_keyframe_of_a_later_file) {
  const Live& live = Live::get();
  auto whole = journal::Recording::open(live.folder.path()).value();
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 3; i < whole.segments().size(); ++i) files.push_back(whole.segments()[i].file);
  auto replayer = open(kFineCopies, files);
  EXPECT_EQ(replayer->sequence() + 1, replayer->first_sequence());
  EXPECT_FALSE(replayer->jump(std::uint64_t{1}).ok());
  for (const Checkpoint& checkpoint : live.checkpoints) {
    if (checkpoint.sequence < replayer->first_sequence()) continue;
    ASSERT_TRUE(replayer->jump(checkpoint.state_time).ok());
    expect_at(*replayer, checkpoint);
  }
}

TEST_F(ReplayerTest, keeps_no_more_copies_than_it_may) {
  auto none = open({150, 0, 0}), small = open({150, 16, 1});
  for (const auto& replayer : {none.get(), small.get()}) {
    const Checkpoint& checkpoint = Live::get().checkpoints.back();
    ASSERT_TRUE(replayer->jump(checkpoint.state_time).ok());
    expect_at(*replayer, checkpoint);
    EXPECT_EQ(replayer->copy_use().bytes, 0u);
  }
}

TEST_F(ReplayerTest, what_cannot_be_replayed_is_refused_with_a_reason) {
  const journal::TempFolder folder;
  EXPECT_FALSE(Replayer::open(std::vector{folder.path()}, ledger_options()).ok());
  LedgerOptions other = ledger_options();
  other.tree = test::small_tree({.splits = {2}});
  const auto layers = Replayer::open(std::vector{Live::get().folder.path()}, other);
  ASSERT_FALSE(layers.ok());
  EXPECT_NE(layers.error().message.find("other layers"), std::string::npos) << layers.error().message;
}

TEST_F(ReplayerTest, a_keyframe_that_is_not_what_it_says_is_passed_over_and_a_bookmark_is_kept) {
  const Live& live = Live::get();
  const journal::TempFolder folder;
  const auto file = folder / "piece.gwr";
  auto writer = journal::Writer::open(file, identity(), {}, {.one_segment = true}).value();
  const std::size_t count = 300;
  for (std::size_t i = 0; i < count; ++i) {
    const FeedMessage& message = live.messages[i];
    const journal::Record record{i + 1, live.times[i], message.topic, message.header, message.body};
    ASSERT_TRUE(writer.append(std::span(&record, 1)).ok());
    if (i != 200 && i != 100) continue;
    ASSERT_TRUE(writer.commit().ok());
    journal::Keyframe keyframe{i + 1, live.times[i], 1, "nonsense", {{"R/", "bytes"}}, "memory"};
    ASSERT_TRUE(writer.put_keyframe(keyframe).ok());
  }
  ASSERT_TRUE(writer.commit().ok());
  auto replayer = open({1, 0, 0}, {file});
  ASSERT_TRUE(replayer->jump(std::uint64_t{250}).ok());
  auto other = open();
  ASSERT_TRUE(other->jump(std::uint64_t{250}).ok());
  EXPECT_EQ(digests_of(replayer->ledger()), digests_of(other->ledger()));
  ASSERT_TRUE(replayer->add_bookmark("the storm begins").ok());
  EXPECT_FALSE(replayer->add_bookmark(std::string(300, 'x')).ok());
  wire::ReplayStatus status;
  replayer->tell(status);
  ASSERT_EQ(status.bookmarks.size(), 1u);
  EXPECT_EQ(status.bookmarks[0].name, "the storm begins");
  EXPECT_EQ(status.bookmarks[0].sequence, replayer->sequence());
}

TEST_F(ReplayerTest, an_event_that_cannot_be_read_stops_it_there_and_no_sooner) {
  const Live& live = Live::get();
  const journal::TempFolder folder;
  auto writer = journal::Writer::open(folder / "piece.gwr", identity(), {}, {.one_segment = true}).value();
  for (std::size_t i = 0; i < 100; ++i) {
    const FeedMessage& message = live.messages[i];
    const journal::Record record{i + 1, live.times[i], message.topic, message.header,
                                 i == 60 ? std::string("no event") : message.body};
    ASSERT_TRUE(writer.append(std::span(&record, 1)).ok());
  }
  ASSERT_TRUE(writer.commit().ok());
  auto replayer = open(kFineCopies, {folder / "piece.gwr"});
  replayer->start_epoch(1);
  const auto batch = replayer->play_until(replayer->last_time(), kAll, 99ns);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->messages.size(), 60u);
  const auto stopped = replayer->play_until(replayer->last_time(), kAll, 99ns);
  ASSERT_FALSE(stopped.ok());
  EXPECT_NE(stopped.error().message.find("event 61"), std::string::npos) << stopped.error().message;
  EXPECT_FALSE(replayer->jump(std::uint64_t{80}).ok());
  EXPECT_TRUE(replayer->jump(std::uint64_t{20}).ok());
  EXPECT_GE(replayer->sequence(), 20u) << "or what belongs to it";
}

}  // namespace
}  // namespace gridwall::hub
