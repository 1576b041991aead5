#include "feed/endpoint.hpp"

#include <gtest/gtest.h>

namespace gridwall::feed {
namespace {

TEST(Endpoint, accepts_loopback_by_number_and_by_name) {
  EXPECT_EQ(parse_endpoint("tcp://127.0.0.1:5700", EndpointUse::Connect)->text(), "tcp://127.0.0.1:5700");
  EXPECT_EQ(parse_endpoint("tcp://localhost:5700", EndpointUse::Connect)->text(), "tcp://127.0.0.1:5700");
  EXPECT_EQ(parse_endpoint("tcp://127.9.8.7:1", EndpointUse::Connect)->host, "127.9.8.7");
}

TEST(Endpoint, takes_any_free_port_for_binding_only) {
  EXPECT_EQ(parse_endpoint("tcp://127.0.0.1:*", EndpointUse::Bind)->port, 0);
  EXPECT_FALSE(parse_endpoint("tcp://127.0.0.1:*", EndpointUse::Connect).ok());
}

constexpr const char* kOtherMachines[] = {"tcp://10.0.0.4:5700", "tcp://hub.city.example:5700", "tcp://0.0.0.0:1",
                                          "tcp://[fd00::4]:5700", "tcp://127.0.0.1.evil.example:5700"};

TEST(Endpoint, refuses_other_machines_without_keys_and_says_both_ways_out) {
  for (const EndpointUse use : {EndpointUse::Connect, EndpointUse::Bind}) {
    for (const char* text : {"tcp://10.0.0.4:5700", "tcp://0.0.0.0:1", "tcp://[fd00::4]:5700"}) {
      const auto refused = parse_endpoint(text, use);
      ASSERT_FALSE(refused.ok()) << text;
      EXPECT_EQ(refused.error().code, base::ErrorCode::Unsupported) << text;
      EXPECT_NE(refused.error().message.find(text), std::string::npos) << refused.error().message;
      EXPECT_NE(refused.error().message.find("gridwall keys new"), std::string::npos) << refused.error().message;
      EXPECT_NE(refused.error().message.find("--insecure"), std::string::npos) << refused.error().message;
    }
  }
  for (const char* text : kOtherMachines) EXPECT_FALSE(parse_endpoint(text, EndpointUse::Connect).ok()) << text;
  EXPECT_FALSE(parse_endpoint("tcp://*:5700", EndpointUse::Bind).ok());
}

TEST(Endpoint, takes_other_machines_with_keys_or_when_insecure_is_spelled_out) {
  for (const Protection protection : {Protection::Keys, Protection::Insecure}) {
    for (const char* text : kOtherMachines) {
      const auto endpoint = parse_endpoint(text, EndpointUse::Connect, protection);
      ASSERT_TRUE(endpoint.ok()) << endpoint.error().message;
      EXPECT_EQ(endpoint->text(), text);
      EXPECT_FALSE(endpoint->is_loopback());
    }
    EXPECT_EQ(parse_endpoint("tcp://*:5700", EndpointUse::Bind, protection)->text(), "tcp://0.0.0.0:5700");
    EXPECT_EQ(parse_endpoint("tcp://[::]:*", EndpointUse::Bind, protection)->text(), "tcp://[::]:*");
  }
}

TEST(Endpoint, takes_both_kinds_of_loopback_without_keys) {
  EXPECT_TRUE(parse_endpoint("tcp://[::1]:5700", EndpointUse::Connect)->is_loopback());
  EXPECT_TRUE(parse_endpoint("tcp://127.9.8.7:1", EndpointUse::Bind)->is_loopback());
}

TEST(Endpoint, refuses_a_host_that_is_none_even_with_keys) {
  for (const char* text : {"tcp://1270.0.0.1:1", "tcp://::1:5700", "tcp://[::1:5700", "tcp://a b:1", "tcp://1.2.3:1",
                           "tcp://eth0;tcp://x:1", "tcp://*:5700", "tcp://-x:1", "tcp://[]:1", "tcp://a@b:1"}) {
    const auto refused = parse_endpoint(text, EndpointUse::Connect, Protection::Keys);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(refused.error().code, base::ErrorCode::InvalidArgument) << text;
  }
  EXPECT_FALSE(parse_endpoint("tcp://hub.city.example:5700", EndpointUse::Bind, Protection::Keys).ok())
      << "a name is no address to listen at";
}

TEST(Endpoint, refuses_what_is_no_endpoint_and_names_it) {
  for (const char* text : {"", "127.0.0.1:5700", "ipc:///tmp/hub", "tcp://127.0.0.1", "tcp://:5700",
                           "tcp://127.0.0.1:0", "tcp://127.0.0.1:65536", "tcp://127.0.0.1:57x", "tcp://127.0.0.1:"}) {
    const auto refused = parse_endpoint(text, EndpointUse::Bind);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(refused.error().code, base::ErrorCode::InvalidArgument) << text;
    EXPECT_NE(refused.error().message.find(text), std::string::npos);
  }
}

}  // namespace
}  // namespace gridwall::feed
