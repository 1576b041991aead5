// A wall's questions to real hubs over loopback: a live one, and one that replays its journal.
#include "feed/hub_remote.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <numeric>
#include <sstream>
#include <thread>

#include "base/text_file.hpp"
#include "feed/client.hpp"
#include "hub/hub.hpp"
#include "small_hub.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;

constexpr int kEventCount = 60;

class HubRemoteTest : public testing::Test {
 protected:
  HubRemoteTest() : m_folder(test::process_folder() / "gridwall-hub-remote") { std::filesystem::remove_all(m_folder); }
  ~HubRemoteTest() override { std::filesystem::remove_all(m_folder); }

  HubOptions options() { return test::small_hub_options(m_clock); }
  std::unique_ptr<Hub> start(const HubOptions& options) {
    auto hub = Hub::start(options);
    EXPECT_TRUE(hub.ok()) << (hub.ok() ? "" : hub.error().message);
    return std::move(hub).value();
  }
  std::unique_ptr<Hub> start_live(const std::filesystem::path& audit_folder = {}) {
    HubOptions live = options();
    live.audit_folder = audit_folder;
    live.journal.emplace();
    live.journal->folder = m_folder;
    auto hub = start(live);
    auto client = std::move(feed::Client::connect(hub->requests_endpoint(), m_clock, {})).value();
    int answered_count = 0;
    for (int i = 0; i < kEventCount; ++i) {
      model::Event event = test::event(fmt::format("{}", i), fmt::format("incident {}", i));
      event.occurred_at = m_clock.now_utc();
      client.send(wire::encode_intake_event(test::at(std::move(event), -3000, -3000)));
    }
    const auto give_up_at = m_clock.now_mono() + 60s;
    while (answered_count < kEventCount && m_clock.now_mono() < give_up_at) {
      for (const auto& answered : client.poll(5ms)) answered_count += static_cast<int>(answered.answers.size());
    }
    EXPECT_EQ(answered_count, kEventCount);
    return hub;
  }
  std::unique_ptr<Hub> start_replay() {
    start_live().reset();
    HubOptions replay = options();
    replay.replay = {m_folder};
    return start(replay);
  }
  std::unique_ptr<feed::HubRemote> remote_of(const std::string& endpoint) {
    return std::move(feed::HubRemote::start({endpoint, {}, 12}, m_clock)).value();
  }
  using Wanted = std::function<bool(const model::HubView&)>;
  std::shared_ptr<const model::HubView> wait_for(const feed::HubRemote& remote, const Wanted& wanted) {
    const auto give_up_at = m_clock.now_mono() + 60s;
    while (m_clock.now_mono() < give_up_at) {
      auto view = remote.take();
      if (view && wanted(*view)) return view;
      std::this_thread::sleep_for(1ms);
    }
    ADD_FAILURE() << "what was waited for did not come";
    return remote.take();
  }

  base::SystemClock m_clock;
  std::filesystem::path m_folder;
};

TEST_F(HubRemoteTest, a_live_hub_tells_how_it_does_and_that_it_is_no_replay) {
  const auto hub = start_live();
  const auto remote = remote_of(hub->requests_endpoint());
  const auto view = wait_for(*remote, [](const auto& v) {
    return v.health && v.health->journal && v.health->journal->durable_through >= kEventCount;
  });
  EXPECT_FALSE(view->replay);
  EXPECT_EQ(view->problem, "");
  EXPECT_EQ(view->health->last_sequence, view->health->journal->durable_through);
  EXPECT_GE(view->health->request_count, 60u);
}

TEST_F(HubRemoteTest, a_live_hubs_bookmark_is_on_its_disk_when_it_is_answered_and_its_clock_is_not_steered) {
  const auto hub = start_live();
  auto asker = std::move(feed::Asker::connect(hub->requests_endpoint(), m_clock)).value();
  wire::ControlRequest mark;
  mark.action = wire::ControlAction::Bookmark;
  mark.name = "water main";
  const auto answer = asker.ask(wire::encode_control(mark), 60s);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  const auto kept = wire::decode_kept_bookmark(*answer);
  ASSERT_TRUE(kept.ok()) << *answer;
  auto recording = std::move(journal::Recording::open(m_folder)).value();
  const auto bookmarks = recording.bookmarks();
  ASSERT_EQ(bookmarks->size(), 1u);
  EXPECT_EQ(bookmarks->front().name, "water main");
  EXPECT_EQ(bookmarks->front().sequence, kept->sequence);
  EXPECT_EQ(kept->sequence, recording.last_sequence());
  mark.action = wire::ControlAction::Play;
  const auto refused = wire::decode_replay_status(*asker.ask(wire::encode_control(mark), 60s));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::Refused);
}

