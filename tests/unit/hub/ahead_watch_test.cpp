// A clock that went ahead and was set back is told: by the watch, by the hub's status, and to whom it refuses.
#include "hub/ahead_watch.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "feed/client.hpp"
#include "hub/hub.hpp"
#include "hub/status_json.hpp"
#include "small_hub.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;

TEST(AheadWatch, tells_by_how_much_and_passes_over_what_a_clock_is_put_right_by) {
  AheadWatch watch;
  const base::UtcTime clock{std::chrono::hours(490'000)};
  EXPECT_EQ(watch.look(clock, clock), 0s);
  EXPECT_EQ(watch.look(clock - 5s, clock), 0s);
  EXPECT_EQ(watch.look(clock + 900ms, clock), 0s);
  EXPECT_EQ(watch.look(clock + 40h, clock), 40h);
  EXPECT_EQ(watch.look(clock + 40h, clock + 39h), 1h);
  EXPECT_EQ(watch.look(clock + 40h, clock + 40h), 0s);
}

// The machine's clock, set by hand while a hub reads it.
class SetClock final : public base::Clock {
 public:
  base::UtcTime now_utc() const override { return m_system.now_utc() + m_offset.load(); }
  base::MonoTime now_mono() const override { return m_system.now_mono(); }
  void set(base::Duration offset) { m_offset = offset; }

 private:
  base::SystemClock m_system;
  std::atomic<base::Duration> m_offset{base::Duration::zero()};
};

class AheadHubTest : public testing::Test {
 protected:
  std::unique_ptr<Hub> start() { return std::move(Hub::start(test::small_hub_options(m_clock))).value(); }
  // An event of now, and what the hub answers.
  wire::Answer publish(const Hub& hub, const std::string& id) {
    auto client = std::move(feed::Client::connect(hub.requests_endpoint(), m_machine)).value();
    model::Event event = test::event(id, "incident " + id);
    event.occurred_at = m_clock.now_utc();
    client.send(wire::encode_intake_event(test::at(std::move(event), -3000, -3000)));
    const auto give_up_at = m_machine.now_mono() + 60s;
    while (m_machine.now_mono() < give_up_at) {
      for (const auto& answered : client.poll(5ms)) return answered.answers.at(0);
    }
    ADD_FAILURE() << "no answer";
    return {};
  }

  const base::SystemClock m_machine;
  SetClock m_clock;
};

TEST_F(AheadHubTest, a_hub_whose_clock_was_set_back_says_that_its_state_is_ahead_and_by_how_much) {
  const auto hub = start();
  EXPECT_EQ(publish(*hub, "1").status, wire::AnswerStatus::Accepted);
  m_clock.set(40 * 24h);
  EXPECT_EQ(publish(*hub, "2").status, wire::AnswerStatus::Accepted);
  m_clock.set(0s);
  const wire::Answer refused = publish(*hub, "3");
  EXPECT_EQ(refused.reason, "too_old");
  EXPECT_NE(refused.detail.find("ahead of its clock by 40.0 days"), std::string::npos) << refused.detail;
  hub->stop();
  const auto status = hub->status();
  EXPECT_GT(status->state_ahead, 40 * 24h - 120s);
  EXPECT_LE(status->state_ahead, 40 * 24h);
  EXPECT_NE(status_json(*status).find("\"state_ahead_s\":34559"), std::string::npos) << status_json(*status);
}

TEST_F(AheadHubTest, a_hub_whose_clock_only_goes_on_is_not_ahead_and_an_old_event_is_the_publishers_matter) {
  const auto hub = start();
  EXPECT_EQ(publish(*hub, "1").status, wire::AnswerStatus::Accepted);
  m_clock.set(40 * 24h);
  EXPECT_EQ(publish(*hub, "2").status, wire::AnswerStatus::Accepted);
  hub->stop();
  EXPECT_EQ(hub->status()->state_ahead, 0s);
}

}  // namespace
}  // namespace gridwall::hub
