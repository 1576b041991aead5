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

TEST(FeedQueue, holds_as_many_messages_as_its_bytes_allow_and_never_next_to_none) {
  EXPECT_EQ(FeedQueue{}.messages(), 24'576);
  EXPECT_EQ((FeedQueue{64U << 20, 64U << 10}.messages()), 1'024);
  EXPECT_EQ((FeedQueue{1, 2048}.messages()), 1'000);
  EXPECT_EQ((FeedQueue{std::size_t{1} << 60, 0}.messages()), 10'000'000);
}

TEST(HubSockets, keep_for_a_subscriber_that_does_not_read_no_more_than_its_queue) {
  HubSocketOptions options;
  options.feed_queue.bytes = 4U << 20;
  auto sockets = HubSockets::bind(options);
  ASSERT_TRUE(sockets.ok());
  zmq::context_t context{1};
  zmq::socket_t stopped(context, zmq::socket_type::sub);
  stopped.set(zmq::sockopt::rcvhwm, 1);
  stopped.set(zmq::sockopt::rcvbuf, 1 << 16);  // the kernel's own queue is not what is looked at
  stopped.set(zmq::sockopt::subscribe, "");
  stopped.connect(sockets->feed_endpoint().text());
  std::optional<SubscriptionChange> joined;
  test::turn_until([&] { sockets->wait(5ms); }, [&] { return (joined = sockets->receive_subscription()).has_value(); });
  constexpr int kSent = 20'000;
  const std::string body(1'500, 'x'), last = "the last";
  for (int i = 0; i < kSent; ++i) EXPECT_TRUE(sockets->publish("320281/", "header", body));
  int heard_count = 0;
  zmq::message_t part;
  stopped.set(zmq::sockopt::rcvtimeo, 2'000);
  // What it did not lose comes; then there is room again, and it hears on.
  while (stopped.recv(part)) {
    if (part.to_string_view() == last) break;
    heard_count += part.size() == body.size() ? 1 : 0;
    if (heard_count % 500 == 0 && !part.more()) sockets->publish("320281/", "header", last);
  }
  EXPECT_EQ(part.to_string_view(), last);
  EXPECT_GE(heard_count, options.feed_queue.messages());
  EXPECT_LT(heard_count, kSent / 2) << "2,048 of its queue and what the kernel holds";
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