TEST_F(HubRemoteTest, a_live_hubs_audit_log_notes_a_bookmark_once_when_it_is_on_the_disk_and_a_refused_order) {
  const std::filesystem::path audit = m_folder / "audit";
  auto hub = start_live(audit);
  auto asker = std::move(feed::Asker::connect(hub->requests_endpoint(), m_clock)).value();
  wire::ControlRequest order;
  order.action = wire::ControlAction::Bookmark;
  order.name = "water main";
  ASSERT_TRUE(wire::decode_kept_bookmark(*asker.ask(wire::encode_control(order), 60s)).ok());
  order.action = wire::ControlAction::Play;
  ASSERT_TRUE(asker.ask(wire::encode_control(order), 60s).ok());
  hub.reset();
  std::vector<std::string> noted;
  const auto files = audit_files(audit);
  ASSERT_TRUE(files.ok());
  for (const auto& file : *files) {
    std::istringstream lines(base::read_text_file(file).value());
    for (std::string line; std::getline(lines, line);) {
      if (line.find("\"op\":\"clock.") != std::string::npos) noted.push_back(line);
    }
  }
  ASSERT_EQ(noted.size(), 2u);
  EXPECT_NE(noted[0].find(R"("op":"clock.bookmark")"), std::string::npos) << noted[0];
  EXPECT_NE(noted[0].find(R"("outcome":"accepted")"), std::string::npos) << noted[0];
  EXPECT_NE(noted[1].find(R"("op":"clock.play")"), std::string::npos) << noted[1];
  EXPECT_NE(noted[1].find(R"("outcome":"refused")"), std::string::npos) << noted[1];
}

TEST_F(HubRemoteTest, a_replay_tells_where_it_stands_and_how_dense_its_events_lie) {
  const auto hub = start_replay();
  const auto remote = remote_of(hub->requests_endpoint());
  const auto view = wait_for(*remote, [](const auto& v) { return v.replay && v.density; });
  EXPECT_FALSE(view->replay->playing);
  EXPECT_EQ(view->density->counts.size(), 12u);
  const auto& counts = view->density->counts;
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}), view->replay->last_sequence);
}

TEST_F(HubRemoteTest, orders_are_given_in_their_order_and_the_view_follows) {
  const auto hub = start_replay();
  const auto remote = remote_of(hub->requests_endpoint());
  model::ReplayOrder step, rate, mark;
  step.action = model::ReplayAction::Step;
  step.events = 10;
  rate.action = model::ReplayAction::Rate;
  rate.rate = 60;
  remote->order(step);
  remote->order(rate);
  auto view = wait_for(*remote, [](const auto& v) { return v.replay && v.replay->sequence == 10; });
  EXPECT_EQ(view->replay->rate, 60);
  mark.action = model::ReplayAction::Bookmark;
  mark.name = "ten";
  remote->order(mark);
  view = wait_for(*remote, [](const auto& v) { return v.replay && !v.replay->bookmarks.empty(); });
  EXPECT_EQ(view->replay->bookmarks[0].name, "ten");
  EXPECT_EQ(view->replay->bookmarks[0].sequence, 10u);
}

TEST_F(HubRemoteTest, an_order_that_is_refused_says_why_until_the_next_one_is_taken) {
  const auto hub = start_replay();
  const auto remote = remote_of(hub->requests_endpoint());
  model::ReplayOrder rate;
  rate.action = model::ReplayAction::Rate;
  rate.rate = 1e6;
  remote->order(rate);
  const auto view = wait_for(*remote, [](const auto& v) { return !v.problem.empty(); });
  EXPECT_NE(view->problem.find("3600"), std::string::npos) << view->problem;
  rate.rate = 2;
  remote->order(rate);
  wait_for(*remote, [](const auto& v) { return v.replay && v.replay->rate == 2 && v.problem.empty(); });
}

TEST_F(HubRemoteTest, a_hub_that_is_gone_leaves_the_last_answer_with_its_age_and_a_problem) {
  auto hub = start_live();
  const auto remote = remote_of(hub->requests_endpoint());
  const auto before = wait_for(*remote, [](const auto& v) { return v.health.has_value(); });
  hub.reset();
  const auto after = wait_for(*remote, [](const auto& v) { return !v.problem.empty(); });
  EXPECT_EQ(after->health, before->health);
  EXPECT_EQ(after->answered_at, before->answered_at) << "it does not pass for a new one";
}

}  // namespace
}  // namespace gridwall::hub
