// A hub with a journal: what it accepted is on the disk, and where the disk is full it goes back to what is there.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <set>

#include "feed/client.hpp"
#include "hub/hub.hpp"
#include "small_hub.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;

class HubJournalTest : public testing::Test {
 protected:
  HubJournalTest() : m_folder(test::process_folder() / "gridwall-hub-journal") {
    std::filesystem::remove_all(m_folder);
  }
  ~HubJournalTest() override { std::filesystem::remove_all(m_folder); }

  std::unique_ptr<Hub> start(std::uint64_t segment_bytes_max = 0) {
    HubOptions options = test::small_hub_options(m_clock);
    options.journal.emplace();
    options.journal->folder = m_folder;
    options.journal->writer.segment_bytes_max = segment_bytes_max;
    auto hub = Hub::start(options);
    EXPECT_TRUE(hub.ok()) << (hub.ok() ? "" : hub.error().message);
    return std::move(hub).value();
  }
  model::Event now_event(int number) {
    model::Event event = test::event(fmt::format("{}", number), fmt::format("incident {}", number));
    event.occurred_at = m_clock.now_utc();
    return test::at(std::move(event), -3000 + number % 6000, -3000);
  }
  // Publishes until `enough`, and takes the sequences of what was accepted; at most `sent_max` messages.
  void publish(const Hub& hub, int sent_max, const std::function<bool()>& enough) {
    // Never gives up: of what it gave up nobody would hear that it was accepted after all.
    feed::ClientOptions patient;
    patient.give_up_after = {};
    auto client = std::move(feed::Client::connect(hub.requests_endpoint(), m_clock, patient)).value();
    const auto give_up_at = m_clock.now_mono() + 60s;
    while (!enough()) {
      ASSERT_LT(m_clock.now_mono(), give_up_at);
      while (client.has_room() && m_sent < sent_max) client.send(wire::encode_intake_event(now_event(m_sent++)));
      for (const auto& answered : client.poll(1ms)) {
        for (const auto& answer : answered.answers) {
          if (answer.status == wire::AnswerStatus::Refused) continue;
          EXPECT_TRUE(answer.durable) << "accepted means that it is on the disk";
          m_accepted.insert(answer.sequence);
        }
      }
    }
  }

  base::SystemClock m_clock;
  std::filesystem::path m_folder;
  int m_sent = 0;
  std::set<std::uint64_t> m_accepted;
};

TEST_F(HubJournalTest, goes_on_where_its_journal_ends) {
  auto hub = start();
  const std::uint64_t first_epoch = hub->status()->epoch;
  publish(*hub, 200, [&] { return m_accepted.size() == 200; });
  hub.reset();
  hub = start();
  EXPECT_NE(hub->status()->epoch, first_epoch);
  EXPECT_EQ(hub->status()->last_sequence, 200u);
  EXPECT_EQ(hub->status()->world.incident_count, 200u);
  publish(*hub, 201, [&] { return m_accepted.size() == 201; });
  EXPECT_EQ(*m_accepted.rbegin(), 201u);
}

// Else each start would repeat the whole journal, of a hub that never lives long enough for a keyframe of its own.
TEST_F(HubJournalTest, counts_the_events_to_its_next_keyframe_from_the_last_one_on_the_disk) {
  const auto start_with_keyframes = [&] {
    HubOptions options = test::small_hub_options(m_clock);
    options.journal.emplace();
    options.journal->folder = m_folder;
    options.journal->keyframe_events = 100;
    return std::move(Hub::start(options)).value();
  };
  const auto keyframe_count = [](const Hub& hub) { return hub.status()->journal->counters.keyframe_count; };
  auto hub = start_with_keyframes();
  publish(*hub, 60, [&] { return m_accepted.size() == 60; });
  EXPECT_EQ(keyframe_count(*hub), 0u);
  hub.reset();
  hub = start_with_keyframes();
  publish(*hub, 110, [&] { return m_accepted.size() == 110; });
  const auto give_up_at = m_clock.now_mono() + 30s;
  while (keyframe_count(*hub) == 0 && m_clock.now_mono() < give_up_at) {
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(keyframe_count(*hub), 1u);
}

TEST_F(HubJournalTest, one_journal_has_one_hub) {
  const auto hub = start();
  HubOptions second = test::small_hub_options(m_clock);
  second.journal.emplace();
  second.journal->folder = m_folder;
  EXPECT_FALSE(Hub::start(second).ok());
}

TEST_F(HubJournalTest, whose_disk_is_full_goes_back_to_what_is_on_it_and_loses_nothing_acknowledged) {
  auto hub = start(150'000);
  // An answer may be on its way while a later one is read; in the end none is missing before the last.
  publish(*hub, 1'000'000, [&] {
    return hub->status()->journal_failure_count > 0 && !m_accepted.empty() && m_accepted.size() == *m_accepted.rbegin();
  });
  EXPECT_EQ(m_accepted.size(), *m_accepted.rbegin()) << "none is missing before the last";
  hub.reset();
  hub = start();
  EXPECT_GE(hub->status()->last_sequence, *m_accepted.rbegin()) << "nothing acknowledged is lost";
  EXPECT_EQ(hub->status()->world.incident_count, hub->status()->last_sequence);
}

}  // namespace
}  // namespace gridwall::hub
