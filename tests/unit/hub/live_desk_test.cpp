// A desk whose disk fails: what it tells, what it takes back, and when it goes on.
#include "hub/live_desk.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/time_text.hpp"
#include "intake_support.hpp"
#include "support/faulty_disk.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;
using Fault = test::FaultyDisk::Fault;

class LiveDeskTest : public testing::Test {
 protected:
  LiveDeskTest() : m_folder(test::process_folder() / "gridwall-live-desk") {
    base::set_log_level(base::LogLevel::Off);
    std::filesystem::remove_all(m_folder);
    open();
  }
  ~LiveDeskTest() override {
    m_desk.reset();
    std::filesystem::remove_all(m_folder);
  }

  void open() {
    JournalOptions journal;
    journal.folder = m_folder;
    journal::Identity identity;
    identity.root_path = "R/";
    identity.zone = "Asia/Shanghai";
    auto keeper = std::move(JournalKeeper::open(journal, identity)).value();
    IntakeOptions intake;
    intake.ledger = {test::small_tree(), test::small_vocabulary(), test::plain_rules(), keeper->journal(), 1};
    auto desk = LiveDesk::open(std::move(intake), std::move(keeper), test::kHubNow);
    ASSERT_TRUE(desk.ok()) << desk.error().message;
    m_desk = std::move(desk).value();
    ASSERT_TRUE(m_desk->journal()->begin(m_desk->ledger().copy(), test::kHubNow, m_now).ok());
  }
  LiveDesk::Taken take(const std::string& id) {
    feed::Request request;
    request.envelope = {"city", ""};
    request.payload = wire::encode_intake_event(test::at(test::event(id, "incident " + id), -3000, -3000));
    return m_desk->take(request, {}, test::kHubNow, m_now, [] { return KeyframePromise(); });
  }
  static feed::Request from(const std::string& client) {
    feed::Request request;
    request.envelope = {client, ""};
    return request;
  }
  LiveDesk::Settled settle(base::Duration after = 0ms) {
    m_now += after;
    m_desk->journal()->turn(m_now, {});
    return m_desk->look_at_journal(m_now);
  }
  // A process is killed: nothing that its objects still do reaches the disk.
  void restart(bool machine_too) {
    m_disk.die();
    m_desk.reset();
    if (machine_too) m_disk.lose_power();
    m_disk.revive();
    open();
  }

  std::filesystem::path m_folder;
  base::Random m_random{1};
  test::FaultyDisk m_disk{m_folder, m_random};
  base::MonoTime m_now{1h};
  std::unique_ptr<LiveDesk> m_desk;
};

TEST_F(LiveDeskTest, answers_when_the_disk_has_it_and_not_before) {
  EXPECT_FALSE(take("1").answers.has_value());
  EXPECT_TRUE(m_desk->look_at_journal(m_now).answered.empty());
  const auto settled = settle();
  ASSERT_EQ(settled.answered.size(), 1u);
  EXPECT_TRUE(settled.answered[0].answers.at(0).durable);
  restart(true);
  EXPECT_EQ(m_desk->ledger().sequencer().last_sequence(), 1u);
}

TEST_F(LiveDeskTest, what_could_not_be_written_is_refused_and_a_retry_is_accepted_once_the_disk_works) {
  take("1");
  settle();
  take("2");
  m_disk.set_fault(Fault::SyncFails);
  const auto settled = settle();
  EXPECT_TRUE(settled.went_back);
  EXPECT_EQ(m_desk->ledger().sequencer().last_sequence(), 1u);
  ASSERT_EQ(settled.answered.size(), 1u);
  EXPECT_EQ(settled.answered[0].answers.at(0).reason, "not_stored");
  EXPECT_EQ(take("2").answers->at(0).reason, "not_stored");
  m_disk.set_fault(Fault::None);
  settle(2s);
  settle(2s);
  EXPECT_FALSE(take("2").answers.has_value()) << "taken, and waits for the disk";
  EXPECT_EQ(settle().answered.at(0).answers.at(0).sequence, 2u);
}

