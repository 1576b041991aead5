#include "feed/zap.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text_file.hpp"
#include "fake_hub.hpp"
#include "feed/client.hpp"
#include "feed/connection_watch.hpp"
#include "keyed_hub.hpp"

namespace gridwall::feed {
namespace {

using namespace std::chrono_literals;
using test::KeyFolder;

const std::string kBytes(32, 'k');

ClientList list_of(const std::string& roles, const std::string& rest = "") {
  const std::string text = fmt::format(
      "[[client]]\nseat = \"a\"\npublic_key = \"{}\"\nroles = [{}]\ncreated = \"2026-11-22T08:00:00Z\"\n{}\n",
      key_text(kBytes), roles, rest);
  return ClientList::parse(text, "clients.toml").value();
}

std::vector<std::string_view> request_at(std::string_view domain) {
  return {"1.0", "7", domain, "127.0.0.1", "", "CURVE", kBytes};
}

TEST(Zap, admits_a_listed_key_and_names_it) {
  const ZapAnswer answer = answer_zap(request_at("requests"), list_of("\"publisher\""));
  EXPECT_TRUE(answer.admitted);
  EXPECT_EQ(answer.parts, (std::vector<std::string>{"1.0", "7", "200", "OK", key_text(kBytes), ""}));
}

TEST(Zap, refuses_the_feed_to_who_may_not_follow_it) {
  for (const char* role : {"\"viewer\"", "\"operator\"", "\"trainer\""}) {
    EXPECT_TRUE(answer_zap(request_at("feed"), list_of(role)).admitted) << role;
    EXPECT_TRUE(answer_zap(request_at("sync"), list_of(role)).admitted) << role;
  }
  for (const char* door : {"feed", "sync"}) {
    const ZapAnswer answer = answer_zap(request_at(door), list_of("\"publisher\""));
    EXPECT_FALSE(answer.admitted);
    EXPECT_EQ(answer.reason, "role");
    EXPECT_EQ(answer.parts[2], "400");
    EXPECT_EQ(answer.parts[4], "") << "no identity without admission";
  }
}

TEST(Zap, refuses_unknown_and_revoked_keys_and_other_mechanisms) {
  EXPECT_EQ(answer_zap(request_at("feed"), ClientList()).reason, "unknown_key");
  const ClientList revoked = list_of("\"viewer\"", "revoked = \"2026-11-23T08:00:00Z\"");
  EXPECT_EQ(answer_zap(request_at("feed"), revoked).reason, "revoked_key");
  const ClientList list = list_of("\"viewer\"");
  EXPECT_EQ(answer_zap({"1.0", "7", "feed", "127.0.0.1", "", "NULL"}, list).reason, "no_key");
  EXPECT_EQ(answer_zap({"1.0", "7", "feed", "127.0.0.1", "", "PLAIN", "user", "word"}, list).reason, "no_key");
  EXPECT_EQ(answer_zap({"1.0", "7", "feed", "127.0.0.1", "", "CURVE", "short"}, list).reason, "no_key");
  EXPECT_EQ(answer_zap({"1.0", "7"}, list).reason, "no_key");
  EXPECT_TRUE(answer_zap({"2.0", "7", "feed", "127.0.0.1", "", "CURVE", kBytes}, list).parts.empty());
  EXPECT_TRUE(answer_zap({}, list).parts.empty());
}

// A hub with keys, moved on by hand.
struct KeyedHub {
  explicit KeyedHub(const KeyFolder& folder) {
    HubSocketOptions options;
    options.key_folder = folder.path();
    auto bound = HubSockets::bind(options);
    ASSERT(bound.ok(), "{}", bound.error().message);
    sockets.emplace(std::move(bound).value());
  }
  void turn() {
    sockets->wait(2ms);
    while (auto request = sockets->receive_request()) requests.push_back(std::move(*request));
    while (const auto change = sockets->receive_subscription()) {
      topics.push_back(fmt::format("{}{}", change->subscribed ? '+' : '-', change->topic));
    }
    sockets->publish("R/", "beat");
  }
  bool turn_until(const std::function<bool()>& done) {
    return test::turn_until([&] { turn(); }, done);
  }
  std::optional<HubSockets> sockets;
  std::vector<Request> requests;
  std::vector<std::string> topics;
};

// A socket of a client whose connection is watched, as a wall has it.
struct Wall {
  Wall(const Endpoint& endpoint, const ConnectSecurity& security, zmq::socket_type type = zmq::socket_type::sub)
      : socket(std::move(ZmqSocket::open(context, type, {})).value()) {
    EXPECT_TRUE(prove_by(socket, security).ok());
    if (type == zmq::socket_type::sub) socket.set_text(ZMQ_SUBSCRIBE, "R/");
    watch.emplace(std::move(ConnectionWatch::connect(context, socket, endpoint, security)).value());
  }
  ConnectionState state() { return watch->poll(socket, clock.now_mono()).state; }
  std::size_t drain() {
    std::size_t count = 0;
    while (socket.receive()) ++count;
    return count;
  }
  base::SystemClock clock;
  zmq::context_t context{1};
  ZmqSocket socket;
  std::optional<ConnectionWatch> watch;
};

TEST(KeyedHub, knows_who_sent_each_request) {
  const KeyFolder folder;
  KeyedHub hub(folder);
  const base::SystemClock clock;
  ClientOptions desk, city;
  desk.security = folder.add("desk-1", Role::Operator);
  city.security = folder.add("city", Role::Publisher);
  auto first = Client::connect(hub.sockets->requests_endpoint().text(), clock, desk);
  auto second = Client::connect(hub.sockets->requests_endpoint().text(), clock, city);
  ASSERT_TRUE(first.ok() && second.ok());
  first->send("from the desk");
  second->send("from the city");
  ASSERT_TRUE(test::turn_until(
      [&] {
        (void)first->poll(0ms);
        (void)second->poll(0ms);
        hub.turn();
      },
      [&] { return hub.requests.size() >= 2; }));
  for (const Request& request : hub.requests) {
    const bool from_desk = request.payload == "from the desk";
    EXPECT_TRUE(request.peer.proven);
    EXPECT_EQ(request.peer.seat, from_desk ? "desk-1" : "city");
    EXPECT_EQ(request.peer.roles, Roles(from_desk ? Role::Operator : Role::Publisher));
  }
  EXPECT_TRUE(hub.sockets->security().keyed);
  EXPECT_GE(hub.sockets->security().admitted_count, 2u);
}

TEST(KeyedHub, without_keys_takes_everybody_for_unproven) {
  auto sockets = HubSockets::bind({});
  ASSERT_TRUE(sockets.ok());
  const base::SystemClock clock;
  auto client = Client::connect(sockets->requests_endpoint().text(), clock);
  ASSERT_TRUE(client.ok());
  client->send("hello");
  std::optional<Request> request;
  ASSERT_TRUE(test::turn_until([&] { (void)client->poll(1ms); },
                               [&] { return (request = sockets->receive_request()).has_value(); }));
  EXPECT_FALSE(request->peer.proven);
  EXPECT_EQ(request->peer.roles, Roles::all());
  EXPECT_EQ(request->peer.seat, "");
  EXPECT_FALSE(sockets->security().keyed);
}

TEST(KeyedHub, cuts_the_connections_of_a_revoked_key_and_leaves_the_others) {
  const KeyFolder folder;
  KeyedHub hub(folder);
  const ConnectSecurity good = folder.add("wall-1", Role::Viewer), bad = folder.add("wall-2", Role::Viewer);
  Wall staying(hub.sockets->feed_endpoint(), good), leaving(hub.sockets->feed_endpoint(), bad);
  Wall asking(hub.sockets->requests_endpoint(), bad, zmq::socket_type::dealer);
  const std::array<std::string_view, 1> ping{"ping"};
  std::size_t staying_count = 0, leaving_count = 0;
  ASSERT_TRUE(hub.turn_until([&] {
    if (asking.state() == ConnectionState::Connected) asking.socket.send(ping);
    staying_count += staying.drain();
    leaving_count += leaving.drain();
    return staying_count > 0 && leaving_count > 0 && !hub.requests.empty();
  }));

  folder.revoke("wall-2");
  ASSERT_TRUE(hub.turn_until([&] {
    staying.drain();
    return leaving.state() == ConnectionState::Refused && asking.state() == ConnectionState::Refused;
  }));
  EXPECT_EQ(hub.sockets->security().ended_count, 2u);
  // It gets nothing any more, and what it sends reaches nobody; the other one goes on.
  leaving.drain();
  hub.requests.clear();
  staying_count = 0;
  ASSERT_TRUE(hub.turn_until([&] {
    asking.state();
    leaving.state();
    asking.socket.send(ping);
    return (staying_count += staying.drain()) > 100;
  }));
  EXPECT_EQ(leaving.drain(), 0u);
  EXPECT_TRUE(hub.requests.empty());
  EXPECT_EQ(staying.state(), ConnectionState::Connected);
  EXPECT_NE(std::find(hub.topics.begin(), hub.topics.end(), "-R/"), hub.topics.end()) << "its subscription ended";
}

TEST(KeyedHub, cuts_a_revoked_key_off_from_the_sync_door_too) {
  const KeyFolder folder;
  KeyedHub hub(folder);
  SyncSocket sync = hub.sockets->take_sync();
  Wall wall(sync.endpoint(), folder.add("wall-1", Role::Viewer), zmq::socket_type::dealer);
  const std::array<std::string_view, 1> ask{"ask"};
  std::optional<SyncSocket::Ask> asked;
  const auto turn = [&] {
    sync.wait(2ms);
    asked = sync.receive();
  };
  ASSERT_TRUE(test::turn_until(turn, [&] {
    if (wall.state() == ConnectionState::Connected) wall.socket.send(ask);
    return asked.has_value();
  }));
  EXPECT_EQ(asked->message, "ask");
  folder.revoke("wall-1");
  ASSERT_TRUE(test::turn_until(turn, [&] { return wall.state() == ConnectionState::Refused; }));
  EXPECT_EQ(hub.sockets->security().ended_count, 1u);
  EXPECT_EQ(sync.send(asked->client, "head", "late"), SyncSocket::Sent::Gone);
}

TEST(KeyedHub, lets_a_role_that_was_taken_away_end_what_it_allowed) {
  const KeyFolder folder;
  KeyedHub hub(folder);
  const ConnectSecurity desk = folder.add("desk-1", Role::Operator);
  Wall feed(hub.sockets->feed_endpoint(), desk);
  Wall requests(hub.sockets->requests_endpoint(), desk, zmq::socket_type::dealer);
  ASSERT_TRUE(hub.turn_until([&] { return feed.drain() > 0 && requests.state() == ConnectionState::Connected; }));
  std::string list = base::read_text_file(clients_file(folder.path())).value();
  const std::string role = "roles = [\"operator\"]";
  list.replace(list.find(role), role.size(), "roles = [\"publisher\"]");
  test::write_text(clients_file(folder.path()), list);
  ASSERT_TRUE(hub.turn_until([&] {
    feed.drain();
    return feed.state() == ConnectionState::Refused;
  }));
  EXPECT_EQ(hub.sockets->security().ended_count, 1u) << "the other door stays open";
  const std::array<std::string_view, 1> fact{"fact"};
  ASSERT_TRUE(hub.turn_until([&] {
    if (requests.state() == ConnectionState::Connected) requests.socket.send(fact);
    return !hub.requests.empty();
  }));
  EXPECT_EQ(hub.requests.back().peer.roles, Roles(Role::Publisher));
}

TEST(KeyedHub, keeps_the_last_good_list_and_says_so_when_the_new_one_is_spoilt) {
  const KeyFolder folder;
  KeyedHub hub(folder);
  const ConnectSecurity desk = folder.add("desk-1", Role::Operator);
  Wall before(hub.sockets->requests_endpoint(), desk, zmq::socket_type::dealer);
  ASSERT_TRUE(hub.turn_until([&] { return before.state() == ConnectionState::Connected; }));
  const std::string list = base::read_text_file(clients_file(folder.path())).value();
  test::write_text(clients_file(folder.path()), list + "\nnonsense = 1\n");
  ASSERT_TRUE(hub.turn_until([&] { return !hub.sockets->security().list_problem.empty(); }));
  EXPECT_NE(hub.sockets->security().list_problem.find("nonsense"), std::string::npos);
  Wall after(hub.sockets->requests_endpoint(), desk, zmq::socket_type::dealer);
  EXPECT_TRUE(hub.turn_until([&] { return after.state() == ConnectionState::Connected; }));
  EXPECT_EQ(before.state(), ConnectionState::Connected);
  test::write_text(clients_file(folder.path()), list);
  EXPECT_TRUE(hub.turn_until([&] { return hub.sockets->security().list_problem.empty(); }));
}

TEST(KeyedHub, hands_refused_connections_to_the_audit) {
  const KeyFolder folder;
  KeyedHub hub(folder);
  const ConnectSecurity publisher = folder.add("city", Role::Publisher);
  Wall curious(hub.sockets->feed_endpoint(), publisher);
  ASSERT_TRUE(hub.turn_until([&] { return curious.state() == ConnectionState::Refused; }));
  const auto refusals = hub.sockets->take_refusals();
  ASSERT_FALSE(refusals.empty());
  EXPECT_EQ(refusals[0].seat, "city");
  EXPECT_EQ(refusals[0].public_key, publisher.key->pair.public_key);
  EXPECT_EQ(refusals[0].door, "feed");
  EXPECT_EQ(refusals[0].reason, "role");
  EXPECT_EQ(curious.drain(), 0u);
}

TEST(KeyedHub, does_not_start_without_a_usable_key_folder) {
  const KeyFolder folder;
  HubSocketOptions options;
  options.key_folder = folder.outside() / "nowhere";
  const auto missing = HubSockets::bind(options);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("gridwall keys new hub"), std::string::npos) << missing.error().message;
  options.key_folder = folder.path();
  test::write_text(clients_file(folder.path()), "[[client]]\n");
  const auto spoilt = HubSockets::bind(options);
  ASSERT_FALSE(spoilt.ok());
  EXPECT_NE(spoilt.error().message.find("clients.toml:1"), std::string::npos) << spoilt.error().message;
}

TEST(KeyedHub, tells_a_sender_that_is_refused_why_when_it_gives_up) {
  const KeyFolder folder;
  KeyedHub hub(folder);
  const base::SystemClock clock;
  ClientOptions options;
  options.security = folder.add("desk-1", Role::Operator);
  folder.revoke("desk-1");
  auto client = Client::connect(hub.sockets->requests_endpoint().text(), clock, options);
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE(hub.turn_until([&] {
    (void)client->poll(0ms);
    return client->connection().state == ConnectionState::Refused;
  }));
  EXPECT_NE(client->connection().reason.find("does not admit"), std::string::npos);
  options.give_up_after = 1s;
  auto impatient = Client::connect(hub.sockets->requests_endpoint().text(), clock, options);
  ASSERT_TRUE(impatient.ok());
  impatient->send("in vain");
  std::vector<Answered> answered;
  ASSERT_TRUE(hub.turn_until([&] {
    for (auto& entry : impatient->poll(1ms)) answered.push_back(std::move(entry));
    return !answered.empty();
  }));
  EXPECT_NE(answered[0].problem.find("does not admit"), std::string::npos) << answered[0].problem;
  EXPECT_TRUE(hub.requests.empty());
}

}  // namespace
}  // namespace gridwall::feed
