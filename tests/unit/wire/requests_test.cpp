// The request socket's small talk.
#include "wire/requests.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

TEST(Requests, ping_and_hello_are_understood) {
  const base::MonoTime sent(base::Duration(9'007'199'254'740'993));
  const Request ping = decode_request(encode_ping(sent));
  ASSERT_TRUE(std::holds_alternative<PingRequest>(ping));
  EXPECT_EQ(std::get<PingRequest>(ping).sent, sent);
  EXPECT_TRUE(std::holds_alternative<HelloRequest>(decode_request(encode_hello_request())));
}

TEST(Requests, whatever_is_no_op_is_somebody_publishing) {
  for (const char* message : {R"({"specversion":"1.0","id":"op"})", "[]", "", "not json",
                              R"({"specversion":"1.0","op":"x"})",
                              R"({"id":"\"op\""})", R"([{"op":"ping"}])"}) {
    EXPECT_TRUE(std::holds_alternative<PublishRequest>(decode_request(message))) << message;
  }
}

TEST(Requests, an_op_that_is_unknown_or_broken_gets_a_sentence) {
  for (const char* message : {R"({"op":"dance"})", R"({"op":7})", R"({"op":"ping"})", R"({"op":"ping","t":12})",
                              R"({"op":"ping","t":"99999999999999999999999"})"}) {
    const Request request = decode_request(message);
    ASSERT_TRUE(std::holds_alternative<BadRequest>(request)) << message;
    EXPECT_FALSE(std::get<BadRequest>(request).detail.empty());
  }
}

TEST(Requests, pong_and_hello_come_back_equal) {
  Pong pong;
  pong.sent = base::MonoTime(base::Duration(12345));
  pong.hub_mono = base::Duration(67890);
  pong.hub_utc = base::UtcTime(base::Duration(1'795'311'000'123'456'789));
  pong.epoch = 77;
  const auto pong_back = decode_pong(encode_pong(pong));
  ASSERT_TRUE(pong_back.ok()) << pong_back.error().message;
  EXPECT_EQ(pong_back->sent, pong.sent);
  EXPECT_EQ(pong_back->hub_mono, pong.hub_mono);
  EXPECT_EQ(pong_back->hub_utc, pong.hub_utc);
  EXPECT_EQ(pong_back->epoch, pong.epoch);

  Hello hello;
  hello.journal[15] = 1;
  hello.epoch = 3;
  hello.feed_port = 65535;
  hello.sync_port = 65534;
  hello.rules_hash = 98;
  hello.profile = "jiangyin-2019";
  hello.root_path = "320281/";
  hello.tree_hash = 99;
  hello.clock.mode = model::ClockMode::Simulated;
  hello.clock.rate = 60;
  const auto hello_back = decode_hello(encode_hello(hello));
  ASSERT_TRUE(hello_back.ok()) << hello_back.error().message;
  EXPECT_EQ(hello_back->journal, hello.journal);
  EXPECT_EQ(hello_back->feed_port, hello.feed_port);
  EXPECT_EQ(hello_back->sync_port, hello.sync_port);
  EXPECT_EQ(hello_back->rules_hash, hello.rules_hash);
  EXPECT_EQ(hello_back->profile, hello.profile);
  EXPECT_EQ(hello_back->root_path, hello.root_path);
  EXPECT_EQ(hello_back->tree_hash, hello.tree_hash);
  EXPECT_EQ(hello_back->clock, hello.clock);
}

TEST(Requests, a_hub_of_another_protocol_is_refused_before_anything_else_is_read) {
  const auto hello = decode_hello(R"({"op":"hello","protocol":2,"all":"else"})");
  ASSERT_FALSE(hello.ok());
  EXPECT_EQ(hello.error().code, base::ErrorCode::Unsupported);
}

TEST(Requests, the_hubs_no_is_passed_on_in_its_words) {
  const auto pong = decode_pong(encode_error("no such \"op\""));
  ASSERT_FALSE(pong.ok());
  EXPECT_EQ(pong.error().code, base::ErrorCode::Refused);
  EXPECT_NE(pong.error().message.find("no such \"op\""), std::string::npos);
  EXPECT_FALSE(decode_hello(R"({"op":"pong"})").ok());
}

}  // namespace
}  // namespace gridwall::wire
