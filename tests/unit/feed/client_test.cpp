#include "feed/client.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "fake_hub.hpp"

namespace gridwall::feed {
namespace {

using namespace std::chrono_literals;

wire::Answer accepted(const std::string& id, std::uint64_t sequence) {
  wire::Answer answer;
  answer.id = id;
  answer.source = "test";
  answer.status = wire::AnswerStatus::Accepted;
  answer.sequence = sequence;
  return answer;
}

// Requests that the hub's side has read, in order.
struct Desk {
  explicit Desk(const HubSocketOptions& options = {}) : sockets(std::move(HubSockets::bind(options)).value()) {}
  void read() {
    sockets.wait(2ms);
    while (auto request = sockets.receive_request()) requests.push_back(std::move(*request));
  }
  HubSockets sockets;
  std::vector<Request> requests;
};

TEST(Client, matches_answers_to_messages_in_any_order) {
  const base::SystemClock clock;
  Desk desk;
  auto client = Client::connect(desk.sockets.requests_endpoint().text(), clock);
  ASSERT_TRUE(client.ok());
  const auto first = client->send("first");
  const auto second = client->send("second");
  ASSERT_TRUE(test::turn_until([&] { (void)client->poll(0ms); desk.read(); },
                               [&] { return desk.requests.size() == 2; }));
  EXPECT_EQ(desk.requests[0].payload, "first");
  desk.sockets.answer(desk.requests[1], wire::encode_answers({accepted("b", 2)}));
  desk.sockets.answer(desk.requests[0], wire::encode_answers({accepted("a", 1)}));
  std::vector<Answered> answered;
  ASSERT_TRUE(test::turn_until([&] { for (auto& entry : client->poll(5ms)) answered.push_back(std::move(entry)); },
                               [&] { return answered.size() == 2; }));
  EXPECT_EQ(answered[0].number, second);
  EXPECT_EQ(answered[0].answers.at(0).id, "b");
  EXPECT_EQ(answered[1].number, first);
  EXPECT_EQ(client->in_flight_count(), 0u);
}

TEST(Client, sends_again_what_nobody_answered_even_to_a_hub_started_anew) {
  const base::SystemClock clock;
  auto desk = std::make_optional<Desk>();
  HubSocketOptions ports;
  ports.requests = desk->sockets.requests_endpoint();
  ClientOptions options;
  options.resend_after = 50ms;
  options.give_up_after = 0s;
  auto client = Client::connect(ports.requests.text(), clock, options);
  ASSERT_TRUE(client.ok());
  client->send("precious");
  ASSERT_TRUE(test::turn_until([&] { (void)client->poll(1ms); desk->read(); },
                               [&] { return desk->requests.size() >= 2; }));
  desk.reset();
  desk.emplace(ports);
  ASSERT_TRUE(test::turn_until([&] { (void)client->poll(1ms); desk->read(); },
                               [&] { return !desk->requests.empty(); }));
  EXPECT_EQ(desk->requests[0].payload, "precious");
  desk->sockets.answer(desk->requests[0], wire::encode_answers({accepted("a", 1)}));
  std::size_t answered_count = 0;
  ASSERT_TRUE(test::turn_until([&] { answered_count += client->poll(5ms).size(); },
                               [&] { return answered_count > 0; }));
  EXPECT_EQ(client->in_flight_count(), 0u);
}

TEST(Client, sends_again_what_came_too_fast_for_the_hub) {
  const base::SystemClock clock;
  Desk desk;
  ClientOptions options;
  options.rate_pause = 1ms;
  auto client = Client::connect(desk.sockets.requests_endpoint().text(), clock, options);
  ASSERT_TRUE(client.ok());
  client->send("much");
  ASSERT_TRUE(test::turn_until([&] { (void)client->poll(0ms); desk.read(); }, [&] { return !desk.requests.empty(); }));
  wire::Answer slower;
  slower.reason = "rate_limited";
  desk.sockets.answer(desk.requests[0], wire::encode_answers({slower}));
  std::vector<Answered> answered;
  ASSERT_TRUE(test::turn_until(
      [&] {
        for (auto& entry : client->poll(1ms)) answered.push_back(std::move(entry));
        desk.read();
      },
      [&] { return desk.requests.size() == 2; }));
  EXPECT_TRUE(answered.empty());
  EXPECT_EQ(client->in_flight_count(), 1u);
}

TEST(Client, gives_up_with_a_reason_and_makes_room) {
  const base::SystemClock clock;
  HubSocketOptions ports;
  {
    const Desk gone;
    ports.requests = gone.sockets.requests_endpoint();
  }
  ClientOptions options;
  options.give_up_after = 20ms;
  options.in_flight_max = 1;
  auto client = Client::connect(ports.requests.text(), clock, options);
  ASSERT_TRUE(client.ok());
  const auto number = client->send("to nobody");
  EXPECT_FALSE(client->has_room());
  std::vector<Answered> answered;
  ASSERT_TRUE(test::turn_until([&] { for (auto& entry : client->poll(5ms)) answered.push_back(std::move(entry)); },
                               [&] { return !answered.empty(); }));
  EXPECT_EQ(answered[0].number, number);
  EXPECT_FALSE(answered[0].answered);
  EXPECT_NE(answered[0].problem.find("hub"), std::string::npos);
  EXPECT_TRUE(client->has_room());
}

TEST(Client, keeps_going_when_an_answer_cannot_be_read) {
  const base::SystemClock clock;
  Desk desk;
  auto client = Client::connect(desk.sockets.requests_endpoint().text(), clock);
  ASSERT_TRUE(client.ok());
  client->send("x");
  ASSERT_TRUE(test::turn_until([&] { (void)client->poll(0ms); desk.read(); }, [&] { return !desk.requests.empty(); }));
  desk.sockets.answer(desk.requests[0], "not answers");
  std::vector<Answered> answered;
  ASSERT_TRUE(test::turn_until([&] { for (auto& entry : client->poll(5ms)) answered.push_back(std::move(entry)); },
                               [&] { return !answered.empty(); }));
  EXPECT_FALSE(answered[0].answered);
  EXPECT_FALSE(answered[0].problem.empty());
}

}  // namespace
}  // namespace gridwall::feed
