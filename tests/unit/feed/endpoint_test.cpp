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

TEST(Endpoint, refuses_other_machines_and_says_that_keys_are_missing) {
  for (const char* text : {"tcp://10.0.0.4:5700", "tcp://*:5700", "tcp://hub.city.example:5700", "tcp://0.0.0.0:1",
                           "tcp://[::1]:5700", "tcp://127.0.0.1.evil.example:5700", "tcp://1270.0.0.1:1"}) {
    const auto refused = parse_endpoint(text, EndpointUse::Connect);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(refused.error().code, base::ErrorCode::Unsupported) << text;
    EXPECT_NE(refused.error().message.find(text), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find("keys"), std::string::npos) << refused.error().message;
  }
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