TEST_F(LiveDeskTest, a_disk_that_is_far_behind_makes_senders_wait_until_it_has_caught_up) {
  // Large alerts: 64 MiB are soon full.
  std::string ring;
  for (int i = 0; i < 9'000; ++i) ring += fmt::format("[120.{:06},31.{:06}],", i, i * 37 % 1'000'000);
  const auto alert = [&](int number) {
    feed::Request request = from("weather");
    request.payload = fmt::format(
        R"({{"specversion":"1.0","id":"a-{0}","source":"cap","type":"alert.raised","time":"{1}","subject":"storm {0}",)"
        R"("data":{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":[[{2}[120.000000,31.000000]]]}},)"
        R"("properties":{{"status":"actual","category":"Met","severity":1,"effective":"{1}","expires":"{1}"}}}}}})",
        number, base::format_rfc3339(test::kHubNow), ring);
    return m_desk->take(request, {}, test::kHubNow, m_now, [] { return KeyframePromise(); });
  };
  int taken_count = 0;
  LiveDesk::Taken taken = alert(0);
  while (!taken.answers && taken_count < 2'000) taken = alert(++taken_count);
  ASSERT_TRUE(taken.answers) << "the bound holds";
  EXPECT_TRUE(taken.rate_limited);
  EXPECT_EQ(taken.answers->at(0).reason, "rate_limited") << taken.answers->at(0).detail;
  EXPECT_GT(taken_count, 100);
  EXPECT_EQ(settle().answered.size(), static_cast<std::size_t>(taken_count));
  EXPECT_FALSE(take("1").answers.has_value()) << "taken again, and waits for the disk";
}

TEST_F(LiveDeskTest, a_bookmark_is_told_when_the_disk_has_it_and_not_before) {
  take("1");
  ASSERT_TRUE(m_desk->keep_bookmark(from("desk"), "water main").ok());
  EXPECT_EQ(m_desk->waiting_count(), 2u) << "an event and a bookmark";
  EXPECT_TRUE(m_desk->look_at_journal(m_now).bookmarks.empty());
  const auto settled = settle();
  ASSERT_EQ(settled.bookmarks.size(), 1u);
  EXPECT_TRUE(settled.bookmarks[0].written.ok());
  EXPECT_EQ(settled.bookmarks[0].request.client(), "desk");
  EXPECT_EQ(settled.bookmarks[0].bookmark.name, "water main");
  EXPECT_EQ(settled.bookmarks[0].bookmark.sequence, 1u);
  EXPECT_EQ(m_desk->waiting_count(), 0u);
  EXPECT_TRUE(settle().bookmarks.empty()) << "once";
}

TEST_F(LiveDeskTest, a_bookmark_that_the_disk_does_not_take_is_told_as_lost) {
  take("1");
  settle();
  ASSERT_TRUE(m_desk->keep_bookmark(from("desk"), "water main").ok());
  m_disk.set_fault(Fault::SyncFails);
  const auto settled = settle();
  ASSERT_EQ(settled.bookmarks.size(), 1u);
  EXPECT_FALSE(settled.bookmarks[0].written.ok());
  EXPECT_EQ(m_desk->waiting_count(), 0u);
}

TEST_F(LiveDeskTest, bookmarks_on_their_way_to_a_slow_disk_are_bounded_and_those_left_at_the_end_are_given_up) {
  EXPECT_FALSE(m_desk->keep_bookmark(from("desk"), "of nothing").ok()) << "no event yet";
  take("1");
  int kept_count = 0;
  while (kept_count < 10'000 && m_desk->keep_bookmark(from("desk"), "again").ok()) ++kept_count;
  EXPECT_EQ(kept_count, 256);
  const auto left = m_desk->give_up_bookmarks();
  ASSERT_EQ(left.size(), 256u);
  EXPECT_FALSE(left[0].written.ok());
  EXPECT_EQ(left[0].request.client(), "desk");
  EXPECT_TRUE(m_desk->give_up_bookmarks().empty());
}

TEST_F(LiveDeskTest, a_disk_that_cannot_be_read_either_leaves_no_state_to_be_told_until_it_can) {
  for (int i = 1; i <= 50; ++i) take(std::to_string(i));
  settle();
  const std::string digest = m_desk->ledger().digest_text("R/");
  take("51");
  m_disk.set_fault(Fault::WriteFails);
  m_desk->journal()->turn(m_now, {});
  m_disk.set_fault(Fault::ReadFails);
  EXPECT_FALSE(m_desk->look_at_journal(m_now).went_back);
  EXPECT_FALSE(m_desk->is_whole());
  EXPECT_EQ(take("51").answers->at(0).reason, "not_stored");
  EXPECT_FALSE(settle(2s).went_back);
  m_disk.set_fault(Fault::None);
  EXPECT_TRUE(settle(2s).went_back);
  EXPECT_TRUE(m_desk->is_whole());
  EXPECT_EQ(m_desk->ledger().sequencer().last_sequence(), 50u);
  EXPECT_EQ(m_desk->ledger().digest_text("R/"), digest);
}

}  // namespace
}  // namespace gridwall::hub
