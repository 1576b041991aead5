#include "feed/connection_watch.hpp"

#include <gtest/gtest.h>

#include "base/text_file.hpp"
#include "fake_hub.hpp"
#include "keyed_hub.hpp"

namespace gridwall::feed {
namespace {

using namespace std::chrono_literals;
using base::MonoTime;
using test::KeyFolder;
using Step = ConnectionJudge::Step;

constexpr MonoTime kStart{std::chrono::hours(5)};
const std::string kEndpoint = "tcp://127.0.0.1:5700";

TEST(Backoff, grows_from_a_tenth_of_a_second_to_ten_and_never_twice_alike) {
  Backoff backoff(7);
  base::Duration middle = 100ms;
  for (int i = 0; i < 20; ++i) {
    const base::Duration drawn = backoff.next();
    EXPECT_GE(drawn, middle * 8 / 10) << i;
    EXPECT_LE(drawn, middle * 12 / 10) << i;
    middle = std::min<base::Duration>(middle * 2, 10s);
  }
  EXPECT_NE(backoff.next(), backoff.next());
  EXPECT_NE(Backoff(1).next(), Backoff(2).next());
  backoff.reset();
  EXPECT_LE(backoff.next(), 120ms);
}

TEST(ConnectionJudge, takes_a_refused_connection_down_and_comes_back_later_each_time) {
  ConnectionJudge judge({}, kEndpoint, 1);
  MonoTime now = kStart;
  base::Duration last{};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(judge.on_event(ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, 400, now), Step::TakeDown);
    EXPECT_EQ(judge.on_event(ZMQ_EVENT_DISCONNECTED, 9, now), Step::Nothing);
    EXPECT_EQ(judge.status().state, ConnectionState::Refused);
    EXPECT_EQ(judge.on_time(now), Step::Nothing);
    const base::Duration pause = *judge.due_at() - now;
    EXPECT_GT(pause, last);
    last = pause;
    now += pause;
    EXPECT_EQ(judge.on_time(now), Step::Connect);
    EXPECT_EQ(judge.on_time(now), Step::Nothing);
    EXPECT_EQ(judge.status().state, ConnectionState::Refused) << "until it is let in";
  }
  EXPECT_EQ(judge.status().refused_count, 4u);
  judge.on_event(ZMQ_EVENT_HANDSHAKE_SUCCEEDED, 0, now);
  EXPECT_EQ(judge.status().state, ConnectionState::Connected);
  EXPECT_EQ(judge.status().reason, "");
  judge.on_event(ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, 400, now);
  EXPECT_LE(*judge.due_at() - now, 120ms) << "a success starts the pauses anew";
}

TEST(ConnectionJudge, calls_one_hang_up_bad_luck_and_the_second_a_refusal) {
  ConnectionJudge judge({}, kEndpoint, 1);
  EXPECT_EQ(judge.on_event(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, 32, kStart), Step::TakeDown);
  EXPECT_EQ(judge.status().state, ConnectionState::Connecting);
  const MonoTime later = *judge.due_at();
  EXPECT_EQ(judge.on_time(later), Step::Connect);
  EXPECT_EQ(judge.on_event(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, 32, later), Step::TakeDown);
  EXPECT_EQ(judge.status().state, ConnectionState::Refused);
}

TEST(ConnectionJudge, ignores_what_libzmq_tried_before_it_heard_of_the_end) {
  ConnectionJudge judge({}, kEndpoint, 1);
  for (int i = 0; i < 2; ++i) {
    judge.on_event(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, 32, kStart);
    judge.on_time(kStart + 1s);
  }
  judge.on_event(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, 32, kStart + 2s);
  const auto due = judge.due_at();
  EXPECT_EQ(judge.on_event(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, 32, kStart + 3s), Step::Nothing);
  EXPECT_EQ(judge.due_at(), due);
  EXPECT_EQ(judge.status().refused_count, 2u);
}

TEST(ConnectionJudge, leaves_a_lost_connection_to_libzmq) {
  ConnectionJudge judge({}, kEndpoint, 1);
  judge.on_event(ZMQ_EVENT_HANDSHAKE_SUCCEEDED, 0, kStart);
  EXPECT_EQ(judge.on_event(ZMQ_EVENT_DISCONNECTED, 9, kStart), Step::Nothing);
  EXPECT_EQ(judge.status().state, ConnectionState::Disconnected);
  EXPECT_FALSE(judge.due_at());
}

// One watched socket of a client, over loopback.
struct Link {
  Link(zmq::socket_type type, const Endpoint& endpoint, const ConnectSecurity& security)
      : socket(std::move(ZmqSocket::open(context, type, {})).value()) {
    EXPECT_TRUE(prove_by(socket, security).ok());
    watch.emplace(std::move(ConnectionWatch::connect(context, socket, endpoint, security)).value());
  }
  const ConnectionStatus& poll() { return watch->poll(socket, clock.now_mono()); }
  bool reaches(HubSockets& hub, ConnectionState wanted) {
    return test::turn_until(
        [&] {
          hub.wait(2ms);
          (void)hub.receive_request();
          (void)hub.receive_subscription();
        },
        [&] { return poll().state == wanted; });
  }
  base::SystemClock clock;
  zmq::context_t context{1};
  ZmqSocket socket;
  std::optional<ConnectionWatch> watch;
};

HubSockets keyed(const KeyFolder& folder) {
  HubSocketOptions options;
  options.key_folder = folder.path();
  auto sockets = HubSockets::bind(options);
  ASSERT(sockets.ok(), "{}", sockets.error().message);
  return std::move(sockets).value();
}

TEST(ConnectionWatch, tells_of_a_hub_that_lets_us_in) {
  const KeyFolder folder;
  HubSockets hub = keyed(folder);
  Link link(zmq::socket_type::dealer, hub.requests_endpoint(), folder.add("desk-1", Role::Operator));
  EXPECT_EQ(link.poll().state, ConnectionState::Connecting);
  EXPECT_TRUE(link.reaches(hub, ConnectionState::Connected));
}

TEST(ConnectionWatch, tells_of_a_key_that_the_hub_does_not_admit_and_keeps_trying_until_it_does) {
  const KeyFolder folder;
  HubSockets hub = keyed(folder);
  ConnectSecurity stranger = folder.add("desk-1", Role::Operator);
  const std::string list = base::read_text_file(clients_file(folder.path())).value();
  test::write_text(clients_file(folder.path()), "# nobody\n");
  Link link(zmq::socket_type::dealer, hub.requests_endpoint(), stranger);
  ASSERT_TRUE(link.reaches(hub, ConnectionState::Refused));
  EXPECT_NE(link.poll().reason.find("does not admit the key of " + stranger.key->file.string()), std::string::npos)
      << link.poll().reason;
  test::write_text(clients_file(folder.path()), list);
  EXPECT_TRUE(link.reaches(hub, ConnectionState::Connected));
}

TEST(ConnectionWatch, tells_of_a_hub_that_wants_a_key) {
  const KeyFolder folder;
  HubSockets hub = keyed(folder);
  Link link(zmq::socket_type::dealer, hub.requests_endpoint(), {});
  ASSERT_TRUE(link.reaches(hub, ConnectionState::Refused));
  EXPECT_NE(link.poll().reason.find("it wants a key"), std::string::npos) << link.poll().reason;
}

TEST(ConnectionWatch, tells_of_another_hub_and_of_one_without_keys) {
  const KeyFolder folder, other;
  HubSockets strange = keyed(other);
  HubSockets open = std::move(HubSockets::bind({})).value();
  const ConnectSecurity desk = folder.add("desk-1", Role::Operator);
  for (HubSockets* hub : {&strange, &open}) {
    Link link(zmq::socket_type::dealer, hub->requests_endpoint(), desk);
    ASSERT_TRUE(link.reaches(*hub, ConnectionState::Refused));
    EXPECT_NE(link.poll().reason.find("another hub"), std::string::npos) << link.poll().reason;
    EXPECT_NE(link.poll().reason.find("without keys"), std::string::npos) << link.poll().reason;
  }
}

TEST(ConnectionWatch, brings_a_subscriber_back_with_its_subscriptions) {
  const KeyFolder folder;
  HubSockets hub = keyed(folder);
  const ConnectSecurity wall = folder.add("wall-1", Role::Viewer);
  const std::string list = base::read_text_file(clients_file(folder.path())).value();
  test::write_text(clients_file(folder.path()), "# nobody\n");
  Link link(zmq::socket_type::sub, hub.feed_endpoint(), wall);
  link.socket.set_text(ZMQ_SUBSCRIBE, "R/");
  ASSERT_TRUE(link.reaches(hub, ConnectionState::Refused));
  test::write_text(clients_file(folder.path()), list);
  std::optional<std::vector<zmq::message_t>> heard;
  ASSERT_TRUE(test::turn_until(
      [&] {
        hub.wait(2ms);
        (void)hub.receive_subscription();
        hub.publish("R/", "beat");
        link.poll();
      },
      [&] { return (heard = link.socket.receive()).has_value(); }));
  EXPECT_EQ(view(heard->at(1)), "beat");
}

}  // namespace
}  // namespace gridwall::feed
