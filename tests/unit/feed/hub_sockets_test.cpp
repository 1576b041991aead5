#include "feed/hub_sockets.hpp"

#include <gtest/gtest.h>
#include <zmq.hpp>

#include "fake_hub.hpp"

namespace gridwall::feed {
namespace {

using namespace std::chrono_literals;

std::optional<Request> next_request(HubSockets& sockets) {
  std::optional<Request> request;
  test::turn_until([&] { sockets.wait(5ms); }, [&] { return (request = sockets.receive_request()).has_value(); });
  return request;
}

TEST(HubSockets, bind_any_port_and_name_it) {
  const auto sockets = HubSockets::bind({});
  ASSERT_TRUE(sockets.ok());
  EXPECT_NE(sockets->requests_endpoint().port, 0);
  EXPECT_NE(sockets->feed_endpoint().port, sockets->requests_endpoint().port);
}

TEST(HubSockets, say_which_endpoint_is_taken) {
  const auto first = HubSockets::bind({});
  ASSERT_TRUE(first.ok());
  HubSocketOptions same;
  same.requests = first->requests_endpoint();
  const auto second = HubSockets::bind(same);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find(first->requests_endpoint().text()), std::string::npos)
      << second.error().message;
}

TEST(HubSockets, answer_plain_and_enveloped_requests_as_they_came) {
  auto sockets = HubSockets::bind({});
  ASSERT_TRUE(sockets.ok());
  zmq::context_t context{1};
  const std::string endpoint = sockets->requests_endpoint().text();

  zmq::socket_t req(context, zmq::socket_type::req);
  req.connect(endpoint);
  req.send(zmq::str_buffer("from req"), zmq::send_flags::none);
  const auto enveloped = next_request(*sockets);
  ASSERT_TRUE(enveloped);
  EXPECT_EQ(enveloped->payload, "from req");
  EXPECT_EQ(enveloped->part_count, 1u);
  EXPECT_TRUE(sockets->answer(*enveloped, "yes"));
  zmq::message_t answer;
  ASSERT_TRUE(req.recv(answer));
  EXPECT_EQ(answer.to_string(), "yes");

  zmq::socket_t dealer(context, zmq::socket_type::dealer);
  dealer.connect(endpoint);
  dealer.send(zmq::str_buffer("from dealer"), zmq::send_flags::none);
  const auto plain = next_request(*sockets);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->payload, "from dealer");
  EXPECT_NE(plain->client(), enveloped->client());
  EXPECT_TRUE(sockets->answer(*plain, "yes again"));
  ASSERT_TRUE(dealer.recv(answer));
  EXPECT_EQ(answer.to_string(), "yes again");
  EXPECT_FALSE(answer.more());
}

TEST(HubSockets, count_the_parts_of_a_request_and_bound_them) {
  auto sockets = HubSockets::bind({});
  ASSERT_TRUE(sockets.ok());
  zmq::context_t context{1};
  zmq::socket_t dealer(context, zmq::socket_type::dealer);
  dealer.connect(sockets->requests_endpoint().text());
  for (int i = 0; i < 100; ++i) dealer.send(zmq::str_buffer("x"), zmq::send_flags::sndmore);
  dealer.send(zmq::str_buffer("x"), zmq::send_flags::none);
  dealer.send(zmq::str_buffer("whole"), zmq::send_flags::none);
  const auto parted = next_request(*sockets);
  ASSERT_TRUE(parted);
  EXPECT_GT(parted->part_count, 1u);
  EXPECT_LE(parted->part_count, 8u);
  const auto whole = next_request(*sockets);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->payload, "whole");
  EXPECT_EQ(whole->part_count, 1u);
}

TEST(HubSockets, take_an_empty_message_for_a_message) {
  auto sockets = HubSockets::bind({});
  ASSERT_TRUE(sockets.ok());
  zmq::context_t context{1};
  zmq::socket_t dealer(context, zmq::socket_type::dealer);
  dealer.connect(sockets->requests_endpoint().text());
  dealer.send(zmq::message_t(), zmq::send_flags::none);
  const auto empty = next_request(*sockets);
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->part_count, 1u);
  EXPECT_EQ(empty->payload, "");
  EXPECT_EQ(empty->envelope.size(), 1u);
}

TEST(HubSockets, drop_the_answer_of_a_client_that_is_gone) {
  auto sockets = HubSockets::bind({});
  ASSERT_TRUE(sockets.ok());
  Request nobody;
  nobody.envelope = {"nobody"};
  EXPECT_FALSE(sockets->answer(nobody, "lost"));
}

TEST(HubSockets, tell_each_subscription_and_its_end) {
  auto sockets = HubSockets::bind({});
  ASSERT_TRUE(sockets.ok());
  zmq::context_t context{1};
  std::vector<std::string> seen;
  const auto read = [&] {
    sockets->wait(5ms);
    while (const auto change = sockets->receive_subscription()) {
      seen.push_back(fmt::format("{}{}", change->subscribed ? '+' : '-', change->topic));
    }
  };
  {
    zmq::socket_t first(context, zmq::socket_type::sub), second(context, zmq::socket_type::sub);
    for (zmq::socket_t* socket : {&first, &second}) {
      socket->set(zmq::sockopt::subscribe, "@hb/R/@");
      socket->set(zmq::sockopt::linger, 0);
      socket->connect(sockets->feed_endpoint().text());
    }
    ASSERT_TRUE(test::turn_until(read, [&] { return seen.size() == 2; }));
  }
  ASSERT_TRUE(test::turn_until(read, [&] { return seen.size() == 4; }));
  EXPECT_EQ(seen, (std::vector<std::string>{"+@hb/R/@", "+@hb/R/@", "-@hb/R/@", "-@hb/R/@"}));
}

}  // namespace
}  // namespace gridwall::feed
